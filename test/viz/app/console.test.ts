// What the page's console decides without a browser: completion, lines typed before, transactions, and when a line is sent.

import {describe, expect, it} from "vitest";
import {actionFor} from "../../../viz/app/keys.ts";
import {factsOf} from "../../../viz/app/facts.ts";
import {menuOf} from "../../../viz/app/menus.ts";
import {reduce} from "../../../viz/app/reduce.ts";
import {initialState, showsConsole} from "../../../viz/app/state.ts";
import type {State} from "../../../viz/app/state.ts";
import {completion, Typing} from "../../../viz/app/typing.ts";
import {windowsOf} from "../../../viz/app/windows.ts";
import {wordsIn} from "../../../viz/app/words.ts";
import {App} from "../../../viz/app/app.ts";
import type {ToWorker} from "../../../viz/protocol.ts";
import {busyFrame} from "../support/sampleFrame.ts";

const first = initialState({language: "en", theme: "light", reducedMotion: true, letters: true});
const there: State = {
  ...first,
  frame: busyFrame,
  time: busyFrame.cursor.time,
  page: {width: 1280, height: 720},
};

describe("Tab", () => {
  it("completes a command's name, and shows its form", () => {
    expect(completion("pu")).toEqual({line: "put ", hint: expect.stringMatching(/^put <key> <value>/)});
    expect(completion("@c2 lease g").line).toBe("@c2 lease grant ");
    expect(completion(".cr").hint).toMatch(/^\.crash <member>/);
  });

  it("goes as far as names agree, and lists them", () => {
    const {line, hint} = completion("lease ");
    expect(line).toBe("lease ");
    expect(hint.split(" · ")).toEqual(
      expect.arrayContaining(["lease grant", "lease keep-alive", "lease revoke"]),
    );
    expect(completion("memb").line).toBe("member ");
  });

  it("shows the form of a command that is all there, and adds nothing", () => {
    expect(completion("put x 1")).toEqual({line: "put x 1", hint: expect.stringMatching(/^put <key>/)});
    expect(completion("lease grant 5").hint).toMatch(/^lease grant/);
  });

  it("leaves alone what it does not know, and an empty line", () => {
    expect(completion("gett x")).toEqual({line: "gett x", hint: ""});
    expect(completion("")).toEqual({line: "", hint: ""});
  });
});

describe("what is typed", () => {
  it("is recalled, the newest first, and the line begun comes back", () => {
    const typing = new Typing();
    expect(typing.enter("put x 1")).toBe("put x 1");
    expect(typing.enter("get x")).toBe("get x");
    expect(typing.recall(-1, "de")).toBe("get x");
    expect(typing.recall(-1, "get x")).toBe("put x 1");
    expect(typing.recall(-1, "put x 1")).toBe("put x 1");
    expect(typing.recall(1, "put x 1")).toBe("get x");
    expect(typing.recall(1, "get x")).toBe("de");
  });

  it("is sent as one when it is a transaction, after its third empty line", () => {
    const typing = new Typing();
    const lines = ["txn -i", 'ver("x") = "0"', "", "put x 1", "", "get x"];
    expect(lines.map((line) => typing.enter(line))).toEqual(lines.map(() => undefined));
    expect(typing.begun.map(({text}) => text)).toEqual([
      "txn -i",
      "compares:",
      'ver("x") = "0"',
      "",
      "success requests (get, put, del):",
      "put x 1",
      "",
      "failure requests (get, put, del):",
      "get x",
    ]);
    expect(typing.enter("")).toBe([...lines, ""].join("\n"));
    expect(typing.begun).toEqual([]);
  });

  it("may be given up", () => {
    const typing = new Typing();
    typing.enter("txn");
    expect([typing.abandon(), typing.isTxn, typing.abandon()]).toEqual([true, false, false]);
  });
});

/** An app over a channel that only records, its frames answered by hand. */
function recorded(): {
  readonly app: App;
  readonly typed: () => readonly ToWorker[];
  readonly answer: () => void;
} {
  const posted: ToWorker[] = [];
  const nothing = (): undefined => undefined;
  const app = new App(
    first,
    {
      channel: {post: (message) => posted.push(message)},
      show: nothing,
      move: nothing,
      copy: () => Promise.resolve(true),
      address: (hash) => hash,
      remember: nothing,
    },
    undefined,
  );
  const answer = (): void => {
    const seq = posted.findLast(({kind}) => kind !== "link")?.seq ?? 0;
    app.dispatch({kind: "worker", message: {kind: "frame", seq, frame: busyFrame}});
  };
  const text = {en: "a", zh: "b"};
  const scenario = {id: "one", group: "example", title: text, teaches: text} as const;
  app.dispatch({kind: "worker", message: {kind: "ready", code: "c", scenarios: [scenario]}});
  answer();
  return {app, typed: () => posted.filter(({kind}) => kind === "type"), answer};
}

describe("a line", () => {
  it("is sent with the cursor, to be settled when nothing plays", () => {
    const {app, typed} = recorded();
    app.dispatch({kind: "type", line: "put x 1"});
    expect(typed()).toMatchObject([{line: "put x 1", settle: true, cursor: {step: busyFrame.cursor.step}}]);
  });

  it("goes on playing when it plays", () => {
    const {app, typed} = recorded();
    app.dispatch({kind: "play"});
    app.dispatch({kind: "type", line: "put x 1"});
    expect(typed()).toMatchObject([{settle: false}]);
    expect(app.state.playing).toBe(true);
  });

  it("waits for the one before, so that it acts where that one led", () => {
    const {app, typed, answer} = recorded();
    for (const line of ["put x 1", "put x 2", "put x 3"]) app.dispatch({kind: "type", line});
    expect(typed()).toHaveLength(1);
    answer();
    answer();
    expect(typed().map((message) => message.kind === "type" && message.line)).toEqual([
      "put x 1",
      "put x 2",
      "put x 3",
    ]);
    answer();
    expect(app.state.lines).toEqual([]);
  });
});

describe("the console", () => {
  it("is opened by its key, given the focus each time, and closed by Escape when nothing else is on top", () => {
    const stroke = {key: "e", shift: false, other: false, composing: false, where: "page"} as const;
    const opens = actionFor(stroke, there);
    expect(opens).toEqual({kind: "console", open: true});
    const open = reduce(there, {kind: "console", open: true});
    expect([showsConsole(there), showsConsole(open)]).toEqual([false, true]);
    expect(reduce(open, {kind: "console", open: true}).consoleAsked).toBe(open.consoleAsked + 1);
    expect(reduce({...open, selected: undefined}, {kind: "escape"}).console).toBe(false);
    expect(actionFor({...stroke, where: "field"}, open)).toBeUndefined();
  });

  it("is asked for only while it is to be seen; on a phone it is a tab", () => {
    expect(windowsOf(there).console).toBeUndefined();
    expect(windowsOf(reduce(there, {kind: "console", open: true})).console).toBe(true);
    const phone: State = {...reduce(there, {kind: "console", open: true}), page: {width: 390, height: 844}};
    expect(windowsOf(phone).console).toBe(true);
    expect(windowsOf(reduce(phone, {kind: "phoneTab", tab: "log"})).console).toBeUndefined();
  });
});

describe("leases and clients", () => {
  it("are facts of a server: what was granted, what is left where it counts, and the keys", () => {
    const [member] = busyFrame.ring.members;
    if (member === undefined) throw new Error("the sample has no server");
    expect(factsOf(member, wordsIn("en")).leases).toBeUndefined();
    const lease = {id: "00000000000003e8", ttl: 5, remaining: 3, keys: ["a", "b"]};
    const leases = [lease, {id: "29215ec103e493d9", ttl: 60, keys: []}];
    expect(factsOf({...member, leases}, wordsIn("en")).leases?.rows.map(({cells}) => cells)).toEqual([
      ["3e8", "5 s", "3 s", "a b"],
      ["29215ec103e493d9", "60 s", "–", "–"],
    ]);
  });

  it("a client that is paused can be let go on, any other be paused", () => {
    const [client, ...others] = busyFrame.ring.clients;
    if (client === undefined) throw new Error("the sample has no client");
    const entries = (state: State) =>
      menuOf(client.name, state, wordsIn("en"))?.entries.map(({does}) => does);
    expect(entries(there)).toContainEqual({kind: "act", action: {kind: "pauseClient", client: client.name}});
    const ring = {...busyFrame.ring, clients: [{...client, paused: true as const}, ...others]};
    expect(entries({...there, frame: {...busyFrame, ring}})).toContainEqual({
      kind: "act",
      action: {kind: "resumeClient", client: client.name},
    });
  });
});
