import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {decodeLease, encodeLease, leaseIdOf, leaseKey} from "../../../core/lease/leaseRecord.ts";

const word = fc.integer({min: 0, max: 2 ** 32 - 1});
const record = fc
  .record({
    high: word,
    low: fc.oneof(word, fc.constantFrom(0, 1, 127, 128)),
    ttl: fc.integer({min: 0, max: 9_000_000_000}),
    remainingTtl: fc.integer({min: 0, max: 9_000_000_000}),
  })
  .filter(({high, low}) => high !== 0 || low !== 0)
  .map(({high, low, ttl, remainingTtl}) => ({lease: leaseIdOf(high, low), ttl, remainingTtl}));

describe("a lease's record", () => {
  test("is etcd's protobuf under eight bytes of id, most significant first", () => {
    expect([...encodeLease({lease: "0000000000000096", ttl: 300, remainingTtl: 0})]).toEqual([
      0x08, 0x96, 0x01, 0x10, 0xac, 0x02,
    ]);
    expect([...encodeLease({lease: "ffffffffffffffff", ttl: 2, remainingTtl: 1})]).toEqual([
      0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0x10, 2, 0x18, 1,
    ]);
    expect(leaseKey("80000000000000ff")).toBe("\x80\0\0\0\0\0\0\xff");
  });

  test("comes back as it was, whatever the id", () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(decodeLease(leaseKey(one.lease), encodeLease(one))).toEqual(one);
      }),
    );
  });

  test("is none if it is cut short, goes on too long, or stands under another id", () => {
    fc.assert(
      fc.property(record, fc.nat(), (one, at) => {
        const bytes = encodeLease(one);
        const key = leaseKey(one.lease);
        const cut = bytes.slice(0, at % bytes.length);
        // What is left may be a whole lease with less in it, never this one.
        expect(decodeLease(key, cut)).not.toEqual(one);
        expect(decodeLease(key, Uint8Array.of(...bytes, 0x7f))).toBeUndefined();
        expect(
          decodeLease(key === "\0\0\0\0\0\0\0\x01" ? "\0" : "\0\0\0\0\0\0\0\x01", bytes),
        ).toBeUndefined();
      }),
    );
  });
});
