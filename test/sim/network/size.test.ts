// The estimate of a message's bytes, beside protobuf's own.

import {describe, expect, it} from "vitest";
import type {Message} from "../../../core/raft/message.ts";
import {encodedBytes} from "../../../core/raft/entry.ts";
import {wireBytes} from "../../../sim/network/size.ts";

const head = {from: 1, to: 2, term: 3} as const;

function sent(message: Message): number {
  return wireBytes({kind: "message", from: 1, to: 2, message, sent: 0});
}

function append(...sizes: readonly number[]): Message {
  const entries = sizes.map((size, i) => {
    return {index: i + 1, term: 3, type: "normal", data: new Uint8Array(size)} as const;
  });
  return {kind: "AppendEntries", ...head, prevLogIndex: 0, prevLogTerm: 0, entries, leaderCommit: 0};
}

describe("a message's size", () => {
  it("is a tag and a varint for each number, and nothing for a zero", () => {
    const beat = {kind: "Heartbeat", ...head, commit: 0, readPosition: 0} as const;
    expect(sent(beat)).toBe(2 + 3 * 2);
    expect(sent({...beat, commit: 300})).toBe(sent(beat) + 3);
  });

  it("grows by what its entries take, each with its length before it", () => {
    for (const size of [0, 1, 127, 128, 20_000]) {
      const [entry] = (append(size) as Extract<Message, {kind: "AppendEntries"}>).entries;
      const added = sent(append(size)) - sent(append());
      const bytes = entry === undefined ? 0 : encodedBytes(entry);
      expect(added).toBe(1 + (bytes < 128 ? 1 : bytes < 16_384 ? 2 : 3) + bytes);
    }
  });

  it("of a request counts its words; of the news that a stream is over, nothing", () => {
    const put = {kind: "put", key: "k".repeat(10), value: new Uint8Array(90)} as const;
    const ask = (request: typeof put): number =>
      wireBytes({kind: "request", client: "c1", to: 1, stream: 1, id: 1, request, sent: 0});
    expect(ask(put)).toBeGreaterThanOrEqual(100);
    expect(ask(put)).toBeLessThan(120);
    expect(wireBytes({kind: "close", client: "c1", member: 1, stream: 1, toward: "client", sent: 0})).toBe(0);
  });
});
