import {describe, expect, it} from "vitest";
import {leaderCrash} from "../../../scenarios/leaderCrash.ts";
import {leaderPartition} from "../../../scenarios/leaderPartition.ts";
import {perform} from "../../../scenarios/perform.ts";
import {stage} from "../../../scenarios/resolve.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {readTrace} from "../../../sim/trace/file.ts";
import type {Frame} from "../../../viz/frame.ts";
import type {Link} from "../../../viz/protocol.ts";
import {Desk} from "./desk.ts";

const code = "00000000000000aa";
const config = stage(leaderCrash).run.config;

/** A run with faults that the scenario does not know, and the link that a trace of it makes. */
function recorded(plan: number): {readonly done: ReturnType<typeof perform>; readonly link: Link} {
  const faults = faultPlan(`plan/${plan}`, config, {until: 2_000_000});
  const done = perform(leaderCrash, {seed: `${plan}`, faults, lines: true});
  const line = done.lines.at(Math.floor(done.lines.length / 2));
  const link: Link = {
    format: 1,
    scenario: leaderCrash.id,
    seed: done.seed,
    recorded: {script: done.run.script, events: done.events},
    acts: [],
    cursor: {event: line?.id ?? "", time: line?.at ?? 0},
    chain: line?.hash.slice(0, 8) ?? "",
    code,
  };
  return {done, link: JSON.parse(JSON.stringify(link)) as Link};
}

function opened(link: Link, desk = new Desk()): {readonly frame: Frame; readonly notice: string | undefined} {
  const {frame, notice} = desk.ask({kind: "open", source: {kind: "link", link}}, "frame");
  return {frame, notice: notice?.id};
}

describe("a run on record", () => {
  it.each(Array.from({length: 10}, (_, i) => i + 1))(
    "happens again as it was, event by event, under fault plan %i",
    (plan) => {
      const {done, link} = recorded(plan);
      const desk = new Desk();
      const {frame, notice} = opened(link, desk);
      expect({notice, event: frame.cursor.event}).toEqual({notice: undefined, event: link.cursor.event});
      expect(frame.head.branches).toHaveLength(1);
      const end = desk.go(frame, {kind: "end"});
      expect({step: end.cursor.step, chain: end.head.chain}).toEqual({
        step: done.events,
        chain: done.traceHash,
      });
      const trace = readTrace(desk.ask({kind: "trace", branch: "main"}, "trace").bytes);
      expect(trace.ok ? trace.value.header : undefined).toMatchObject({
        script: done.run.script,
        end: {hash: done.traceHash, verdict: done.verdict},
      });
    },
  );

  it("goes on beyond its end in a branch once a person has acted, and a link to that opens it again", () => {
    const {done, link} = recorded(8);
    const desk = new Desk();
    const end = desk.go(opened(link, desk).frame, {kind: "step", step: done.events - 5});
    const action = {kind: "client", client: "c1", op: "put mine 1"} as const;
    const acted = desk.ask({kind: "act", cursor: end.cursor, action}, "frame").frame;
    const later = desk.go(acted, {kind: "step", step: done.events + 40});
    expect(later.cursor.step).toBe(done.events + 40);
    expect(later.head.branches).toHaveLength(2);
    const shared = desk.ask({kind: "link", cursor: later.cursor}, "link").link;
    expect(shared).toMatchObject({recorded: link.recorded, acts: [{do: action, origin: "person"}]});
    const again = opened(JSON.parse(JSON.stringify(shared)) as Link);
    expect(again.notice).toBeUndefined();
    expect(again.frame.head.chain).toBe(later.head.chain);
  });

  it("is told by the scenario's beats", () => {
    const done = perform(leaderPartition, {lines: true});
    const line = done.lines.at(-1);
    const told = (link: Link): readonly unknown[] => {
      const desk = new Desk();
      const frame = desk.ask({kind: "open", source: {kind: "link", link}}, "frame").frame;
      return [0.2, 0.5, 0.8, 1].map(
        (part) => desk.go(frame, {kind: "step", step: Math.floor(done.events * part)}).caption,
      );
    };
    const plain: Link = {
      format: 1,
      scenario: leaderPartition.id,
      seed: done.seed,
      acts: [],
      cursor: {event: line?.id ?? "", time: line?.at ?? 0},
      chain: line?.hash.slice(0, 8) ?? "",
      code,
    };
    expect(told({...plain, recorded: {script: done.run.script, events: done.events}})).toEqual(told(plain));
  });

  it("that is damaged is refused in one line", () => {
    const {link} = recorded(1);
    const said = (changed: object): unknown =>
      new Desk().ask({kind: "open", source: {kind: "link", link: {...link, ...changed} as Link}}, "failed")
        .said.args["what"];
    expect(said({recorded: 5})).toBe("recorded.script, expected a list");
    expect(said({recorded: {script: [{}], events: 5}})).toBe("recorded.script[0], expected {id, when, do}");
    expect(said({recorded: {script: [], events: -1}})).toBe("recorded.events, expected an integer from 0 on");
    expect(said({variant: "no-such"})).toBe('variant "no-such", expected one of the scenario');
    expect(said({differs: {event: 5}})).toBe("differs, expected {event, expected, found}");
  });
});

describe("a link's variant", () => {
  it("is what is run, and stays in the links and traces made of it", () => {
    const done = perform(leaderPartition, {variant: "control", lines: true});
    const link: Link = {
      format: 1,
      scenario: leaderPartition.id,
      variant: "control",
      seed: done.seed,
      acts: [],
      cursor: {event: "", time: 0},
      chain: "",
      code,
    };
    const desk = new Desk();
    const end = desk.go(opened(link, desk).frame, {kind: "end"});
    expect(end.head.chain).toBe(done.traceHash);
    expect(desk.ask({kind: "link", cursor: end.cursor}, "link").link.variant).toBe("control");
    const trace = readTrace(desk.ask({kind: "trace", branch: "main"}, "trace").bytes);
    expect(trace).toMatchObject({
      ok: true,
      value: {header: {variant: "control", end: {hash: done.traceHash}}},
    });
  });
});

describe("what a link's opening compares", () => {
  const {link} = recorded(2);
  const nowhere = {cursor: {event: "", time: 0}, chain: ""};

  it("is nothing without an event, and the page begins where the scenario says", () => {
    const {recorded: _, ...own} = link;
    const {frame, notice} = opened({...own, ...nowhere});
    expect(notice).toBeUndefined();
    const {step} = new Desk().open({kind: "scenario", id: leaderCrash.id, seed: link.seed}).cursor;
    expect(step).toBeGreaterThan(50);
    expect(frame.cursor.step).toBe(step);
    expect(opened({...link, ...nowhere}).notice).toBeUndefined();
    expect(opened({...link, cursor: nowhere.cursor, chain: "12345678"}).notice).toBeUndefined();
  });

  it("is no build with one that is not known", () => {
    const unknown = "0".repeat(16);
    expect(opened({...link, code: unknown}).notice).toBeUndefined();
    expect(opened(link, new Desk({code: unknown})).notice).toBeUndefined();
    expect(opened({...link, code: unknown, chain: "12345678"}).notice).toBe("notice.differsSame");
  });

  it("is said to differ where the trace was found to", () => {
    const differs = {event: "n1→n2#1", expected: "12345678", found: "87654321"};
    const desk = new Desk();
    const {notice} = desk.ask(
      {kind: "open", source: {kind: "link", link: {...link, ...nowhere, differs}}},
      "frame",
    );
    expect(notice).toMatchObject({id: "notice.differsSame", args: differs});
    expect(opened({...link, differs}).notice).toBe("notice.differsSame");
    expect(opened({...link, differs, code: "other"}).notice).toBe("notice.differs");
  });
});
