// A scenario without a story: three clients that never rest, for as many events as a test wants.

import type {Scenario} from "../../../scenarios/format.ts";

/** `milliseconds` of simulated time; a thousand events are about 520, of which an election takes the first 200. */
export const longScenario = (milliseconds: number): Scenario => ({
  format: 1,
  id: "long",
  group: "example",
  title: {en: "Three busy clients", zh: "三个忙碌的客户端"},
  teaches: {en: "Nothing", zh: "无"},
  run: {
    seed: "1",
    holds: "every seed",
    until: {step: "last"},
    limit: `${milliseconds + 1}ms`,
    config: {members: 5, clients: 3, profile: "teaching"},
    load: [
      {load: "loop", by: "c1", ops: ["put a {n}", "get a", "put b {n}", "del b"]},
      {load: "loop", by: "c2", ops: ["put c {n}", "put d {n}", "get a"]},
      {load: "loop", by: "c3", ops: ["put e {n}", "get e"]},
    ],
    steps: [{id: "last", at: `${milliseconds}ms`, wait: true}],
    expect: [],
  },
});
