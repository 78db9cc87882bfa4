// What the page decides, without a browser: state, keys, menus, player, links, pointer.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {verdictLine} from "../../../viz/app/bar.ts";
import {tell} from "../../../viz/app/caption.ts";
import {checkCells} from "../../../viz/app/inspector.ts";
import type {UiAction} from "../../../viz/app/action.ts";
import {App} from "../../../viz/app/app.ts";
import {actionFor, keyTable} from "../../../viz/app/keys.ts";
import type {Stroke} from "../../../viz/app/keys.ts";
import {decodeHash, encodeLink} from "../../../viz/app/link.ts";
import {linkToggle, menuOf} from "../../../viz/app/menus.ts";
import {Player} from "../../../viz/app/player.ts";
import {activate, inside, lassoed} from "../../../viz/app/pointer.ts";
import {quoted} from "../../../viz/app/popups.ts";
import {reduce} from "../../../viz/app/reduce.ts";
import {nearest} from "../../../viz/app/roving.ts";
import {initialState, showsDisk} from "../../../viz/app/state.ts";
import type {State} from "../../../viz/app/state.ts";
import {wordsIn} from "../../../viz/app/words.ts";
import type {Frame} from "../../../viz/frame.ts";
import type {FromWorker, Link, ToWorker} from "../../../viz/protocol.ts";
import {languages, pageWords} from "../../../viz/words/page.ts";
import {busyFrame, emptyFrame} from "../support/sampleFrame.ts";

const first = initialState({language: "en", theme: "light", reducedMotion: false, letters: true});
const plainCaption = {now: busyFrame.caption.now, look: busyFrame.caption.look};
const quiet: Frame = {...busyFrame, caption: plainCaption};
const there: State = {...first, frame: quiet, time: quiet.cursor.time, page: {width: 1280, height: 720}};
const en = wordsIn("en");

/** An app over a channel that only records. */
function recorded(opened: Frame = quiet): {
  readonly app: App;
  readonly posted: ToWorker[];
  readonly answer: (frame: Frame, seq?: number) => void;
} {
  const posted: ToWorker[] = [];
  const app = new App(
    first,
    {
      channel: {post: (message) => posted.push(message)},
      show: () => undefined,
      move: () => undefined,
      copy: () => Promise.resolve(true),
      address: (hash) => hash,
      remember: () => undefined,
    },
    undefined,
  );
  const hear = (message: FromWorker): void => app.dispatch({kind: "worker", message});
  const text = {en: "a", zh: "b"};
  const answer = (frame: Frame, seq = posted.findLast((one) => one.kind !== "link")?.seq ?? 0): void =>
    hear({kind: "frame", seq, frame});
  hear({kind: "ready", code: "c", scenarios: [{id: "one", group: "example", title: text, teaches: text}]});
  answer(opened);
  return {app, posted, answer};
}

describe("the loop", () => {
  it("opens the first scenario and plays it", () => {
    const {app, posted} = recorded();
    expect(posted[0]).toMatchObject({kind: "open", source: {kind: "scenario", id: "one"}});
    expect(app.state.playing).toBe(true);
  });

  it("with reduced motion starts paused", () => {
    expect(initialState({...first, reducedMotion: true}).playing).toBe(false);
  });

  it("draws the newest answer only: 100 seeks in play show no stale frame", () => {
    const {app, posted, answer} = recorded();
    const seqs: number[] = [];
    for (let i = 0; i < 100; i++) {
      app.dispatch({kind: "go", target: {kind: "time", time: i}});
      app.dispatch({kind: "play"});
      const seq = posted.at(-1)?.seq ?? 0;
      seqs.push(seq);
      answer({...quiet, at: -1000 - i}, seq - 1);
    }
    expect(app.state.frame?.at).toBe(quiet.at);
    for (const seq of seqs.slice(0, -1)) answer({...quiet, at: -seq}, seq);
    expect(app.state.frame?.at).toBeGreaterThanOrEqual(-(seqs.at(-1) ?? 0));
  });

  it("takes quick steps one after the other, each from where the last one led", () => {
    const {app, posted, answer} = recorded();
    for (let i = 0; i < 3; i++) app.dispatch({kind: "go", target: {kind: "next", unit: "event"}});
    const steps = (): number =>
      posted.filter((message) => message.kind === "seek" && message.target.kind === "next").length;
    expect(steps()).toBe(1);
    answer({...quiet, cursor: {...quiet.cursor, step: 1843}});
    expect(steps()).toBe(2);
    expect(posted.findLast((one) => one.kind === "seek")).toMatchObject({from: {step: 1843}});
    answer(quiet);
    answer(quiet);
    expect(steps()).toBe(3);
  });

  it("acts at the moment shown, mid-flight, and says for a while that a branch began in the past", () => {
    const {app, posted, answer} = recorded({...quiet, events: {...quiet.events, total: 3000}});
    app.dispatch({kind: "time", time: quiet.at + 777});
    app.dispatch({kind: "act", action: {kind: "crash", member: "n2"}});
    expect(posted.findLast((one) => one.kind === "act")).toMatchObject({
      cursor: {time: quiet.at + 777, branch: "main"},
      action: {kind: "crash", member: "n2"},
    });
    answer({...quiet, cursor: {...quiet.cursor, branch: "other"}});
    expect(app.state.notice).toEqual({page: "acted.branch"});
    app.tick(1000);
    app.tick(4000);
    expect(app.state.notice).toBeDefined();
    app.tick(5100);
    expect(app.state.notice).toBeUndefined();
  });

  it("says nothing of a branch when the run was not shown any further", () => {
    const {app, answer} = recorded();
    app.dispatch({kind: "act", action: {kind: "crash", member: "n2"}});
    answer({...quiet, cursor: {...quiet.cursor, branch: "other"}});
    expect(app.state.notice).toBeUndefined();
  });

  it("puts off what happens while the page is drawn: a removed thing loses the pointer and the focus", () => {
    const drawn: (string | undefined)[] = [];
    const app: App = new App(
      first,
      {
        channel: {post: () => undefined},
        show: (state) => {
          drawn.push(state.hovered);
          if (state.hovered === "n1") app.dispatch({kind: "hover", ref: undefined});
        },
        move: () => undefined,
        copy: () => Promise.resolve(true),
        address: (hash) => hash,
        remember: () => undefined,
      },
      undefined,
    );
    app.dispatch({kind: "hover", ref: "n1"});
    expect(drawn).toEqual(["n1", undefined]);
    expect(app.state.hovered).toBeUndefined();
  });

  it("asks for a server's disk only while that is shown, and for the way of the key that is selected", () => {
    const {app, posted, answer} = recorded();
    app.dispatch({kind: "pause"});
    const asked = (): unknown => {
      const last = posted.findLast((one) => one.kind === "seek");
      return last?.kind === "seek" ? last.windows : undefined;
    };
    app.dispatch({kind: "beside", what: "disk", who: "n2"});
    expect(asked()).toMatchObject({seenBy: "n2", disk: {of: undefined}});
    answer(quiet);
    app.dispatch({kind: "select", ref: "key:x"});
    expect(asked()).toMatchObject({disk: {of: "key:x"}});
    answer(quiet);
    app.dispatch({kind: "select", ref: "n1"});
    expect(asked()).toMatchObject({disk: {of: undefined}});
    answer(quiet);
    app.dispatch({kind: "beside", what: "memory"});
    expect(asked()).toMatchObject({seenBy: "n2"});
    expect(asked()).not.toHaveProperty("disk");
  });

  it("shows the disk as a tab of a phone, and the log again after it", () => {
    const phone = {...initialState(first), page: {width: 390, height: 844}};
    const shown = reduce(phone, {kind: "beside", what: "disk"});
    expect([showsDisk(phone), showsDisk(shown)]).toEqual([false, true]);
    expect(reduce(shown, {kind: "beside", what: "memory"}).phoneTab).toBe("log");
    expect(showsDisk(reduce(shown, {kind: "phoneTab", tab: "grid"}))).toBe(false);
  });

  it("plays from the beginning when it is played at the end", () => {
    const {app, posted} = recorded({...quiet, ended: true});
    app.dispatch({kind: "pause"});
    app.dispatch({kind: "togglePlay"});
    expect(app.state.playing).toBe(true);
    expect(posted.at(-1)).toMatchObject({kind: "seek", target: {kind: "start"}});
  });

  it("opens a shared moment paused; a link that names no moment, and a scenario, play", () => {
    const link = {format: 1, scenario: "one", seed: "7", acts: [], code: "c"} as const;
    const cursor = {event: "n1→n2#4", time: 12};
    const open = (chain: string): boolean =>
      reduce(there, {kind: "open", source: {kind: "link", link: {...link, cursor, chain}}}).playing;
    expect([open("0a1b2c3d"), open("")]).toEqual([false, true]);
    expect(reduce(there, {kind: "open", source: {kind: "scenario", id: "one"}}).playing).toBe(true);
  });

  it("starts a lost worker again from the run's link, at the moment last shown", () => {
    const {app, posted, answer} = recorded();
    const link: Link = {
      format: 1,
      scenario: "one",
      seed: "7",
      acts: [],
      cursor: {event: "", time: 0},
      chain: "00000000",
      code: "c",
    };
    app.dispatch({
      kind: "worker",
      message: {kind: "link", seq: posted.findLast((one) => one.kind === "link")?.seq ?? 0, link},
    });
    app.dispatch({kind: "lost"});
    app.dispatch({kind: "worker", message: {kind: "ready", code: "c", scenarios: app.state.scenarios}});
    expect(posted.at(-1)).toMatchObject({
      kind: "open",
      source: {
        kind: "link",
        link: {seed: "7", cursor: {event: quiet.cursor.event}, chain: quiet.head.chain.slice(0, 8)},
      },
    });
    answer(quiet);
    expect(app.state.notice).toEqual({page: "failed.worker"});
  });
});

describe("arriving at a frame", () => {
  const arrive = (state: State, frame: Frame): State =>
    reduce(
      {...state, pending: {seq: 9, kind: "play"}},
      {kind: "worker", message: {kind: "frame", seq: 9, frame}},
    );

  it("a question stops the play once, and only once", () => {
    const asked = arrive({...there, playing: true}, busyFrame);
    expect(asked.playing).toBe(false);
    expect(arrive({...asked, playing: true}, busyFrame).playing).toBe(true);
  });

  it("a question that was passed is gone back to", () => {
    const beat = {...busyFrame.caption.beat!, step: 1840};
    const asked = arrive({...there, playing: true}, {...busyFrame, caption: {...busyFrame.caption, beat}});
    expect(asked.queued).toEqual([{kind: "step", step: 1840}]);
  });

  it("a violation stops the play", () => {
    const frame: Frame = {...quiet, head: {...quiet.head, verdict: "violated"}};
    expect(arrive({...there, playing: true}, frame).playing).toBe(false);
  });

  it("a violation that was passed is gone back to, but not one that was judged only now", () => {
    const brokenAt = (step: number): Frame => ({
      ...quiet,
      cursor: {...quiet.cursor, step: quiet.cursor.step + 10},
      head: {...quiet.head, verdict: "violated"},
      checks: [
        {
          name: "Election Safety",
          verdict: "violated",
          exercised: 1,
          violation: {said: {id: "twoLeaders", args: {}, refs: []}, evidence: [], step},
        },
      ],
    });
    const {step} = quiet.cursor;
    expect(arrive({...there, playing: true}, brokenAt(step + 4)).queued).toEqual([
      {kind: "step", step: step + 4},
    ]);
    expect(arrive({...there, playing: true}, brokenAt(step - 4)).queued).toEqual([]);
  });

  it("shows a moment that the frame holds for, whatever was asked", () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 4_000_000}), (time) => {
        const state = reduce(
          {...there, pending: {seq: 9, kind: "seek", time}},
          {kind: "worker", message: {kind: "frame", seq: 9, frame: quiet}},
        );
        expect(state.time).toBeGreaterThanOrEqual(quiet.at);
        expect(state.time).toBeLessThanOrEqual(quiet.until!);
      }),
      {numRuns: 100},
    );
  });

  it("runs on after an answer, to show how it came out", () => {
    const state = reduce(
      {...there, playing: false, pending: {seq: 9, kind: "answer"}},
      {kind: "worker", message: {kind: "frame", seq: 9, frame: quiet}},
    );
    expect(state.playing).toBe(true);
  });
});

describe("the player", () => {
  const playing: State = {...there, playing: true, speed: 3, speedBy: "person"};

  it("turns wall time into simulated time at the speed chosen", () => {
    const player = new Player();
    player.tick(1000, playing);
    expect(player.tick(1100, playing)).toEqual({time: quiet.at + 1000});
  });

  it("never shows more than the frame holds, and then asks for the next", () => {
    const player = new Player();
    player.tick(0, {...playing, speed: 9});
    expect(player.tick(100, {...playing, speed: 9})).toEqual({time: quiet.until, ask: quiet.at + 100_000});
    expect(player.tick(116, {...playing, speed: 9, pending: {seq: 1, kind: "play"}})).toEqual({
      time: quiet.until,
    });
  });

  it("never passes the end of the run", () => {
    const player = new Player();
    const last: State = {...playing, frame: {...quiet, until: undefined, ended: true}, time: quiet.at};
    player.tick(0, last);
    expect(player.tick(100, last)).toEqual({time: quiet.at});
    const late = {...quiet, until: undefined, ended: true};
    const message = {kind: "frame", seq: 9, frame: late} as const;
    const pending = {seq: 9, kind: "play", time: quiet.at + 50_000} as const;
    expect(reduce({...there, pending}, {kind: "worker", message}).time).toBe(quiet.at);
  });

  it("does not count a gap that nobody watched", () => {
    const player = new Player();
    player.tick(0, playing);
    expect(player.tick(60_000, playing)).toBeUndefined();
  });

  it("steps once a second with reduced motion", () => {
    const player = new Player();
    const calm = {...playing, reducedMotion: true};
    const ticks = Array.from({length: 21}, (_, i) => player.tick(i * 100, calm)).filter(
      (tick) => tick?.step === true,
    );
    expect(ticks).toHaveLength(2);
  });
});

describe("keys", () => {
  const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
    key,
    shift: false,
    other: false,
    composing: false,
    where: "page",
    ...more,
  });

  it("every key means one thing, has words in both languages, and acts on a loaded page", () => {
    const keys = keyTable.flatMap((entry) => entry.keys);
    expect(new Set(keys).size).toBe(keys.length);
    for (const entry of keyTable) {
      for (const language of languages) expect(pageWords[entry.words][language]).toMatch(/\S/);
      if (!/^member[67]$/.test(entry.id))
        expect(entry.enabled(there) && entry.run(there), entry.id).toBeTruthy();
    }
  });

  it("step by events, and with Shift by interesting ones", () => {
    expect(actionFor(stroke("ArrowRight"), there)).toEqual({
      kind: "go",
      target: {kind: "next", unit: "event"},
    });
    expect(actionFor(stroke("ArrowLeft", {shift: true}), there)).toEqual({
      kind: "go",
      target: {kind: "previous", unit: "interesting"},
    });
    expect(actionFor(stroke("PageDown"), there)).toEqual({
      kind: "go",
      target: {kind: "next", unit: "interesting"},
    });
  });

  it("leave text fields, composed text and the browser's own shortcuts alone", () => {
    for (const more of [{where: "field"}, {composing: true}, {other: true}, {where: "popup"}] as const) {
      expect(actionFor(stroke("ArrowRight", more), there)).toBeUndefined();
      expect(actionFor(stroke("c", more), there)).toBeUndefined();
    }
    expect(actionFor(stroke("Escape", {where: "field"}), there)).toEqual({kind: "escape"});
    expect(actionFor(stroke(" ", {where: "field"}), there)).toBeUndefined();
    expect(actionFor(stroke("Enter", {where: "button"}), there)).toBeUndefined();
  });

  it("Space plays and pauses on the page, on a button and in a picture", () => {
    for (const where of ["page", "button", "picture"] as const)
      expect(actionFor(stroke(" ", {where}), there)).toEqual({kind: "togglePlay"});
  });

  it("single letters can be switched off; the presenter's keys stay", () => {
    const silent = {...there, letters: false};
    expect(actionFor(stroke("x"), silent)).toBeUndefined();
    expect(actionFor(stroke("."), silent)).toEqual({kind: "togglePlay"});
    expect(actionFor(stroke("ArrowRight"), silent)).toBeDefined();
  });

  it("Escape closes what is on top first", () => {
    const open: State = {...there, inspector: "why", popup: {kind: "help"}, selected: "n1"};
    const once = reduce(open, {kind: "escape"});
    expect([once.popup, once.inspector]).toEqual([undefined, "why"]);
    expect(reduce(once, {kind: "escape"}).inspector).toBeUndefined();
  });
});

describe("menus", () => {
  const does = (of: string, state: State = there): readonly (readonly [string, UiAction])[] =>
    menuOf(of, state, en)?.entries.map((entry) => [entry.id, entry.does] as const) ?? [];

  it("a running server can be crashed, paused, timed out, cut off; a crashed one restarted", () => {
    const own = (state?: State): readonly string[] =>
      does("n2", state)
        .map(([id]) => id)
        .filter((id) => id !== "transfer" && id !== "remove");
    expect(own()).toEqual(["crash", "pause", "timeout", "isolate", "seenBy", "disk", "why"]);
    expect(own({...there, frame: emptyFrame})).toEqual(["restart", "seenBy", "disk", "why"]);
    expect(does("n5", {...there, frame: emptyFrame}).map(([id]) => id)).toContain("resume");
  });

  it("a message can be dropped, held or released, and delivered twice", () => {
    expect(does("msg:n1→n2#96").map(([id]) => id)).toEqual(["drop", "hold", "duplicate", "why"]);
    expect(does("msg:n5→n4#4").map(([id]) => id)).toContain("release");
  });

  it("a link is cut, one way or both, and healed when it is cut", () => {
    expect(linkToggle("n1-n2", quiet)).toEqual({kind: "act", action: {kind: "cut", from: "n1", to: "n2"}});
    expect(linkToggle("n4-n5", quiet)).toEqual({kind: "act", action: {kind: "heal", link: ["n4", "n5"]}});
    expect(does("link:n1-n5").map(([id]) => id)).toEqual(["cut", "there", "back", "lossy"]);
  });

  it("a link is made to lose messages, and one that is bad, as it was; that it is cut hides neither", () => {
    const act = (link: string, id: string): unknown => does(link).find(([one]) => one === id)?.[1];
    const [lossy, reset] = [act("link:n1-n5", "lossy"), act("link:n1-n2", "reset")];
    expect(lossy).toEqual({
      kind: "act",
      action: {kind: "link", from: "n1", to: "n5", set: {lossPerMillion: 500_000}},
    });
    expect(reset).toEqual({kind: "act", action: {kind: "link", from: "n1", to: "n2", reset: true}});
    expect(act("link:n1-n2", "lossy")).toBeUndefined();
    const bad = [{from: "n4", to: "n5", how: {id: "link.how", args: {en: "", zh: ""}, refs: []}}];
    const both: State = {...there, frame: {...quiet, ring: {...quiet.ring, bad}}};
    expect(does("link:n4-n5", both).map(([id]) => id)).toEqual(["heal", "reset"]);
  });

  it("every entry has words in both languages", () => {
    for (const language of languages) {
      for (const of of [
        "n1",
        "c1",
        "msg:n1→n2#96",
        "link:n1-n2",
        "verb:cut",
        "verb:crash",
        "verb:more",
        "verb:actions",
        "entry:n1/3",
      ]) {
        const view = menuOf(of, there, wordsIn(language));
        expect(view?.entries.length, of).toBeGreaterThan(0);
        for (const entry of view?.entries ?? [])
          expect(entry.label, `${of} ${entry.id}`).not.toMatch(/\{\w+\}|^\w+\.\w+$/);
      }
    }
  });
});

describe("pointer and picture", () => {
  it("a lasso around some servers splits them off; around none or all it does nothing", () => {
    const servers = [
      {name: "n1", x: 10, y: 10},
      {name: "n2", x: 90, y: 10},
    ];
    const square = [
      {x: 0, y: 0},
      {x: 50, y: 0},
      {x: 50, y: 50},
      {x: 0, y: 50},
    ];
    expect(lassoed(servers, square)).toEqual({
      kind: "act",
      action: {kind: "split", groups: [["n1"], ["n2"]]},
    });
    expect(
      lassoed(
        servers,
        square.map(({x, y}) => ({x: x * 9, y: y * 9})),
      ),
    ).toBeUndefined();
    expect(
      lassoed(
        servers,
        square.map(({x, y}) => ({x: x + 500, y})),
      ),
    ).toBeUndefined();
    expect(inside({x: 25, y: 25}, square)).toBe(true);
  });

  it("a click goes to an event, a time, a menu, or asks why", () => {
    const at = {x: 1, y: 2};
    expect(activate("event:n1→n3#1", at, there)).toContainEqual({
      kind: "go",
      target: {kind: "event", event: "n1→n3#1"},
    });
    expect(activate("at:500", at, there)).toEqual([{kind: "go", target: {kind: "time", time: 500}}]);
    expect(activate("n1", at, there)).toContainEqual({
      kind: "popup",
      popup: {kind: "menu", of: "n1", x: 1, y: 2},
    });
    expect(activate("entry:n1/3", at, there)).toEqual([{kind: "why", ref: "entry:n1/3"}]);
    expect(activate("verb:put", at, there)).toEqual([{kind: "popup", popup: {kind: "put", client: ""}}]);
  });

  it("an arrow leads to the nearest thing ahead", () => {
    const places = [
      {x: 0, y: 0},
      {x: 10, y: 0},
      {x: 40, y: 2},
      {x: 0, y: 30},
    ];
    expect(nearest({x: 0, y: 0}, places, "ArrowRight")).toBe(1);
    expect(nearest({x: 10, y: 0}, places, "ArrowRight")).toBe(2);
    expect(nearest({x: 0, y: 0}, places, "ArrowDown")).toBe(3);
    expect(nearest({x: 0, y: 0}, places, "ArrowUp")).toBeUndefined();
  });

  it("a key with a space or a quote is quoted for the client's command line", () => {
    expect(quoted("a/b")).toBe("a/b");
    expect(quoted('my "key"')).toBe('"my \\"key\\""');
  });
});

describe("links", () => {
  const link: Link = {
    format: 1,
    scenario: {text: '{"x": "中文 → ✓"}'},
    seed: "7",
    acts: [{id: 1, when: {at: 5, after: "n1→n2#3"}, do: {kind: "crash", member: "n1"}, origin: "person"}],
    cursor: {event: "n1→n2#4", time: 12},
    chain: "0a1b2c3d",
    code: "abc",
  };

  it("a moment comes out of its address as it went in", () => {
    expect(decodeHash(encodeLink(link))).toEqual({source: {kind: "link", link}});
    expect(encodeLink(link)).toMatch(/^#run=[\w-]+$/);
  });

  it("the command's readable form opens a scenario at an event", () => {
    expect(decodeHash("#scenario=leader-partition&seed=7&event=n1→n3%2317")).toEqual({
      source: {kind: "scenario", id: "leader-partition", seed: "7"},
      goTo: {kind: "event", event: "n1→n3#17"},
    });
    expect(decodeHash("")).toBeUndefined();
  });

  it("a broken one is said to be unreadable, never thrown", () => {
    for (const text of ["#run=", "#run=%%%", "#run=AAAA", encodeLink(link).slice(0, 30)])
      expect(decodeHash(text)).toBe("unreadable");
  });
});

describe("words", () => {
  it("both languages take the same arguments", () => {
    const holes = (text: string): readonly string[] =>
      [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
    for (const [id, wording] of Object.entries(pageWords))
      expect(holes(wording.en), id).toEqual(holes(wording.zh));
  });

  it("what the engine says of a file is told whole, though the page has words of that name", () => {
    const said = {id: "failed.file", args: {name: "a.json", line: "run: expected an object"}, refs: []};
    expect(en.say(said)).toBe("a.json: run: expected an object");
  });

  it("an answer is acknowledged until the run shows how it came out", () => {
    const beat = {...busyFrame.caption.beat!, answered: 0};
    const frame = {...quiet, caption: {...plainCaption, beat}};
    const chosen = en.tell(beat.answers![0]!.text);
    expect(tell({...there, frame}, en).look).toBe(`You chose “${chosen}”: watch.`);
  });

  it("a claim that was never put to the test does not hold, and is not counted", () => {
    const [holds, untested] = [3, 0].map((exercised) => ({name: "A", verdict: "holds", exercised}) as const);
    expect(checkCells(untested!, en)[1]).toBe("not tested yet");
    expect(checkCells(holds!, en)[1]).toBe("holds");
    const head = {...quiet.head, verdict: "holds"} as const;
    const checks = [holds!, untested!];
    expect(verdictLine({frame: {...quiet, head, checks}}, en)).toBe("all 1 checks hold so far");
  });

  it("a scenario brings its own words; an unknown id is shown as itself", () => {
    expect(wordsIn("zh").tell({text: {en: "a", zh: "乙"}})).toBe("乙");
    expect(en.tell({said: {id: "no.such", args: {}, refs: []}})).toBe("no.such");
  });
});
