// What goes into a server and what comes out of it, as data (law 3).

import type {MemberId} from "../base/quantity.ts";
import type {Said} from "../base/said.ts";
import type {DiskOp} from "../storage/disk.ts";
import type {PeerMessage} from "./peer.ts";
import type {Metadata, Request, Response} from "./request.ts";
import type {ReportKind} from "./rules.ts";

/** The parts of a server that take turns of their own (law 4). */
export const actors = [
  "append",
  "apply",
  "commit",
  "compact",
  "snapshot",
  "install",
  "defragment",
  "watchSync",
  "watchVictims",
  "watchProgress",
  "watchSend",
  "lease",
  "reads",
  "autoCompact",
  "corruptCheck",
] as const;

export type Actor = (typeof actors)[number];

/** Where an actor may pause: etcd's failpoint names where etcd has one, else one of their form. */
export const pointsOf = {
  // The files of a snapshot from another member are about to be written; they are. A batch is about to be handed to the
  // disk; it is durable.
  append: ["raftBeforeSaveSnap", "raftAfterSaveSnap", "raftBeforeSave", "raftAfterSave"],
  // Committed entries wait for the actor's turn.
  apply: ["beforeApplyOneEntryNormal"],
  // Before and after the consistent index goes into the transaction; before its pages are written; it is durable.
  commit: ["commitBeforePreCommitHook", "commitAfterPreCommitHook", "beforeCommit", "afterCommit"],
  // Around the commit of what was asked, of each batch of deletions, and around the mark that all are done.
  compact: [
    "compactBeforeCommitScheduledCompact",
    "compactAfterCommitScheduledCompact",
    "compactBeforeCommitBatch",
    "compactAfterCommitBatch",
    "compactBeforeSetFinishedCompact",
    "compactAfterSetFinishedCompact",
  ],
  // Its file is about to be written; old files are about to go; they are gone.
  snapshot: ["snapshotBeforeSave", "raftBeforeWALRelease", "raftAfterWALRelease"],
  // The state of a received snapshot is about to become the backend file; it is.
  install: ["applyBeforeOpenSnapshot", "applyAfterOpenSnapshot"],
  // The content is about to be copied; the copy is about to take the file's name.
  defragment: ["defragBeforeCopy", "defragBeforeRename"],
  // Unsynced watchers wait for their turn at the history; victims for room that they may have now; a progress
  // notification to be looked at; a response was taken from its stream's channel and is about to be sent.
  watchSync: ["beforeSyncWatchers"],
  watchVictims: ["beforeMoveVictims"],
  watchProgress: ["beforeProgressIfSync"],
  watchSend: ["beforeSendWatchResponse"],
  // Expired leases were found, and will be proposed to be revoked; a lease is about to be renewed, asked for here or by
  // another member; one is about to be looked up, likewise.
  lease: [
    "beforeRevokeExpiredLeases",
    "beforeCheckpointInLeaseRenew",
    "beforeServeHTTPLeaseRenew",
    "beforeLookupWhenLeaseTimeToLive",
    "beforeLookupWhenForwardLeaseTimeToLive",
  ],
  // A read index is about to be asked for, for the first time or again; it was answered and the store has reached it, so
  // linearizable reads are about to be served.
  reads: ["beforeReadIndex", "beforeServeReads"],
  // A compaction that is due is about to be proposed.
  autoCompact: ["beforeAutoCompact"],
  // The members' stores are about to be compared, as they are and by what compactions went through.
  corruptCheck: ["beforeCorruptCheck", "beforeCompactHashCheck"],
} as const satisfies Readonly<Record<Actor, readonly string[]>>;

export type Point = (typeof pointsOf)[Actor][number];

/** All of them. */
export const points: readonly Point[] = Object.values(pointsOf).flat();

export type Input =
  | {readonly kind: "tick"}
  /** The deadline that the server asked for has come. */
  | {readonly kind: "wake"}
  /** A person's hand makes the election timer run out now. */
  | {readonly kind: "timeout"}
  /** An actor that paused may go on. */
  | {readonly kind: "turn"; readonly actor: Actor}
  | {readonly kind: "message"; readonly from: MemberId; readonly message: PeerMessage}
  | {
      readonly kind: "report";
      readonly to: MemberId;
      readonly what: ReportKind;
    }
  /** `stream` names a client's connection (see client/io.ts), `id` a request on it. */
  | {
      readonly kind: "request";
      readonly stream: number;
      readonly id: number;
      readonly request: Request;
      readonly metadata?: Metadata;
    }
  /** The stream's client took watch responses and has room for `room` more. */
  | {readonly kind: "streamReady"; readonly stream: number; readonly room: number}
  /** The client is gone. */
  | {readonly kind: "streamClosed"; readonly stream: number}
  | {readonly kind: "diskDone"; readonly op: number; readonly error?: "io" | "full"};

/** Effects of one call are independent of each other, except disk operations on one file. */
export type Effect =
  | {readonly kind: "send"; readonly to: MemberId; readonly message: PeerMessage}
  | {readonly kind: "disk"; readonly op: number; readonly do: DiskOp}
  | {readonly kind: "pause"; readonly actor: Actor; readonly at: Point}
  | {readonly kind: "respond"; readonly stream: number; readonly id: number; readonly response: Response}
  /** The member refuses to go on (not a failed assertion: a refusal it should make). */
  | {readonly kind: "exit"; readonly reason: Said};
