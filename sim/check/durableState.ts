import {noMember} from "../../core/base/quantity.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {Server} from "../../core/server/server.ts";
import type {Change, EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * What a member has on its disk is what it was a while ago, and not beyond what it is: its term, its vote in that, its commit index, what it
 * applied. And whoever leads has its term there, or it could lead the same term twice. etcd-io/raft pull request 381, DurableStateConsistency and
 * LeaderDurableTerm; Raft Figure 2, persistent state. Members with a planted bug are not asked.
 */
export class DurableState implements Checker {
  readonly name = "Durable State";
  readonly interest = {payloads: ["diskDone"], changes: ["role"]} as const;
  private readonly ofAll: boolean;
  private count = 0;

  /** `ofAll`: members with a planted bug are asked too. */
  constructor(ofAll = false) {
    this.ofAll = ofAll;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new DurableState(this.ofAll);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    if (event.payload.kind !== "diskDone" && !hasRole(event.changes)) return undefined;
    const member = touched === undefined ? undefined : view.members[touched - 1];
    if (touched === undefined || member?.server === undefined) return undefined;
    if (!this.ofAll && member.versions.length > 0) return undefined;
    this.count++;
    const said = wrongIn(member.server, touched);
    return said && {check: this.name, said, evidence: [event.id], step: event.step};
  }
}

function hasRole(changes: readonly Change[]): boolean {
  for (const {kind} of changes) if (kind === "role") return true;
  return false;
}

function wrongIn(server: Server, of: MemberId): Said | undefined {
  const {raft, durableState, durableIndex, committedToBackend, appliedIndex} = server;
  const {term, votedFor, commit} = durableState;
  if (raft.role === "leader" && term !== raft.term) {
    const member = nameOf(of);
    return say("leadsVolatile", {member, term: raft.term, durable: term}, [member]);
  }
  if (term > raft.term) return beyond(of, "term", term, raft.term);
  if (term === raft.term && votedFor !== noMember && votedFor !== raft.votedFor)
    return beyond(of, "vote", votedFor, raft.votedFor);
  if (commit > raft.commitIndex) return beyond(of, "commit index", commit, raft.commitIndex);
  // What raft takes for durable, its storage has; a received snapshot stands apart until it is there.
  if (raft.unstableSnapshot === undefined && raft.unstableFrom - 1 > durableIndex)
    return beyond(of, "log", durableIndex, raft.unstableFrom - 1);
  if (committedToBackend > appliedIndex) return beyond(of, "applied index", committedToBackend, appliedIndex);
  return undefined;
}

function beyond(of: MemberId, what: string, durable: number, now: number): Said {
  const member = nameOf(of);
  return say("durableBeyond", {member, what, durable, now}, [member]);
}
