// A scenario without a story: ten clients that never rest, so that every window is full after a thousand events
// already, for as many events as a test wants.

import type {Scenario} from "../../../scenarios/format.ts";

const clients = 10;

/** `milliseconds` of simulated time; a thousand events are about 350, of which an election takes the first 200. */
export const longScenario = (milliseconds: number): Scenario => ({
  format: 1,
  id: "long",
  group: "example",
  title: {en: "Busy clients", zh: "忙碌的客户端"},
  teaches: {en: "Nothing", zh: "无"},
  run: {
    seed: "1",
    holds: "every seed",
    until: {step: "last"},
    limit: `${milliseconds + 1}ms`,
    config: {members: 5, clients, profile: "teaching"},
    load: Array.from({length: clients}, (_, i) => ({
      load: "loop" as const,
      by: `c${i + 1}`,
      ops: [`put k${i + 1} {n}`, `put k${i + 1} {n}`, `put k${i + 1} {n}`, `get k${i + 1}`],
    })),
    steps: [{id: "last", at: `${milliseconds}ms`, wait: true}],
    expect: [],
  },
});
