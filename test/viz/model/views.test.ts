// What the views decide, on moments of real runs.

import {describe, expect, it} from "vitest";
import type {Said} from "../../../core/base/said.ts";
import {scenarios} from "../../../scenarios/index.ts";
import type {Frame, Worded} from "../../../viz/frame.ts";
import {engineWords} from "../../../viz/words/engine.ts";
import {Recording} from "../../../viz/model/recording.ts";
import {buildTape} from "../../../viz/model/tape.ts";
import type {Moment, Told} from "../../../viz/model/moment.ts";
import {toldAt} from "../../../viz/model/told.ts";
import type {Told as Beat} from "../../../scenarios/tell.ts";
import {busyFrame, emptyFrame} from "../support/sampleFrame.ts";
import {Desk, windows} from "../worker/desk.ts";

/** The run that a scenario opens with, and its frames by step. */
function opened(id: string): {readonly desk: Desk; readonly first: Frame; at(event: string): Frame} {
  const desk = new Desk();
  const first = desk.open({kind: "scenario", id});
  return {desk, first, at: (event) => desk.go(first, {kind: "event", event})};
}

describe("the log", () => {
  it("says beside the leader's lane which entries stand on too few members", () => {
    const {desk, first} = opened("leader-partition");
    const frame = desk.go(first, {kind: "time", time: 490_000});
    const noted = frame.log.lanes.filter(({note}) => note !== undefined);
    expect(noted).toHaveLength(1);
    expect(noted[0]).toMatchObject({
      role: "leader",
      note: {id: "note.notMajority", args: {members: "n1, n5", to: 3}},
    });
  });

  it("says nothing of that kind about what a majority holds", () => {
    const {desk, first} = opened("leader-crash");
    const end = desk.go(first, {kind: "end"});
    const counts = new Set<number>();
    for (let step = 1; step <= end.cursor.step; step++) {
      for (const {note} of desk.go(end, {kind: "step", step}).log.lanes) {
        if (note?.id === "note.notMajority") counts.add(String(note.args["members"]).split(", ").length);
      }
    }
    // Of three servers.
    expect([...counts]).toEqual([1]);
  });

  it("tells committed from applied from durable, each as that member knows it", () => {
    const {desk, first} = opened("leader-partition");
    const end = desk.go(first, {kind: "end"});
    for (let step = 1; step <= end.cursor.step; step += 37) {
      for (const lane of desk.go(end, {kind: "step", step}).log.lanes) {
        expect(lane.lastApplied).toBeLessThanOrEqual(lane.commitIndex);
        for (const {index, committed, applied} of lane.entries) {
          expect(committed).toBe(index <= lane.commitIndex);
          expect(applied).toBe(index <= lane.lastApplied);
        }
      }
    }
  });

  it("shows how the leader of the highest term sees the others, and not itself", () => {
    const {desk, first} = opened("leader-partition");
    const frame = desk.go(first, {kind: "time", time: 560_000});
    const leaders = frame.ring.members.filter(({role}) => role === "leader");
    expect(leaders.map(({majority}) => majority)).toContain(false);
    expect(leaders.map(({majority}) => majority)).toContain(true);
    const highest = leaders.find(({majority}) => majority === true)?.name;
    expect(frame.log.lanes.filter(({progress}) => progress === undefined).map(({member}) => member)).toEqual([
      highest,
    ]);
  });
});

describe("the key grid", () => {
  const {desk, first} = opened("mvcc-walk");
  const end = desk.go(first, {kind: "end"});
  /** The moment right after the read of that line was asked. */
  const asked = (line: string): Frame => {
    const rows = desk.ask({kind: "find", branch: "main", text: `asks: ${line}`}, "found").rows;
    return desk.go(end, {kind: "step", step: rows[0]?.step ?? 0});
  };

  it("draws a generation from its first put to its tombstone, and the next one apart", () => {
    const frame = desk.go(end, {kind: "previous", unit: "event"});
    const before = asked("get x @3");
    expect(before.grid.rows[0]).toMatchObject({key: "x", generations: [{from: 2, to: 4}, {from: 5}]});
    expect(before.grid.rows[0]?.cells.map(({kind, version}) => [kind, version])).toEqual([
      ["put", 1],
      ["put", 2],
      ["delete", 0],
      ["put", 1],
      ["put", 2],
    ]);
    expect(frame.grid).toMatchObject({compact: 5, current: 6});
    expect(frame.grid.rows[0]?.generations).toEqual([{from: 5, to: undefined}]);
  });

  it("marks what a read at a revision answers: the newest before it in a life, nothing at a tombstone", () => {
    const answers = (frame: Frame): readonly unknown[] =>
      frame.grid.rows.flatMap(({cells}) =>
        cells.filter(({answer}) => answer).map(({main, value}) => [main, value]),
      );
    const open = asked("get x @3");
    // A question is open about what this read gets: the mark must not tell.
    expect(open.caption.beat?.kind).toBe("ask");
    expect(open.grid.readAt).toBe(open.grid.current);
    desk.ask({kind: "answer", cursor: open.cursor, beat: open.caption.beat?.id ?? "", answer: 0}, "frame");
    expect(asked("get x @3").grid.readAt).toBe(3);
    expect(answers(asked("get x @3"))).toEqual([[3, "two"]]);
    expect(answers(asked("get x @4"))).toEqual([]);
    expect(answers(end)).toEqual([
      [6, "four"],
      [6, "new"],
    ]);
  });

  it("puts the changes of one transaction under one revision, and names the entry that made them", () => {
    const cells = end.grid.rows.flatMap((row) => row.cells.filter(({main}) => main === 6));
    expect(cells.map(({sub}) => sub)).toEqual([0, 1]);
    expect(cells.map(({entry}) => entry)).toEqual([
      `entry:${end.grid.seenBy}/6`,
      `entry:${end.grid.seenBy}/6`,
    ]);
    const lane = end.log.lanes.find(({member}) => member === end.grid.seenBy);
    expect(lane?.entries.find(({index}) => index === 6)?.text).toMatch(/^txn /);
  });
});

describe("the tape", () => {
  it("is painted no further than was seen", () => {
    const {desk, first} = opened("leader-partition");
    expect(first.tape.seenTo).toBe(first.at);
    expect(first.tape.faults).toEqual([]);
    expect(first.tape.terms).toHaveLength(1);
    expect(first.events.rows.every(({step}) => step <= first.cursor.step)).toBe(true);
    desk.go(first, {kind: "end"});
    const back = desk.go(first, {kind: "step", step: first.cursor.step});
    expect(back.tape.faults).toHaveLength(1);
    expect(back.tape.terms.map(({term}) => term)).toEqual([1, 2]);
    expect(back.events.rows.some(({step}) => step > back.cursor.step)).toBe(true);
  });

  it("ends a term's band where a higher term's leader begins, and a fault's where it is healed", () => {
    const {desk, first} = opened("leader-partition");
    const {tape} = desk.go(first, {kind: "end"});
    expect(tape.terms[0]?.to).toBe(tape.terms[1]?.from);
    expect(tape.faults).toHaveLength(1);
    expect(tape.faults[0]?.to).toBeLessThan(tape.seenTo);
    expect(tape.operations.find(({ref}) => ref === "op:#lost")?.outcome).toBe("unknown");
  });
});

/** A moment of nothing but what the tape reads. */
function tapeOf(leads: number, over: Partial<Moment> = {}): Frame["tape"] {
  const recording = new Recording();
  for (let i = 0; i < leads; i++) {
    const from = {step: i + 1, at: i * 10};
    recording.leads.push({
      what: {term: i + 1, member: 1 + (i % 3)},
      from,
      to: {step: i + 2, at: i * 10 + 10},
    });
  }
  const cursor = {branch: "main", event: "", step: leads + 1, time: leads * 10};
  const seen = {step: leads + 1, at: leads * 10};
  const bare = {recording, cursor, seen, at: seen.at, extent: 1_000_000, branches: [], operations: []};
  return buildTape({...bare, told: undefined, ...over} as unknown as Moment, windows);
}

describe("a lane of the tape", () => {
  it("keeps every term apart, however short, as long as there are few", () => {
    const {terms} = tapeOf(30);
    expect(terms.map(({term}) => term)).toEqual(Array.from({length: 30}, (_, i) => i + 1));
  });

  it("says of merged terms that they are several, and names no leader", () => {
    const {terms} = tapeOf(300);
    expect(terms.length).toBeLessThan(40);
    const several = terms.filter(({firstTerm}) => firstTerm !== undefined);
    expect(several.length).toBeGreaterThan(0);
    expect(several.every(({leader}) => leader === "")).toBe(true);
  });

  it("fits a person's branch to what was seen of it, and the scenario's own run to the whole", () => {
    const branches = [
      {id: "main", parent: undefined},
      {id: "mine", parent: "main"},
    ] as unknown as Moment["branches"];
    const cursor = {branch: "mine", event: "", step: 31, time: 300};
    const extent = 30_000_000;
    expect(tapeOf(30, {branches, extent}).to).toBe(extent);
    expect(tapeOf(30, {branches, cursor, extent}).to).toBe(1_000_000);
    expect(tapeOf(30, {branches, cursor, extent: 1_100_000}).to).toBe(1_100_000);
  });
});

describe("lost messages", () => {
  const {desk, first} = opened("leader-partition");

  it("are told as lost, and where", () => {
    const end = desk.go(first, {kind: "end"});
    const lines = new Map<string, Said>();
    for (let step = 1; step <= end.cursor.step; step += 20)
      for (const {id, line} of desk.go(end, {kind: "step", step}).events.rows) lines.set(id, line);
    const said = [...lines.values()].map(({id}) => id);
    expect(said).toContain("event.lost.cut");
    const {line} = [...lines]
      .map(([id, one]) => ({id, line: one}))
      .find(({line: {id}}) => id === "event.lost.cut")!;
    expect(line.args["what"]).not.toContain("term");
  });
});

describe("who is shown in the key grid", () => {
  it("is the newest leader while it is down, and it is said that nobody leads", () => {
    const {desk, first} = opened("leader-crash");
    const leader = first.grid.seenBy;
    expect(first.grid.nobodyLeads).toBeUndefined();
    const act = {kind: "act", cursor: first.cursor, action: {kind: "crash", member: leader}} as const;
    const {grid} = desk.ask(act, "frame").frame;
    expect([grid.seenBy, grid.nobodyLeads]).toEqual([leader, true]);
  });
});

describe("the checks", () => {
  it("list a claim of the scenario once it was judged, in its words", () => {
    const {desk, first} = opened("leader-partition");
    const claims = (frame: Frame): Frame["checks"] =>
      frame.checks.filter(({name}) => name.startsWith("claim "));
    expect(claims(first)).toEqual([]);
    const judged = claims(desk.go(first, {kind: "end"}));
    expect(judged.length).toBeGreaterThan(3);
    expect(judged.every(({says, exercised}) => says !== undefined && exercised > 0)).toBe(true);
    expect(JSON.stringify(judged)).not.toContain("{@");
  });
});

describe("what a scenario says", () => {
  const text = (en: string): {en: string; zh: string} => ({en, zh: en});
  const beat = (holds: readonly boolean[]): Beat => ({
    id: "b",
    step: 1,
    show: {focus: []},
    kind: "say",
    sentences: holds.map((one, i) => ({text: text(`s${i}`), holds: one})),
  });
  const told = (holds: readonly boolean[]): Told | undefined =>
    toldAt(2, {told: [beat(holds)], outcomes: [], answers: new Map(), ownTo: 9});

  it("is dropped whole when its first sentence does not hold", () => {
    expect(told([false, true])).toBeUndefined();
    expect(told([true, false])).toMatchObject({now: {text: {en: "s0"}}, look: undefined});
  });

  it("has no second line of the engine's under it", () => {
    const {desk, first} = opened("leader-partition");
    const end = desk.go(first, {kind: "end"});
    for (let step = 1; step <= end.cursor.step; step += 11) {
      const {now, look} = desk.go(end, {kind: "step", step}).caption;
      if ("text" in now && "said" in look)
        expect(["look.ask", "look.scripted", "look.ended"]).toContain(look.said.id);
    }
  });
});

describe("the caption", () => {
  it("is never empty, and every word of the engine's is in the catalogue", () => {
    for (const {id} of scenarios) {
      const {desk, first} = opened(id);
      let frame = desk.go(first, {kind: "start"});
      for (; !frame.ended; frame = desk.go(frame, {kind: "time", time: frame.at + 11_000})) {
        for (const worded of [frame.caption.now, frame.caption.look])
          expect(lengthOf(worded)).toBeGreaterThan(5);
        for (const said of saidIn(frame)) expect(Object.keys(engineWords)).toContain(said.id);
        if (frame.until === undefined) break;
      }
    }
  }, 60_000);

  it("tells, when a person has acted, what that did and who can still commit", () => {
    const {desk, first} = opened("leader-partition");
    const leader = first.ring.members.find(({role}) => role === "leader")?.name ?? "";
    const others = first.ring.members.map(({name}) => name).filter((name) => name !== leader);
    const groups = [[leader, others[0] ?? ""], others.slice(1)];
    const frame = desk.ask(
      {kind: "act", cursor: first.cursor, action: {kind: "split", groups}},
      "frame",
    ).frame;
    expect(frame.caption.now).toMatchObject({said: {id: "now.split"}});
    expect(frame.caption.look).toMatchObject({
      said: {id: "look.minority", args: {leader, reach: 2, count: 5}},
    });
  });
});

describe("words", () => {
  it("of the sample frames are the engine's", () => {
    for (const frame of [busyFrame, emptyFrame]) {
      for (const said of saidIn(frame)) expect(Object.keys(engineWords)).toContain(said.id);
    }
  });

  it("have the same arguments in every language, but for the one that is called by the language", () => {
    const names = (text: string, language: "en" | "zh"): readonly string[] =>
      [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => (name === language ? "own" : name)).sort();
    for (const {en, zh} of Object.values(engineWords)) expect(names(zh, "zh"), en).toEqual(names(en, "en"));
  });
});

function lengthOf(worded: Worded): number {
  return "said" in worded
    ? worded.said.id.length
    : Math.min(worded.text.en.length, worded.text.zh.length * 3);
}

function saidIn({caption, events, log, tape, head}: Frame): readonly Said[] {
  const own = [caption.now, caption.look].flatMap((worded) => ("said" in worded ? [worded.said] : []));
  const notes = log.lanes.flatMap(({note}) => (note === undefined ? [] : [note]));
  return [
    ...own,
    ...notes,
    ...events.rows.map(({line}) => line),
    ...tape.faults.map((fault) => fault.said),
    head.title,
  ];
}
