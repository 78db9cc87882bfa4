// The keys of a state, against a map.

import {describe, expect, it} from "vitest";
import * as fc from "fast-check";
import {compareKeys, contains, unbounded} from "../../../core/base/key.ts";
import type {KeyValue} from "../../../core/mvcc/kv.ts";
import {Keys} from "../../../sim/check/keys.ts";

const kv = (key: string, version: number): KeyValue => ({
  key,
  value: new Uint8Array(0),
  createRevision: 2,
  modRevision: 2,
  version,
  lease: "",
});
const same = (a: KeyValue, b: KeyValue | undefined): boolean => a.key === b?.key && a.version === b.version;

/** Few enough to meet, more than fit into one part. */
const key = fc.integer({min: 0, max: 399}).map((n) => `k${n}`);
const change = fc.record({key, version: fc.integer({min: 0, max: 3})});

describe("the keys of a state", () => {
  it("are those of a map that was changed alike, and a state before stays as it was", () => {
    fc.assert(
      fc.property(fc.array(change, {maxLength: 600}), key, key, (changes, from, to) => {
        const map = new Map<string, KeyValue>();
        let keys = Keys.none;
        const states: (readonly [Keys, readonly KeyValue[]])[] = [];
        for (const {key: name, version} of changes) {
          states.push([keys, [...keys]]);
          if (version === 0) map.delete(name);
          else map.set(name, kv(name, version));
          keys = version === 0 ? keys.without(name) : keys.with(kv(name, version));
          expect(keys.get(name)?.version).toBe(map.get(name)?.version);
        }
        const sorted = [...map.values()].sort((a, b) => compareKeys(a.key, b.key));
        expect([...keys]).toEqual(sorted);
        for (const range of [
          {from, to},
          {from, to: ""},
          {from, to: unbounded},
          {from: "", to: unbounded},
        ])
          expect(keys.within(range)).toEqual(sorted.filter((one) => contains(range, one.key)));
        for (const [state, was] of states) expect([...state]).toEqual(was);
      }),
      {numRuns: 30},
    );
  });

  it("are equal if they hold the same, however they came to it", () => {
    fc.assert(
      fc.property(fc.array(change, {maxLength: 300}), key, (changes, name) => {
        let [there, back] = [Keys.none, Keys.none];
        for (const one of changes) there = there.with(kv(one.key, one.version));
        for (const one of [...there].toReversed()) back = back.with(one);
        expect(there.equals(back, same)).toBe(true);
        expect(back.equals(there, same)).toBe(true);
        const other = there.with(kv(name, 9));
        expect(other.equals(there, same)).toBe(false);
        expect(there.equals(other, same)).toBe(false);
        expect(other.equals(other.without(name), same)).toBe(false);
        expect(other.without(name).equals(back.without(name), same)).toBe(true);
      }),
    );
  });
});
