import {describe, expect, it} from "vitest";
import {raftDefaults} from "../../../core/raft/config.ts";
import {MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import {describeReady} from "../../../core/raft/describe.ts";
import {decodeConfChange} from "../../../core/raft/confChange.ts";
import {raftRules} from "../../../core/raft/rules.ts";

function bare(): {node: RawNode; storage: MemoryStorage} {
  const storage = new MemoryStorage();
  const config = {...raftDefaults, id: 1, asyncStorageWrites: false};
  return {storage, node: new RawNode({config, rules: raftRules, storage, draw: () => 0})};
}

describe("a bootstrapped node", () => {
  it("has one change of membership per member in its log, committed, in term 1", () => {
    const {node} = bare();
    node.bootstrap([1, 2]);
    expect([node.term, node.lastIndex, node.commitIndex, node.role]).toEqual([1, 2, 2, "follower"]);
    expect(node.confState.voters).toEqual([1, 2]);
    expect(describeReady(node.ready(), {member: 1, asyncStorageWrites: false}).split("\n")).toEqual([
      "Ready MustSync=true:",
      "HardState Term:1 Commit:2",
      "Entries:",
      "1/1 EntryConfChange v1",
      "1/2 EntryConfChange v2",
      "CommittedEntries:",
      "1/1 EntryConfChange v1",
      "1/2 EntryConfChange v2",
    ]);
  });

  it("is where it was after those changes are applied, and leads alone if it is alone", () => {
    const {node, storage} = bare();
    node.bootstrap([1]);
    for (let round = 0; round < 4; round++) {
      while (node.hasReady()) {
        const {append, apply} = node.ready();
        storage.append(append?.entries ?? []);
        for (const {type, data} of apply) {
          const change = type === "normal" ? undefined : decodeConfChange(type, data);
          if (change !== undefined) node.applyConfChange(change);
        }
        node.advance();
      }
      if (round === 0) node.campaign();
    }
    expect([node.role, node.term, node.lastApplied]).toEqual(["leader", 2, 2]);
    expect(node.confState.voters).toEqual([1]);
  });

  it("cannot be bootstrapped again", () => {
    const {node} = bare();
    node.bootstrap([1]);
    expect(() => node.bootstrap([1])).toThrow("n1 has a log already, up to 1");
  });
});
