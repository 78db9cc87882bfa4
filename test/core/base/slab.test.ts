import {describe, expect, it} from "vitest";
import {Slab} from "../../../core/base/slab.ts";

describe("arrays out of a slab", () => {
  it("are zeros of the length that was asked for, each with bytes of its own", () => {
    const slab = new Slab();
    const lengths = Array.from({length: 300}, (_, i) => (i * 37) % 700);
    const pieces = lengths.map((length) => slab.take(length));
    for (const [i, piece] of pieces.entries()) {
      expect(piece.length).toBe(lengths[i]);
      expect(piece.every((byte) => byte === 0)).toBe(true);
      piece.fill((i % 255) + 1);
    }
    for (const [i, piece] of pieces.entries())
      expect(piece.every((byte) => byte === (i % 255) + 1)).toBe(true);
  });

  it("have memory of their own when they are large", () => {
    const slab = new Slab();
    slab.take(10);
    const large = slab.take(5000);
    expect([large.length, large.buffer.byteLength]).toEqual([5000, 5000]);
  });

  it("are copies", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const copy = new Slab().copy(bytes);
    bytes.fill(9);
    expect([...copy]).toEqual([1, 2, 3]);
  });
});
