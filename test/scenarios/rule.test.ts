// Standing rules of messages, messages by their names, draws fixed by hand, and steps with numbers.

import {describe, expect, it} from "vitest";
import type {Match, Scenario, Step} from "../../scenarios/format.ts";
import {scenarioOfRecord} from "../../scenarios/ofRun.ts";
import {perform} from "../../scenarios/perform.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import {stage} from "../../scenarios/resolve.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import type {EventRecord} from "../../sim/event.ts";
import {execute} from "../../sim/execute.ts";
import {Life} from "../../sim/timeline/life.ts";

const reader = new ScenarioReader();
const text = {en: "so it is", zh: "如此"};

function scenario(steps: readonly unknown[], more: object = {}): Scenario {
  const run = {
    seed: "3",
    holds: "this seed",
    until: {quiet: "400ms"},
    limit: "3s",
    config: {members: 3, clients: 1, profile: "teaching"},
    steps,
    expect: [],
    ...more,
  };
  const read = reader.check({format: 1, id: "ruled", group: "example", title: text, teaches: text, run});
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function problem(step: object): string {
  try {
    scenario([step]);
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
}

/** Messages of a kind as they arrive: when, and what became of them. */
function arrivals(of: Scenario, kind: string): readonly (readonly [number, "arrives" | "lost"])[] {
  const found: (readonly [number, "arrives" | "lost"])[] = [];
  perform(of, {
    onEvent: ({payload, at, changes}: EventRecord) => {
      if (payload.kind !== "message" || payload.message.kind !== kind || payload.to !== 2) return;
      found.push([at, changes.some((change) => change.kind === "lost") ? "lost" : "arrives"]);
    },
  });
  return found;
}

const begins: Step = {id: "elected", when: {not: {leader: "none"}}, let: {lead: "leader"}, wait: true};
const kind = "Heartbeat";
const rule = (deed: "drop" | "hold", message: Match = {kind, to: "n2"}): readonly Step[] => [
  begins,
  {id: "rule", when: {step: "elected"}, message, do: deed, while: {not: {step: "ends"}}},
  {id: "ends", after: "100ms", wait: true},
  {id: "over", after: "120ms", wait: true},
];
const over = {until: {step: "over"}, seed: "1"};

describe("a standing rule", () => {
  const times = (of: Scenario): {readonly from: number; readonly to: number} => {
    const {script} = perform(of).run;
    const at = (step: string): number => script.find((item) => item.step === step)?.when.at ?? 0;
    return {from: at("rule"), to: at("ends")};
  };

  it("holds whatever matches as long as something is true, and then all of it goes on", () => {
    const held = scenario(rule("hold"), over);
    const {from, to} = times(held);
    const found = arrivals(held, kind);
    expect(found.filter(([at]) => at > from && at < to)).toEqual([]);
    const after = found.filter(([at]) => at >= to);
    expect(after.every(([, what]) => what === "arrives")).toBe(true);
    // As many as were held, and those that came since.
    const plain = arrivals(scenario([begins, ...rule("hold").slice(2)], over), kind);
    expect(plain.filter(([at]) => at > from && at < to).length).toBeGreaterThan(1);
    const releases = perform(held).run.script.filter(
      ({do: action}) => action.kind === "message" && action.do === "release",
    );
    expect(releases.length).toBeGreaterThan(1);
    expect(after.length).toBeGreaterThanOrEqual(releases.length);
  });

  it("loses whatever matches, and nothing else, and nothing later", () => {
    const losing = scenario(rule("drop"), over);
    const {from, to} = times(losing);
    const found = arrivals(losing, kind);
    const lost = found.filter(([, what]) => what === "lost");
    expect(lost.length).toBeGreaterThan(1);
    expect(lost.every(([at]) => at > from && at < to + 20_000)).toBe(true);
    expect(found.some(([at, what]) => at > to + 20_000 && what === "arrives")).toBe(true);
    expect(arrivals(losing, "AppendEntries").every(([, what]) => what === "arrives")).toBe(true);
  });

  it.each(["hold", "drop"] as const)("to %s acts once on each message, so nothing is left out", (deed) => {
    // Two are sent by one event.
    const done = perform(scenario(rule(deed, {kind}), over));
    expect(done.skipped).toEqual([]);
    expect(done.verdict).toBe("pass");
    const names = done.run.script.flatMap(({do: action}) =>
      action.kind === "message" && action.do === deed ? [action.event] : [],
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(1);
  });

  it("is on record message by message: the run needs no rule, and its scenario none", () => {
    const done = perform(scenario(rule("hold"), over));
    expect(execute(done.run, {versions: versionOf}).traceHash).toBe(done.traceHash);
    const again = perform(scenarioOfRecord("again", done.run, []));
    expect(again.traceHash).toBe(done.traceHash);
  });

  it("goes on in a twin of its run as in the run", () => {
    const {run, director} = stage(scenario(rule("hold"), over));
    let life = Life.create(run, {versions: versionOf, director});
    const through = Life.create(run, {
      versions: versionOf,
      director: stage(scenario(rule("hold"), over)).director,
    });
    while (through.step() !== undefined);
    while (life.step() !== undefined) if (life.world.step % 7 === 0) life = life.fork();
    expect(life.world.hash).toBe(through.world.hash);
  });

  it.each([
    [{message: {nth: 2}, do: "hold", while: {leader: "none"}}, '.message: found the key "nth"'],
    [
      {message: {}, do: "duplicate", while: {leader: "none"}},
      '.do: found "duplicate", expected "drop" or "hold"',
    ],
    [
      {message: "n1→n2#1", do: "hold", while: {leader: "none"}},
      '.message: found "n1→n2#1", expected {"message": {"kind": "AppendEntries"}',
    ],
    [{message: {}, do: "hold", while: {step: "gone"}}, '.while.step: found "gone", expected a step'],
    [
      {message: {from: "n7"}, do: "hold", while: {leader: "none"}},
      '.message.from: found "n7", expected a member',
    ],
    [{message: "n1", do: "hold"}, '.message: found "n1", expected an event such as n1→n3#17'],
    [{pin: "clock/n2", draw: 0, value: 1}, ".draw: found 0, expected a whole number from 1"],
    [{pin: "clock/n2", draw: 1}, ': found no "value"'],
    [{number: 0, wait: true}, ".number: found 0, expected a whole number from 1"],
    [{when: {happened: "soon"}, wait: true}, '.when.happened: found "soon", expected an event such as'],
  ])("%j is refused in one line", (step, says) => {
    expect(problem(step)).toContain(`run.steps[0]${says}`);
    expect(problem(step)).not.toContain("\n");
  });
});

describe("a message by its name", () => {
  it("is waited for until it is on its way", () => {
    const name = perform(scenario([]), {lines: true}).lines;
    const event = Array.from({length: name.length}, (_, i) => name.at(i)?.id ?? "").find((id) =>
      /^n\d→n\d#3$/.test(id),
    );
    const done = perform(scenario([{message: event, do: {delay: "50ms"}}]));
    const [item] = done.run.script;
    expect(item?.do).toEqual({kind: "message", event, do: "delay", by: 50_000});
    expect(item?.when.at).toBeGreaterThan(100_000);
    expect(done.skipped).toEqual([]);
  });
});

describe("a draw fixed by hand", () => {
  it("is what the stream gives: the first vote is asked for as fast as may be, and as slowly", () => {
    const took = (...steps: readonly Step[]): readonly [number | undefined, string] => {
      let first: readonly [number, string] | undefined;
      perform(scenario(steps), {
        onEvent: ({payload, at}) => {
          if (payload.kind !== "message" || payload.message.kind !== "RequestVote") return;
          first ??= [at - payload.sent, `net/n${payload.from}→n${payload.to}/RequestVote`];
        },
      });
      return first ?? [undefined, ""];
    };
    const [, stream] = took();
    expect(took({pin: stream, draw: 1, value: 0})).toEqual([8000, stream]);
    expect(took({pin: stream, draw: 1, value: 700})).toEqual([8700, stream]);
  });
});

describe("a step's number", () => {
  it("is its event's, and the others take what is free", () => {
    const done = perform(
      scenario([{number: 3, wait: true}, {wait: true}, {number: 3, wait: true}, {wait: true}, {wait: true}]),
    );
    // The second that wants 3 is given the least that is free.
    expect(done.run.script.map(({id}) => id)).toEqual([3, 1, 2, 4, 5]);
    expect(execute(done.run, {versions: versionOf}).traceHash).toBe(done.traceHash);
  });
});
