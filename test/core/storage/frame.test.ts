import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {crc32c} from "../../../core/base/checksum.ts";
import {sectorBytes} from "../../../core/storage/disk.ts";
import {
  bodyBytesMax,
  bodyEnd,
  gather,
  headBytes,
  judge,
  nextHead,
  readHead,
  spread,
  writeHead,
} from "../../../core/storage/frame.ts";

const lengths = fc.oneof(fc.integer({min: 1, max: 3000}), fc.integer({min: 1, max: bodyBytesMax}));

/** A frame at an offset around a body of these bytes. */
function framed(at: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(nextHead(at, body.length) - at);
  frame.set(body, headBytes);
  spread(frame, at, body.length);
  return frame;
}

function headOf(length: number, isAfterSync: boolean, crc = 0): Uint8Array {
  const head = new Uint8Array(headBytes);
  writeHead(head, {length, isAfterSync, crc});
  return head;
}

describe("the head of a record", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(lengths, fc.boolean(), fc.nat(0xffffffff), (length, isAfterSync, crc) => {
        expect(readHead(headOf(length, isAfterSync, crc))).toEqual({length, isAfterSync, crc});
      }),
    );
  });

  test("does not fit any more when one, two or three bits of its length, flag or check flip", () => {
    for (const [length, isAfterSync] of [
      [1, false],
      [1, true],
      [0x5555, false],
      [bodyBytesMax, true],
    ] as const) {
      const head = headOf(length, isAfterSync);
      for (let a = 0; a < 32; a++) {
        for (let b = a; b < 32; b++) {
          for (let c = b; c < 32; c++) {
            const flipped = head.slice();
            for (const bit of new Set([a, b, c]))
              flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
            if (readHead(flipped) !== undefined) expect.unreachable(`${length}: bits ${a}, ${b}, ${c}`);
          }
        }
      }
    }
  });

  test("has at least four bits set, so that zeros with a flipped bit are none", () => {
    let fewest = 32;
    for (let length = 1; length <= bodyBytesMax; length += length < 1 << 16 ? 1 : 9973) {
      for (const isAfterSync of [false, true]) {
        const [a = 0, b = 0, c = 0, d = 0] = headOf(length, isAfterSync);
        fewest = Math.min(fewest, bitsIn(a) + bitsIn(b) + bitsIn(c) + bitsIn(d));
      }
    }
    expect(fewest).toBe(4);
  });
});

function bitsIn(byte: number): number {
  return byte.toString(2).replaceAll("0", "").length;
}

describe("the body of a record", () => {
  test("goes on behind a mark at every sector's border, and is gathered as it was", () => {
    for (let at = 0; at < sectorBytes; at += headBytes) {
      for (const length of [1, 7, 8, 503, 504, 505, 511, 512, 1015, 1016, 1022, 1023, 1533, 2000]) {
        const body = new Uint8Array(length).map((_, i) => (i * 37 + at) & 0xff);
        const frame = framed(at, body);
        expect(crc32c(gather(frame, at, length))).toBe(crc32c(body));
        expect(judge(frame, at, length)).toBe("whole");
        expect((at + frame.length) % headBytes).toBe(0);
        expect(frame.slice(bodyEnd(at, length) - at).every((byte) => byte === 0)).toBe(true);
      }
    }
  });

  test("is torn when a sector's part of it is lost, whatever stood there, and rotten when a mark is another", () => {
    for (const fill of [0, 1, 0xa5, 0xff]) {
      for (const at of [0, 8, 504]) {
        const length = 1700;
        const frame = framed(at, new Uint8Array(length).fill(fill));
        for (let border = sectorBytes; border < at + frame.length; border += sectorBytes) {
          if (border < at + headBytes) continue;
          const lost = frame.slice().fill(0, border - at, border - at + sectorBytes);
          expect(judge(lost, at, length)).toBe("torn");
          for (let bit = 0; bit < 8; bit++) {
            const flipped = frame.slice();
            flipped[border - at] = (flipped[border - at] ?? 0) ^ (1 << bit);
            expect(judge(flipped, at, length)).toBe("rotten");
          }
        }
      }
    }
  });
});
