// The damage ledger: whose disk was ever harmed, by what and when, and whether a cluster must survive it. Survivable is (DESIGN
// of faults, README.md): no disk betrays its member, and of the voters no more than the others can do without were ever
// harmed. A member that was removed does not count any more; one that was added counts as harmed until it has what the
// others had when it came, for until then it holds none of it.
//
//   n1 n2 n3    n2 rots          n1 n3, n2 counts: 1 of 1
//   n1 n3 n4    n2 is replaced   n4 counts until it knows itself a member: then none do, and n1's disk may go

import type {MemberId, Micros, Revision} from "../../core/base/quantity.ts";
import {decodeConfChange} from "../../core/raft/confChange.ts";
import {confState, isVoter} from "../../core/raft/confState.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import type {Entry} from "../../core/raft/entry.ts";
import {recover} from "../../core/server/recovery.ts";
import type {Recovered} from "../../core/server/recovery.ts";
import type {Harm, DiskFaultKind} from "../disk/fault.ts";
import {harmOf, ReadError} from "../disk/fault.ts";
import type {Config, Intervention} from "../run.ts";
import type {MemberView, WorldView} from "../view.ts";
import {memberName} from "../world/lanes.ts";
import {sparedOf} from "./damage.ts";
import {votersOf} from "./names.ts";

/** What befell a disk that could harm its member. */
export interface Damage {
  readonly member: string;
  readonly by: DiskFaultKind;
  readonly harm: Exclude<Harm, "none">;
  readonly at: Micros;
}

/** Why a cluster need not survive. */
export type Unsurvivable =
  | {readonly kind: "betrayal"; readonly damage: Damage}
  /** `harmed`: voters whose disks were ever harmed. `fresh`: those that have not caught up since they were added. */
  | {
      readonly kind: "tooMany";
      readonly harmed: readonly string[];
      readonly fresh: readonly string[];
      readonly spared: number;
    };

// ---- what happened

/** Of all members that ever were, by member, then in order. */
export function damagesOf({members}: WorldView): readonly Damage[] {
  return members.flatMap(({id, disk}) =>
    disk.harms.flatMap(({kind, at}) => damage(memberName(id), kind, at)),
  );
}

/** Who decides, by the newest configuration that a member has applied: two halves if it is joint. */
export function votersNow(view: WorldView): readonly (readonly string[])[] {
  const first = Array.from({length: view.run.config.members}, (_, i) => i + 1);
  let newest: Applied = {conf: confState(first), index: -1};
  for (const member of view.members) {
    const found = appliedBy(member);
    if (found !== undefined && found.index > newest.index) newest = found;
  }
  const {voters, votersOutgoing} = newest.conf;
  return [voters, votersOutgoing].filter(({length}) => length > 0).map((ids) => ids.map(memberName));
}

/** Undefined: a sound cluster keeps every promise, and goes on once what can be mended is. */
export function whyUnsurvivable(view: WorldView): Unsurvivable | undefined {
  const halves = votersNow(view);
  const fresh = new Set(halves.flat().filter((name) => isFresh(view, name)));
  return judge(damagesOf(view), halves, fresh);
}

export function isSurvivable(view: WorldView): boolean {
  return whyUnsurvivable(view) === undefined;
}

// ---- what is planned

/** What a plan does to disks, if all of it comes to pass. */
export function damagesIn(plan: readonly Intervention[]): readonly Damage[] {
  return plan.flatMap(({when, do: action}) =>
    action.kind === "disk" ? damage(action.member, action.fault.kind, when.at) : [],
  );
}

/** Undefined: whatever of the plan comes to pass is survivable. Nobody is thought to be replaced. */
export function whyPlanUnsurvivable(plan: readonly Intervention[], config: Config): Unsurvivable | undefined {
  return judge(damagesIn(plan), [votersOf(config)], new Set());
}

export function planIsSurvivable(plan: readonly Intervention[], config: Config): boolean {
  return whyPlanUnsurvivable(plan, config) === undefined;
}

// ---- who holds what

/**
 * "durable": a crash leaves it at least. "memory": it is in the member's log, and a crash may take it. "lost": it is not, and the
 * disk was damaged, so it was there or may have been. "nothing": it never had it, or another took its place.
 */
export type Holding = "durable" | "memory" | "lost" | "nothing";

/** By member, for an entry. A log that begins behind it holds it: a snapshot stands for it. */
export function holdersOf(
  {members}: WorldView,
  entry: {readonly index: number; readonly term: number},
): ReadonlyMap<string, Holding> {
  return new Map(members.map((member) => [memberName(member.id), holdingOf(member, entry)]));
}

/** The entry that made a revision; undefined: nobody has applied it, or what was applied is not all known. */
export function entryOfRevision(
  {appliedLog}: WorldView,
  revision: Revision,
): {readonly index: number; readonly term: number} | undefined {
  return appliedLog?.find(({least, most}) => least < revision && revision <= most)?.entry;
}

function holdingOf(member: MemberView, entry: {readonly index: number; readonly term: number}): Holding {
  const {server, disk} = member;
  if (server !== undefined) {
    const {raft} = server;
    if (entry.index < raft.firstIndex) return "durable";
    if (raft.termAt(entry.index) === entry.term)
      return entry.index <= server.durableIndex ? "durable" : "memory";
  } else {
    const found = read(member);
    if (found !== undefined && holds(found, entry)) return "durable";
  }
  return disk.damagedBy === undefined ? "nothing" : "lost";
}

function holds(
  {mark, entries}: Recovered,
  {index, term}: {readonly index: number; readonly term: number},
): boolean {
  if (mark.index > 0 && index <= mark.index) return true;
  return entries[index - mark.index - 1]?.term === term;
}

// ---- for this file

/** `halves`: voters, of whom each half must have a quorum. */
function judge(
  damages: readonly Damage[],
  halves: readonly (readonly string[])[],
  fresh: ReadonlySet<string>,
): Unsurvivable | undefined {
  for (const voters of halves) {
    const counted = damages.filter(({member}) => voters.includes(member));
    const betrayal = counted.find(({harm}) => harm === "betrays");
    if (betrayal !== undefined) return {kind: "betrayal", damage: betrayal};
    const harmed = voters.filter((name) => counted.some(({member}) => member === name));
    const behind = voters.filter((name) => fresh.has(name));
    const spared = sparedOf(voters.length);
    if (new Set([...harmed, ...behind]).size > spared)
      return {kind: "tooMany", harmed, fresh: behind, spared};
  }
  return undefined;
}

function damage(member: string, by: DiskFaultKind, at: Micros): readonly Damage[] {
  const harm = harmOf[by];
  return harm === "none" ? [] : [{member, by, harm, at}];
}

/** A member that was added and does not know it yet: it learns it from an entry, when it holds all entries before. */
function isFresh({members, run}: WorldView, name: string): boolean {
  if (votersOf(run.config).includes(name)) return false;
  const member = members.find(({id}) => memberName(id) === name);
  if (member === undefined) return true;
  const applied = appliedBy(member);
  if (applied !== undefined && isVoter(applied.conf, member.id)) return false;
  // Down, it may hold that entry and not have applied it durably.
  const found = member.server === undefined ? read(member) : undefined;
  return found === undefined || !found.entries.some((entry) => adds(entry, member.id));
}

function adds({type, data}: Entry, member: MemberId): boolean {
  const asked = decodeConfChange(type, data);
  return asked?.changes.some((one) => one.type === "addVoter" && one.member === member) ?? false;
}

interface Applied {
  readonly conf: ConfState;
  readonly index: number;
}

/** What it has applied, or will have at its next start. Undefined: its disk cannot be trusted. */
function appliedBy(member: MemberView): Applied | undefined {
  const {server} = member;
  if (server !== undefined) return {conf: server.membership.conf, index: server.appliedIndex};
  const found = read(member);
  return found && {conf: found.state.membership.conf, index: found.state.position.index};
}

/** What a member that is down would start with. */
function read({disk, config}: MemberView): Recovered | undefined {
  try {
    const recovered = recover(disk, config);
    return recovered.ok ? recovered.value : undefined;
  } catch (error) {
    if (error instanceof ReadError) return undefined;
    throw error;
  }
}
