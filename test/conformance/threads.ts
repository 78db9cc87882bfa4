// Who does a member's work in a script. Without asyncStorageWrites a Ready is done at once, all of it; with them, the work
// for disk and state machine waits until a script lets one of two threads do the next of it.

import {describeAppendRequest, describeApplyRequest, describeReady} from "../../core/raft/describe.ts";
import type {Cluster, Failure} from "./cluster.ts";
import type {Letter} from "./mail.ts";
import {describeLetter, letterOf} from "./mail.ts";
import type {Member} from "./member.ts";

export function processReady({output, mail}: Cluster, member: Member): Failure {
  const {node, id} = member;
  const ready = node.ready();
  const text = describeReady(ready, {member: id, asyncStorageWrites: member.isAsync});
  output.write(text === "<empty Ready>" ? text : `${text}\n`);
  const {append, apply, messages} = ready;
  if (!member.isAsync) {
    const failure = append === undefined ? undefined : member.append(append);
    if (failure !== undefined) return failure;
    member.apply(apply);
  }
  for (const message of messages) mail.post(letterOf(message));
  if (member.isAsync) {
    if (append !== undefined) member.appendWork.push(append);
    if (apply.length > 0) member.applyWork.push(apply);
    return undefined;
  }
  for (const message of append?.messages ?? []) if (message.to !== id) mail.post(letterOf(message));
  node.advance();
  return undefined;
}

/** Does the oldest append work, and sends what waited for it. */
export function processAppendThread(cluster: Cluster, member: Member): Failure {
  const work = member.appendWork.shift();
  if (work === undefined) {
    cluster.output.write("no append work to perform");
    return undefined;
  }
  const {id} = member;
  const {receipt, snapshot} = work;
  cluster.output.write(`Processing:\n${describeAppendRequest(id, work)}\n`);
  const failure = member.append(work);
  if (failure !== undefined) return failure;
  const letters: Letter[] = work.messages.map(letterOf);
  if (receipt !== undefined) letters.push({kind: "appended", to: id, receipt, snapshot});
  respond(cluster, letters);
  return undefined;
}

/** Applies the oldest of what was handed out, and reports that. */
export function processApplyThread(cluster: Cluster, member: Member): Failure {
  const entries = member.applyWork.shift();
  if (entries === undefined) {
    cluster.output.write("no apply work to perform");
    return undefined;
  }
  const {id} = member;
  cluster.output.write(`Processing:\n${describeApplyRequest(id, entries)}\n`);
  member.apply(entries);
  respond(cluster, [{kind: "applied", to: id, entries}]);
  return undefined;
}

function respond({output, mail}: Cluster, letters: readonly Letter[]): void {
  output.write("Responses:\n");
  for (const letter of letters) {
    output.write(`${describeLetter(letter)}\n`);
    mail.post(letter);
  }
}
