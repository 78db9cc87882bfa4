// What happens in the recordings: two hundred requests each, and everything that a member does with its disk.

import type {ServerConfig} from "../../../core/server/config.ts";
import {ms} from "./cluster.ts";
import type {Request} from "../../../core/server/request.ts";
import type {Recording} from "./recording.ts";

export interface Play {
  readonly config: Partial<ServerConfig>;
  readonly run: (recording: Recording) => void;
}

/** Small enough that files change their places all the time. */
const small = {
  walSegmentBytes: 1024,
  commitEvery: 40 * ms,
  snapshotEvery: 25,
  snapshotKeep: 5,
  snapshotFilesMax: 2,
  compactionBatch: 4,
  compactionSleep: 10 * ms,
};

/** What the n-th client asks for, where the store is at `revision`. */
function lineOf(n: number, revision: number): string {
  const key = `k${n % 7}`;
  const value = `v${n}-${"x".repeat((n * 7) % 50)}`;
  if (n === 130) return "defrag";
  if (n % 23 === 0) return `compact ${revision - 4}`;
  if (n % 11 === 0) return `txn ver(${key})>0 : put ${key} ${value} ; put t ${n} : put ${key} new`;
  if (n % 8 === 0) return `del ${key}`;
  return n % 17 === 0 ? `get ${key}` : `put ${key} ${value}`;
}

/** The same, and leases come, take a key, and go; every other one has a negative id. */
function leasedOf(n: number, revision: number): string | Request {
  if (n % 19 !== 3) return lineOf(n, revision);
  const place = Math.floor(n / 57);
  const lease = `${place % 2 === 0 ? "f" : "0"}00000000000000${place}`;
  if (n % 57 === 3) return {kind: "leaseGrant", lease, ttl: 1000};
  if (n % 57 === 41) return {kind: "leaseRevoke", lease};
  return {kind: "put", key: `leased${n}`, value: Uint8Array.of(1), lease};
}

/** Clients of one member ask, those from `first` to `last`. */
export function ask(
  recording: Recording,
  member: number,
  [first, last]: readonly [number, number],
  wish: (n: number, revision: number) => string | Request = lineOf,
): void {
  for (let n = first; n <= last; n++) {
    recording.ask(member, wish(n, recording.server(member).store.currentRevision), n);
    recording.pass(6 * ms);
  }
}

function elect(recording: Recording, member: number): void {
  recording.input(member, {kind: "timeout"});
  recording.settle();
}

/** A member that decides alone. */
export const alone: Play = {
  config: {...small, members: [1]},
  run(recording) {
    recording.settle();
    elect(recording, 1);
    ask(recording, 1, [1, 200], leasedOf);
    recording.settle();
  },
};

/** n1 of three, which follows n2 and n3, votes, leads for a while in vain, and is sent snapshots. */
export const follower: Play = {
  config: {...small, members: [1, 2, 3]},
  run(recording) {
    recording.settle();
    elect(recording, 2);
    ask(recording, 2, [1, 40]);
    fallBehind(recording, [41, 80]);
    ask(recording, 2, [81, 84]);
    // A commit of the backend file takes so long that a defragmentation is asked for, and two snapshots come, before it ends.
    recording.holds = (op) => op.kind === "sync" && op.file === "db";
    ask(recording, 2, [85, 92]);
    recording.input(1, {kind: "request", stream: 0, id: 0, request: {kind: "defragment"}});
    fallBehind(recording, [93, 127]);
    fallBehind(recording, [128, 162]);
    recording.holds = () => false;
    recording.settle();
    elect(recording, 3);
    ask(recording, 3, [163, 172]);
    elect(recording, 1);
    ask(recording, 1, [173, 178]);
    recording.settle();
    twoCandidates(recording, [179, 182]);
    elect(recording, 1);
    recording.cut.add(1);
    ask(recording, 1, [183, 186]);
    elect(recording, 2);
    ask(recording, 2, [187, 192]);
    heal(recording, 2);
    recording.settle();
    newLeaders(recording);
    ask(recording, 2, [193, 200]);
    recording.settle();
  },
};

/** n1 hears nothing while n2 serves so many requests that it needs a snapshot, and then gets it. */
function fallBehind(recording: Recording, requests: readonly [number, number]): void {
  recording.cut.add(1);
  ask(recording, 2, requests);
  heal(recording, 2);
  recording.settle();
}

/** n1 hears first from n3, whose log is too short for its vote, and then from n2, in the same term. */
function twoCandidates(recording: Recording, requests: readonly [number, number]): void {
  recording.cut.add(3);
  ask(recording, 1, requests);
  recording.settle();
  recording.cut.delete(3);
  recording.input(3, {kind: "timeout"});
  recording.input(2, {kind: "timeout"});
  recording.settle();
}

/** n1 hears of each new leader by its first entry: entry and term go into the log in one, now and then over a sector's border. */
function newLeaders(recording: Recording): void {
  recording.loses = ({kind, to}) => kind === "RequestVote" && to === 1;
  for (let i = 0; i < 8; i++) {
    elect(recording, 3);
    elect(recording, 2);
  }
  recording.loses = () => false;
}

/** n1 hears of the leader again. */
function heal(recording: Recording, leader: number): void {
  recording.cut.delete(1);
  recording.input(leader, {kind: "tick"});
}
