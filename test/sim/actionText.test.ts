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
    [
      {kind: "disk", member: "n1", fault: {kind: "rot", file: "*.wal", sector: 3, bit: 5}},
      "disk of n1: rot *.wal sector 3 bit 5",
    ],
  ])("%j is told in a few words", (action, text) => {
    expect(actionText(action)).toBe(text);
  });
});
