// Small named decisions of a server that a bug could get wrong (law 12), as core/raft/rules.ts has those of raft.

import type {ConfState} from "../raft/confState.ts";
import type {Index, RoleName} from "../raft/entry.ts";
import type {WriteRequest} from "./command.ts";
import type {MemberInfo} from "./request.ts";

export interface ServerRules {
  /** Whether a committed command is applied by a member in that role. Raft Figure 2, "All Servers". */
  mustApply(role: RoleName): boolean;
  /** Whether an answer under `context` is one to a batch of reads that asked under those from `first` to `last`. */
  answersBatch(asked: {readonly context: number; readonly first: number; readonly last: number}): boolean;
  /** Under which context a question that was not answered is asked again; `fresh` was never used. etcd #20418. */
  retryContext(asked: {readonly last: number; readonly fresh: () => number}): number;
  /** The configuration that goes with a snapshot: as of the last entry `applied`, or that of the snapshot `kept` last. §7. */
  confOfSnapshot(known: {readonly applied: ConfState; readonly kept: ConfState}): ConfState;
  /** Whether raft is told what became of a message, or of a snapshot. etcd-io/raft doc.go: ReportSnapshot must be called. */
  tellsRaft(what: ReportKind): boolean;
  /** Whether a member is listened to. etcd server.go, Process: "cannot process message from removed member". */
  listensTo(sender: {readonly isRemoved: boolean}): boolean;
  /** Whether a member that has applied its own removal stops. etcd server.go, stopWithDelay. */
  stopsWhenRemoved(): boolean;
  /** Whether a change of membership is judged once more as it is applied, by the configuration then. etcd's raft panics at what cannot be. */
  judgesChangeAgain(): boolean;
  /** Whether what is known of a member must be written to the backend file; `before`: what stands there. etcd #19557. */
  mustWriteMember(before: MemberInfo | undefined, after: MemberInfo): boolean;
  /** What is known of a member, when something of it changed. etcd #21694. */
  memberAfter(before: MemberInfo, change: MemberChange): MemberInfo;
  /** Whether an entry counts as applied, for a commit of the backend, while it still waits to be. etcd: the consistent index. */
  countsBeforeApplied(): boolean;
  /** Whether what is written to a file says up to which entry it goes. etcd: OnPreCommitUnsafe. */
  mustSayIndex(writing: "commit" | "snapshot" | "defragment"): boolean;
  /** What of a request is done when its entry is applied; `own`: this member proposed it, so a client may wait for it here. */
  toBeApplied(request: WriteRequest, own: boolean): WriteRequest;
  /** Whether the files of a received snapshot are written before the log tells of it. etcd storage.go, SaveSnap. */
  mustSaveFilesFirst(): boolean;
  /** Whether what a received snapshot makes superfluous goes before its state is the backend file. etcd raft.go: Release. */
  mayPurgeBeforeInstall(): boolean;
  /** Whether a defragmentation gives way to a received state that takes the file's place. */
  mustYieldToInstall(): boolean;
  /** Whether a snapshot of one's own waits until what it stands for is in the backend file. */
  mustCommitSnapshot(): boolean;
  /** For which index a snapshot of the state stands. */
  snapshotIndex(asked: {readonly applied: Index; readonly committed: Index}): Index;
  /** Whether a member stops when an operation of its disk has failed. */
  mustStopOnDiskError(): boolean;
  /** Whether the puts of a transaction within a transaction take room, as those of the outer one do. */
  countsNestedPuts(): boolean;
  /** Whether what raft took is proposed again when its leader is lost. etcd: processInternalRaftRequestOnce. */
  proposesAgain(): boolean;
}

export type ReportKind = "unreachable" | "snapshotDone" | "snapshotFailed";

/** What a member tells of itself, and what can be said of it. */
export type MemberChange = Partial<Pick<MemberInfo, "name" | "peerUrls" | "clientUrls">>;

export const serverRules: ServerRules = {
  mustApply() {
    return true;
  },
  answersBatch({context, first, last}) {
    // One to an earlier batch may come late, and names an index from before these reads were asked.
    return context >= first && context <= last;
  },
  retryContext({fresh}) {
    // A late answer to the first asking must not be taken for one to the second.
    return fresh();
  },
  confOfSnapshot({applied}) {
    // Who was added since would find itself in no configuration, and refuse it.
    return applied;
  },
  tellsRaft() {
    return true;
  },
  listensTo({isRemoved}) {
    return !isRemoved;
  },
  stopsWhenRemoved() {
    return true;
  },
  judgesChangeAgain() {
    return true;
  },
  mustWriteMember(before, after) {
    return before !== after;
  },
  memberAfter(before, change) {
    return {...before, ...change};
  },
  countsBeforeApplied() {
    return false;
  },
  mustSayIndex() {
    return true;
  },
  toBeApplied(request) {
    return request;
  },
  mustSaveFilesFirst() {
    return true;
  },
  mayPurgeBeforeInstall() {
    // A state that came earlier may still be on its way to the file's place (#18055).
    return false;
  },
  mustYieldToInstall() {
    return true;
  },
  mustCommitSnapshot() {
    return true;
  },
  snapshotIndex({applied}) {
    return applied;
  },
  mustStopOnDiskError() {
    // What is durable is unknown from now on: going on would be a guess (fsyncgate; etcd panics too).
    return true;
  },
  countsNestedPuts() {
    return true;
  },
  proposesAgain() {
    // It may be in the next leader's log, and would be applied twice.
    return false;
  },
};
