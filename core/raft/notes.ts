// What happened inside, for those who want to know: transcripts, coverage, causes. Notes are data and leave by one
// optional outlet; nothing that keeps the log safe, and no check, relies on them.

import type {MemberId} from "../base/quantity.ts";
import type {Index, Term} from "./entry.ts";
import type {Message} from "./message.ts";

export interface NotesOutlet {
  note(note: RaftNote): void;
}

/** Why a message was not acted upon. */
export type DropReason =
  /** Its term is over (§5.1). */
  | "staleTerm"
  /** It is for somebody else. */
  | "notForMe"
  /** It comes from no member. */
  | "unknownSender"
  /** It says nothing to a member in this role. */
  | "wrongRole"
  /** There is no leader to hand it to. */
  | "noLeader";

/** `member` is always the one that speaks. */
export type RaftNote =
  | {
      readonly kind: "becameFollower";
      readonly member: MemberId;
      readonly term: Term;
      readonly leader: MemberId;
    }
  | {readonly kind: "becameCandidate"; readonly member: MemberId; readonly term: Term}
  | {
      readonly kind: "becameLeader";
      readonly member: MemberId;
      readonly term: Term;
      readonly by: readonly MemberId[];
    }
  | {readonly kind: "electionTimeout"; readonly member: MemberId; readonly term: Term}
  | {
      readonly kind: "voteCast";
      readonly member: MemberId;
      readonly term: Term;
      readonly candidate: MemberId;
      readonly granted: boolean;
    }
  | {
      readonly kind: "voteCounted";
      readonly member: MemberId;
      readonly voter: MemberId;
      readonly granted: boolean;
    }
  | {
      readonly kind: "messageDropped";
      readonly member: MemberId;
      readonly message: Message;
      readonly why: DropReason;
    }
  | {readonly kind: "proposalDropped"; readonly member: MemberId}
  | {readonly kind: "readDropped"; readonly member: MemberId; readonly context: number}
  | {
      readonly kind: "readPostponed";
      readonly member: MemberId;
      readonly from: MemberId;
      readonly context: number;
    }
  | {
      readonly kind: "readConfirmed";
      readonly member: MemberId;
      readonly from: MemberId;
      readonly context: number;
      readonly index: Index;
    }
  | {
      readonly kind: "appendRefused";
      readonly member: MemberId;
      readonly leader: MemberId;
      readonly prevLogIndex: Index;
      readonly hintIndex: Index;
      readonly hintTerm: Term;
    }
  | {
      readonly kind: "logTruncated";
      readonly member: MemberId;
      readonly from: Index;
      readonly was: Term;
      readonly becomes: Term;
    }
  | {
      readonly kind: "progressChanged";
      readonly member: MemberId;
      readonly follower: MemberId;
      readonly state: "probe" | "replicate";
    }
  | {
      readonly kind: "nextIndexDecreased";
      readonly member: MemberId;
      readonly follower: MemberId;
      readonly nextIndex: Index;
    }
  | {
      readonly kind: "committed";
      readonly member: MemberId;
      readonly index: Index;
      readonly by: readonly MemberId[];
    }
  | {readonly kind: "receiptIgnored"; readonly member: MemberId; readonly receiptTerm: Term};
