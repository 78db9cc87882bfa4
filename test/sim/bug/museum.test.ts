// The museum's younger exhibits, each in the fewest events in which it can be seen; sound members in the same events break
// nothing. Those that are drawn in class have a file of their own (figure8.test.ts).

import {describe, expect, it} from "vitest";
import {Linearizability} from "../../../sim/check/linearizability.ts";
import {split, Stage} from "./stage.ts";
import type {Bugs} from "./stage.ts";

/** n1 leads, and entry 1 is everywhere. */
function led(bugs: Bugs): Stage {
  const stage = new Stage(bugs, 3).lead(1);
  return stage.until("the first entry is everywhere", () =>
    [1, 2, 3].every((id) => stage.raft(id).commitIndex === 1),
  );
}

/** Who campaigns has an answer, or leads. */
function answered(stage: Stage, id: number): boolean {
  return stage.raft(id).role === "leader" || stage.raft(id).votes().length === 2;
}

describe("§5.4.1: a member that votes for a candidate with an older log", () => {
  /** n1 and n2 commit entry 2; then n3, which does not have it, asks n2 for its vote. */
  function older(bugs: Bugs): Stage {
    const stage = led(bugs);
    stage.act(split(["n1", "n2"], ["n3"]), {kind: "client", client: "c1", op: "put x 1", to: "n1"});
    stage.until("n1 has committed entry 2", () => stage.raft(1).commitIndex === 2);
    stage.act(split(["n1"], ["n2", "n3"]), {kind: "timeout", member: "n3"});
    return stage.until("n3 has n2's answer", () => answered(stage, 3));
  }

  it("elects a leader without what is committed: Leader Completeness", () => {
    const {violation} = older({n2: ["vote-for-older-log"]});
    expect(violation).toMatchObject({
      check: "Leader Completeness",
      said: {id: "leaderLacks", args: {index: 2}},
    });
  });

  it("does not happen by the rule", () => {
    const stage = older({});
    expect([stage.violation, stage.raft(3).role]).toEqual([undefined, "candidate"]);
  });
});

describe("Figure 2: a member that answers before what it says is durable", () => {
  /** n2 acknowledges entry 2, the power goes, and it comes back; all it said was heard. */
  function hasty(bugs: Bugs): Stage {
    const stage = led(bugs);
    stage.act(split(["n1", "n2"], ["n3"]), {kind: "client", client: "c1", op: "put x 1", to: "n1"});
    const said = (): boolean =>
      stage.onItsWay(
        (message) => message.kind === "AppendEntriesResponse" && message.from === 2 && message.index === 2,
      ) !== undefined;
    stage.until("n2's acknowledgement is on its way", said).crashLosing(2);
    stage.until("n1 has committed entry 2", () => stage.raft(1).commitIndex === 2);
    return stage.act({kind: "restart", member: "n2"});
  }

  it("loses an entry that it acknowledged, and that was committed by it: Quorum Log", () => {
    expect(hasty({n2: ["answer-before-sync"]}).violation?.check).toBe("Quorum Log");
  });

  it("does not happen by the rule", () => {
    expect(hasty({}).violation).toBeUndefined();
  });
});

describe("thesis §6.4: a leader that reads without asking whether it still leads", () => {
  /** n1 is cut off, n2 leads and takes a put; then n1 is asked. */
  function stale(bugs: Bugs): Stage {
    const stage = led(bugs);
    stage.act(split(["n1"], ["n2", "n3"])).lead(2);
    stage.act({kind: "client", client: "c1", op: "put x 1", to: "n2"});
    const settled = (call: number) => (): boolean => stage.world.operations[call - 1]?.outcome !== undefined;
    stage.until("the put is done", settled(1));
    stage.act({kind: "client", client: "c1", op: "get x", to: "n1"});
    return stage.until("the read is answered", settled(2));
  }

  it("answers with what was overwritten: Linearizability", () => {
    const {world} = stale({n1: ["read-unconfirmed"]});
    expect(new Linearizability().end(world.view)).toMatchObject({check: "Linearizability"});
  });

  it("does not happen by the rule: the read is not answered by n1", () => {
    const {world} = stale({});
    expect(new Linearizability().end(world.view)).toBeUndefined();
  });
});
