// The actors of the backend file and of snapshots, and what they have to do with each other: nothing is committed while
// another file takes the backend's place, a snapshot stands for what is committed, and its mark goes into the log.

import {present} from "../base/assert.ts";
import type {Micros} from "../base/quantity.ts";
import {sooner} from "../base/quantity.ts";
import {noData} from "../raft/entry.ts";
import type {Snapshot} from "../raft/snapshot.ts";
import type {SnapshotMark} from "../storage/snapshotMark.ts";
import type {WorkTurn} from "./diskWork.ts";
import type {Actor, Effect} from "./io.ts";
import type {ServerParts} from "./parts.ts";

/** Carries out what an actor wants; false when it has to wait. */
export function carryOut(actor: Actor, turn: WorkTurn, effects: Effect[]): boolean {
  if (turn.kind === "pause") effects.push({kind: "pause", actor, at: turn.at});
  else if (turn.kind === "disk")
    for (const {op, do: what} of turn.commands) effects.push({kind: "disk", op, do: what});
  return turn.kind !== "none";
}

/** Lets one of them go on by a step; whether one did. */
export function stepFiles(parts: ServerParts, now: Micros, effects: Effect[]): boolean {
  const {append, applier, apply, commit} = parts;
  if (!append.isOpen) return false;
  return (
    carryOut("commit", commit.next(applier, now, isFileBusy(parts), apply.next), effects) ||
    stepCompact(parts, now, effects) ||
    stepSnapshot(parts, effects) ||
    stepInstall(parts, effects) ||
    stepDefragment(parts, effects)
  );
}

export function filesDeadline(parts: ServerParts): Micros | undefined {
  const {append, commit, compact} = parts;
  const commits = isFileBusy(parts) || !append.isOpen ? undefined : commit.deadline();
  return sooner(commits, compact.deadline());
}

/** An operation of the disk completed. False if it is not one of theirs. */
export function completedOfFiles({commit, snapshot, install, defragment}: ServerParts, op: number): boolean {
  return commit.completed(op) || snapshot.completed(op) || install.completed(op) || defragment.completed(op);
}

/** Makes a snapshot when enough was applied since the last one. */
export function offerSnapshot(parts: ServerParts): void {
  const {applier, raft, snapshot, commit} = parts;
  // While the log is replayed at boot raft's configuration is of an earlier entry than the store.
  if (raft.lastApplied < applier.index || !snapshot.isDue(applier.index)) return;
  const {index, term, confState} = currentMark(parts);
  snapshot.begin({index, term, confState}, commit);
}

/** All that was applied, and who was in the cluster then. */
export function currentSnapshot(parts: ServerParts): Snapshot {
  const mark = currentMark(parts);
  const kept = parts.storage.snapshot()?.confState ?? mark.confState;
  const confState = parts.rules.confOfSnapshot({applied: mark.confState, kept});
  return {...mark, confState, data: parts.applier.image()};
}

/** A snapshot of its own stands for a part of the log. */
export function keepMark({storage, snapshot, append}: ServerParts, mark: SnapshotMark): void {
  const compactTo = snapshot.logged(mark, append.wal);
  storage.createSnapshot(mark.index, mark.confState, noData);
  if (compactTo >= storage.firstIndex) storage.compact(compactTo);
}

/** Whether the file that has the backend's name is being replaced, so that nothing may be committed to it. */
function isFileBusy({install, defragment}: ServerParts): boolean {
  return install.busy || defragment.busy;
}

function currentMark({raft, applier, rules}: ServerParts): SnapshotMark {
  const {index: applied, membership} = applier;
  const index = rules.snapshotIndex({applied, committed: raft.commitIndex});
  const term = present(raft.termAt(index), "the term of applied entry", index);
  return {index, term, confState: membership.conf};
}

function stepCompact(
  {compact, applier, commit, requests}: ServerParts,
  now: Micros,
  effects: Effect[],
): boolean {
  const turn = compact.next(applier, commit, now, requests.awaitedCompaction);
  const goesOn = carryOut("compact", turn, effects);
  if (goesOn) requests.compacted(compact.settled);
  return goesOn;
}

function stepSnapshot({snapshot, commit, append}: ServerParts, effects: Effect[]): boolean {
  const turn = snapshot.next(commit);
  if (turn.kind !== "done") return carryOut("snapshot", turn, effects);
  const mark = snapshot.takeMark();
  if (mark !== undefined) append.submit({kind: "mark", mark});
  return true;
}

function stepInstall(
  {install, commit, defragment, snapshot, append, rules}: ServerParts,
  effects: Effect[],
): boolean {
  const isFree = defragment.idle || !rules.mustYieldToInstall();
  const turn = install.next(commit.idle && isFree);
  if (turn.kind !== "done") return carryOut("install", turn, effects);
  commit.landed(install.fileIndex);
  if (snapshot.idle) snapshot.purge(append.wal);
  return true;
}

function stepDefragment(
  {defragment, applier, commit, install, requests}: ServerParts,
  effects: Effect[],
): boolean {
  const turn = defragment.next(applier, commit.idle && !install.busy);
  if (turn.kind !== "done") return carryOut("defragment", turn, effects);
  for (const asker of defragment.takeServed()) requests.defragmented(asker);
  return true;
}
