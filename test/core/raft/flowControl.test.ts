// How much a leader sends to a follower that does not answer. After etcd's raft_test.go (progress) and
// raft_flow_control_test.go, both ways of doing a leader's work.

import {describe, expect, it} from "vitest";
import {encodedBytes} from "../../../core/raft/entry.ts";
import {ack, appendsTo, leading, modes, nack, progressOf, pulse, shapes} from "./leading.ts";
import {bytes, entry} from "./notation.ts";

describe.each(modes)("a leader, %s,", (_, mode) => {
  it("counts its own entries when they are durable, not before", () => {
    const alone = leading({}, mode);
    expect(progressOf(alone, 1)).toMatchObject({state: "replicate", matchIndex: 1, nextIndex: 2});
    for (const command of ["a", "b", "c"]) alone.node.propose([bytes(command)]);
    expect(progressOf(alone, 1)).toMatchObject({matchIndex: 1});
    alone.drain();
    expect(progressOf(alone, 1)).toMatchObject({matchIndex: 4, nextIndex: 5, paused: false});
  });

  it("sends a probed follower one append, and the next only when it answers an append or a heartbeat", () => {
    const alone = leading({}, mode);
    expect(progressOf(alone, 2)).toMatchObject({state: "probe", paused: true, nextIndex: 1});
    for (const command of ["a", "b", "c"]) expect(shapes(2, alone.propose(command))).toEqual([]);
    expect(shapes(2, alone.ticks(3))).toEqual([]);
    expect(progressOf(alone, 2).paused).toBe(true);
    expect(shapes(2, alone.take(pulse(alone, 2)))).toEqual([[1, 2, 3, 4]]);
    expect(progressOf(alone, 2)).toMatchObject({state: "probe", paused: true, nextIndex: 1});
    expect(shapes(2, alone.propose("d"))).toEqual([]);
    expect(shapes(2, alone.take(ack(alone, 2, 4)))[0]).toEqual([5]);
    expect(progressOf(alone, 2)).toMatchObject({state: "replicate", matchIndex: 4, nextIndex: 6});
  });

  it("sends a follower in replicate each proposal at once, until so many are on the way", () => {
    const alone = leading({config: {inflightMax: 4}}, mode);
    alone.take(ack(alone, 2, 1));
    for (let i = 0; i < 4; i++) expect(shapes(2, alone.propose("x"))).toEqual([[2 + i]]);
    expect(progressOf(alone, 2)).toMatchObject({inflight: 4, inflightFull: true, paused: true});
    for (let i = 0; i < 10; i++) expect(shapes(2, alone.propose("x"))).toEqual([]);
    expect(progressOf(alone, 2)).toMatchObject({nextIndex: 6});
  });

  it("goes on by one message for each that arrived, and stays where it is for old answers", () => {
    const alone = leading({size: 5, config: {inflightMax: 3, messageBytesMax: 0}}, mode);
    alone.take(ack(alone, 2, 1));
    for (let i = 0; i < 12; i++) alone.propose("x");
    for (let index = 2; index < 10; index++) {
      expect(shapes(2, alone.take(ack(alone, 2, index)))).toEqual([[index + 3]]);
      expect(progressOf(alone, 2)).toMatchObject({inflight: 3, paused: true});
      for (let old = 1; old <= index; old++) expect(shapes(2, alone.take(ack(alone, 2, old)))).toEqual([]);
    }
  });

  it("sends as many messages as fit when one answer frees several", () => {
    const alone = leading({size: 5, config: {inflightMax: 3, messageBytesMax: 0}}, mode);
    alone.take(ack(alone, 2, 1));
    for (let i = 0; i < 12; i++) alone.propose("x");
    expect(shapes(2, alone.take(ack(alone, 2, 3)))).toEqual([[5], [6]]);
    expect(shapes(2, alone.take(ack(alone, 2, 6)))).toEqual([[7], [8], [9]]);
  });

  it("sends one empty append for each heartbeat that is answered while the window is full, so that a lost window is noticed (D9)", () => {
    const alone = leading({size: 5, config: {inflightMax: 3, messageBytesMax: 0}}, mode);
    alone.take(ack(alone, 2, 1));
    for (let i = 0; i < 5; i++) alone.propose("x");
    for (let i = 0; i < 3; i++) {
      const [probe, ...more] = appendsTo(2, alone.take(pulse(alone, 2)));
      expect(probe).toMatchObject({prevLogIndex: 4, prevLogTerm: 1, entries: []});
      expect(more).toEqual([]);
      expect(shapes(2, alone.propose("y"))).toEqual([]);
      expect(progressOf(alone, 2)).toMatchObject({paused: true, inflight: 3});
    }
    // The whole window was lost: the empty append does not fit, and all of it is sent again.
    const again = alone.take(nack(alone, 2, {index: 4, hintIndex: 1, hintTerm: 1}));
    expect(appendsTo(2, again)).toMatchObject([{prevLogIndex: 1, entries: [{index: 2}]}]);
    expect(progressOf(alone, 2)).toMatchObject({state: "probe", matchIndex: 1, nextIndex: 2, inflight: 0});
    expect(shapes(2, alone.take(ack(alone, 2, 2)))).toEqual([[3], [4], [5]]);
  });

  it("keeps within its limits of messages, of bytes in one, and of bytes on the way", () => {
    const config = {inflightMax: 3, messageBytesMax: 2048, inflightBytesMax: 9000};
    const alone = leading({size: 5, config}, mode);
    const small = "s".repeat(1000);
    const large = "l".repeat(5000);
    alone.propose(...Array.from({length: 10}, () => small), large, large, large, small);
    expect(shapes(2, alone.take(ack(alone, 2, 1)))).toEqual([
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
    expect(shapes(2, alone.take(ack(alone, 2, 3)))).toEqual([[8, 9]]);
    expect(shapes(2, alone.take(ack(alone, 2, 9)))).toEqual([[10, 11], [12], [13]]);
    // 10,000 bytes are on the way, in two messages.
    expect(shapes(2, alone.take(ack(alone, 2, 11)))).toEqual([]);
    expect(progressOf(alone, 2)).toMatchObject({inflight: 2, inflightFull: true});
    expect(shapes(2, alone.take(ack(alone, 2, 12)))).toEqual([[14]]);
    expect(shapes(2, alone.take(ack(alone, 2, 14)))).toEqual([[15]]);
  });

  it("puts as many entries into an append as their encoding fits, and one that fits never", () => {
    const one = encodedBytes({...entry({index: 2, term: 1}), data: bytes("x")});
    const first = (messageBytesMax: number) => {
      const alone = leading({size: 5, config: {messageBytesMax}}, mode);
      alone.propose("x", "x", "x", "x");
      return shapes(2, alone.take(ack(alone, 2, 1)))[0];
    };
    expect(first(0)).toEqual([2]);
    expect(first(2 * one - 1)).toEqual([2]);
    expect(first(2 * one)).toEqual([2, 3]);
    expect(first(4 * one - 1)).toEqual([2, 3, 4]);
    expect(first(4 * one)).toEqual([2, 3, 4, 5]);
  });

  it("sends again what was not acknowledged when a heartbeat is answered, and nothing once it was", () => {
    const alone = leading({}, mode);
    expect(shapes(2, alone.take(pulse(alone, 2)))).toEqual([[1]]);
    expect(shapes(2, alone.take(pulse(alone, 2)))).toEqual([[1]]);
    alone.take(ack(alone, 2, 1));
    expect(shapes(2, alone.take(pulse(alone, 2)))).toEqual([]);
  });

  it("lets a follower that has everything out of probing, by a heartbeat and an empty append (D10)", () => {
    const alone = leading({}, mode);
    alone.take(ack(alone, 2, 1), ack(alone, 3, 1));
    alone.node.reportUnreachable(2);
    expect(progressOf(alone, 2)).toMatchObject({state: "probe", matchIndex: 1, nextIndex: 2});
    expect(appendsTo(2, alone.take(pulse(alone, 2)))).toMatchObject([{prevLogIndex: 1, entries: []}]);
    alone.take(ack(alone, 2, 1));
    expect(progressOf(alone, 2)).toMatchObject({state: "replicate", matchIndex: 1, nextIndex: 2});
  });

  it("goes on to wait for one follower though another answered", () => {
    const alone = leading({}, mode);
    alone.propose("a");
    const said = alone.take(ack(alone, 2, 1));
    expect(shapes(2, said)[0]).toEqual([2]);
    expect(shapes(3, said)).toEqual([]);
    expect(shapes(3, alone.take(ack(alone, 3, 1)))[0]).toEqual([2]);
  });

  it("takes what was sent to an unreachable follower in replicate for lost, and leaves others as they are", () => {
    const alone = leading({}, mode);
    alone.take(ack(alone, 2, 1));
    alone.propose("a", "b");
    expect(progressOf(alone, 2)).toMatchObject({state: "replicate", nextIndex: 4, inflight: 1});
    alone.node.reportUnreachable(2);
    expect(progressOf(alone, 2)).toMatchObject({state: "probe", nextIndex: 2, inflight: 0, paused: false});
    const before = progressOf(alone, 3);
    alone.node.reportUnreachable(3);
    expect(progressOf(alone, 3)).toEqual(before);
    const self = progressOf(alone, 1);
    alone.node.reportUnreachable(1);
    expect(progressOf(alone, 1)).toEqual(self);
  });

  it("follows a refused follower back once: refusals of the rest of the pipeline change nothing (D12)", () => {
    const alone = leading({}, mode);
    alone.take(ack(alone, 2, 1));
    for (let i = 0; i < 4; i++) alone.propose("x");
    // The first append, of entry 2, was lost; the others are refused one by one.
    expect(appendsTo(2, alone.take(nack(alone, 2, {index: 2, hintIndex: 1, hintTerm: 1})))).toMatchObject([
      {prevLogIndex: 1, entries: [{index: 2}, {index: 3}, {index: 4}, {index: 5}]},
    ]);
    for (const index of [3, 4]) {
      expect(alone.take(nack(alone, 2, {index, hintIndex: 1, hintTerm: 1}))).toEqual([]);
      expect(progressOf(alone, 2)).toMatchObject({state: "probe", matchIndex: 1, nextIndex: 2});
    }
    alone.take(ack(alone, 2, 5));
    expect(progressOf(alone, 2)).toMatchObject({state: "replicate", matchIndex: 5, nextIndex: 6});
  });

  it.each([
    ["late", 1, 4],
    ["twice", 4, 4],
    ["new", 5, 5],
  ])(
    "takes an acknowledgement that comes %s, of %i, from one that matches to 4: then to %i",
    (_name, index, match) => {
      const alone = leading({size: 5}, mode);
      alone.propose("a", "b", "c", "d");
      alone.take(ack(alone, 2, 4));
      alone.take(ack(alone, 2, index));
      expect(progressOf(alone, 2)).toMatchObject({state: "replicate", matchIndex: match, nextIndex: 6});
    },
  );
});

describe.each(modes)("the limit of uncommitted bytes, %s,", (_, mode) => {
  const refused = {ok: false, error: "proposalDropped"};
  const kilobyte = bytes("k".repeat(1000));
  const bounded = () => leading({config: {uncommittedBytesMax: 4000}}, mode);
  const fill = (alone: ReturnType<typeof bounded>) => {
    for (let i = 0; i < 4; i++) {
      expect(alone.node.propose([kilobyte]).ok).toBe(true);
      alone.drain();
    }
  };

  it("refuses what would go beyond it, and appends nothing of that", () => {
    const alone = bounded();
    fill(alone);
    expect(alone.node.propose([kilobyte])).toEqual(refused);
    expect(alone.node.propose([bytes("x")])).toEqual(refused);
    expect(alone.node.propose([bytes(""), bytes("x")])).toEqual(refused);
    expect(alone.node.lastIndex).toBe(5);
    expect(alone.drain()).toEqual([]);
  });

  it("takes what is empty always", () => {
    const alone = bounded();
    fill(alone);
    expect(alone.node.propose([bytes("")]).ok).toBe(true);
    expect(alone.node.lastIndex).toBe(6);
  });

  it("takes again once entries were committed and applied", () => {
    const alone = bounded();
    fill(alone);
    alone.take(ack(alone, 2, 3));
    expect(alone.node.lastApplied).toBe(3);
    expect(alone.node.propose([kilobyte, kilobyte]).ok).toBe(true);
    expect(alone.node.propose([bytes("x")])).toEqual(refused);
  });

  it("takes anything, however large, while nothing is uncommitted", () => {
    const alone = bounded();
    const huge = bytes("h".repeat(9000));
    expect(alone.node.propose([huge]).ok).toBe(true);
    expect(alone.node.propose([bytes("x")])).toEqual(refused);
    alone.drain();
    alone.take(ack(alone, 2, 2));
    expect(alone.node.propose([huge]).ok).toBe(true);
  });

  it("holds of a proposal that a follower handed on", () => {
    const alone = bounded();
    fill(alone);
    const proposals = [{type: "normal" as const, data: kilobyte}];
    expect(alone.node.step({kind: "Propose", from: 2, to: 1, term: 0, proposals})).toEqual(refused);
  });

  it("bounds the log of a leader without a quorum, however busy its clients are (D13)", () => {
    const alone = bounded();
    for (let i = 0; i < 100; i++) alone.propose("k".repeat(1000));
    expect(alone.node.lastIndex).toBe(5);
    const unbounded = leading({}, mode);
    for (let i = 0; i < 100; i++) unbounded.propose("k".repeat(1000));
    expect(unbounded.node.lastIndex).toBe(101);
  });

  it("begins anew with a new leadership", () => {
    const alone = bounded();
    fill(alone);
    alone.take({kind: "Heartbeat", from: 2, to: 1, term: 5, commit: 0, readPosition: 0});
    alone.lead();
    expect(alone.node.role).toBe("leader");
    expect(alone.node.propose([kilobyte]).ok).toBe(true);
  });
});

describe.each(modes)("the limit of bytes handed out to be applied, %s,", (_, mode) => {
  it("lets one entry through at a time where messages may hold no bytes, and does not stop", () => {
    const alone = leading({size: 1, config: {messageBytesMax: 0}}, mode);
    for (const command of ["a", "b", "c"]) alone.propose(command);
    expect([alone.node.commitIndex, alone.node.lastApplied]).toEqual([4, 4]);
  });
});
