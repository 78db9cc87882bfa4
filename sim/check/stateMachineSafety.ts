import type {Hasher} from "../../core/base/hasher.ts";
import {digestEntry} from "../../core/raft/digest.ts";
import type {Entry} from "../../core/raft/entry.ts";
import type {EventId} from "../run.ts";
import type {Violation} from "./checker.ts";
import {nameOf, sameEntry} from "./entries.ts";
import type {RaftClaim, RaftEvent, RaftView} from "./raftClaim.ts";
import {say} from "./words.ts";

interface Applied {
  readonly entry: Entry;
  readonly member: number;
  readonly event: EventId;
}

/**
 * If a server has applied a log entry at a given index to its state machine, no other server will ever apply a different
 * log entry for the same index. Raft §5.4.3, Figure 3. Entries are applied in order, without a gap.
 */
export class StateMachineSafety implements RaftClaim {
  readonly name = "State Machine Safety";
  readonly interest = {changes: ["apply", "snapshot"]} as const;
  /** By index; 0 is unused. */
  private readonly applied: (Applied | undefined)[] = [undefined];
  /** By member: incarnation and last index applied. */
  private readonly last: ({readonly incarnation: number; readonly index: number} | undefined)[] = [];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new StateMachineSafety();
    for (let index = 1; index < this.applied.length; index++) twin.applied.push(this.applied[index]);
    for (const one of this.last) twin.last.push(one);
    twin.count = this.count;
    return twin as this;
  }

  digest(into: Hasher): void {
    for (const applied of this.applied) {
      into.bool(applied !== undefined);
      if (applied !== undefined) digestEntry(applied.entry, into);
    }
    for (const last of this.last) {
      into.int(last?.incarnation ?? -1);
      into.int(last?.index ?? -1);
    }
  }

  after(view: RaftView, event: RaftEvent): Violation | undefined {
    for (const change of event.changes) {
      if (change.kind === "snapshot" && change.received) this.skip(view, change.member, change.index);
      if (change.kind !== "apply") continue;
      const violation = this.apply(view, event, change.member, change.from, change.to);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  /** What a snapshot stands for is not applied entry by entry; nor is what a member that boots with one has applied already. */
  private skip(view: RaftView, id: number, index: number): void {
    const {incarnation = 0, server} = view.members[id - 1] ?? {};
    while (this.last.length <= id) this.last.push(undefined);
    this.last[id] = {incarnation, index: Math.max(index, server?.raft.lastApplied ?? 0)};
  }

  private apply(
    view: RaftView,
    event: RaftEvent,
    id: number,
    from: number,
    to: number,
  ): Violation | undefined {
    const member = view.members[id - 1];
    const raft = member?.server?.raft;
    if (member === undefined || raft === undefined) return undefined;
    const before = this.last[id];
    if (before?.incarnation === member.incarnation && from !== before.index + 1) {
      const said = say("appliedGap", {member: nameOf(id), index: from, before: before.index}, [nameOf(id)]);
      return {check: this.name, said, evidence: [event.id], step: event.step};
    }
    while (this.last.length <= id) this.last.push(undefined);
    this.last[id] = {incarnation: member.incarnation, index: to};
    for (let index = from; index <= to; index++) {
      const entry = raft.entryAt(index);
      if (entry === undefined) continue;
      const known = this.applied[index];
      if (known === undefined) {
        while (this.applied.length <= index) this.applied.push(undefined);
        this.applied[index] = {entry, member: id, event: event.id};
        continue;
      }
      if (known.member !== id) this.count++;
      if (sameEntry(known.entry, entry)) continue;
      const refs = [`entry:${nameOf(known.member)}/${index}`, `entry:${nameOf(id)}/${index}`];
      const said = say("appliedTwice", {a: nameOf(known.member), b: nameOf(id), index}, refs);
      return {check: this.name, said, evidence: [known.event, event.id], step: event.step};
    }
    return undefined;
  }
}
