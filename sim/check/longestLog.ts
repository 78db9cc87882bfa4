import type {RawNode} from "../../core/raft/rawNode.ts";
import type {Change, EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * Whoever leads a term has all entries of it: no log ends in that term behind the leader's. etcd's TLA+ specification,
 * ElectionSafetyInv. Asked of each log as it grows, so of ends alone: what stands before an end was one.
 */
export class LongestLog implements Checker {
  readonly name = "Leader Has The Longest Log";
  readonly interest = {changes: ["log", "snapshot", "role"]} as const;
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new LongestLog();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    const raft = touched === undefined ? undefined : view.members[touched - 1]?.server?.raft;
    if (raft === undefined || touched === undefined) return undefined;
    // A leader's own log only grows; it is compared as it begins to lead.
    const leads = raft.role === "leader";
    if (!isNew(event.changes, leads)) return undefined;
    const {members} = view;
    for (let i = 0; i < members.length; i++) {
      const other = members[i]?.server?.raft;
      if (other === undefined || other === raft || (!leads && other.role !== "leader")) continue;
      const violation = leads ? this.compare(event, raft, other) : this.compare(event, other, raft);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  private compare(event: EventRecord, leader: RawNode, other: RawNode): Violation | undefined {
    const {lastIndex: index, term} = other;
    if (term === leader.term) this.count++;
    if (index <= leader.lastIndex || other.termAt(index) !== leader.term) return undefined;
    const [a, b] = [nameOf(leader.id), nameOf(other.id)];
    const args = {leader: a, term: leader.term, last: leader.lastIndex, member: b, index};
    const said = say("notLongest", args, [a, `entry:${b}/${index}`]);
    return {check: this.name, said, evidence: [event.id], step: event.step};
  }
}

/** Whether what is compared has changed. */
function isNew(changes: readonly Change[], leads: boolean): boolean {
  for (const {kind} of changes)
    if (leads ? kind === "role" : kind === "log" || kind === "snapshot") return true;
  return false;
}
