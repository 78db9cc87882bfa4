import type {Hasher} from "../../core/base/hasher.ts";
import {digestEntry} from "../../core/raft/digest.ts";
import type {Entry} from "../../core/raft/entry.ts";
import type {EventId} from "../run.ts";
import type {Violation} from "./checker.ts";
import {nameOf, sameEntry} from "./entries.ts";
import type {RaftClaim, RaftEvent, RaftView} from "./raftClaim.ts";
import {say} from "./words.ts";

interface Committed {
  readonly entry: Entry;
  /** Term of the member that was first to know it committed, when it did. */
  readonly term: number;
  readonly member: number;
  readonly event: EventId;
}

/**
 * If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all
 * higher-numbered terms. Raft §5.4, Figure 3.
 */
export class LeaderCompleteness implements RaftClaim {
  readonly name = "Leader Completeness";
  readonly interest = {changes: ["commit", "role"]} as const;
  /** By index; 0 is unused. */
  private readonly committed: (Committed | undefined)[] = [undefined];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new LeaderCompleteness();
    for (let index = 1; index < this.committed.length; index++) twin.committed.push(this.committed[index]);
    twin.count = this.count;
    return twin as this;
  }

  digest(into: Hasher): void {
    for (const committed of this.committed) {
      into.int(committed?.term ?? -1);
      if (committed !== undefined) digestEntry(committed.entry, into);
    }
  }

  after(view: RaftView, event: RaftEvent): Violation | undefined {
    for (const change of event.changes) {
      if (change.kind === "commit") {
        const violation = this.commit(view, event, change.member, change.from, change.to);
        if (violation !== undefined) return violation;
      }
      if (change.kind === "role" && change.role === "leader") {
        const violation = this.lead(view, event, change.member, 1);
        if (violation !== undefined) return violation;
      }
    }
    return undefined;
  }

  private commit(
    view: RaftView,
    event: RaftEvent,
    member: number,
    from: number,
    to: number,
  ): Violation | undefined {
    const raft = view.members[member - 1]?.server?.raft;
    if (raft === undefined) return undefined;
    const fresh = this.committed.length;
    for (let index = from; index <= to; index++) {
      const entry = raft.entryAt(index);
      if (entry === undefined) continue;
      const known = this.committed[index];
      if (known === undefined) {
        while (this.committed.length <= index) this.committed.push(undefined);
        this.committed[index] = {entry, term: raft.term, member, event: event.id};
      } else if (!sameEntry(known.entry, entry)) {
        const args = {
          index,
          a: known.entry.term,
          first: nameOf(known.member),
          b: entry.term,
          second: nameOf(member),
        };
        const refs = [`entry:${nameOf(known.member)}/${index}`, `entry:${nameOf(member)}/${index}`];
        return this.violated(event, say("committedTwice", args, refs), known.event);
      }
    }
    if (this.committed.length === fresh) return undefined;
    // A leader of a higher term may be there already, when an old leader counts replicas that it should not.
    for (const other of view.members) {
      if (other.server?.raft.role !== "leader" || other.id === member) continue;
      const violation = this.lead(view, event, other.id, fresh);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  private lead(view: RaftView, event: RaftEvent, member: number, from: number): Violation | undefined {
    const raft = view.members[member - 1]?.server?.raft;
    if (raft === undefined) return undefined;
    for (let index = Math.max(from, raft.firstIndex); index < this.committed.length; index++) {
      const known = this.committed[index];
      if (known === undefined || known.term >= raft.term) continue;
      this.count++;
      const entry = raft.entryAt(index);
      if (entry !== undefined && sameEntry(entry, known.entry)) continue;
      const args = {member: nameOf(member), term: raft.term, index, committed: known.term};
      const refs = [nameOf(member), `entry:${nameOf(known.member)}/${index}`];
      return this.violated(event, say("leaderLacks", args, refs), known.event);
    }
    return undefined;
  }

  private violated(event: RaftEvent, said: Violation["said"], first: EventId): Violation {
    return {check: this.name, said, evidence: [first, event.id], step: event.step};
  }
}
