// etcd's names for our words, as its transcripts print them.

import type {SingleChangeType, Transition} from "./confChange.ts";
import type {EntryType, RoleName} from "./entry.ts";
import type {MessageKind} from "./message.ts";
import type {ProgressState} from "./ready.ts";

export const messageNames: Readonly<Record<MessageKind, string>> = {
  RequestVote: "MsgVote",
  RequestVoteResponse: "MsgVoteResp",
  PreVote: "MsgPreVote",
  PreVoteResponse: "MsgPreVoteResp",
  AppendEntries: "MsgApp",
  AppendEntriesResponse: "MsgAppResp",
  Heartbeat: "MsgHeartbeat",
  HeartbeatResponse: "MsgHeartbeatResp",
  InstallSnapshot: "MsgSnap",
  TimeoutNow: "MsgTimeoutNow",
  TransferLeader: "MsgTransferLeader",
  Propose: "MsgProp",
  ReadIndex: "MsgReadIndex",
  ReadIndexResponse: "MsgReadIndexResp",
};

export const roleNames: Readonly<Record<RoleName, string>> = {
  follower: "StateFollower",
  preCandidate: "StatePreCandidate",
  candidate: "StateCandidate",
  leader: "StateLeader",
};

export const progressNames: Readonly<Record<ProgressState, string>> = {
  probe: "StateProbe",
  replicate: "StateReplicate",
  snapshot: "StateSnapshot",
};

export const entryTypeNames: Readonly<Record<EntryType, string>> = {
  normal: "EntryNormal",
  confChange: "EntryConfChange",
  confChangeV2: "EntryConfChangeV2",
};

export const changeNames: Readonly<Record<SingleChangeType, string>> = {
  addVoter: "ConfChangeAddNode",
  remove: "ConfChangeRemoveNode",
  update: "ConfChangeUpdateNode",
  addLearner: "ConfChangeAddLearnerNode",
};

export const transitionNames: Readonly<Record<Transition, string>> = {
  auto: "ConfChangeTransitionAuto",
  implicit: "ConfChangeTransitionJointImplicit",
  explicit: "ConfChangeTransitionJointExplicit",
};
