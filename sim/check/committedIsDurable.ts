import type {EventRecord} from "../event.ts";
import type {MemberView, WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {CommittedTop} from "./committedTop.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * All committed entries are durable on at least one member of every quorum. etcd's TLA+ specification,
 * CommittedIsDurableInv. A member that is down is asked when it comes back: a disk that forgot then shows.
 */
export class CommittedIsDurable implements Checker {
  readonly name = "Committed Is Durable";
  private committed = new CommittedTop();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new CommittedIsDurable();
    twin.committed = this.committed.fork();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {committed} = this;
    if (event.changes.length === 0 || committed.take(view, event) === undefined) return undefined;
    this.count++;
    const conf = committed.lacking(view, (member) => this.isDurable(member));
    const {top} = committed;
    if (conf === undefined || top === undefined) return undefined;
    const {index, term} = top.entry;
    const refs = [`entry:${nameOf(top.member)}/${index}`];
    const said = say("committedVolatile", {index, term, member: nameOf(top.member)}, refs);
    return {check: this.name, said, evidence: [top.event, event.id], step: event.step};
  }

  private isDurable({server}: MemberView): boolean {
    if (server === undefined) return true;
    const index = this.committed.top?.entry.index ?? 0;
    return server.durableIndex >= index && this.committed.isIn(server.raft);
  }
}
