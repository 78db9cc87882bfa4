// A new cluster from what a client saved of an old one (etcdutl/snapshot/v3_snapshot.go, Restore): keys, leases, users and
// alarms stay, who is in the cluster and how far its log was do not. Each of the new members starts on a disk with this
// file and nothing else; its log begins at the beginning.
//
// Watchers and caches of the old cluster may know revisions that the file does not: `bumpRevision` goes on far enough
// behind them, and all before counts as compacted, so that they notice (etcdutl: --bump-revision, which wants
// --mark-compacted; here one goes with the other).

import type {MemberId, Revision} from "../base/quantity.ts";
import {dbFile} from "../storage/files.ts";
import {openImage} from "../storage/openBackend.ts";
import {forgetPosition, readState, writeScheduled} from "./backendState.ts";
import {foundation, writeMembership} from "./memberRecord.ts";

export interface RestoreOptions {
  /** Who the new cluster begins with, ascending; they count as started. */
  readonly members: readonly MemberId[];
  /** As the old members' files have it, and the new ones' will. */
  readonly pageBytes: number;
  /** So many revisions are left out; 0: none, and nothing is compacted. */
  readonly bumpRevision?: Revision;
}

/** A file of a disk that holds no other. */
export interface WholeFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** `blob`: what a snapshot request answered. Undefined if it is damaged, or no such thing. */
export function restoreSnapshot(
  blob: Uint8Array,
  {members, pageBytes, bumpRevision = 0}: RestoreOptions,
): WholeFile | undefined {
  const backend = openImage(blob, {pageBytes});
  const state = backend && readState(backend);
  if (backend === undefined || state === undefined) return undefined;
  // Nobody was removed from the new cluster.
  writeMembership(backend, state.membership, foundation(members, []));
  forgetPosition(backend);
  if (bumpRevision > 0) writeScheduled(backend, state.store.currentRevision + bumpRevision);
  return {file: dbFile, bytes: backend.image()};
}
