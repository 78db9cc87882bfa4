// Who is in the cluster, entry by entry of the log: each change of membership leads all members from one configuration to
// the same next one.
//
//   entry 1 … 6    7 addLearner n4    8 …    11 promote n4          known: 0 (1 2 3) · 7 (1 2 3)(4) · 11 (1 2 3 4)
//   n2 comes back with what it had applied up to 9: that must be (1 2 3)(4)

import type {MemberId} from "../../core/base/quantity.ts";
import {confState, isSameConfState} from "../../core/raft/confState.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import {describeConfState} from "../../core/raft/describe.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {EventRecord} from "../event.ts";
import type {EventId} from "../run.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** A configuration, the entry that led to it, and who had it first. */
interface Known {
  readonly index: number;
  readonly conf: ConfState;
  readonly member: MemberId;
  readonly event: EventId | undefined;
}

/**
 * Members that have applied the same changes of membership have the same configuration, and each quorum of one has a member in common with each
 * of the next. Thesis §4.1, Raft §6. Asked when a member comes to a configuration: by a change, a snapshot, or a boot.
 */
export class ConfigurationsAgree implements Checker {
  readonly name = "Configurations Agree";
  readonly interest = {changes: ["configuration"]} as const;
  /** Ascending by index. Replaced, never written. */
  private known: readonly Known[] = [];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new ConfigurationsAgree();
    twin.known = this.known;
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    for (const change of event.changes) {
      if (change.kind !== "configuration") continue;
      const server = view.members[change.member - 1]?.server;
      if (server === undefined) continue;
      if (this.known.length === 0) this.known = [firstOf(view)];
      // A snapshot counts as soon as raft took it, before the store has it.
      const applied = Math.max(server.appliedIndex, server.raft.firstIndex - 1);
      const violation = this.come(event, change.member, server.raft, applied);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  /** A member has applied everything up to an entry. */
  private come(event: EventRecord, member: MemberId, raft: RawNode, applied: number): Violation | undefined {
    const before = this.known.findLast(({index}) => index <= applied);
    if (before === undefined) return undefined;
    const {confState: conf} = raft;
    const changes = changesBetween(raft, before.index, applied);
    const last = changes[0];
    if (last === undefined) {
      this.count++;
      return isSameConfState(before.conf, conf)
        ? undefined
        : this.differ(event, before, {index: before.index, conf, member});
    }
    const next: Known = {index: last, conf, member, event: event.id};
    this.known = [...this.known, next].sort((a, b) => a.index - b.index);
    // With more between them, or some of it compacted, they need not be neighbours.
    const isNext = changes.length === 1 && raft.firstIndex <= before.index + 1;
    if (!isNext || quorumsMeet(before.conf, conf)) return undefined;
    const args = {index: last, before: describeConfState(before.conf), after: describeConfState(conf)};
    const refs = [nameOf(member), `entry:${nameOf(member)}/${last}`];
    return this.violated(event, say("quorumsApart", args, refs), before.event);
  }

  private differ(event: EventRecord, known: Known, found: Omit<Known, "event">): Violation {
    const [a, b] = [nameOf(known.member), nameOf(found.member)];
    const args = {
      a,
      b,
      index: found.index,
      first: describeConfState(known.conf),
      second: describeConfState(found.conf),
    };
    return this.violated(event, say("configurationsDiffer", args, [a, b]), known.event);
  }

  private violated(event: EventRecord, said: Violation["said"], first: EventId | undefined): Violation {
    const evidence = first === undefined ? [event.id] : [first, event.id];
    return {check: this.name, said, evidence, step: event.step};
  }
}

/** What a cluster begins with. */
function firstOf({members}: WorldView): Known {
  const {members: voters = [], learners = []} = members[0]?.config ?? {};
  return {index: 0, conf: confState(voters, learners), member: members[0]?.id ?? 1, event: undefined};
}

/** The changes of membership that a log holds behind one entry and up to another, the last first. */
function changesBetween(raft: RawNode, after: number, to: number): readonly number[] {
  const found: number[] = [];
  for (let index = to; index > after && index >= raft.firstIndex; index--)
    if ((raft.entryAt(index)?.type ?? "normal") !== "normal") found.push(index);
  return found;
}

/** Whether each quorum of the one has a member in common with each of the other: two halves see to it. */
export function quorumsMeet(one: ConfState, other: ConfState): boolean {
  return halvesOf(one).some((a) => halvesOf(other).some((b) => majoritiesMeet(a, b)));
}

function halvesOf({voters, votersOutgoing}: ConfState): readonly (readonly MemberId[])[] {
  return votersOutgoing.length === 0 ? [voters] : [voters, votersOutgoing];
}

function majoritiesMeet(a: readonly MemberId[], b: readonly MemberId[]): boolean {
  const all = new Set([...a, ...b]).size;
  const majority = ({length}: readonly MemberId[]): number => Math.floor(length / 2) + 1;
  return majority(a) + majority(b) > all;
}
