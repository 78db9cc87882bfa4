// Raft's Figure 8, step by step, for whoever has the bug.

import {heal, split, Stage} from "./stage.ts";

/** Raft Figure 8: (a) n1's entry on n1, n2; (b) n5 leads with another; (c) n1 leads again and spreads its old one; (d) n5 overwrites it. */
export function figure8(bugs: Readonly<Record<string, readonly string[]>>): Stage {
  const stage = new Stage(bugs);
  stage
    .lead(1)
    .until("the first entry is everywhere", () =>
      [1, 2, 3, 4, 5].every((id) => stage.raft(id).commitIndex === 1),
    );
  // (a) Entry 2 of term 1 reaches n2 alone.
  stage.act(split(["n1", "n2", "c1"], ["n3", "n4", "n5"]), {
    kind: "client",
    client: "c1",
    op: "put x 1",
    to: "n1",
  });
  stage.until(
    "n2 holds entry 2",
    () => stage.at(2, 2) === 1 && stage.raft(1).progress()[1]?.matchIndex === 2,
  );
  // (b) n5 leads term 2 and writes its own entry 2, alone: what it sends is lost.
  stage
    .act({kind: "crash", member: "n1"})
    .lead(5)
    .act(split(["n5"], ["n1", "n2", "n3", "n4"]));
  stage.until("n5's entry 2 is on its disk", () => stage.world.members[4]?.server?.durableIndex === 2);
  stage.act({kind: "crash", member: "n5"}, heal, {kind: "restart", member: "n1"});
  // (c) n1 leads again (its first try, in term 2, comes after n5's), and its old entry 2 reaches n3 or
  // n4; entry 3, of its new term, does not get to a majority.
  stage
    .act({kind: "timeout", member: "n1"})
    .until("n3 and n4 have refused", () => stage.raft(1).votes().length === 4)
    .lead(1);
  stage.until("n1 knows entry 2 of term 1 on a majority", () => {
    const matches = stage
      .raft(1)
      .progress()
      .map(({matchIndex}) => matchIndex);
    return (matches[1] ?? 0) >= 2 && Math.max(matches[2] ?? 0, matches[3] ?? 0) === 2;
  });
  // (d) n5 comes back with the newer last term and is elected by those that hold the old entry.
  stage.act(split(["n1"], ["n2", "n3", "n4", "n5"]), {kind: "restart", member: "n5"});
  stage
    .act({kind: "timeout", member: "n5"})
    .until("n2, n3 and n4 have refused", () => stage.raft(5).role === "follower");
  stage.lead(5);
  stage
    .act(heal)
    .until("n5's entry 2 is everywhere", () => [2, 3, 4, 5].every((id) => stage.at(id, 2) === 2));
  return stage;
}
