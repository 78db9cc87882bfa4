import type {Hasher} from "../../core/base/hasher.ts";
import {digestEntry} from "../../core/raft/digest.ts";
import type {Entry} from "../../core/raft/entry.ts";
import type {EventId} from "../run.ts";
import type {WorldView} from "../view.ts";
import type {Violation} from "./checker.ts";
import {nameOf, sameEntry} from "./entries.ts";
import type {RaftClaim, RaftEvent, RaftView} from "./raftClaim.ts";
import {say} from "./words.ts";

/** An entry as it was first seen, and the term of the one before it. */
interface Known {
  readonly entry: Entry;
  readonly prevTerm: number;
  readonly member: number;
  readonly event: EventId;
}

/**
 * If two logs contain an entry with the same index and term, then the logs are identical in all entries up through the
 * given index. Raft §5.3, Figure 3.
 *
 * Each entry ever written is compared with the first one seen at its index and term: equal data, equal term before it.
 * By induction over the index that is the whole claim, at a cost of O(what was written).
 */
export class LogMatching implements RaftClaim {
  readonly name = "Log Matching";
  readonly interest = {changes: ["log"]} as const;
  /** By index: one per term. The inner lists are replaced, never written, so that forks may share them. */
  private readonly known: (readonly Known[] | undefined)[] = [];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new LogMatching();
    for (const list of this.known) twin.known.push(list);
    twin.count = this.count;
    return twin as this;
  }

  digest(into: Hasher): void {
    for (const list of this.known) {
      into.int(list?.length ?? 0);
      for (const {entry, prevTerm} of (list ?? []).toSorted((a, b) => a.entry.term - b.entry.term)) {
        digestEntry(entry, into);
        into.int(prevTerm);
      }
    }
  }

  after(view: RaftView, event: RaftEvent): Violation | undefined {
    for (const change of event.changes) {
      if (change.kind !== "log") continue;
      for (let index = change.from; index <= change.to; index++) {
        const violation = this.see(view, event, change.member, index);
        if (violation !== undefined) return violation;
      }
    }
    return undefined;
  }

  /** Every log once more from its beginning: independent of which changes were announced. */
  end(view: WorldView): Violation | undefined {
    const event = view.last;
    if (event === undefined) return undefined;
    for (const member of view.members) {
      const last = member.server?.raft.lastIndex ?? 0;
      for (let index = member.server?.raft.firstIndex ?? 1; index <= last; index++) {
        const violation = this.see(view, event, member.id, index);
        if (violation !== undefined) return violation;
      }
    }
    return undefined;
  }

  private see(view: RaftView, event: RaftEvent, member: number, index: number): Violation | undefined {
    const raft = view.members[member - 1]?.server?.raft;
    const entry = raft?.entryAt(index);
    if (raft === undefined || entry === undefined) return undefined;
    const prevTerm = raft.termAt(index - 1) ?? 0;
    const list = this.known[index] ?? [];
    const known = list.find((one) => one.entry.term === entry.term);
    if (known === undefined) {
      while (this.known.length <= index) this.known.push(undefined);
      this.known[index] = [...list, {entry, prevTerm, member, event: event.id}];
      return undefined;
    }
    if (known.member !== member) this.count++;
    if (known.prevTerm === prevTerm && sameEntry(known.entry, entry)) return undefined;
    const args = {a: nameOf(known.member), b: nameOf(member), index, term: entry.term};
    const refs = [`entry:${nameOf(known.member)}/${index}`, `entry:${nameOf(member)}/${index}`];
    return {
      check: this.name,
      said: say("logsDiffer", args, refs),
      evidence: [known.event, event.id],
      step: event.step,
    };
  }
}
