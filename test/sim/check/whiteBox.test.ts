// Claims that look into members: each on states and messages made by hand, as they must be and with one thing wrong. That sound runs keep them is
// seeds.test.ts's, and world/membership.test.ts's where the cluster changes.

import {describe, expect, it} from "vitest";
import {worded} from "../../../core/base/said.ts";
import {bytesOfKey} from "../../../core/base/key.ts";
import {Store} from "../../../core/mvcc/store.ts";
import {confState, emptyConfState} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import type {Message} from "../../../core/raft/message.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {ConfigurationsAgree, quorumsMeet} from "../../../sim/check/configurations.ts";
import {DurableState} from "../../../sim/check/durableState.ts";
import {LongestLog} from "../../../sim/check/longestLog.ts";
import {EqualStates} from "../../../sim/check/memberClaims.ts";
import {MessageInvariants} from "../../../sim/check/messageInvariants.ts";
import {equalHashes, equalRecords, ReplayAgreement} from "../../../sim/check/storeClaims.ts";
import {checkWords} from "../../../sim/check/words.ts";
import type {Change, EventRecord, Payload} from "../../../sim/event.ts";
import type {WorldView} from "../../../sim/view.ts";

/** A cluster of these members; undefined: it is down. */
function cluster(...servers: readonly (object | undefined)[]): WorldView {
  const members = servers.map((server, i) => ({
    id: i + 1,
    incarnation: 1,
    versions: [],
    config: {members: [1, 2, 3], learners: []},
    server,
  }));
  return {members, step: 9, last: undefined} as unknown as WorldView;
}

function event(changes: readonly Change[], payload: object = {kind: "tick", member: 1}): EventRecord {
  return {id: "n#9", step: 9, at: 9, changes, payload: payload as Payload} as unknown as EventRecord;
}

/** By what it says, which has words in both languages. */
function said(found: Violation | "unknown" | undefined): string | undefined {
  if (found === undefined || found === "unknown") return found;
  for (const language of ["en", "zh"] as const)
    expect(worded(checkWords, found.said, language)).not.toMatch(/[{}]|undefined/);
  return found.said.id;
}

function entry(index: number, term: number, type: Entry["type"] = "normal"): Entry {
  return {index, term, type, data: new Uint8Array()};
}

describe("Leader Has The Longest Log", () => {
  const log = (role: string, term: number, ...terms: readonly number[]): object => ({
    raft: {
      id: terms.length,
      role,
      term,
      lastIndex: terms.length,
      termAt: (index: number) => terms[index - 1],
    },
  });
  const grew = (member: number): EventRecord =>
    event([{kind: "log", member, from: 2, to: 2, truncated: false}]);
  const led = event([{kind: "role", member: 1, role: "leader", term: 2}]);
  const leader = log("leader", 2, 1, 2);

  it("holds while nobody has more of a leader's term than it, whatever else they have", () => {
    const checker = new LongestLog();
    const others = [log("follower", 2, 1, 2), log("follower", 1, 1, 1, 1, 1)];
    expect(checker.after(cluster(leader, ...others), led, 1)).toBeUndefined();
    expect(checker.after(cluster(leader, ...others), grew(2), 2)).toBeUndefined();
    expect(checker.after(cluster(leader, undefined, others[1]), grew(3), 3)).toBeUndefined();
    expect(checker.fork().exercised()).toBe(2);
  });

  it("is broken by a log that ends in its term, behind its end", () => {
    const ahead = log("follower", 2, 1, 2, 2);
    const found = new LongestLog().after(cluster(leader, ahead), grew(2), 2);
    expect([said(found), found?.said.args["index"]]).toEqual(["notLongest", 3]);
    expect(said(new LongestLog().after(cluster(leader, ahead), led, 1))).toBe("notLongest");
    // One who leads no more, or another term, need not have it.
    expect(new LongestLog().after(cluster(log("follower", 2, 1), ahead), grew(2), 2)).toBeUndefined();
    expect(new LongestLog().after(cluster(log("leader", 3, 1), ahead), grew(2), 2)).toBeUndefined();
  });
});

describe("Configurations Agree", () => {
  interface Has {
    readonly conf: ConfState;
    readonly applied: number;
    readonly firstIndex?: number;
    /** Indexes of changes of membership in its log. */
    readonly changes?: readonly number[];
  }
  const has = ({conf, applied, firstIndex = 1, changes = [4, 7]}: Has): object => ({
    appliedIndex: applied,
    raft: {
      confState: conf,
      firstIndex,
      entryAt: (index: number) =>
        index < firstIndex ? undefined : entry(index, 1, changes.includes(index) ? "confChangeV2" : "normal"),
    },
  });
  const [old, four, five] = [confState([1, 2, 3]), confState([1, 2, 3, 4]), confState([1, 2, 3, 4, 5])];
  const comes = (checker: Checker, member: number, of: Has): string | undefined => {
    const servers = Array.from({length: member}, (_, i) => (i + 1 === member ? has(of) : undefined));
    const change: Change = {kind: "configuration", member, confState: of.conf};
    return said(checker.after?.(cluster(...servers), event([change]), member));
  };

  it("holds where all come from one to the same next one, by the log, by a snapshot, and by a boot", () => {
    const checker = new ConfigurationsAgree();
    expect(comes(checker, 1, {conf: four, applied: 5})).toBeUndefined();
    expect(comes(checker, 1, {conf: five, applied: 7})).toBeUndefined();
    expect(checker.exercised()).toBe(0);
    expect(comes(checker, 2, {conf: four, applied: 4})).toBeUndefined();
    expect(comes(checker, 2, {conf: five, applied: 9, firstIndex: 9})).toBeUndefined();
    expect(comes(checker, 3, {conf: old, applied: 3})).toBeUndefined();
    expect(checker.fork().exercised()).toBe(3);
    // A snapshot that raft took, and the store has not yet.
    expect(comes(checker, 3, {conf: five, applied: 3, firstIndex: 9})).toBeUndefined();
  });

  it("is broken by another one of the same entries", () => {
    const known = new ConfigurationsAgree();
    comes(known, 1, {conf: four, applied: 5});
    comes(known, 1, {conf: five, applied: 7});
    expect(comes(known.fork(), 2, {conf: old, applied: 4})).toBe("configurationsDiffer");
    expect(comes(known.fork(), 2, {conf: {...four, learners: [6]}, applied: 6})).toBe("configurationsDiffer");
    expect(comes(known.fork(), 2, {conf: four, applied: 9, firstIndex: 9})).toBe("configurationsDiffer");
    expect(comes(known.fork(), 2, {conf: four, applied: 3})).toBe("configurationsDiffer");
  });

  it("is broken by a change after which two quorums need not meet", () => {
    const checker = new ConfigurationsAgree();
    expect(comes(checker, 1, {conf: confState([3, 4, 5]), applied: 4})).toBe("quorumsApart");
    // Over two changes they need not.
    expect(comes(new ConfigurationsAgree(), 1, {conf: confState([3, 4, 5]), applied: 7})).toBeUndefined();
  });

  it("knows which quorums meet", () => {
    const joint = (voters: readonly number[], votersOutgoing: readonly number[]): ConfState => ({
      ...emptyConfState,
      voters,
      votersOutgoing,
    });
    expect(quorumsMeet(old, four)).toBe(true);
    expect(quorumsMeet(confState([1, 2]), confState([1]))).toBe(true);
    expect(quorumsMeet(four, confState([1, 2, 3, 5]))).toBe(true);
    expect(quorumsMeet(confState([1, 2]), confState([3]))).toBe(false);
    expect(quorumsMeet(old, joint([4, 5, 6], [1, 2, 3]))).toBe(true);
    expect(quorumsMeet(joint([4, 5, 6], [1, 2, 3]), confState([4, 5, 6]))).toBe(true);
    expect(quorumsMeet(old, confState([4, 5, 6]))).toBe(false);
  });
});

describe("Message Invariants", () => {
  const head = {from: 1, to: 2, term: 3} as const;
  const append: Message = {
    ...head,
    kind: "AppendEntries",
    prevLogIndex: 4,
    prevLogTerm: 2,
    entries: [entry(5, 2), entry(6, 3)],
    leaderCommit: 5,
  };
  const snapshot = {index: 5, term: 2, confState: confState([1]), data: new Uint8Array()};
  const leader = {raft: {role: "leader", term: 3, commitIndex: 5}};
  const sent = (message: object, sender: object | undefined = leader): string | undefined => {
    const checker = new MessageInvariants();
    const found = checker.after(
      cluster(sender),
      event([], {kind: "message", from: 1, to: 2, message, sent: 1}),
    );
    expect(checker.exercised()).toBe(1);
    return said(found) && String(found?.said.args["claim"]);
  };

  it.each<readonly [string, object]>([
    ["an append", append],
    ["the first append", {...append, prevLogIndex: 0, prevLogTerm: 0, entries: [entry(1, 1)]}],
    ["a request for votes", {...head, kind: "RequestVote", lastLogIndex: 4, lastLogTerm: 2, transfer: false}],
    ["a heartbeat", {...head, kind: "Heartbeat", commit: 5, readPosition: 0}],
    ["a snapshot", {...head, kind: "InstallSnapshot", snapshot}],
    ["an index to read at", {...head, kind: "ReadIndexResponse", index: 5, context: 1}],
    ["a wish", {...head, kind: "TransferLeader", transferee: 2, term: 0}],
  ])("hold of %s", (_, message) => {
    expect(sent(message)).toBeUndefined();
  });

  it.each<readonly [string, object]>([
    ["sendsInItsOwnName", {...append, to: 1}],
    ["sendsInItsOwnName", {...append, to: 0}],
    ["onlyLeadersReplicate", {...append, term: 0}],
    ["onlyLeadersReplicate", {...head, kind: "TimeoutNow", term: 0}],
    ["appendFollowsAnEntry", {...append, prevLogTerm: 0}],
    ["appendFollowsAnEntry", {...append, prevLogIndex: 0}],
    ["appendedEntriesAreOfTheTerm", {...append, entries: [entry(6, 2)]}],
    ["appendedEntriesAreOfTheTerm", {...append, entries: [entry(5, 1)]}],
    ["appendedEntriesAreOfTheTerm", {...append, entries: [entry(5, 4)]}],
    ["toldCommitIsCommitted", {...append, leaderCommit: 6}],
    ["toldCommitIsCommitted", {...head, kind: "Heartbeat", commit: 6, readPosition: 0}],
    ["toldCommitIsCommitted", {...head, kind: "ReadIndexResponse", index: 6, context: 1}],
    ["toldCommitIsCommitted", {...head, kind: "InstallSnapshot", snapshot: {...snapshot, index: 6}}],
    ["sentSnapshotIsCommitted", {...head, kind: "InstallSnapshot", snapshot: {...snapshot, index: 0}}],
    ["sentSnapshotIsCommitted", {...head, kind: "InstallSnapshot", snapshot: {...snapshot, term: 4}}],
    ["answersHaveATerm", {...head, kind: "RequestVoteResponse", voteGranted: true, term: 0}],
    ["answersHaveATerm", {...head, kind: "HeartbeatResponse", readPosition: 0, term: 0}],
    [
      "asksForVotesInANewTerm",
      {...head, kind: "RequestVote", lastLogIndex: 4, lastLogTerm: 3, transfer: false},
    ],
    ["asksForVotesInANewTerm", {...head, kind: "PreVote", lastLogIndex: 4, lastLogTerm: 4}],
  ])("%s", (claim, message) => {
    expect(sent(message)).toBe(claim);
  });

  it("say nothing of what was committed to one who leads no more, nor of members with a planted bug", () => {
    const ahead = {...append, leaderCommit: 6};
    expect(sent(ahead, {raft: {...leader.raft, role: "follower"}})).toBeUndefined();
    expect(sent(ahead, {raft: {...leader.raft, term: 4}})).toBeUndefined();
    const [member] = cluster(leader).members;
    const view = {members: [{...member, versions: ["a-bug"]}]} as unknown as WorldView;
    const payload = {kind: "message", from: 1, to: 2, message: ahead, sent: 1};
    expect(new MessageInvariants().after(view, event([], payload))).toBeUndefined();
  });
});

describe("Durable State", () => {
  const state = (durable: object, more: object = {}, raft: object = {}): object => ({
    durableState: {term: 3, votedFor: 1, commit: 4, ...durable},
    durableIndex: 6,
    committedToBackend: 3,
    appliedIndex: 4,
    raft: {
      role: "follower",
      term: 3,
      votedFor: 1,
      commitIndex: 5,
      unstableFrom: 7,
      unstableSnapshot: undefined,
      ...raft,
    },
    ...more,
  });
  const judged = (server: object, versions: readonly string[] = []): string | undefined => {
    const [member] = cluster(server).members;
    const view = {members: [{...member, versions}]} as unknown as WorldView;
    return said(new DurableState().after(view, event([], {kind: "diskDone", member: 1}), 1));
  };

  it("holds of what is behind, or as it is now", () => {
    expect(judged(state({}))).toBeUndefined();
    expect(judged(state({term: 2, votedFor: 3, commit: 0}))).toBeUndefined();
    expect(judged(state({votedFor: 0}))).toBeUndefined();
    expect(judged(state({}, {}, {role: "leader"}))).toBeUndefined();
    const taken = {unstableFrom: 9, unstableSnapshot: {index: 8}};
    expect(judged(state({}, {}, taken))).toBeUndefined();
  });

  it("is broken by what is ahead, and by a leader whose term may be forgotten", () => {
    expect(judged(state({term: 4}))).toBe("durableBeyond");
    expect(judged(state({votedFor: 2}))).toBe("durableBeyond");
    expect(judged(state({commit: 6}))).toBe("durableBeyond");
    expect(judged(state({}, {durableIndex: 5}))).toBe("durableBeyond");
    expect(judged(state({}, {committedToBackend: 5}))).toBe("durableBeyond");
    expect(judged(state({term: 2}, {}, {role: "leader"}))).toBe("leadsVolatile");
    expect(judged(state({term: 4}), ["a-bug"])).toBeUndefined();
  });

  it("is asked when a disk is done, and when somebody's role changes", () => {
    const checker = new DurableState();
    checker.after(cluster(state({})), event([]), 1);
    expect(checker.exercised()).toBe(0);
    checker.after(cluster(state({})), event([{kind: "role", member: 1, role: "leader", term: 3}]), 1);
    expect(checker.fork().exercised()).toBe(1);
  });
});

/** A store with these values, put one after the other. */
function storeOf(...puts: readonly (readonly [key: string, value: string])[]): Store {
  const store = new Store();
  for (const [key, value] of puts) store.apply({kind: "put", key, value: bytesOfKey(value)});
  return store;
}

describe("Equal Hashes", () => {
  const judged = (...stores: readonly (Store | undefined)[]): string | undefined =>
    said(equalHashes().end?.(cluster(...stores.map((store) => store && {store}))));

  it("hold at a revision that stores share, however far they are", () => {
    expect(judged(storeOf(["a", "1"]), undefined, storeOf(["a", "1"], ["b", "2"]))).toBeUndefined();
  });

  it("are broken by another value, unless compaction makes hashes that cannot be compared", () => {
    expect(judged(storeOf(["a", "1"]), storeOf(["a", "2"], ["b", "2"]))).toBe("hashesDiffer");
    const compacted = storeOf(["a", "2"], ["b", "2"]);
    compacted.compact(2);
    expect(judged(storeOf(["a", "1"]), compacted)).toBeUndefined();
  });
});

describe("Replay Agreement", () => {
  const made = storeOf(["a", "1"], ["b", "2"], ["a", "3"]);
  made.apply({kind: "deleteRange", key: "b"});
  const two = ["c", "d"].map((key) => ({kind: "put", key, value: bytesOfKey("5")}) as const);
  made.apply({kind: "txn", compare: [], success: two, failure: []});
  const revisions = {
    last: 6,
    at: (revision: number) =>
      made.eventsBetween(revision, revision + 1, {from: "\0", to: "\0"})[0]?.events ?? [],
  };
  const viewOf = (store: Store | undefined, incarnation = 1): WorldView => {
    const [member] = cluster(store && {store}).members;
    return {members: [{...member, incarnation}], revisions, step: 9, last: event([])} as unknown as WorldView;
  };
  const atEnd = (store: Store | undefined): string | undefined =>
    said(new ReplayAgreement().end(viewOf(store)));

  it("holds of a store at any of the revisions", () => {
    expect(atEnd(storeOf(["a", "1"], ["b", "2"]))).toBeUndefined();
    expect(atEnd(storeOf(["a", "1"], ["b", "2"], ["a", "3"]))).toBeUndefined();
    expect(atEnd(made)).toBeUndefined();
    expect(atEnd(undefined)).toBeUndefined();
    const checker = new ReplayAgreement();
    checker.end(viewOf(made));
    expect(checker.fork().exercised()).toBe(1);
  });

  it("is broken by a value, a key more and a key less", () => {
    expect(atEnd(storeOf(["a", "1"], ["b", "7"]))).toBe("replayDiffers");
    expect(atEnd(storeOf(["a", "1"], ["c", "2"]))).toBe("replayDiffers");
    expect(atEnd(storeOf(["a", "1"], ["a", "3"]))).toBe("replayDiffers");
    const lacking = storeOf(["a", "1"], ["b", "2"], ["a", "3"]);
    lacking.apply({kind: "deleteRange", key: "b"});
    lacking.apply({kind: "txn", compare: [], success: two.slice(1), failure: []});
    expect(atEnd(lacking)).toBe("replayDiffers");
  });

  it("is asked of a member that comes back", () => {
    const checker = new ReplayAgreement();
    const wrong = storeOf(["a", "1"], ["b", "7"]);
    const boot = event([], {kind: "script"});
    expect(checker.after(viewOf(wrong), boot, 1)).toBeUndefined();
    expect(said(checker.after(viewOf(wrong, 2), boot, 1))).toBe("replayDiffers");
    expect(checker.after(viewOf(wrong, 2), boot, 1)).toBeUndefined();
    expect(checker.after(viewOf(undefined, 3), boot, 1)).toBeUndefined();
  });
});

describe("Equal States", () => {
  it("hold of a member that applies its entries once more, and are broken by what comes out otherwise", () => {
    const applied = event([{kind: "apply", member: 1, from: 7, to: 7}]);
    const lives = (store: Store): string | undefined => {
      const checker = new EqualStates();
      expect(checker.after(cluster({appliedIndex: 7, store: storeOf(["a", "1"])}), applied)).toBeUndefined();
      const [member] = cluster({appliedIndex: 7, store}).members;
      const found = checker.after({members: [{...member, incarnation: 2}]} as unknown as WorldView, applied);
      expect(checker.exercised()).toBe(1);
      return said(found);
    };
    expect(lives(storeOf(["a", "1"]))).toBeUndefined();
    expect(lives(storeOf(["a", "2"]))).toBe("statesDiffer");
  });
});

describe("Equal Records", () => {
  const rest = {
    membership: {conf: confState([1]), members: [], removed: []},
    alarms: [],
    auth: {enabled: false, revision: 1, users: new Map(), roles: new Map()},
  };
  const server = (more: object = {}): object => ({appliedIndex: 7, ...rest, ...more});

  it.each<readonly [string, object]>([
    ["members", {membership: {...rest.membership, removed: [4]}}],
    ["alarms", {alarms: [{member: 1, alarm: "noSpace"}]}],
    ["users", {auth: {...rest.auth, enabled: true}}],
  ])("are broken by other %s", (what, more) => {
    const judge = (...servers: readonly object[]): readonly unknown[] => {
      const found = equalRecords().end?.(cluster(...servers));
      return [said(found), found !== "unknown" && found?.said.args["what"]];
    };
    expect(judge(server(), undefined as never, server())).toEqual([undefined, undefined]);
    expect(judge(server(), server(more))).toEqual(["recordsDiffer", what]);
    // At another entry they may differ.
    expect(judge(server(), {...server(more), appliedIndex: 8})).toEqual([undefined, undefined]);
  });
});
