// How a response that is too large is cut.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {StoreEvent} from "../../../core/mvcc/kv.ts";
import {fragments} from "../../../core/watch/fragments.ts";
import type {WatchResult} from "../../../core/watch/watch.ts";

function put(bytes: number, modRevision = 2): StoreEvent {
  const value = new Uint8Array(bytes);
  return {kind: "put", kv: {key: "k", value, createRevision: 2, modRevision, version: 1, lease: ""}};
}

function response(...events: readonly StoreEvent[]): WatchResult {
  return {kind: "watch", watchId: 3, events};
}

const shape = (pieces: readonly WatchResult[]): readonly (readonly [number, boolean])[] =>
  pieces.map(({events, fragment}) => [events.length, fragment === true]);

describe("a response", () => {
  it("goes out as it is while it is small enough, or if it holds a single event", () => {
    const small = response(put(100), put(100));
    expect(fragments(small, 1000)).toEqual([small]);
    const single = response(put(5000));
    expect(fragments(single, 1000)).toEqual([single]);
  });

  it("is cut between events, and says on all pieces but the last that more follows", () => {
    expect(shape(fragments(response(put(400), put(400), put(400), put(400), put(400)), 1000))).toEqual([
      [2, true],
      [2, true],
      [1, false],
    ]);
    expect(shape(fragments(response(put(2000), put(10), put(2000)), 1000))).toEqual([
      [1, true],
      [1, true],
      [1, false],
    ]);
  });

  it("comes to the same events when its pieces are put together, each piece below the bound or a single event", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(600), {maxLength: 20}),
        fc.integer({min: 200, max: 2000}),
        (sizes, most) => {
          const events = sizes.map((size, i) => put(size, 2 + i));
          const pieces = fragments(response(...events), most);
          expect(pieces.flatMap((piece) => piece.events)).toEqual(events);
          for (const piece of pieces.slice(0, -1)) expect(piece.fragment).toBe(true);
          expect(pieces.at(-1)?.fragment).toBeUndefined();
          for (const piece of pieces) {
            const bytes = piece.events.reduce((sum, {kv}) => sum + kv.value.length, 0);
            expect(piece.events.length < 2 || bytes < most).toBe(true);
          }
        },
      ),
    );
  });
});
