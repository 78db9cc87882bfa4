// What raft relies on in a storage, clause by clause. Every implementation of core/raft/storage.ts must pass:
//
//   storageContract("the log on disk", (conf) => …)
//
// The maker gives a fresh storage of a member that begins with `conf`, and ways to make it hold something.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {confState} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import type {Entry, HardState} from "../../../core/raft/entry.ts";
import type {Snapshot} from "../../../core/raft/snapshot.ts";
import type {Storage} from "../../../core/raft/storage.ts";
import {entriesFrom, snapshotAt} from "./entries.ts";
import {entry} from "./notation.ts";

export interface StorageSubject {
  /** As it is now: to be asked anew after each change. */
  readonly storage: Storage;
  setHardState(state: HardState): void;
  /** Entries became durable; they begin at most one behind the last. One that is held already is replaced, with all after it. */
  append(entries: readonly Entry[]): void;
  /** A snapshot became durable that replaces all that is held. */
  restore(snapshot: Snapshot): void;
  /** The state machine was kept at `index`, with who was in the cluster then, and the entries up to there given up. */
  compact(index: number, conf: ConfState): void;
}

export type MakeSubject = (conf: ConfState) => StorageSubject;

export function storageContract(name: string, make: MakeSubject): void {
  describe(`${name}, as a storage`, () => {
    for (const [clause, check] of Object.entries(storageClauses)) it(clause, () => check(make));
  });
}

const three = confState([1, 2, 3]);

function filled(make: MakeSubject): StorageSubject {
  const subject = make(three);
  subject.append(entriesFrom(1, "1 1 2 3 3"));
  return subject;
}

/** Looks at everything, and somewhat beyond. */
function expectHeld(
  {storage}: StorageSubject,
  before: {index: number; term: number},
  held: readonly Entry[],
) {
  const last = before.index + held.length;
  expect([storage.firstIndex, storage.lastIndex]).toEqual([before.index + 1, last]);
  for (let index = 0; index <= last + 2; index++) {
    const expected = index > before.index ? held[index - before.index - 1] : undefined;
    expect(storage.entryAt(index)).toEqual(expected);
    expect(storage.termAt(index)).toBe(index === before.index ? before.term : expected?.term);
  }
}

/** What raft could send to a follower does not leave a gap before the entries. */
function expectSnapshotFits({storage}: StorageSubject): void {
  const snapshot = storage.snapshot();
  if (snapshot === undefined) return;
  expect(snapshot.index).toBeGreaterThanOrEqual(storage.firstIndex - 1);
  expect(storage.termAt(snapshot.index)).toBe(snapshot.term);
}

export const storageClauses: Readonly<Record<string, (make: MakeSubject) => void>> = {
  "holds nothing at first, behind position 0 of term 0": (make) => {
    expectHeld(make(three), {index: 0, term: 0}, []);
  },

  "of a member that never ran has an empty hard state": (make) => {
    expect(make(three).storage.initialState().hardState).toEqual({term: 0, votedFor: 0, commit: 0});
  },

  "knows who was in the cluster when it began": (make) => {
    const joint = {...three, votersOutgoing: [1, 4], learners: [5], learnersNext: [4], autoLeave: true};
    expect(make(joint).storage.initialState().confState).toEqual(joint);
  },

  "returns the hard state that was set last": (make) => {
    const subject = make(three);
    subject.setHardState({term: 2, votedFor: 3, commit: 1});
    subject.setHardState({term: 3, votedFor: 0, commit: 5});
    expect(subject.storage.initialState().hardState).toEqual({term: 3, votedFor: 0, commit: 5});
  },

  "holds entries where they were appended, and nothing elsewhere": (make) => {
    const subject = filled(make);
    subject.append([]);
    subject.append(entriesFrom(6, "4"));
    expectHeld(subject, {index: 0, term: 0}, entriesFrom(1, "1 1 2 3 3 4"));
  },

  "replaces an entry and all after it": (make) => {
    const subject = filled(make);
    subject.append(entriesFrom(3, "4"));
    expectHeld(subject, {index: 0, term: 0}, entriesFrom(1, "1 1 4"));
    subject.append(entriesFrom(1, "5 5"));
    expectHeld(subject, {index: 0, term: 0}, entriesFrom(1, "5 5"));
  },

  "gives the same object for an index, until that is overwritten": (make) => {
    const subject = filled(make);
    const before = [2, 3].map((index) => subject.storage.entryAt(index));
    subject.append(entriesFrom(3, "4"));
    expect(subject.storage.entryAt(2)).toBe(before[0]);
    expect(subject.storage.entryAt(2)).toBe(subject.storage.entryAt(2));
    expect(subject.storage.entryAt(3)).not.toBe(before[1]);
  },

  "knows of compacted entries the last one's term, and nothing else": (make) => {
    const subject = filled(make);
    subject.compact(3, three);
    expectHeld(subject, {index: 3, term: 2}, entriesFrom(4, "3 3"));
    subject.compact(5, three);
    expectHeld(subject, {index: 5, term: 3}, []);
    subject.append(entriesFrom(6, "3 4"));
    expectHeld(subject, {index: 5, term: 3}, entriesFrom(6, "3 4"));
  },

  "has a snapshot that reaches its first entry, or none for now": (make) => {
    const subject = filled(make);
    expectSnapshotFits(subject);
    subject.compact(3, three);
    expectSnapshotFits(subject);
    subject.append(entriesFrom(6, "4 4"));
    subject.compact(6, three);
    expectSnapshotFits(subject);
    subject.restore(snapshotAt({index: 20, term: 7}));
    expectSnapshotFits(subject);
  },

  "compacted, begins with the configuration that was in force there": (make) => {
    const subject = filled(make);
    const four = confState([1, 2, 3, 4]);
    subject.compact(3, four);
    expect(subject.storage.initialState().confState).toEqual(four);
    const snapshot = subject.storage.snapshot();
    if (snapshot !== undefined) expect(snapshot.confState).toEqual(four);
  },

  "keeps its hard state through compaction, appends and snapshots": (make) => {
    const subject = filled(make);
    const state = {term: 3, votedFor: 1, commit: 4};
    subject.setHardState(state);
    subject.append(entriesFrom(6, "3"));
    subject.compact(3, three);
    subject.restore(snapshotAt({index: 9, term: 3}));
    expect(subject.storage.initialState().hardState).toEqual(state);
  },

  "is replaced as a whole by a snapshot, and goes on behind it": (make) => {
    const subject = filled(make);
    const four = confState([1, 2, 4], [9]);
    const snapshot = snapshotAt({index: 4, term: 6}, four);
    subject.restore(snapshot);
    expectHeld(subject, {index: 4, term: 6}, []);
    expect(subject.storage.initialState().confState).toEqual(four);
    expect(subject.storage.snapshot() ?? snapshot).toEqual(snapshot);
    subject.append(entriesFrom(5, "6 7"));
    expectHeld(subject, {index: 4, term: 6}, entriesFrom(5, "6 7"));
  },

  "is a list, whatever is written to it": (make) => {
    const step = fc.tuple(
      fc.constantFrom("append", "compact", "restore"),
      fc.nat({max: 5}),
      fc.nat({max: 4}),
    );
    fc.assert(
      fc.property(fc.array(step, {minLength: 5, maxLength: 20, size: "max"}), (steps) => {
        const subject = make(three);
        let before = {index: 0, term: 0};
        let held: readonly Entry[] = [];
        steps.forEach(([kind, back, count], at) => {
          const term = at + 1;
          const last = before.index + held.length;
          const index = Math.max(before.index, last - back) + 1;
          if (kind === "append") {
            const entries = Array.from({length: count}, (_, i) => entry({index: index + i, term}));
            subject.append(entries);
            if (count > 0) held = [...held.slice(0, index - before.index - 1), ...entries];
          } else if (kind === "restore") {
            before = {index: last + count + 1, term};
            held = [];
            subject.restore(snapshotAt(before));
          } else if (index <= last) {
            subject.compact(index, three);
            const {term: cut} = held[index - before.index - 1] ?? {term: -1};
            held = held.slice(index - before.index);
            before = {index, term: cut};
          }
          expectHeld(subject, before, held);
          expectSnapshotFits(subject);
        });
      }),
      {numRuns: 50},
    );
  },
};
