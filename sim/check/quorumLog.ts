import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {CommittedTop} from "./committedTop.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * All committed entries are in the log of at least one member of every quorum. etcd's TLA+ specification, QuorumLogInv.
 * A member that is down is asked when it comes back.
 */
export class QuorumLog implements Checker {
  readonly name = "Quorum Log";
  private committed = new CommittedTop();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new QuorumLog();
    twin.committed = this.committed.fork();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {committed} = this;
    if (event.changes.length === 0 || committed.take(view, event) === undefined) return undefined;
    this.count++;
    const conf = committed.lacking(view, ({server}) => server === undefined || committed.isIn(server.raft));
    const {top} = committed;
    if (conf === undefined || top === undefined) return undefined;
    const {index, term} = top.entry;
    const refs = [`entry:${nameOf(top.member)}/${index}`];
    const said = say("quorumLacks", {index, term, member: nameOf(top.member)}, refs);
    return {check: this.name, said, evidence: [top.event, event.id], step: event.step};
  }
}
