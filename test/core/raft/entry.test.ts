import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {encodedBytes, noData, payloadBytes} from "../../../core/raft/entry.ts";
import type {Entry, EntryType} from "../../../core/raft/entry.ts";
import {bytes} from "./notation.ts";

/** Protobuf, written out: seven bits a byte, low ones first. */
function varint(value: number): number[] {
  const written: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) written.push(Number(rest & 127n) | 128);
  return [...written, Number(rest)];
}

/** raftpb.Entry as etcd's library makes it: type is set for changes only, data if there is any. */
function written({index, term, type, data}: Entry): number[] {
  const typeNumber = {normal: 0, confChange: 1, confChangeV2: 2}[type];
  return [
    ...(type === "normal" ? [] : [1 << 3, ...varint(typeNumber)]),
    2 << 3,
    ...varint(term),
    3 << 3,
    ...varint(index),
    ...(data.length === 0 ? [] : [(4 << 3) | 2, ...varint(data.length), ...data]),
  ];
}

const quantity = fc.oneof(
  fc.nat({max: 300}),
  fc.maxSafeNat(),
  fc
    .integer({min: 0, max: 7})
    .chain((sevens) => fc.integer({min: -1, max: 1}).map((by) => 2 ** (7 * sevens) + by)),
);
const someEntry: fc.Arbitrary<Entry> = fc.record({
  index: quantity,
  term: quantity,
  type: fc.constantFrom<EntryType>("normal", "confChange", "confChangeV2"),
  data: fc
    .oneof(fc.constantFrom(0, 1, 127, 128, 16_383, 16_384), fc.nat({max: 300}))
    .map((n) => new Uint8Array(n)),
});

describe("the size of an entry", () => {
  it("on the wire is that of its protobuf", () => {
    fc.assert(
      fc.property(someEntry, (entry) => {
        expect(encodedBytes(entry)).toBe(written(entry).length);
      }),
      {numRuns: 300},
    );
  });

  it.each([
    [{index: 1, term: 1, type: "normal", data: noData}, 4],
    [{index: 1, term: 1, type: "normal", data: bytes("a")}, 7],
    [{index: 127, term: 1, type: "normal", data: noData}, 4],
    [{index: 128, term: 1, type: "normal", data: noData}, 5],
    [{index: 1, term: 16_384, type: "confChange", data: noData}, 8],
    [{index: 1, term: 1, type: "confChangeV2", data: bytes("ab")}, 10],
  ] satisfies [Entry, number][])("%j has %i bytes on the wire", (entry, size) => {
    expect(encodedBytes(entry)).toBe(size);
  });

  it("as payload is that of its data alone", () => {
    const entry = (data: string): Entry => ({index: 9, term: 9, type: "confChange", data: bytes(data)});
    expect(payloadBytes([])).toBe(0);
    expect(payloadBytes([entry("")])).toBe(0);
    expect(payloadBytes([entry("abc"), entry(""), entry("de")])).toBe(5);
  });
});
