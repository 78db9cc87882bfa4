// A record as bytes: against bytes worked out by hand, against a plain encoder that calculates with BigInt, and what is
// no record.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {KeyValue} from "../../../core/mvcc/kv.ts";
import {
  decodeKeyValue,
  decodeRecord,
  encodeKeyValue,
  encodeRecord,
  parseRevisionBytes,
  revisionBytes,
} from "../../../core/mvcc/recordBytes.ts";
import {mainMax, subMax} from "../../../core/mvcc/revision.ts";
import {bytes} from "./notation.ts";

const nothing: KeyValue = {
  key: "",
  value: bytes(""),
  createRevision: 0,
  modRevision: 0,
  version: 0,
  lease: "",
};

const main = fc.oneof(fc.nat(1000), fc.integer({min: 0, max: mainMax - 1}));
const sub = fc.oneof(fc.nat(10), fc.integer({min: 0, max: subMax - 1}));
const byteString = fc
  .uint8Array({maxLength: 300})
  .map((drawn) => Array.from(drawn, (byte) => String.fromCharCode(byte)).join(""));
const integer = fc.oneof(fc.nat(300), fc.maxSafeNat());
const lease = fc.oneof(
  fc.constant(""),
  fc.bigInt({min: 1n, max: 2n ** 64n - 1n}).map((id) => id.toString(16).padStart(16, "0")),
);
const keyValue: fc.Arbitrary<KeyValue> = fc.record({
  key: byteString,
  value: fc.uint8Array({maxLength: 300}),
  createRevision: integer,
  modRevision: integer,
  version: integer,
  lease,
});

function hex(encoded: Iterable<number>): string {
  return Array.from(encoded, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function hexOfKey(key: string): string {
  return hex(bytes(key));
}

function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.split(" "), (digits) => Number.parseInt(digits, 16));
}

/** Protobuf as its documentation tells it. */
function plainly({key, value, createRevision, modRevision, version, lease: id}: KeyValue): number[] {
  const varint = (of: bigint): number[] =>
    of < 128n ? [Number(of)] : [Number(of % 128n) + 128, ...varint(of / 128n)];
  const number = (field: number, of: bigint): number[] => (of === 0n ? [] : [field * 8, ...varint(of)]);
  const text = (field: number, of: Uint8Array): number[] =>
    of.length === 0 ? [] : [field * 8 + 2, ...varint(BigInt(of.length)), ...of];
  return [
    ...text(1, bytes(key)),
    ...number(2, BigInt(createRevision)),
    ...number(3, BigInt(modRevision)),
    ...number(4, BigInt(version)),
    ...text(5, value),
    ...number(6, id === "" ? 0n : BigInt(`0x${id}`)),
  ];
}

describe("a record's key", () => {
  it.each([
    [2, 0, false, "00 00 00 00 00 00 00 02 5f 00 00 00 00 00 00 00 00"],
    [2, 0, true, "00 00 00 00 00 00 00 02 5f 00 00 00 00 00 00 00 00 74"],
    [0x1_23456789, 0xabcde, false, "00 00 00 01 23 45 67 89 5f 00 00 00 00 00 0a bc de"],
    [0xffffffff, 0xfffff, true, "00 00 00 00 ff ff ff ff 5f 00 00 00 00 00 0f ff ff 74"],
  ])("of the change at %i.%i, a tombstone: %s, is etcd's", (ofMain, ofSub, isTombstone, expected) => {
    expect(hexOfKey(revisionBytes(ofMain, ofSub, isTombstone))).toBe(expected);
  });

  it("tells its revision", () => {
    fc.assert(
      fc.property(main, sub, fc.boolean(), (ofMain, ofSub, isTombstone) => {
        const key = revisionBytes(ofMain, ofSub, isTombstone);
        expect(parseRevisionBytes(key)).toEqual({main: ofMain, sub: ofSub, isTombstone});
      }),
      {numRuns: 1000},
    );
  });

  it("sorts as revisions do, a tombstone or not", () => {
    const place = fc.tuple(main, sub, fc.boolean());
    fc.assert(
      fc.property(place, place, (a, b) => {
        fc.pre(a[0] !== b[0] || a[1] !== b[1]);
        expect(revisionBytes(...a) < revisionBytes(...b)).toBe(a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]));
      }),
      {numRuns: 1000},
    );
  });

  it("is written for no change that a store cannot have", () => {
    expect(() => revisionBytes(mainMax, 0, false)).toThrow("no store has");
    expect(() => revisionBytes(2, subMax, false)).toThrow("no store has");
  });

  it.each([
    ["nothing", ""],
    ["16 bytes", revisionBytes(2, 0, false).slice(1)],
    ["another mark than t", `${revisionBytes(2, 0, false)}u`],
    ["19 bytes", `${revisionBytes(2, 0, true)}t`],
    ["another separator", revisionBytes(2, 0, false).replace("_", "-")],
    ["more writes than a store takes", `\0\0\0\u0002\0\0\0\0_\0\0\0\0\0\0\0\0`],
    ["more changes than a write holds", `\0\0\0\0\0\0\0\u0002_\0\0\0\0\0\u0010\0\0`],
    ["a negative revision", "\xff\xff\xff\xff\xff\xff\xff\xff_\0\0\0\0\0\0\0\0"],
  ])("is none of %s", (_, key) => {
    expect(parseRevisionBytes(key)).toBeUndefined();
  });
});

describe("a record's value", () => {
  it.each([
    ["nothing", nothing, ""],
    ["only a key", {...nothing, key: "ab"}, "0a 02 61 62"],
    [
      "all fields",
      {
        key: "a",
        value: bytes("x"),
        createRevision: 2,
        modRevision: 300,
        version: 127,
        lease: "0000000000000001",
      },
      "0a 01 61 10 02 18 ac 02 20 7f 2a 01 78 30 01",
    ],
    [
      "integers beyond 32 bits",
      {...nothing, createRevision: 0x1_00000005, modRevision: 128, version: Number.MAX_SAFE_INTEGER},
      "10 85 80 80 80 10 18 80 01 20 ff ff ff ff ff ff ff 0f",
    ],
    ["a lease id of 35 bits", {...nothing, lease: "0000000480000001"}, "30 81 80 80 80 48"],
    ["the largest lease id", {...nothing, lease: "7fffffffffffffff"}, "30 ff ff ff ff ff ff ff ff 7f"],
    ["the smallest lease id", {...nothing, lease: "8000000000000000"}, "30 80 80 80 80 80 80 80 80 80 01"],
    ["a lease id of −1", {...nothing, lease: "ffffffffffffffff"}, "30 ff ff ff ff ff ff ff ff ff 01"],
  ])("of %s is etcd's", (_, kv, expected) => {
    expect(hex(encodeKeyValue(kv))).toBe(expected);
    expect(decodeKeyValue(encodeKeyValue(kv))).toEqual(kv);
  });

  it("is that of a plain encoder, and comes back as it was", () => {
    fc.assert(
      fc.property(keyValue, (kv) => {
        const encoded = encodeKeyValue(kv);
        expect([...encoded]).toEqual(plainly(kv));
        expect(decodeKeyValue(encoded)).toEqual(kv);
      }),
      {numRuns: 1000},
    );
  });

  it("has no lease if the id is zero", () => {
    expect(hex(encodeKeyValue({...nothing, lease: "0000000000000000"}))).toBe("");
  });

  it("is not written with a lease id of another length", () => {
    expect(() => encodeKeyValue({...nothing, lease: "1"})).toThrow("16 hex digits");
  });

  it("is independent of its bytes", () => {
    const encoded = encodeKeyValue({...nothing, key: "a", value: bytes("x")});
    const decoded = decodeKeyValue(encoded);
    encoded.fill(0xff);
    expect(decoded).toEqual({...nothing, key: "a", value: bytes("x")});
  });

  it.each([
    ["a field out of order", "18 02 10 02"],
    ["a field twice", "10 02 10 02"],
    ["a field that it does not have", "38 02"],
    ["a field of another type", "0d 01 02 03 04"],
    ["a revision that a number does not hold", "10 80 80 80 80 80 80 80 10"],
    ["a negative revision", "10 ff ff ff ff ff ff ff ff ff 01"],
    ["a lease of more than 64 bits", "30 ff ff ff ff ff ff ff ff ff 02"],
    ["a varint of eleven bytes", "30 ff ff ff ff ff ff ff ff ff 81 00"],
    ["a key longer than what is left", "0a 03 61 62"],
    ["a key longer than any", "0a ff ff ff ff 07"],
    ["a value longer than what is left", "2a ff ff ff ff 7f 61"],
  ])("is none with %s", (_, text) => {
    expect(decodeKeyValue(unhex(text))).toBeUndefined();
  });

  it("cut short is another or none, and whatever the bytes are, they never throw", () => {
    const kv = {
      key: "ab",
      value: bytes("xy"),
      createRevision: 300,
      modRevision: 400,
      version: 200,
      lease: "",
    };
    const whole = encodeKeyValue({...kv, lease: "ffffffffffffffff"});
    for (let length = 0; length < whole.length; length++) {
      const decoded = decodeKeyValue(whole.slice(0, length));
      if (decoded !== undefined) expect([...encodeKeyValue(decoded)]).toEqual([...whole.subarray(0, length)]);
    }
    const tag = fc.constantFrom(0x0a, 0x10, 0x18, 0x20, 0x2a, 0x30);
    const part = fc.oneof(fc.tuple(tag, fc.nat(3)), fc.tuple(tag, fc.nat(255), fc.nat(255)));
    fc.assert(
      fc.property(fc.array(part, {maxLength: 6}), (parts) => {
        const decoded = decodeKeyValue(Uint8Array.from(parts.flat()));
        if (decoded !== undefined) expect(decodeKeyValue(encodeKeyValue(decoded))).toEqual(decoded);
      }),
      {numRuns: 2000},
    );
  });
});

describe("a record", () => {
  it("of a put holds all of it", () => {
    const kv = {...nothing, key: "a", value: bytes("x"), createRevision: 2, modRevision: 7, version: 3};
    const {key, value} = encodeRecord({kind: "put", kv}, 4);
    expect(key).toBe(revisionBytes(7, 4, false));
    expect(value).toEqual(encodeKeyValue(kv));
    expect(decodeRecord(key, value)).toEqual({revision: {main: 7, sub: 4}, isTombstone: false, kv});
  });

  it("of a delete holds only the key, and tells the revision by where it stands", () => {
    const kv = {...nothing, key: "a", modRevision: 7};
    const {key, value} = encodeRecord({kind: "delete", kv}, 4);
    expect(hexOfKey(key)).toBe("00 00 00 00 00 00 00 07 5f 00 00 00 00 00 00 00 04 74");
    expect(hex(value)).toBe("0a 01 61");
    expect(decodeRecord(key, value)).toEqual({revision: {main: 7, sub: 4}, isTombstone: true, kv});
  });

  it("is none if its key or its value is none", () => {
    const {key, value} = encodeRecord({kind: "put", kv: {...nothing, key: "a", modRevision: 7}}, 0);
    expect(decodeRecord(key.slice(1), value)).toBeUndefined();
    expect(decodeRecord(key, value.slice(1))).toBeUndefined();
  });
});
