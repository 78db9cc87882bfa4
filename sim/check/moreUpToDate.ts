import type {EventRecord} from "../event.ts";
import type {MemberView, WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {CommittedTop} from "./committedTop.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * Who could win a vote holds what is committed: a log that is at least as up to date (§5.4.1) as one that ends where, and
 * in the term in which, an entry was committed, holds that entry. etcd's TLA+ specification, MoreUpToDateCorrectInv.
 *
 * There it is compared with the log of every member that knows the entry committed. That is too much to ask: one that was
 * sent the log just so far, and no entry of the committing term yet, may have an older end than a log without the entry
 * (Figure 8). It would vote for that one; the others of the quorum would not.
 */
export class MoreUpToDate implements Checker {
  readonly name = "More Up To Date";
  readonly interest = {changes: ["commit", "configuration", "log", "snapshot"]} as const;
  private committed = new CommittedTop();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new MoreUpToDate();
    twin.committed = this.committed.fork();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    if (event.changes.length === 0) return undefined;
    if (this.committed.take(view, event) === "rose") {
      for (const member of view.members) {
        const violation = this.look(member, event);
        if (violation !== undefined) return violation;
      }
      return undefined;
    }
    const member = view.members[(touched ?? 0) - 1];
    if (member === undefined || !event.changes.some(({kind}) => kind === "log")) return undefined;
    return this.look(member, event);
  }

  private look({id, server}: MemberView, event: EventRecord): Violation | undefined {
    const {top} = this.committed;
    if (top === undefined || server === undefined) return undefined;
    const {raft} = server;
    const {lastIndex} = raft;
    const lastTerm = raft.termAt(lastIndex) ?? 0;
    const {index} = top.entry;
    if (lastTerm < top.term || (lastTerm === top.term && lastIndex < index)) return undefined;
    this.count++;
    if (this.committed.isIn(raft)) return undefined;
    const args = {member: nameOf(id), last: lastIndex, lastTerm, index, term: top.term};
    const said = say("upToDateLacks", args, [nameOf(id), `entry:${nameOf(top.member)}/${index}`]);
    return {check: this.name, said, evidence: [top.event, event.id], step: event.step};
  }
}
