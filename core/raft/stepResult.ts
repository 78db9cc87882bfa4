// What comes of a message or a proposal: taken (which promises nothing), or refused.

import {ok} from "../base/result.ts";
import type {Result} from "../base/result.ts";

/** etcd: ErrProposalDropped, ErrStepPeerNotFound. */
export type StepError = "proposalDropped" | "peerNotFound";

export type StepResult = Result<undefined, StepError>;

export const accepted: StepResult = ok(undefined);

/** etcd's texts. */
export const stepErrors: Readonly<Record<StepError, string>> = {
  proposalDropped: "raft proposal dropped",
  peerNotFound: "raft: cannot step as peer not found",
};
