// One member of a script's cluster: its node, its storage, and what its state machine was after each entry.

import {present} from "../../core/base/assert.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import {integerMax} from "../../core/base/quantity.ts";
import {decodeConfChange} from "../../core/raft/confChange.ts";
import type {RaftConfig} from "../../core/raft/config.ts";
import {raftDefaults} from "../../core/raft/config.ts";
import type {Entry} from "../../core/raft/entry.ts";
import {loggerLines} from "../../core/raft/logger/loggerLines.ts";
import {genesis, MemoryStorage} from "../../core/raft/memoryStorage.ts";
import {RawNode} from "../../core/raft/rawNode.ts";
import type {AppendWork} from "../../core/raft/ready.ts";
import {etcdRules} from "../../core/raft/rules.ts";
import type {Snapshot} from "../../core/raft/snapshot.ts";
import {emptyConfState} from "../../core/raft/confState.ts";
import type {Output} from "./output.ts";

/** What a member is unless a script says otherwise. */
export const memberConfig: Omit<RaftConfig, "id"> = {
  ...raftDefaults,
  electionTicks: 3,
  heartbeatTicks: 1,
  messageBytesMax: integerMax,
  inflightMax: 2 ** 31 - 1,
  asyncStorageWrites: false,
};

export interface MemberOptions {
  readonly config: RaftConfig;
  /** What it begins with; undefined: it knows nobody. */
  readonly start: Snapshot | undefined;
  readonly output: Output;
}

export class Member {
  readonly id: MemberId;
  readonly node: RawNode;
  readonly storage: ScriptStorage;
  readonly isAsync: boolean;
  /** Work that its threads were given and have not begun; oldest first. */
  readonly appendWork: AppendWork[] = [];
  readonly applyWork: (readonly Entry[])[] = [];

  constructor({config, start, output}: MemberOptions) {
    this.id = config.id;
    this.isAsync = config.asyncStorageWrites;
    this.storage = new ScriptStorage(start);
    this.node = new RawNode({
      config,
      rules: etcdRules,
      storage: this.storage,
      // No script depends on it: those that need a certain timeout set it.
      draw: () => 0,
      notes: {
        note: (note) => {
          for (const line of loggerLines(note)) output.log(line);
        },
      },
      applied: start?.index ?? 0,
    });
  }

  /** Makes durable what the work asks for. Returns what is wrong with it. */
  append({
    hardState,
    snapshot,
    entries,
  }: Pick<AppendWork, "hardState" | "snapshot" | "entries">): string | undefined {
    if (hardState !== undefined) this.storage.setHardState(hardState);
    if (snapshot === undefined) {
      this.storage.append(entries);
      return undefined;
    }
    if (entries.length > 0) return "can't apply snapshot and entries at the same time";
    return this.storage.applySnapshot(snapshot)
      ? undefined
      : "requested index is older than the existing snapshot";
  }

  /** The state machine strings all data together; each entry leaves a snapshot behind. */
  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const {index, term, type} = entry;
      const before = this.storage.snapshot();
      let {confState} = before;
      let added = entry.data;
      if (type !== "normal") {
        const change = present(decodeConfChange(type, entry.data), `a change of membership at ${index}`);
        confState = this.node.applyConfChange(change);
        added = change.context;
      }
      this.storage.keep({index, term, confState, data: joined(before.data, added)});
    }
  }
}

/** Snapshots are made by the state machine, after each entry; whoever asks gets the newest. */
class ScriptStorage extends MemoryStorage {
  private newest: Snapshot;

  constructor(start: Snapshot = genesis(emptyConfState)) {
    super(start);
    this.newest = start;
  }

  override snapshot(): Snapshot {
    return this.newest;
  }

  keep(snapshot: Snapshot): void {
    this.newest = snapshot;
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const all = new Uint8Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  return all;
}
