// What a server is made of, and how the parts of a twin are put together: each shares structure with its original, and
// those that know each other know their twins.

import {Hasher} from "../base/hasher.ts";
import type {Hash} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";
import type {MemoryStorage} from "../raft/memoryStorage.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {AppendActor} from "./appendActor.ts";
import type {Applier} from "./applier.ts";
import type {ApplyActor} from "./applyActor.ts";
import type {Authorizer} from "./authorizer.ts";
import type {AutoCompact} from "./autoCompact.ts";
import type {CommitActor} from "./commitActor.ts";
import type {CompactActor} from "./compactActor.ts";
import type {ServerConfig} from "./config.ts";
import type {CorruptCheck} from "./corruptCheck.ts";
import type {DefragmentActor} from "./defragmentActor.ts";
import type {Forwards} from "./forwards.ts";
import type {LeaseActor} from "./leaseActor.ts";
import type {InstallActor} from "./installActor.ts";
import type {Requests} from "./requests.ts";
import type {ServerRules} from "./rules.ts";
import type {SnapshotActor} from "./snapshotActor.ts";
import type {Watches} from "./watches.ts";

/** An integer in [0, bound); each stream counts for itself. */
export type Draw = (stream: string, bound: number) => number;

export interface ServerParts {
  readonly config: ServerConfig;
  readonly rules: ServerRules;
  readonly raft: RawNode;
  /** What raft may take for durable. */
  readonly storage: MemoryStorage;
  readonly append: AppendActor;
  readonly apply: ApplyActor;
  readonly applier: Applier;
  readonly authorizer: Authorizer;
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
  readonly autoCompact: AutoCompact;
  readonly corruptCheck: CorruptCheck;
  /** Drawn once per boot: names this boot's proposals and reads. */
  readonly nonce: number;
  readonly draw: Draw;
}

/** Independent twins, with luck of their own. */
export function forkParts(parts: ServerParts, draw: Draw): ServerParts {
  const {config, rules, nonce} = parts;
  const storage = parts.storage.fork();
  const raft = parts.raft.fork(storage, (bound) => draw("election", bound));
  const applier = parts.applier.fork();
  const authorizer = parts.authorizer.fork(applier, draw);
  return {
    config,
    rules,
    nonce,
    draw,
    storage,
    raft,
    applier,
    authorizer,
    append: parts.append.fork(),
    apply: parts.apply.fork(),
    commit: parts.commit.fork(),
    compact: parts.compact.fork(),
    snapshot: parts.snapshot.fork(),
    install: parts.install.fork(),
    defragment: parts.defragment.fork(),
    requests: parts.requests.fork({config, nonce, draw, raft, applier, authorizer, rules}),
    forwards: parts.forwards.fork(),
    watches: parts.watches.fork(),
    lease: parts.lease.fork(),
    autoCompact: parts.autoCompact.fork(),
    corruptCheck: parts.corruptCheck.fork(),
  };
}

type DigestPart = (parts: ServerParts, into: Hasher, now: Micros) => void;

/** Every part's digest, in this order: what is durable follows from raft's unstable mark, the rest speaks for itself. */
const digests: Readonly<Record<string, DigestPart>> = {
  raft: ({raft}, into) => raft.digest(into),
  append: ({append}, into) => append.digest(into),
  apply: ({apply}, into) => apply.digest(into),
  applier: ({applier}, into, now) => applier.digest(into, now),
  authorizer: ({authorizer}, into, now) => authorizer.digest(into, now),
  commit: ({commit}, into, now) => commit.digest(into, now),
  compact: ({compact, commit}, into, now) => compact.digest(into, now, commit),
  snapshot: ({snapshot, commit}, into) => snapshot.digest(into, commit),
  install: ({install}, into) => install.digest(into),
  defragment: ({defragment}, into) => defragment.digest(into),
  requests: ({requests}, into, now) => requests.digest(into, now),
  forwards: ({forwards}, into, now) => forwards.digest(into, now),
  watches: ({watches, applier}, into, now) => watches.digest(into, applier.watchers, now),
  lease: (parts, into, now) => parts.lease.digest(into, parts, now),
  autoCompact: ({autoCompact}, into, now) => autoCompact.digest(into, now),
  corruptCheck: ({corruptCheck}, into, now) => corruptCheck.digest(into, now),
};

const digestsInOrder = Object.entries(digests);

/** Equal behaviour, equal digest. */
export function digestParts(parts: ServerParts, into: Hasher, now: Micros): void {
  for (const [, digest] of digestsInOrder) digest(parts, into, now);
}

/** The same, each part for itself, by its name: to say where two servers differ. */
export function digestEachPart(parts: ServerParts, now: Micros): readonly (readonly [string, Hash])[] {
  return digestsInOrder.map(([name, digest]) => {
    const into = new Hasher();
    digest(parts, into, now);
    return [name, into.hash()];
  });
}
