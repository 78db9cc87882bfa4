import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Entry, EntryId} from "../../../core/raft/entry.ts";
import {openLog} from "../../../core/raft/log.ts";
import {MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import {entry, log} from "./notation.ts";

type Step =
  | {readonly kind: "append"; readonly back: number; readonly count: number}
  | {readonly kind: "take" | "write" | "apply" | "fork"}
  | {readonly kind: "commit"; readonly ahead: number};

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("append" as const),
    back: fc.nat({max: 4}),
    count: fc.integer({min: 1, max: 4}),
  }),
  fc.record({kind: fc.constantFrom("take" as const, "write" as const, "apply" as const, "fork" as const)}),
  fc.record({kind: fc.constant("commit" as const), ahead: fc.nat({max: 3})}),
);

describe("the log", () => {
  it("is a list, however its entries are spread over what is stable, in progress and new", () => {
    fc.assert(
      fc.property(fc.array(step, {minLength: 10, maxLength: 40, size: "max"}), (steps) => {
        let storage = new MemoryStorage();
        let real = openLog(storage, {commit: 0, applied: 0});
        let list: Entry[] = [];
        let term = 0;
        let durable = 0;
        let applied = 0;
        const works: {entries: readonly Entry[]; last: EntryId | undefined; term: number}[] = [];
        for (const one of steps) {
          if (one.kind === "append") {
            term++;
            const from = Math.max(real.commitIndex, list.length - one.back) + 1;
            const entries = Array.from({length: one.count}, (_, i) => entry({index: from + i, term}));
            real.append(entries);
            list = [...list.slice(0, from - 1), ...entries];
            durable = Math.min(durable, from - 1);
          } else if (one.kind === "take") {
            works.push({entries: real.takeAppendWork(), last: real.lastUnstable(), term});
            expect(real.hasAppendWork()).toBe(false);
          } else if (one.kind === "write") {
            const work = works.shift();
            if (work === undefined) continue;
            storage.append(work.entries);
            // As RawNode does: a receipt of an older term is not trusted.
            if (work.term !== term || work.last === undefined) continue;
            real.stableTo(work.last);
            durable = list.length;
          } else if (one.kind === "commit") {
            real.commitTo(Math.min(list.length, real.commitIndex + one.ahead));
          } else if (one.kind === "fork") {
            storage = storage.fork();
            real = real.fork(storage);
          } else {
            const to = Math.min(real.commitIndex, durable);
            const work = real.takeApplyWork();
            expect(work).toEqual(list.slice(applied, Math.max(applied, to)));
            applied = Math.max(applied, to);
            real.applied(applied);
          }
          expect(real.lastIndex).toBe(list.length);
          expect(list.findIndex((held, i) => real.entryAt(i + 1) !== held)).toBe(-1);
          expect(real.entryAt(list.length + 1)).toBeUndefined();
          expect(real.termAt(0)).toBe(0);
          expect(real.termAt(list.length + 1)).toBeUndefined();
        }
        expect(real.entriesFrom(1, Infinity)).toEqual(list);
      }),
      {numRuns: 100},
    );
  });

  it("finds by term the largest position that may agree", () => {
    const storage = new MemoryStorage();
    storage.append(log("1 1 1 1 2 2 5 5"));
    const real = openLog(storage, {commit: 0, applied: 0});
    const found = (index: number, term: number) => real.findConflictByTerm({index, term});
    expect(found(8, 5)).toEqual({index: 8, term: 5});
    expect(found(8, 4)).toEqual({index: 6, term: 2});
    expect(found(6, 1)).toEqual({index: 4, term: 1});
    expect(found(3, 0)).toEqual({index: 0, term: 0});
    expect(found(9, 5)).toEqual({index: 9, term: 0});
  });

  it("refuses gaps, and to replace what is committed", () => {
    const storage = new MemoryStorage();
    storage.append(log("1 1"));
    expect(() => storage.append([entry({index: 4, term: 1})])).toThrow("gap");
    const real = openLog(storage, {commit: 1, applied: 0});
    expect(() => real.append([entry({index: 4, term: 1})])).toThrow("gap");
    expect(() => real.append([entry({index: 1, term: 2})])).toThrow("committed");
    expect(() => real.applied(1)).toThrow("handed out");
  });
});
