// A leader shows that it is alive (§5.2).

import type {LeaderRole, Raft} from "./raft.ts";

export function sendHeartbeats(raft: Raft, role: LeaderRole): void {
  const {id, term, log} = raft;
  const readPosition = raft.rules.readMark(role.reads);
  for (const progress of role.progress) {
    const {member: to, matchIndex} = progress;
    if (to === id) continue;
    const commit = raft.rules.heartbeatCommit({matchIndex, commitIndex: log.commitIndex});
    raft.send({kind: "Heartbeat", from: id, to, term, commit, readPosition});
    progress.sentCommit = commit;
  }
}
