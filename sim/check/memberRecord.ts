// Two records of one fact: raft's configuration, and what a member lists of the others.

import type {Membership} from "../../core/server/memberRecord.ts";
import {memberOf} from "../../core/server/memberRecord.ts";
import {isLearner, membersOf} from "../../core/raft/confState.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** What a member records of the others, their role too, is what its configuration says of them. etcd #19557, #21694. */
export class MembersAreRecorded implements Checker {
  readonly name = "Members Are Recorded";
  readonly interest = {touching: true, changes: ["fault"]} as const;
  /** By member: the record that was looked at last. */
  private seen: (Membership | undefined)[] = [];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new MembersAreRecorded();
    twin.seen = this.seen.slice();
    twin.count = this.count;
    return twin as this;
  }

  after({members}: WorldView, event: EventRecord): Violation | undefined {
    for (const [place, {id, server}] of members.entries()) {
      if (server === undefined || server.membership === this.seen[place]) continue;
      this.seen[place] = server.membership;
      this.count++;
      const said = difference(nameOf(id), server.membership);
      if (said !== undefined) return {check: this.name, said, evidence: [event.id], step: event.step};
    }
    return undefined;
  }
}

function difference(member: string, membership: Membership): Violation["said"] | undefined {
  const {conf} = membership;
  for (const id of membersOf(conf)) {
    const recorded = memberOf(membership, id);
    const other = nameOf(id);
    if (recorded === undefined) return say("notRecorded", {member, other}, [member, other]);
    if (recorded.isLearner === isLearner(conf, id)) continue;
    const what = recorded.isLearner ? "recordedAsLearner" : "recordedAsVoter";
    return say(what, {member, other}, [member, other]);
  }
  return undefined;
}
