// What a script may ask to see of members.

import {describeEntry, describeProgress} from "../../core/raft/describe.ts";
import {isVoter} from "../../core/raft/confState.ts";
import {roleNames} from "../../core/raft/etcdNames.ts";
import type {ProgressView} from "../../core/raft/ready.ts";
import type {Cluster} from "./cluster.ts";
import type {Member} from "./member.ts";

/** What the member has in storage. */
export function printLog({output}: Cluster, {storage}: Member): void {
  const {firstIndex, lastIndex} = storage;
  if (lastIndex < firstIndex) {
    output.write(`log is empty: first index=${firstIndex}, last index=${lastIndex}`);
    return;
  }
  for (let index = firstIndex; index <= lastIndex; index++) {
    const entry = storage.entryAt(index);
    if (entry !== undefined) output.write(`${describeEntry(entry)}\n`);
  }
}

/** All members, each as it sees itself. */
export function printStates({output, members}: Cluster): void {
  for (const {id, node} of members) {
    const voter = isVoter(node.confState, id) ? "(Voter)" : "(Non-Voter)";
    output.write(`${id}: ${roleNames[node.role]} ${voter} Term:${node.term} Lead:${node.leader}\n`);
  }
}

/** What a leader knows of the others; others know nothing. */
export function printProgress({output}: Cluster, {node}: Member): void {
  output.write(progressLines(node.progress()));
}

export function progressLines(views: readonly ProgressView[]): string {
  return views.map((view) => `${view.member}: ${describeProgress(view)}\n`).join("");
}
