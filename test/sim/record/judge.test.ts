import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Call} from "../../../sim/record/call.ts";
import type {Recording} from "../../../sim/record/formats.ts";
import {judge} from "../../../sim/record/judge.ts";
import {explains, isExplained, upTo} from "./everyOrder.ts";
import type {Held} from "./everyOrder.ts";
import {everyHistory, histories} from "./histories.ts";
import type {Said} from "./histories.ts";

const nothing: Held = {value: null, version: 0};
const noText: Held = {value: "", version: 0};

const read = (value: Said["value"], version?: number): Said => ({
  kind: "read",
  value,
  outcome: "done",
  ...(version === undefined ? {} : {version}),
});
const write = (value: Said["value"], outcome: Said["outcome"] = "done"): Said => ({
  kind: "write",
  value,
  outcome,
});
const append = (value: string, outcome: Said["outcome"] = "done"): Said => ({kind: "append", value, outcome});
const cas = (expected: Said["value"], value: Said["value"], outcome: Said["outcome"]): Said => ({
  kind: "cas",
  expected,
  value,
  outcome,
});

function recordingOf(calls: readonly Call[], of: Recording["of"] = "registers"): Recording {
  return {of, calls, operations: calls.length};
}

/** The verdict, which must be what trying every order says; if it is violated, the prefix and the window must be true too. */
function judged(calls: readonly Call[], first: Held, of: Recording["of"] = "registers"): boolean {
  const judgement = judge(recordingOf(calls, of), {budget: 1_000_000});
  const held = isExplained(calls, first);
  expect(judgement.verdict).toBe(held ? "pass" : "fail");
  for (const {explain} of judgement.keys) {
    if (explain === undefined) continue;
    const {blocked, order, window} = explain();
    const end = blocked.returned ?? Infinity;
    expect(isExplained(upTo(calls, end), first)).toBe(false);
    const prefix = upTo(calls, end - 1);
    expect(isExplained(prefix, first)).toBe(true);
    expect(explains(order, prefix, first)).toBe(true);
    expect(window.some(({invoked}) => invoked === blocked.invoked)).toBe(true);
  }
  return held;
}

/** As {@link judged}, at less cost: of very many histories. */
function agrees(calls: readonly Call[]): boolean {
  const {verdict} = judge(recordingOf(calls), {budget: 10_000});
  const held = isExplained(calls, nothing);
  if (verdict !== (held ? "pass" : "fail"))
    expect({calls, verdict}).toEqual({calls, verdict: held ? "pass" : "fail"});
  return held;
}

describe("a recorded history of a register", () => {
  const few = [
    read(null),
    read(1),
    read(2),
    write(1),
    write(2),
    write(1, "unknown"),
    cas(1, 2, "done"),
    cas(1, 2, "refused"),
    cas(2, 1, "unknown"),
  ];

  it.each([
    [1, few],
    [2, few],
    [3, few],
    [4, [read(1), write(1), write(2), cas(1, 2, "done")]],
    [5, [read(1), write(1)]],
  ])(
    "is judged as by trying every order: every history of %i calls of some kinds, of three clients",
    (length, kinds) => {
      let [count, violated] = [0, 0];
      for (const calls of everyHistory(kinds, length)) {
        count++;
        if (!agrees(calls)) violated++;
      }
      // One read of one client says something already.
      expect(violated).toBeGreaterThan(count / 6);
      expect(count).toBeGreaterThanOrEqual(kinds.length ** length);
    },
  );

  it("is judged as by trying every order: histories of up to eight calls, drawn", () => {
    let violated = 0;
    const said = fc.constantFrom(
      ...few,
      cas(1, 1, "done"),
      cas(2, 1, "done"),
      cas(null, 1, "done"),
      write(2, "unknown"),
    );
    fc.assert(
      fc.property(histories(said), (calls) => void (violated += Number(!judged(calls, nothing)))),
      {numRuns: 3000},
    );
    expect(violated).toBeGreaterThan(1000);
  });
});

describe("a recorded history of a register with versions", () => {
  it("is judged as by trying every order", () => {
    let violated = 0;
    const values = fc.constantFrom(1, 2);
    const versions = fc.constantFrom(0, 1, 1, 2, 2, 3);
    const said = fc.oneof(
      fc.tuple(fc.constantFrom(null, 1, 2), versions).map(([value, version]) => read(value, version)),
      values.map((value) => write(value)),
      values.map((value) => write(value, "unknown")),
      fc.tuple(values, versions).map(([value, version]): Said => ({...write(value), version})),
      fc.tuple(values, values, fc.constantFrom("done", "refused", "unknown")).map((call) => cas(...call)),
    );
    const versioned = histories(said).filter((calls) => calls.some(({version}) => version !== undefined));
    fc.assert(
      fc.property(versioned, (calls) => void (violated += Number(!judged(calls, nothing)))),
      {numRuns: 3000},
    );
    expect(violated).toBeGreaterThan(1000);
    expect(violated).toBeLessThan(2900);
  });
});

describe("a recorded history of a text", () => {
  it("is judged as by trying every order", () => {
    let [count, violated] = [0, 0];
    const said = fc.oneof(
      fc.constantFrom("", "a", "b", "ab", "ba", "aab").map((text) => read(text)),
      fc.constantFrom("", "a", "b").map((text) => write(text)),
      fc.constantFrom("", "a", "b", "ab").map((text) => append(text)),
      fc.constantFrom(append("a", "unknown"), write("a", "unknown")),
    );
    fc.assert(
      fc.property(histories(said), (calls) => {
        count++;
        if (!judged(calls, noText, "texts")) violated++;
      }),
      {numRuns: 5000},
    );
    expect(violated).toBeGreaterThan(count / 4);
    expect(violated).toBeLessThan((count * 9) / 10);
  });
});
