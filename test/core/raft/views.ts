// A leader's view of a follower, member 2, of which only what matters is said.

import type {ProgressView} from "../../../core/raft/ready.ts";

export function view(more: Partial<ProgressView>): ProgressView {
  return {
    member: 2,
    state: "probe",
    matchIndex: 0,
    nextIndex: 1,
    isLearner: false,
    paused: false,
    pendingSnapshot: 0,
    recentActive: true,
    sentCommit: 0,
    inflight: 0,
    inflightFull: false,
    ...more,
  };
}
