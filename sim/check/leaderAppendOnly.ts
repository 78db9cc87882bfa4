import type {Entry} from "../../core/raft/entry.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** What a leader's log ended in when it was last looked at. */
interface Tail {
  readonly term: number;
  readonly incarnation: number;
  readonly last: Entry | undefined;
}

/** A snapshot stands for the entry: it was applied, and State Machine Safety vouches for it. Its term is known of the last one. */
function isBehindSnapshot(raft: RawNode, {index, term}: Entry): boolean {
  return index < raft.firstIndex && (raft.termAt(index) ?? term) === term;
}

/** A leader never overwrites or deletes entries in its log; it only appends new entries. Raft §5.3, Figure 3. */
export class LeaderAppendOnly implements Checker {
  readonly name = "Leader Append-Only";
  readonly interest = {touching: true} as const;
  private readonly tails: (Tail | undefined)[] = [];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new LeaderAppendOnly();
    for (const [member, tail] of this.tails.entries()) twin.tails[member] = tail;
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    if (touched === undefined) return undefined;
    const member = view.members[touched - 1];
    const raft = member?.server?.raft;
    if (member === undefined || raft?.role !== "leader") {
      this.tails[touched] = undefined;
      return undefined;
    }
    const before = this.tails[touched];
    const last = raft.entryAt(raft.lastIndex);
    if (before !== undefined && before.last === last && before.term === raft.term) return undefined;
    this.tails[touched] = {term: raft.term, incarnation: member.incarnation, last};
    if (
      before?.last === undefined ||
      before.term !== raft.term ||
      before.incarnation !== member.incarnation
    ) {
      return undefined;
    }
    this.count++;
    // Identity is stable until an index is overwritten, and a log is a chain: its old last entry vouches for all before.
    if (raft.entryAt(before.last.index) === before.last || isBehindSnapshot(raft, before.last))
      return undefined;
    const args = {member: nameOf(touched), term: raft.term, index: before.last.index};
    const said = say("leaderOverwrote", args, [`entry:${nameOf(touched)}/${before.last.index}`]);
    return {check: this.name, said, evidence: [event.id], step: event.step};
  }
}
