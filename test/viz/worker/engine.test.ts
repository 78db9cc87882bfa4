// The engine over real scenarios, driven by messages alone.

import {describe, expect, it} from "vitest";
import {worded} from "../../../core/base/said.ts";
import {leaderPartition} from "../../../scenarios/leaderPartition.ts";
import {stage} from "../../../scenarios/resolve.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {execute} from "../../../sim/execute.ts";
import {readTrace} from "../../../sim/trace/file.ts";
import type {Frame} from "../../../viz/frame.ts";
import type {Link} from "../../../viz/protocol.ts";
import {engineWords} from "../../../viz/words/engine.ts";
import {Desk} from "./desk.ts";

/** A frame without what depends on how far the page has been, and on which branches there are. */
function core({head, tape, events, caption, ...rest}: Frame): unknown {
  return {
    ...rest,
    chain: head.chain,
    verdict: head.verdict,
    now: caption.now,
    terms: tape.terms.length > 0,
    events: events.rows[0],
  };
}

function failure(desk: Desk, asked: Parameters<Desk["ask"]>[0]): string {
  return worded(engineWords, desk.ask(asked, "failed").said, "en");
}

describe("opening", () => {
  it("begins where the scenario wants: a leader elected, a write on its way", () => {
    const desk = new Desk();
    const frame = desk.open();
    expect(frame.ring.members.filter(({role}) => role === "leader")).toHaveLength(1);
    expect(frame.ring.clients.some(({waiting}) => waiting.includes("put x=first"))).toBe(true);
    expect(frame.caption.now).toHaveProperty("text.en");
  });

  it("runs as Node does: the same scenario and seed end with the same hash", () => {
    const {run, director, claims} = stage(leaderPartition, {seed: "7"});
    const versions = (names: readonly string[]) => versionOf(names);
    const executed = execute(run, {versions: versions as never, director, checkers: claims});
    const desk = new Desk();
    const frame = desk.open({kind: "scenario", id: "leader-partition", seed: "7"});
    expect(desk.go(frame, {kind: "end"}).head.chain).toBe(executed.traceHash);
  });

  it("answers a file with a mistake by the scenario room's one line, and keeps what was open", () => {
    const desk = new Desk();
    const frame = desk.open();
    const text = JSON.stringify({...leaderPartition, run: {...leaderPartition.run, limit: 20}});
    const line = failure(desk, {kind: "open", source: {kind: "file", name: "mine.json", text}});
    expect(line).toMatch(/^mine\.json: run\.limit: found 20, expected /);
    expect(line).not.toContain("\n");
    expect(desk.go(frame, {kind: "next", unit: "event"}).cursor.step).toBe(frame.cursor.step + 1);
  });

  it("opens a person's own file", () => {
    const text = JSON.stringify({...leaderPartition, id: "mine"});
    expect(new Desk().open({kind: "file", name: "mine.json", text}).head.scenario).toBe("mine");
  });
});

describe("moving", () => {
  it("shows the same moment from the left, from the right and after another branch", () => {
    const desk = new Desk();
    const opened = desk.open();
    const step = 400;
    const left = desk.go(desk.go(opened, {kind: "step", step: 30}), {kind: "step", step});
    const right = desk.go(desk.go(opened, {kind: "end"}), {kind: "step", step});
    const acted = desk.ask(
      {kind: "act", cursor: opened.cursor, action: {kind: "crash", member: "n2"}},
      "frame",
    ).frame;
    const back = desk.go(desk.go(acted, {kind: "end"}), {kind: "step", step}, "main");
    expect(core(right)).toEqual(core(left));
    expect(core(back)).toEqual(core(left));
    expect(core(desk.go(opened, {kind: "step", step: step + 40}))).not.toEqual(core(left));
  });

  it("goes by event, by message, by term and by what is interesting, there and back", () => {
    const desk = new Desk();
    const start = desk.go(desk.open(), {kind: "start"});
    expect(start.cursor).toMatchObject({event: "", step: 0, time: 0});
    for (const unit of ["event", "interesting", "message", "term"] as const) {
      const first = desk.go(start, {kind: "next", unit});
      const second = desk.go(first, {kind: "next", unit});
      expect(second.cursor.step).toBeGreaterThan(first.cursor.step);
      expect(desk.go(second, {kind: "previous", unit}).cursor).toEqual(first.cursor);
      expect(desk.go(first, {kind: "previous", unit}).cursor.step).toBe(0);
    }
  });

  it("stops, by what is interesting, at elections, commits, faults and answers", () => {
    const desk = new Desk();
    let frame = desk.go(desk.open(), {kind: "start"});
    const ids = new Set<string>();
    for (let i = 0; i < 60 && !frame.ended; i++) {
      frame = desk.go(frame, {kind: "next", unit: "interesting"});
      const row = frame.events.rows.find(({step}) => step === frame.cursor.step);
      ids.add(row?.line.id ?? "");
      if (!frame.ended) expect(row?.interesting).toBe(true);
    }
    for (const id of [
      "now.candidate",
      "now.leads",
      "now.commits",
      "now.split",
      "now.settled",
      "now.truncated",
      "now.unknown",
    ]) {
      expect([...ids]).toContain(id);
    }
  });

  it("holds a moment between two events by its time", () => {
    const desk = new Desk();
    const frame = desk.go(desk.open(), {kind: "time", time: 300_001});
    expect(frame.cursor.time).toBe(300_001);
    expect(frame.at).toBeLessThanOrEqual(300_001);
    expect(frame.until).toBeGreaterThan(300_001);
  });

  it("answers a hundred seeks during play with the newest alone", () => {
    const desk = new Desk();
    const opened = desk.open();
    const before = desk.answers.length;
    let last = 0;
    for (let i = 1; i <= 100; i++) {
      last = desk.send({
        kind: "seek",
        branch: "main",
        from: opened.cursor,
        target: {kind: "step", step: 5 * i},
      });
      if (i % 10 === 0) desk.slice();
    }
    desk.settle();
    const frames = desk.answers.slice(before).flatMap((answer) => (answer.kind === "frame" ? [answer] : []));
    expect(frames.at(-1)).toMatchObject({seq: last, frame: {cursor: {step: 500}}});
    const seqs = frames.map(({seq}) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(frames.length).toBeLessThan(30);
  });

  it("refuses what is not there in one line, and stays", () => {
    const desk = new Desk();
    const from = desk.open().cursor;
    const seek = {kind: "seek", branch: "main", from} as const;
    expect(failure(desk, {...seek, target: {kind: "event", event: "n9→n1#4"}})).toContain("n9→n1#4");
    expect(failure(desk, {...seek, target: {kind: "step", step: -1}})).toContain("expected an integer");
    expect(failure(desk, {...seek, branch: "nowhere", target: {kind: "end"}})).toContain(
      "expected one of main",
    );
    expect(failure(new Desk(), {...seek, target: {kind: "end"}})).toContain("nothing is open");
  });
});

describe("acting", () => {
  it("starts a branch and leaves the old one as it was", () => {
    const desk = new Desk();
    const opened = desk.open();
    const end = desk.go(opened, {kind: "end"});
    const acted = desk.ask(
      {kind: "act", cursor: opened.cursor, action: {kind: "crash", member: "n1"}},
      "frame",
    ).frame;
    expect(acted.cursor.branch).not.toBe("main");
    expect(acted.ring.members.find(({name}) => name === "n1")?.status).toBe("crashed");
    expect(acted.head.branches.map(({parent}) => parent)).toEqual([undefined, "main"]);
    const moved = desk.go(acted, {kind: "time", time: 500_000});
    expect(moved.head.chain).not.toBe(desk.go(opened, {kind: "time", time: 500_000}).head.chain);
    expect(desk.go(acted, {kind: "end"}, "main").head.chain).toBe(end.head.chain);
  });

  it("does the same thing at the same place on the same branch", () => {
    const desk = new Desk();
    const {cursor} = desk.open();
    const act = {kind: "act", cursor, action: {kind: "crash", member: "n1"}} as const;
    expect(desk.ask(act, "frame").frame.cursor).toEqual(desk.ask(act, "frame").frame.cursor);
  });

  it("lists one branch when a person goes on from where it was left", () => {
    const desk = new Desk();
    let frame = desk.open();
    for (const op of ["put a 1", "put b 2", "put c 3"]) {
      frame = desk.ask(
        {kind: "act", cursor: frame.cursor, action: {kind: "client", client: "c2", op}},
        "frame",
      ).frame;
    }
    const {branches} = frame.head;
    expect(branches.map(({parent}) => parent)).toEqual([undefined, "main"]);
    expect(branches[1]?.id).toBe(frame.cursor.branch);
    // From a moment before its end, another one begins beside it.
    const back = desk.go(frame, {kind: "previous", unit: "event"});
    const other = desk.ask(
      {kind: "act", cursor: back.cursor, action: {kind: "crash", member: "n1"}},
      "frame",
    ).frame;
    expect(other.head.branches).toHaveLength(3);
  });

  it("keeps the log of a crashed member as its disk has it", () => {
    const desk = new Desk();
    const opened = desk.go(desk.open(), {kind: "event", event: "script#2"});
    const before = opened.log.lanes.find(({member}) => member === "n3");
    const frame = desk.ask(
      {kind: "act", cursor: opened.cursor, action: {kind: "crash", member: "n3"}},
      "frame",
    ).frame;
    const lane = frame.log.lanes.find(({member}) => member === "n3");
    expect(lane?.status).toBe("crashed");
    expect(lane?.entries.map(({text}) => text)).toEqual(
      before?.entries.filter(({durable}) => durable).map(({text}) => text),
    );
    expect(lane?.entries.length).toBeGreaterThan(0);
  });

  it("goes on after the scenario's end when a person acts there", () => {
    const desk = new Desk();
    const end = desk.go(desk.open(), {kind: "end"});
    expect(end.ended).toBe(true);
    const acted = desk.ask(
      {kind: "act", cursor: end.cursor, action: {kind: "client", client: "c2", op: "put y 1"}},
      "frame",
    ).frame;
    expect(acted.ended).toBe(false);
    const later = desk.go(acted, {kind: "time", time: acted.at + 200_000});
    expect(later.grid.rows.map(({key}) => key)).toContain("y");
  });

  it("refuses what does not apply in one line, and makes no branch", () => {
    const desk = new Desk();
    const opened = desk.open();
    const {cursor} = opened;
    expect(failure(desk, {kind: "act", cursor, action: {kind: "crash", member: "n9"}})).toContain(
      "a name is not known",
    );
    expect(failure(desk, {kind: "act", cursor, action: {kind: "client", client: "c1", op: "fly"}})).toContain(
      "etcdctl",
    );
    expect(failure(desk, {kind: "act", cursor, action: {kind: "restart", member: "n1"}})).toContain(
      "not possible",
    );
    expect(desk.go(opened, {kind: "start"}).head.branches).toHaveLength(1);
  });

  it("never loses an act to a newer one", () => {
    const desk = new Desk();
    const {cursor} = desk.open();
    const seqs = ["n1", "n2", "n3"].map((member) =>
      desk.send({kind: "act", cursor, action: {kind: "pause", member}}),
    );
    desk.settle();
    const answered = desk.answers.flatMap((answer) => (answer.kind === "frame" ? [answer.seq] : []));
    for (const seq of seqs) expect(answered).toContain(seq);
  });
});

describe("a question", () => {
  const ask = (desk: Desk): Frame => desk.go(desk.open(), {kind: "event", event: "script#2"});

  it("hides what comes, and the verdict, until it is answered, and the answers' truth until it shows", () => {
    const desk = new Desk();
    desk.go(desk.open(), {kind: "end"});
    const frame = ask(desk);
    expect(frame.caption.beat?.kind).toBe("ask");
    expect(frame.caption.veil).toEqual(["tape", "verdict"]);
    // What was shown before stays; nothing of what comes is told.
    expect(frame.tape.terms).not.toEqual([]);
    expect([frame.tape.seenTo, frame.events.rows.at(-1)?.step]).toEqual([frame.at, frame.cursor.step]);
    expect(frame.head.verdict).toBe("unknown");
    expect(JSON.stringify(frame)).not.toContain("because");
  });

  it("tells whether the answer was right once the run has come there, and not before", () => {
    const desk = new Desk();
    const frame = ask(desk);
    const answered = desk.ask(
      {kind: "answer", cursor: frame.cursor, beat: "will-it-survive", answer: 0},
      "frame",
    ).frame;
    expect(answered.caption.veil).toEqual([]);
    expect(answered.caption.beat?.answered).toBe(0);
    expect(answered.caption.answer).toBeUndefined();
    const after = desk.go(frame, {kind: "event", event: "script#5"});
    expect(after.caption.answer).toMatchObject({beat: "will-it-survive", right: false});
    expect(after.caption.answer?.solution).toHaveProperty("text.en", "No: another entry takes its place");
  });

  it("is not answered where it is not asked", () => {
    const desk = new Desk();
    const {cursor} = desk.open();
    expect(failure(desk, {kind: "answer", cursor, beat: "will-it-survive", answer: 0})).toContain(
      "not asked here",
    );
  });
});

describe("a link", () => {
  function linked(): {readonly link: Link; readonly frame: Frame} {
    const desk = new Desk();
    let frame = desk.go(desk.open(), {kind: "step", step: 300});
    frame = desk.ask(
      {kind: "act", cursor: frame.cursor, action: {kind: "crash", member: "n1"}},
      "frame",
    ).frame;
    frame = desk.go(frame, {kind: "step", step: 350});
    frame = desk.ask(
      {kind: "act", cursor: frame.cursor, action: {kind: "client", client: "c2", op: "put y 5"}},
      "frame",
    ).frame;
    frame = desk.go(frame, {kind: "step", step: 420});
    return {frame, link: desk.ask({kind: "link", cursor: frame.cursor}, "link").link};
  }

  it("opens run, branch and moment again elsewhere", () => {
    const {link, frame} = linked();
    const desk = new Desk();
    const copy = JSON.parse(JSON.stringify(link)) as Link;
    const answer = desk.ask({kind: "open", source: {kind: "link", link: copy}}, "frame");
    expect(answer.notice).toBeUndefined();
    expect(answer.frame.cursor).toEqual(frame.cursor);
    expect(core(answer.frame)).toEqual(core(frame));
    expect(link.chain).toBe(frame.head.chain.slice(0, 8));
  });

  it("says so when another build made it, and when the run differs", () => {
    const {link} = linked();
    const notice = (changed: Partial<Link>): string | undefined =>
      new Desk().ask({kind: "open", source: {kind: "link", link: {...link, ...changed}}}, "frame").notice?.id;
    expect(notice({code: "other"})).toBe("notice.otherBuild");
    expect(notice({code: "other", chain: "00000000"})).toBe("notice.differs");
    expect(notice({chain: "00000000"})).toBe("notice.differsSame");
    expect(notice({cursor: {event: "n1→n2#99999", time: 400_000}})).toBe("notice.noEvent");
    expect(
      notice({acts: link.acts.map((act) => ({...act, do: {kind: "crash" as const, member: "n9"}}))}),
    ).toBe("notice.skipped");
  });

  it("that is damaged is refused in one line", () => {
    const {link} = linked();
    const source = {kind: "link", link: {...link, acts: [{}]} as unknown as Link} as const;
    expect(failure(new Desk(), {kind: "open", source})).toContain("acts[0]");
    const none = {kind: "link", link: {...link, scenario: "no-such"}} as const;
    expect(failure(new Desk(), {kind: "open", source: none})).toContain("no-such");
  });
});

describe("asking", () => {
  it("walks from a client's put to the watcher that saw it, and back", () => {
    const desk = new Desk();
    const end = desk.go(desk.open(), {kind: "end"});
    const put = desk.ask({kind: "why", cursor: end.cursor, of: "op:#kept"}, "why").why;
    const seen = put.effects.find(({line}) => line.id === "now.watched");
    expect(seen?.line.args["what"]).toBe("put x=kept");
    const back = desk.ask({kind: "why", cursor: end.cursor, of: `event:${seen?.id}`}, "why").why;
    expect(back.causes.map(({line}) => line.refs)).toContainEqual(["op:c2#2"]);
  });

  it("answers for keys and for what is still on its way, and refuses the rest", () => {
    const desk = new Desk();
    const opened = desk.open();
    const entriesFly = ({ring}: Frame): boolean => ring.flights.some(({entries}) => entries.length > 0);
    let frame = desk.go(opened, {kind: "step", step: 330});
    while (!entriesFly(frame)) frame = desk.go(opened, {kind: "step", step: frame.cursor.step + 1});
    expect(
      desk.ask({kind: "why", cursor: frame.cursor, of: "key:x"}, "why").why.causes.length,
    ).toBeGreaterThan(3);
    const flight = frame.ring.flights.find(({entries}) => entries.length > 0);
    expect(
      desk.ask({kind: "why", cursor: frame.cursor, of: `msg:${flight?.event}`}, "why").why.causes.length,
    ).toBeGreaterThan(1);
    expect(failure(desk, {kind: "why", cursor: frame.cursor, of: "msg:n1→n2#9999"})).toContain(
      "not known here",
    );
  });

  it("finds by words, names and things, in what was seen", () => {
    const desk = new Desk();
    const opened = desk.open();
    const find = (text: string): number =>
      desk.ask({kind: "find", branch: "main", text}, "found").rows.length;
    expect(find("The network is split")).toBe(0);
    desk.go(opened, {kind: "end"});
    expect(find("the network is SPLIT")).toBe(1);
    expect(find("网络被分割")).toBe(1);
    expect(find("script#2")).toBe(1);
    expect(find("no such thing")).toBe(0);
  });

  it("saves the run as a trace file that reads back", () => {
    const desk = new Desk();
    const end = desk.go(desk.open(), {kind: "end"});
    const {name, bytes} = desk.ask({kind: "trace", branch: "main"}, "trace");
    const read = readTrace(bytes);
    expect(name).toBe("leader-partition-1.trace");
    expect(read.ok && read.value.header.end).toMatchObject({
      events: end.cursor.step,
      hash: end.head.chain,
      verdict: "pass",
    });
  });
});
