// What no cluster survives, on one member of five: each kind of a disk's betrayal in a run made for it, in which n2's copy of
// an entry is one of the three that committed it. It is said exactly which promise broke. Large numbers: test/soak/disks.

import {describe, expect, it} from "vitest";
import {walFileName} from "../../../core/storage/files.ts";
import type {Violation} from "../../../sim/check/checker.ts";
import type {DiskFault} from "../../../sim/disk/fault.ts";
import {split, Stage} from "../bug/stage.ts";

/** Entry 1 is n1's, of term 1; entry 2 a put that all five hold. */
function written(): Stage {
  const stage = new Stage({});
  stage.lead(1);
  return put(stage, "first").until("all have applied it", () =>
    stage.world.members.every(({server}) => server?.appliedIndex === 2),
  );
}

function put(stage: Stage, value: string): Stage {
  const {length} = stage.world.operations;
  stage.act({kind: "client", client: "c1", op: `put x ${value}`, to: "n1"});
  return stage.until("it is answered", () => stage.world.operations[length]?.outcome?.kind === "ok");
}

/** From now on what is committed is on n1, n2 and n3. */
function withoutTwo(stage: Stage): Stage {
  return stage.act(split(["n1", "n2", "n3", "c1"], ["n4", "n5"]));
}

function strike(stage: Stage, fault: DiskFault): Stage {
  return stage.act({kind: "disk", member: "n2", fault});
}

/** The power goes, and with it all that was not synced; what lied is mended. */
function comesBack(stage: Stage): readonly Pick<Violation, "check" | "said">[] {
  stage.crashLosing(2);
  const faulty = stage.world.member(2).disk.faults.length > 0;
  if (faulty) strike(stage, {kind: "mend"});
  stage.act({kind: "restart", member: "n2"});
  return stage.violations.map(({check, said}) => ({check, said}));
}

/** Two of the three who committed entry 3 have it left: no promise of those two, and no quorum's. */
const lost = {index: 3, term: 1, member: "n1"};
const forgotten = [
  {check: "Quorum Log", said: {id: "quorumLacks", args: lost, refs: ["entry:n1/3"]}},
  {check: "Committed Is Durable", said: {id: "committedVolatile", args: lost, refs: ["entry:n1/3"]}},
  {
    check: "Durable Log",
    said: {id: "entryForgotten", args: {member: "n2", index: 3, term: 1, last: 2}, refs: ["n2"]},
  },
];

describe("on one member of five", () => {
  it("a sync that lies: the entry that it acknowledged since, while its term and its vote stand", () => {
    const stage = strike(withoutTwo(written()), {kind: "syncLies"});
    expect(comesBack(put(stage, "second"))).toEqual(forgotten);
  });

  it("synced data that is lost: the same", () => {
    const stage = put(withoutTwo(written()), "second");
    expect(comesBack(strike(stage, {kind: "syncedLost", file: "*wal", syncs: 1}))).toEqual(forgotten);
  });

  it("a write that goes astray: the same", () => {
    const stage = strike(withoutTwo(written()), {kind: "misdirect", file: "*wal", into: "*wal", sector: 20});
    expect(comesBack(put(stage, "second"))).toEqual(forgotten);
  });

  it("an older disk: the same", () => {
    const stage = strike(withoutTwo(written()), {kind: "backup"});
    expect(comesBack(strike(put(stage, "second"), {kind: "olderDisk"}))).toEqual(forgotten);
  });

  it("an empty disk under the same member: its term and its vote too", () => {
    const stage = strike(put(withoutTwo(written()), "second"), {kind: "wipe"});
    const args = {member: "n2", term: 1, now: 0};
    expect(comesBack(stage)).toEqual([
      ...forgotten.slice(0, 2),
      {check: "Durable Term", said: {id: "termForgotten", args, refs: ["n2"]}},
      {check: "Durable Vote", said: {id: "voteUndone", args: {...args, candidate: "n1"}, refs: ["n2", "n1"]}},
      {
        check: "Durable Log",
        said: {id: "entryForgotten", args: {member: "n2", index: 3, term: 1, last: 0}, refs: ["n2"]},
      },
    ]);
  });

  it("none of them: nothing", () => {
    expect(comesBack(put(withoutTwo(written()), "second"))).toEqual([]);
  });

  it("a log that lost what the member's own store has: it finds out, and refuses", () => {
    const stage = put(withoutTwo(written()), "second");
    stage.until(
      "its backend file has the entry",
      () => stage.world.member(2).server?.committedToBackend === 3,
    );
    strike(stage, {kind: "syncedLost", file: "*wal", syncs: 2});
    expect(comesBack(stage)).toEqual([]);
    const file = walFileName(0, 1);
    const args = {member: "n2", last: 1, committed: 3, file, offset: expect.any(Number) as number};
    const said = {id: "storage/logBehind", args, refs: ["n2"]};
    expect(stage.world.last?.changes).toContainEqual(
      expect.objectContaining({kind: "died", member: 2, said}),
    );
  });
});
