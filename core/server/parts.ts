// What a server is made of, and how the parts of a twin are put together: each shares structure with its original, and
// those that know each other know their twins.

import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";
import type {MemoryStorage} from "../raft/memoryStorage.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {AppendActor} from "./appendActor.ts";
import type {Applier} from "./applier.ts";
import type {ApplyActor} from "./applyActor.ts";
import type {CommitActor} from "./commitActor.ts";
import type {CompactActor} from "./compactActor.ts";
import type {ServerConfig} from "./config.ts";
import type {DefragmentActor} from "./defragmentActor.ts";
import type {Forwards} from "./forwards.ts";
import type {LeaseActor} from "./leaseActor.ts";
import type {InstallActor} from "./installActor.ts";
import type {Requests} from "./requests.ts";
import type {SnapshotActor} from "./snapshotActor.ts";
import type {Watches} from "./watches.ts";

/** An integer in [0, bound); each stream counts for itself. */
export type Draw = (stream: string, bound: number) => number;

export interface ServerParts {
  readonly config: ServerConfig;
  readonly raft: RawNode;
  /** What raft may take for durable. */
  readonly storage: MemoryStorage;
  readonly append: AppendActor;
  readonly apply: ApplyActor;
  readonly applier: Applier;
  readonly commit: CommitActor;
  readonly compact: CompactActor;
  readonly snapshot: SnapshotActor;
  readonly install: InstallActor;
  readonly defragment: DefragmentActor;
  readonly requests: Requests;
  /** What it asks other members. */
  readonly forwards: Forwards;
  readonly watches: Watches;
  readonly lease: LeaseActor;
  /** Drawn once per boot: names this boot's proposals and reads. */
  readonly nonce: number;
  readonly draw: Draw;
}

/** Independent twins, with luck of their own. */
export function forkParts(parts: ServerParts, draw: Draw): ServerParts {
  const {config, nonce} = parts;
  const storage = parts.storage.fork();
  const raft = parts.raft.fork(storage, (bound) => draw("election", bound));
  const applier = parts.applier.fork();
  return {
    config,
    nonce,
    draw,
    storage,
    raft,
    applier,
    append: parts.append.fork(),
    apply: parts.apply.fork(),
    commit: parts.commit.fork(),
    compact: parts.compact.fork(),
    snapshot: parts.snapshot.fork(),
    install: parts.install.fork(),
    defragment: parts.defragment.fork(),
    requests: parts.requests.fork({config, nonce, draw, raft, applier}),
    forwards: parts.forwards.fork(),
    watches: parts.watches.fork(),
    lease: parts.lease.fork(),
  };
}

/** Equal behaviour, equal digest: what is durable follows from raft's unstable mark, the rest speaks for itself. */
export function digestParts(parts: ServerParts, into: Hasher, now: Micros): void {
  parts.raft.digest(into);
  parts.append.digest(into);
  parts.apply.digest(into);
  parts.applier.digest(into, now);
  parts.commit.digest(into, now);
  parts.compact.digest(into, now, parts.commit);
  parts.snapshot.digest(into, parts.commit);
  parts.install.digest(into);
  parts.defragment.digest(into);
  parts.requests.digest(into, now);
  parts.forwards.digest(into, now);
  parts.watches.digest(into, parts.applier.watchers, now);
  parts.lease.digest(into, parts, now);
}
