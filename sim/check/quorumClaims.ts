// What every quorum has of what is committed: in a log, and durably. A member that is down is asked when it comes back; a
// disk that forgot then shows.

import type {EventRecord} from "../event.ts";
import type {MemberView, WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {CommittedTop} from "./committedTop.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** All committed entries are in the log of at least one member of every quorum. etcd's TLA+ specification, QuorumLogInv. */
export function quorumLog(): Checker {
  return new QuorumClaim("Quorum Log", "quorumLacks", ({server}, committed) => {
    return server === undefined || committed.isIn(server.raft);
  });
}

/** All committed entries are durable on at least one member of every quorum. etcd's TLA+ specification, CommittedIsDurableInv. */
export function committedIsDurable(): Checker {
  return new QuorumClaim("Committed Is Durable", "committedVolatile", ({server}, committed) => {
    if (server === undefined) return true;
    const index = committed.top?.entry.index ?? 0;
    return server.durableIndex >= index && committed.isIn(server.raft);
  });
}

type Holds = (member: MemberView, committed: CommittedTop) => boolean;

class QuorumClaim implements Checker {
  readonly name: string;
  readonly interest = {changes: ["commit", "configuration", "log", "snapshot"]} as const;
  private readonly words: "quorumLacks" | "committedVolatile";
  /** Whether a member has the highest committed entry. */
  private readonly holds: Holds;
  private committed = new CommittedTop();
  private count = 0;

  constructor(name: string, words: "quorumLacks" | "committedVolatile", holds: Holds) {
    this.name = name;
    this.words = words;
    this.holds = holds;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new QuorumClaim(this.name, this.words, this.holds);
    twin.committed = this.committed.fork();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {committed} = this;
    if (event.changes.length === 0 || committed.take(view, event) === undefined) return undefined;
    this.count++;
    const conf = committed.lacking(view, (member) => this.holds(member, committed));
    const {top} = committed;
    if (conf === undefined || top === undefined) return undefined;
    const {index, term} = top.entry;
    const refs = [`entry:${nameOf(top.member)}/${index}`];
    const said = say(this.words, {index, term, member: nameOf(top.member)}, refs);
    return {check: this.name, said, evidence: [top.event, event.id], step: event.step};
  }
}
