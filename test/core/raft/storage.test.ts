import {describe, expect, it} from "vitest";
import {confState} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import type {Entry, HardState} from "../../../core/raft/entry.ts";
import {noData} from "../../../core/raft/entry.ts";
import {genesis, MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import type {Snapshot} from "../../../core/raft/snapshot.ts";
import type {Storage} from "../../../core/raft/storage.ts";
import {entriesFrom, snapshotAt} from "./entries.ts";
import type {MakeSubject, StorageSubject} from "./storageContract.ts";
import {storageClauses, storageContract} from "./storageContract.ts";

class MemorySubject implements StorageSubject {
  protected memory: MemoryStorage;

  constructor(conf: ConfState) {
    this.memory = new MemoryStorage(genesis(conf));
  }

  get storage(): Storage {
    return this.memory;
  }

  setHardState(state: HardState): void {
    this.memory.setHardState(state);
  }

  append(entries: readonly Entry[]): void {
    this.memory.append(entries);
  }

  restore(snapshot: Snapshot): void {
    this.memory.applySnapshot(snapshot);
  }

  compact(index: number, conf: ConfState): void {
    this.memory.createSnapshot(index, conf, noData);
    this.memory.compact(index);
  }
}

/** Looked at, and written to, is always a fork of a fork; what it was forked from is made useless. */
class ForkSubject extends MemorySubject {
  override get storage(): Storage {
    const original = this.memory;
    this.memory = original.fork();
    original.applySnapshot(snapshotAt({index: 99, term: 99}));
    original.setHardState({term: 99, votedFor: 9, commit: 99});
    original.append(entriesFrom(100, "99"));
    return this.memory;
  }
}

/** A storage that answers as another does; broken ones answer otherwise in one thing. */
class View implements Storage {
  protected readonly of: MemoryStorage;

  constructor(of: MemoryStorage) {
    this.of = of;
  }

  get firstIndex(): number {
    return this.of.firstIndex;
  }

  get lastIndex(): number {
    return this.of.lastIndex;
  }

  initialState(): {readonly hardState: HardState; readonly confState: ConfState} {
    return this.of.initialState();
  }

  entryAt(index: number): Entry | undefined {
    return this.of.entryAt(index);
  }

  termAt(index: number): number | undefined {
    return this.of.termAt(index);
  }

  snapshot(): Snapshot | undefined {
    return this.of.snapshot();
  }
}

function viewed(view: new (of: MemoryStorage) => Storage): MakeSubject {
  return (conf) =>
    new (class extends MemorySubject {
      override get storage(): Storage {
        return new view(this.memory);
      }
    })(conf);
}

/** Does not do what `method` asks, or does something else. */
function deaf(change: Partial<Omit<StorageSubject, "storage">>): MakeSubject {
  return (conf) => {
    const subject = new MemorySubject(conf);
    return {
      get storage() {
        return subject.storage;
      },
      setHardState: (state) => subject.setHardState(state),
      append: (entries) => subject.append(entries),
      restore: (snapshot) => subject.restore(snapshot),
      compact: (index, members) => subject.compact(index, members),
      ...change,
    };
  };
}

class BeginsAtZero extends View {
  override get firstIndex(): number {
    return this.of.firstIndex - 1;
  }
}

class KnowsNothingBefore extends View {
  override termAt(index: number): number | undefined {
    return this.entryAt(index)?.term;
  }
}

class HandsOutCopies extends View {
  override entryAt(index: number): Entry | undefined {
    const found = this.of.entryAt(index);
    return found === undefined ? undefined : {...found};
  }
}

class ForgetsWhoIsThere extends View {
  override initialState(): {readonly hardState: HardState; readonly confState: ConfState} {
    return {hardState: this.of.initialState().hardState, confState: confState([1])};
  }
}

class RemembersAVote extends View {
  override initialState(): {readonly hardState: HardState; readonly confState: ConfState} {
    const {hardState, confState: conf} = this.of.initialState();
    return {hardState: {...hardState, votedFor: Math.max(hardState.votedFor, 1)}, confState: conf};
  }
}

class SendsTheBeginning extends View {
  override snapshot(): Snapshot | undefined {
    return genesis(confState([1, 2, 3]));
  }
}

class NamesTheFirstMembers extends View {
  override initialState(): {readonly hardState: HardState; readonly confState: ConfState} {
    const {hardState, confState: conf} = this.of.initialState();
    return {hardState, confState: this.of.firstIndex > 1 ? confState([1, 2, 3]) : conf};
  }
}

class LosesTheLast extends View {
  override get lastIndex(): number {
    return Math.max(this.of.firstIndex - 1, this.of.lastIndex - 1);
  }
}

/** Keeps what a snapshot should replace. */
const keepsTheLog: MakeSubject = deaf({restore: () => {}});

/** Only adds. */
const neverReplaces: MakeSubject = (conf) => {
  const subject = new MemorySubject(conf);
  return deafTo(subject, (entries) =>
    subject.append(entries.filter(({index}) => index > subject.storage.lastIndex)),
  );
};

/** Overwrites one by one, and leaves the tail. */
const leavesTheTail: MakeSubject = (conf) => {
  const subject = new MemorySubject(conf);
  return deafTo(subject, (entries) => {
    const tail: Entry[] = [];
    const end = (entries.at(-1)?.index ?? Infinity) + 1;
    for (let index = end; index <= subject.storage.lastIndex; index++) {
      const left = subject.storage.entryAt(index);
      if (left !== undefined) tail.push(left);
    }
    subject.append([...entries, ...tail]);
  });
};

function deafTo(subject: MemorySubject, append: (entries: readonly Entry[]) => void): StorageSubject {
  return {
    get storage() {
      return subject.storage;
    },
    setHardState: (state) => subject.setHardState(state),
    restore: (snapshot) => subject.restore(snapshot),
    compact: (index, members) => subject.compact(index, members),
    append,
  };
}

/** A compaction, or a snapshot, takes the hard state with it. */
const forgetsItsTerm: MakeSubject = (conf) => {
  const subject = new MemorySubject(conf);
  return {
    ...deafTo(subject, (entries) => subject.append(entries)),
    get storage() {
      return subject.storage;
    },
    compact: (index, members) => {
      subject.compact(index, members);
      subject.setHardState({term: 0, votedFor: 0, commit: 0});
    },
  };
};

storageContract("memory", (conf) => new MemorySubject(conf));
storageContract("a fork of memory", (conf) => new ForkSubject(conf));

describe("the storage contract", () => {
  const broken: readonly (readonly [string, MakeSubject])[] = [
    ["holds nothing at first, behind position 0 of term 0", viewed(BeginsAtZero)],
    ["of a member that never ran has an empty hard state", viewed(RemembersAVote)],
    ["knows who was in the cluster when it began", viewed(ForgetsWhoIsThere)],
    ["returns the hard state that was set last", deaf({setHardState: () => {}})],
    ["holds entries where they were appended, and nothing elsewhere", viewed(LosesTheLast)],
    ["replaces an entry and all after it", neverReplaces],
    ["replaces an entry and all after it", leavesTheTail],
    ["gives the same object for an index, until that is overwritten", viewed(HandsOutCopies)],
    ["knows of compacted entries the last one's term, and nothing else", viewed(KnowsNothingBefore)],
    ["knows of compacted entries the last one's term, and nothing else", deaf({compact: () => {}})],
    ["has a snapshot that reaches its first entry, or none for now", viewed(SendsTheBeginning)],
    ["compacted, begins with the configuration that was in force there", viewed(NamesTheFirstMembers)],
    ["keeps its hard state through compaction, appends and snapshots", forgetsItsTerm],
    ["is replaced as a whole by a snapshot, and goes on behind it", keepsTheLog],
    ["is a list, whatever is written to it", leavesTheTail],
    ["is a list, whatever is written to it", viewed(KnowsNothingBefore)],
  ];

  it.each(broken)("sees it when a storage breaks: it %s", (clause, make) => {
    const check = storageClauses[clause];
    expect(check).toBeDefined();
    expect(() => check?.(make)).toThrow();
  });

  it("has no clause that nothing breaks", () => {
    expect(new Set(broken.map(([clause]) => clause))).toEqual(new Set(Object.keys(storageClauses)));
  });

  it("lets a storage have no snapshot for now", () => {
    class Busy extends View {
      override snapshot(): Snapshot | undefined {
        return undefined;
      }
    }
    for (const check of Object.values(storageClauses)) check(viewed(Busy));
  });
});

describe("memory", () => {
  const held = (memory: MemoryStorage) =>
    Array.from({length: memory.lastIndex - memory.firstIndex + 1}, (_, i) =>
      memory.termAt(memory.firstIndex + i),
    );
  const behind3 = (terms: string) => {
    const memory = new MemoryStorage(snapshotAt({index: 3, term: 3}));
    memory.append(entriesFrom(4, terms));
    return memory;
  };

  it.each([
    ["what it holds", 4, "4 5", [4, 5]],
    ["another tail", 4, "6 6", [6, 6]],
    ["more", 4, "4 5 5", [4, 5, 5]],
    ["compacted entries and others", 2, "3 3 5", [5]],
    ["a shorter tail", 5, "7", [4, 7]],
    ["entries behind the last", 6, "7", [4, 5, 7]],
    ["only compacted entries", 2, "3 3", [4, 5]],
    ["one compacted entry", 3, "3", [4, 5]],
  ])("behind 3, holding 4/4 and 5/5, is appended %s: %i, %s", (_, index, terms, after) => {
    const memory = behind3("4 5");
    memory.append(entriesFrom(index, terms));
    expect(held(memory)).toEqual(after);
    expect(memory.firstIndex).toBe(4);
  });

  it("refuses entries that leave a gap, before them or between them", () => {
    const memory = behind3("4 5");
    expect(() => memory.append(entriesFrom(7, "5"))).toThrow("leaves a gap");
    expect(() => memory.append([...entriesFrom(6, "5"), ...entriesFrom(8, "5")])).toThrow(
      "does not follow 6",
    );
  });

  it("takes a snapshot that is newer than its own, or its first", () => {
    const memory = new MemoryStorage();
    expect(memory.applySnapshot(genesis(confState([7])))).toBe(true);
    expect(memory.initialState().confState).toEqual(confState([7]));
    expect(memory.applySnapshot(snapshotAt({index: 4, term: 1}))).toBe(true);
    expect(memory.applySnapshot(snapshotAt({index: 4, term: 1}))).toBe(false);
    expect(memory.applySnapshot(snapshotAt({index: 3, term: 9}))).toBe(false);
    expect([memory.firstIndex, memory.termAt(4), memory.snapshot()?.index]).toEqual([5, 1, 4]);
  });

  it("keeps snapshots of what it holds, each newer than the last, and its entries", () => {
    const memory = behind3("4 5");
    expect(memory.createSnapshot(3, confState([9]), noData)).toBe(false);
    expect(memory.createSnapshot(4, confState([1, 2]), noData)).toBe(true);
    expect(memory.snapshot()).toEqual({index: 4, term: 4, confState: confState([1, 2]), data: noData});
    expect(memory.createSnapshot(5, confState([1]), noData)).toBe(true);
    expect(memory.createSnapshot(4, confState([1]), noData)).toBe(false);
    expect(held(memory)).toEqual([4, 5]);
    expect(() => memory.createSnapshot(6, confState([1]), noData)).toThrow("outside of the log 4..5");
  });

  it("compacts what it holds, once", () => {
    const memory = behind3("4 5 6");
    expect([memory.compact(2), memory.compact(3)]).toEqual([false, false]);
    expect(memory.compact(4)).toBe(true);
    expect([memory.firstIndex, memory.termAt(4), memory.termAt(3)]).toEqual([5, 4, undefined]);
    expect(memory.compact(6)).toBe(true);
    expect([memory.firstIndex, memory.lastIndex, memory.termAt(6)]).toEqual([7, 6, 6]);
    expect(() => memory.compact(7)).toThrow("outside of the log 7..6");
  });

  it("in a twin goes its own way", () => {
    const memory = behind3("4 5 6");
    memory.createSnapshot(6, confState([1]), noData);
    memory.compact(5);
    const twin = memory.fork();
    memory.append(entriesFrom(6, "7 7"));
    expect([twin.firstIndex, twin.lastIndex, twin.termAt(5), twin.termAt(6)]).toEqual([6, 6, 5, 6]);
    twin.append(entriesFrom(7, "8"));
    expect([memory.termAt(6), memory.termAt(7)]).toEqual([7, 7]);
  });
});
