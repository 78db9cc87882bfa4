// The log: one lane per member, all aligned by index. Labels beside a lane say what a reader would otherwise have to
// count: which entries stand on too few members, and which on enough but in vain (Raft Figure 8).

import type {Said} from "../../core/base/said.ts";
import type {ProgressView} from "../../core/raft/ready.ts";
import {isJoint, isVoter, type ConfState} from "../../core/raft/confState.ts";
import type {EntryCell, LogLane, LogView, Windows} from "../frame.ts";
import {say} from "../words/engine.ts";
import {confStateOf, lackingHalf, namesOf, standingIn} from "./configuration.ts";
import {entryHolds} from "./holds.ts";
import {leaderOf, membersOf, nameOfMember, type MemberState} from "./member.ts";
import type {Moment} from "./moment.ts";
import {shortened} from "./text.ts";

/** Labels beside lanes, all together. */
const notesMax = 3;

/** Names listed in a note; more are counted. */
const namesMax = 3;

/** Longest text in a cell; the whole entry is a question to "why". */
const textMax = 40;

export function buildLog(moment: Moment, windows: Windows): LogView {
  const everyone = membersOf(moment);
  const conf = confStateOf(everyone);
  // A server that was never started has no log: its row would say nothing.
  const members = everyone.filter(({started}) => started);
  const last = Math.max(0, ...members.map(({lastIndex}) => lastIndex));
  const {from, count} = logWindow(windows, last);
  const notes = notesOf(members, conf);
  const progress = new Map(
    leaderOf(members)
      ?.progress()
      .map((view) => [view.member, view]),
  );
  const leader = leaderOf(members)?.id;
  const lanes = members.map((member): LogLane => {
    const view = member.id === leader ? undefined : progress.get(member.id);
    const note = notes.get(member.id) ?? awaited(view, member);
    return {
      member: member.name,
      status: member.status,
      standing: standingIn(conf, member.id),
      role: member.role,
      entries: entriesOf(member, from, count),
      firstIndex: member.firstIndex,
      lastIndex: member.lastIndex,
      commitIndex: member.commitIndex,
      lastApplied: member.lastApplied,
      ...(view === undefined
        ? {}
        : {progress: {match: view.matchIndex, next: view.nextIndex, state: view.state}}),
      ...(note === undefined ? {} : {note}),
    };
  });
  return {from, count, last, lanes};
}

/** A follower that gets no entries, because what it lacks is in a snapshot only. */
function awaited(view: ProgressView | undefined, {name, lastIndex}: MemberState): Said | undefined {
  // It may have come already, and the leader not have heard of it yet.
  if (view?.state !== "snapshot" || lastIndex >= view.pendingSnapshot) return undefined;
  return say("note.snapshot", {}, [name]);
}

/** The indexes asked for; following, the newest ones, with 1 as the first while all fit. */
function logWindow(windows: Windows, last: number): {readonly from: number; readonly count: number} {
  if (windows.log !== "follow")
    return {from: Math.max(1, windows.log.from), count: Math.max(1, windows.log.count)};
  const count = Math.max(1, windows.logColumns);
  return {from: Math.max(1, last - count + 1), count};
}

function entriesOf(member: MemberState, from: number, count: number): readonly EntryCell[] {
  const cells: EntryCell[] = [];
  for (
    let index = Math.max(from, member.firstIndex);
    index < from + count && index <= member.lastIndex;
    index++
  ) {
    const entry = member.entryAt(index);
    if (entry === undefined) continue;
    cells.push({
      index,
      term: entry.term,
      text: shortened(entry.type === "normal" && entry.data.length === 0 ? "∅" : entryHolds(entry), textMax),
      ...(entry.type === "normal" ? {} : {membership: true as const}),
      committed: index <= member.commitIndex,
      applied: index <= member.lastApplied,
      durable: index <= member.durableIndex,
    });
  }
  return cells;
}

/** By the member beside whose lane it stands: the leader among those that hold the entry, else the first of them. */
function notesOf(members: readonly MemberState[], conf: ConfState): ReadonlyMap<number, Said> {
  const notes = new Map<number, Said>();
  const noted = new Set<string>();
  const committed = Math.max(0, ...members.map(({commitIndex}) => commitIndex));
  for (const member of members) {
    const index = member.lastIndex;
    const entry = member.entryAt(index);
    if (entry === undefined || notes.size === notesMax) continue;
    if (index <= member.commitIndex) continue;
    const holders = members.filter((other) => other.entryAt(index)?.term === entry.term);
    const key = `${index}/${entry.term}`;
    if (noted.has(key)) continue;
    noted.add(key);
    const beside = holders.find(({role}) => role === "leader") ?? holders[0] ?? member;
    const lacking = lackingHalf(conf, (voter) => holders.some(({id}) => id === voter));
    if (lacking !== undefined) {
      const short = isJoint(conf) ? lacking.voters : undefined;
      const counted = holders.filter(({id}) => isVoter(conf, id));
      // What no voter holds, a learner got from a leader that is gone.
      const shown = counted.length === 0 ? holders : counted;
      notes.set(beside.id, minority(member, shown, {of: conf.voters.length, short}));
    } else if (index > committed && beside.role === "leader" && entry.term < beside.term) {
      notes.set(beside.id, say("note.olderTerm", {index}, [`entry:${beside.name}/${index}`]));
    }
  }
  return notes;
}

/**
 * "only on n1, n2: not a majority", of the last entries of `member` that these hold and no others. `of`: how many vote;
 * `short`: the half of a joint configuration that lacks a majority.
 */
function minority(
  member: MemberState,
  holders: readonly MemberState[],
  {of, short}: {readonly of: number; readonly short: ConfState["voters"] | undefined},
): Said {
  const to = member.lastIndex;
  const refs = holders.map(({name}) => `entry:${name}/${to}`);
  const members = holders.map(({id}) => nameOfMember(id)).join(", ");
  if (short !== undefined) {
    return say("note.notMajorityJoint", {to, members, voters: namesOf(short)}, refs);
  }
  if (holders.length > namesMax) return say("note.notMajorityMany", {to, count: holders.length, of}, refs);
  return say("note.notMajority", {to, members}, refs);
}
