// A saved run runs again: it agrees, or the first event that differs is named.

import {describe, expect, it} from "vitest";
import type {Executed} from "../../../sim/execute.ts";
import {execute} from "../../../sim/execute.ts";
import {readTrace, writeTrace} from "../../../sim/trace/file.ts";
import {replay, traceOf} from "../../../sim/trace/replay.ts";
import {TraceLines} from "../../../sim/trace/lines.ts";
import type {TraceLine} from "../../../sim/trace/lines.ts";
import type {TraceFile} from "../../../sim/trace/trace.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {at, makeRun, ms, sound} from "../stage.ts";

const script = [at(1, 300, {kind: "crash", member: "n2"}), at(2, 600, {kind: "restart", member: "n2"})];

function recorded(): Executed {
  const director = new Mix({seed: "2", until: 900 * ms});
  return execute(makeRun({script, until: 2000}), {versions: sound, director, lines: true});
}

function saved(): TraceFile {
  const file = readTrace(writeTrace(traceOf(recorded(), {code: "0123456789abcdef", scenario: "test"})));
  if (!file.ok) throw new Error(file.error);
  return file.value;
}

describe("replay", () => {
  it("agrees with a trace that was written and read", () => {
    const {difference, executed} = replay(saved(), {versions: sound});
    expect(difference).toBeUndefined();
    expect(executed.traceHash).toBe(recorded().traceHash);
  });

  it("names the one event whose record was changed, whatever was changed of it", () => {
    const trace = saved();
    const changes: readonly Partial<TraceLine>[] = [{at: 1}, {id: "n9→n1#1"}, {hash: "0".repeat(16)}];
    for (const [i, change] of changes.entries()) {
      const step = 100 + i;
      const all = [...trace.lines];
      const lines = TraceLines.of(
        all.map((line, place) => (place === step - 1 ? {...line, ...change} : line)),
      );
      const {difference} = replay({...trace, lines}, {versions: sound});
      expect(difference).toEqual({step, expected: lines.at(step - 1), actual: all[step - 1]});
    }
  });

  it("names the first event that another seed makes differ", () => {
    const trace = saved();
    const {difference} = replay({...trace, header: {...trace.header, seed: "other"}}, {versions: sound});
    expect(difference?.step).toBe(1);
  });

  it("names the event that a shorter run lacks", () => {
    const trace = saved();
    const limits = {...trace.header.limits, until: 500 * ms};
    const {difference, executed} = replay({...trace, header: {...trace.header, limits}}, {versions: sound});
    expect(difference).toEqual({
      step: executed.events + 1,
      expected: trace.lines.at(executed.events),
      actual: undefined,
    });
  });
});
