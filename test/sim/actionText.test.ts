import {describe, expect, it} from "vitest";
import type {Action} from "../../sim/action.ts";
import {actionText} from "../../sim/actionText.ts";

describe("what is done to a world", () => {
  it.each<readonly [Action, string]>([
    [{kind: "crash", member: "n2"}, "crash n2"],
    [{kind: "resumeClient", client: "c1"}, "resume c1"],
    [{kind: "cut", from: "n1", to: "n2", oneWay: true}, "cut n1→n2"],
    [{kind: "heal"}, "heal all"],
    [{kind: "heal", link: ["n1", "c2"]}, "heal n1–c2"],
    [{kind: "clock", who: "n3", rate: 1_100_000}, "clock of n3 at 110 %"],
    [{kind: "client", client: "c1", op: "get x", to: "n2"}, "c1 asks n2: get x"],
    [{kind: "link", from: "n1", to: "n2", reset: true}, "link n1–n2 as configured"],
    [
      {
        kind: "link",
        from: "n1",
        to: "n2",
        oneWay: true,
        set: {latency: {least: 500, most: 9000}, queueBytes: 7},
      },
      "link n1→n2: latency 0.5..9 ms, queueBytes 7",
    ],
    [{kind: "connection", client: "c1", member: "n2", do: "refuse"}, "refuse c1–n2"],
    [{kind: "crashAt", member: "n2", point: "beforeCommit", nth: 3}, "crash n2 at beforeCommit#3"],
    [{kind: "crashAtDisk", member: "n2", nth: 3, when: "after"}, "crash n2 after disk operation #3"],
    [{kind: "slow", member: "n2", actor: "apply", factor: 9}, "apply of n2 takes 9 times as long"],
    [{kind: "restart", member: "n2"}, "restart n2"],
    [
      {kind: "restart", member: "n2", with: {raft: {preVote: true}, versions: []}},
      "restart n2 with preVote true, versions none",
    ],
    [
      {kind: "disk", member: "n1", fault: {kind: "rot", file: "*.wal", sector: 3, bit: 5}},
      "disk of n1: rot *.wal sector 3 bit 5",
    ],
  ])("%j is told in a few words", (action, text) => {
    expect(actionText(action)).toBe(text);
  });
});
