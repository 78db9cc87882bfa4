// What happened inside, for those who want to know: transcripts, coverage, causes. Notes are data and leave by one
// optional outlet; nothing that keeps the log safe, and no check, relies on them. etcd's logger lines are made of them
// (logger/).

import type {MemberId} from "../base/quantity.ts";
import type {ConfChange} from "./confChange.ts";
import type {ConfState} from "./confState.ts";
import type {EntryId, Index, RoleName, Term} from "./entry.ts";
import type {AppendEntries, AppendEntriesResponse, Message, PreVote, RequestVote} from "./message.ts";
import type {ProgressView} from "./ready.ts";
import type {ChangeRefusal} from "./rules.ts";
import type {Snapshot} from "./snapshot.ts";
import type {Traced} from "./traced.ts";
import type {Appended, Stabilized} from "./unstable.ts";

export interface NotesOutlet {
  /** Whether it also wants what trace validation reads (traced.ts): an event with its state at every step, much more than all other notes. */
  readonly wantsTrace?: true;
  note(note: RaftNote): void;
}

/** Why a message was not acted upon. */
export type DropReason =
  /** Its term is over (§5.1). */
  | "staleTerm"
  /** It is for somebody else. */
  | "notForMe"
  /** It is an answer from no member of the configuration. */
  | "unknownSender"
  /** It is this leader's own, who is no member any more. */
  | "noProgress"
  /** It says nothing to a member in this role. */
  | "wrongRole"
  /** There is no leader to hand it to. */
  | "noLeader";

/** Why proposals were not taken. */
export type RefusedProposal =
  | "noLeader"
  /** It knows the leader, but may not hand proposals on. */
  | "notForwarded"
  /** This leader is handing over its leadership. */
  | "transferring"
  /** This leader is no member any more. */
  | "removed"
  | "uncommittedLimit";

/** What became of a wish to hand over leadership. */
export type TransferStep =
  | "started"
  | "toLearner"
  | "toItself"
  | "alreadyToSame"
  | "previousAborted"
  /** The transferee holds the whole log: it is told to campaign. */
  | "timeoutNowAtOnce"
  | "timeoutNowAfterAppend"
  | "noLeader";

/** `member` is always the one that speaks, `term` its own. */
type From<T> = T & {readonly member: MemberId; readonly term: Term};

export type RaftNote = From<
  | {
      readonly kind: "booted";
      readonly voters: readonly MemberId[];
      readonly commit: Index;
      readonly applied: Index;
      readonly last: EntryId;
    }
  // roles and votes
  | {readonly kind: "becameFollower"; readonly leader: MemberId}
  | {readonly kind: "becameCandidate"}
  | {readonly kind: "becamePreCandidate"}
  | {readonly kind: "becameLeader"; readonly by: readonly MemberId[]}
  | {readonly kind: "electionStarted"}
  | {readonly kind: "campaignRefused"; readonly why: "leading" | "unpromotable" | "pendingChange"}
  | {readonly kind: "voteRequested"; readonly message: RequestVote | PreVote}
  | {
      readonly kind: "voteCast";
      readonly message: RequestVote | PreVote;
      readonly granted: boolean;
      readonly votedFor: MemberId;
      readonly last: EntryId;
    }
  | {
      readonly kind: "voteLeased";
      readonly message: RequestVote | PreVote;
      readonly remainingTicks: number;
      readonly votedFor: MemberId;
      readonly last: EntryId;
    }
  | {
      readonly kind: "voteCounted";
      readonly voter: MemberId;
      readonly granted: boolean;
      readonly preVote: boolean;
      readonly grants: number;
      readonly refusals: number;
    }
  | {readonly kind: "quorumLost"}
  | {readonly kind: "leaderForgotten"; readonly leader: MemberId}
  | {readonly kind: "forgetRefused"}
  // messages
  | {readonly kind: "termSeen"; readonly message: Message}
  | {
      readonly kind: "messageDropped";
      readonly message: Message;
      readonly why: DropReason;
      readonly role: RoleName;
    }
  | {readonly kind: "proposalDropped"; readonly why: RefusedProposal; readonly leader: MemberId}
  | {readonly kind: "timeoutNowTaken"; readonly from: MemberId}
  | {readonly kind: "transfer"; readonly step: TransferStep; readonly transferee: MemberId}
  // reads
  | {readonly kind: "readDropped"; readonly context: number}
  | {readonly kind: "readPostponed"; readonly from: MemberId; readonly context: number}
  | {readonly kind: "readConfirmed"; readonly from: MemberId; readonly context: number; readonly index: Index}
  // the log
  | {
      readonly kind: "appendRefused";
      readonly message: AppendEntries;
      readonly ourTerm: Term;
      readonly hint: EntryId;
    }
  | {readonly kind: "logConflict"; readonly index: Index; readonly ours: Term; readonly theirs: Term}
  | {readonly kind: "logCut"; readonly from: Index; readonly how: Exclude<Appended, "appended">}
  | {readonly kind: "committed"; readonly index: Index; readonly by: readonly MemberId[]}
  | {readonly kind: "receiptIgnored"; readonly receiptTerm: Term}
  | {
      readonly kind: "receiptObsolete";
      readonly id: EntryId;
      readonly why: Exclude<Stabilized, "stable">;
      readonly found: Term;
    }
  // progress
  | {readonly kind: "refusalTaken"; readonly message: AppendEntriesResponse}
  | {readonly kind: "nextIndexDecreased"; readonly progress: ProgressView}
  | {readonly kind: "progressChanged"; readonly progress: ProgressView}
  | {readonly kind: "unreachable"; readonly progress: ProgressView}
  // snapshots
  | {
      readonly kind: "snapshotSent";
      readonly firstIndex: Index;
      readonly commit: Index;
      readonly snapshot: Snapshot;
      readonly before: ProgressView;
      readonly after: ProgressView;
    }
  | {readonly kind: "snapshotNotSent"; readonly follower: MemberId; readonly why: "inactive" | "unavailable"}
  | {readonly kind: "snapshotReported"; readonly ok: boolean; readonly progress: ProgressView}
  | {readonly kind: "snapshotRecovered"; readonly progress: ProgressView}
  | {readonly kind: "snapshotStarted"; readonly snapshot: Snapshot; readonly log: LogMarks}
  | {
      readonly kind: "snapshotRestored";
      readonly snapshot: Snapshot;
      readonly commit: Index;
      readonly last: EntryId;
    }
  | {
      readonly kind: "snapshotIgnored";
      readonly snapshot: Snapshot;
      readonly commit: Index;
      readonly last: EntryId;
      readonly why: "old" | "forwarded" | "notMember";
      /** The commit index afterwards, which the leader is told. */
      readonly answered: Index;
    }
  // membership
  | {readonly kind: "configurationChanged"; readonly confState: ConfState}
  | {
      readonly kind: "changeIgnored";
      readonly change: ConfChange;
      readonly confState: ConfState;
      readonly why: ChangeRefusal;
      readonly pendingConfIndex: Index;
      readonly applied: Index;
    }
  | {readonly kind: "autoLeave"; readonly confState: ConfState; readonly proposed: boolean}
  // trace validation
  | {readonly kind: "traced"; readonly traced: Traced}
>;

/** A log's cursors when a snapshot came. */
export interface LogMarks {
  readonly committed: Index;
  readonly applied: Index;
  readonly applying: Index;
  readonly unstableFrom: Index;
  readonly workFrom: Index;
  readonly unstableCount: number;
}
