// What members promised, broken: first by hand, on bare members, each kind and each way; then by disks that forget in a
// world, where it must be said which promise was broken and which was not. Crashes that sound disks survive break none.

import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {worded} from "../../../core/base/said.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {durableAnswers} from "../../../sim/check/durableAnswers.ts";
import {durableLog} from "../../../sim/check/durableLog.ts";
import {durableTerm} from "../../../sim/check/durableTerm.ts";
import {durableVote} from "../../../sim/check/durableVote.ts";
import {checkWords} from "../../../sim/check/words.ts";
import {Disk} from "../../../sim/disk/disk.ts";
import type {Change, EventRecord, Payload} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import type {WorldView} from "../../../sim/view.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {heal, split, Stage} from "../bug/stage.ts";
import {makeRun, ms, sound} from "../stage.ts";

/** A member as a checker sees it: `log` is the terms of its entries. */
interface Node {
  readonly life?: number;
  readonly term?: number;
  readonly votedFor?: number;
  readonly log?: string;
  readonly firstIndex?: number;
  readonly applied?: number;
  readonly leads?: boolean;
  /** What a leader knows to be durable of its own log. */
  readonly match?: number;
  readonly down?: boolean;
}

/** n1, n2 …; those not named are in their first life, in term 1, with nothing. */
type Nodes = Readonly<Record<number, Node>>;

interface Happening {
  readonly payload?: Payload;
  readonly touched?: number;
  readonly cause?: number;
  readonly changes?: readonly Change[];
}

function memberOf(id: number, node: Node): object {
  const {life = 1, term = 1, votedFor = 0, log = "", firstIndex = 1, applied = 0, leads, match = 0} = node;
  const terms = log.split(" ").flatMap((one) => (one === "" ? [] : [Number(one)]));
  const raft = {
    term,
    votedFor,
    firstIndex,
    lastIndex: terms.length,
    role: leads === true ? "leader" : "follower",
    termAt: (index: number) => (index < firstIndex - 1 ? undefined : index === 0 ? 0 : terms[index - 1]),
    liveProgress: () => (leads === true ? [{member: id, matchIndex: match}] : []),
  };
  const server = node.down === true ? undefined : {raft, config: {id}, appliedIndex: applied};
  return {id, incarnation: life, server};
}

/** Shows a checker events of a cluster of three, one after another, a millisecond apart. */
class Shown {
  readonly checker: Checker;
  private step = 0;

  constructor(checker: Checker) {
    this.checker = checker;
  }

  event(nodes: Nodes, {payload, touched, cause, changes = []}: Happening): Violation | undefined {
    this.step++;
    const {step} = this;
    const members = [1, 2, 3].map((id) => memberOf(id, nodes[id] ?? {}));
    const record = {
      id: `n#${step}`,
      step,
      at: step * ms,
      cause: cause ?? step - 1,
      payload: payload ?? {kind: "wake"},
      changes,
    };
    const view = {members} as unknown as WorldView;
    return this.checker.after?.(view, record as unknown as EventRecord, touched);
  }

  /** A message arrives; sent in step `cause`, by default the one before. */
  arrives(
    nodes: Nodes,
    message: Partial<PeerMessage>,
    cause = this.step,
    changes: readonly Change[] = [],
  ): Violation | undefined {
    const {from = 2, to = 1} = message;
    const payload = {kind: "message", from, to, message, sent: cause * ms} as Payload;
    return this.event(nodes, {payload, touched: to, cause, changes});
  }

  boots(id: number, node: Node, others: Nodes = {}): Violation | undefined {
    return this.event({...others, [id]: {life: 2, ...node}}, {touched: id});
  }
}

function sentence(violation: Violation | undefined): string {
  return worded(checkWords, present(violation, "a violation").said, "en");
}

const granted = (term: number, from = 2, to = 1): Partial<PeerMessage> => ({
  kind: "RequestVoteResponse",
  voteGranted: true,
  term,
  from,
  to,
});
const holds = (index: number, term: number): Partial<PeerMessage> => ({
  kind: "AppendEntriesResponse",
  success: true,
  index,
  term,
  from: 2,
  to: 1,
});

describe("Durable Term", () => {
  it("wants a member that was heard in a term to come back in no lower one", () => {
    const shown = new Shown(durableTerm());
    shown.arrives({}, granted(3));
    shown.arrives({}, {...granted(2)});
    const twin = shown.checker.fork();
    expect(shown.boots(2, {term: 3})).toBeUndefined();
    expect(shown.checker.exercised()).toBe(1);
    const violation = new Shown(twin).boots(2, {term: 2});
    expect(sentence(violation)).toBe("n2 had been heard in term 3, and came back in term 2");
    expect(violation).toMatchObject({check: "Durable Term", evidence: ["n#1", "n#1"]});
  });

  it("takes nothing for a promise that may be said before the term is on the disk, or that was not heard", () => {
    const shown = new Shown(durableTerm());
    shown.arrives({}, {kind: "HeartbeatResponse", term: 3, from: 2, to: 1});
    shown.arrives({}, {kind: "PreVote", term: 4, from: 2, to: 1});
    const lost: Change = {kind: "lost", event: "x#1", from: "n2", to: "n1", why: "loss"};
    shown.arrives({}, granted(3), 0, [lost]);
    expect(shown.boots(2, {term: 1})).toBeUndefined();
    expect(shown.checker.exercised()).toBe(0);
  });

  it("asks a member that refused to start when it starts after all", () => {
    const shown = new Shown(durableTerm());
    shown.arrives({}, granted(3));
    expect(shown.boots(2, {down: true, life: 2})).toBeUndefined();
    expect(shown.boots(2, {term: 0, life: 3})?.evidence).toEqual(["n#1", "n#3"]);
  });
});

describe("Durable Vote", () => {
  const after = (node: Node): Violation | undefined => {
    const shown = new Shown(durableVote());
    shown.arrives({2: {term: 3, votedFor: 1}}, granted(3));
    const found = shown.boots(2, node);
    expect(shown.checker.exercised()).toBe(1);
    return found;
  };

  it("wants a vote remembered for as long as its term lasts", () => {
    expect(after({term: 3, votedFor: 1})).toBeUndefined();
    expect(after({term: 4, votedFor: 3})).toBeUndefined();
    expect(sentence(after({term: 3}))).toBe(
      "n2 had given its vote in term 3 to n1, and came back having voted for nobody",
    );
    expect(sentence(after({term: 3, votedFor: 3}))).toBe(
      "n2 had given its vote in term 3 to n1, and came back having voted for n3",
    );
    expect(sentence(after({term: 0}))).toBe(
      "n2 had given its vote in term 3 to n1, and came back in term 0, with that vote still to give",
    );
  });

  it("takes asking for votes for a vote, and a refusal for none", () => {
    const shown = new Shown(durableVote());
    shown.arrives({}, {kind: "RequestVote", term: 2, from: 2, to: 1});
    shown.arrives({}, {kind: "RequestVoteResponse", voteGranted: false, term: 3, from: 3, to: 1});
    expect(shown.boots(2, {term: 2})?.said.args).toMatchObject({member: "n2", candidate: "n2", term: 2});
    expect(shown.boots(3, {term: 3})).toBeUndefined();
  });

  it("leaves a member to Election Safety that voted twice while it ran", () => {
    const shown = new Shown(durableVote());
    shown.arrives({}, granted(3));
    shown.event({2: {term: 3, votedFor: 3}}, {touched: 2});
    expect(shown.boots(2, {term: 3, votedFor: 3})).toBeUndefined();
  });

  it("judges a vote that arrives after the crash by how its member came back, a copy made by hand too", () => {
    for (const [life, expected] of [
      [{term: 3, votedFor: 1}, undefined],
      [{term: 1}, "voteUndone"],
    ] as const) {
      const shown = new Shown(durableVote());
      shown.event({}, {touched: 2});
      expect(shown.boots(2, life)).toBeUndefined();
      // It has moved on since.
      const now = {2: {life: 2, term: 5}};
      const late = new Shown(shown.checker.fork());
      late.event(now, {});
      late.event(now, {});
      const found = late.arrives(now, granted(3), 1);
      expect(found?.said.id).toBe(expected);
      if (found !== undefined) expect(found.evidence).toEqual(["n#2", "n#3"]);
      const payload = {kind: "message", from: 2, to: 1, message: granted(3), sent: ms} as Payload;
      expect(shown.event(now, {payload, touched: 1, cause: 9})?.said.id).toBe(expected);
      expect(shown.checker.exercised()).toBe(1);
      expect(shown.arrives(now, granted(4))).toBeUndefined();
      expect(shown.checker.exercised()).toBe(1);
    }
  });
});

describe("Durable Log", () => {
  const leader: Node = {term: 2, log: "1 1 2", leads: true, match: 2};
  const cut = (from: number): Change => ({kind: "log", member: 2, from, to: from, truncated: true});

  function acknowledged(index = 3): Shown {
    const shown = new Shown(durableLog());
    shown.arrives({1: leader}, holds(index, 2));
    return shown;
  }

  it("wants what was acknowledged in the log, or behind a snapshot", () => {
    expect(acknowledged().boots(2, {log: "1 1 2"})).toBeUndefined();
    expect(acknowledged().boots(2, {log: "1 1 2 2", firstIndex: 4})).toBeUndefined();
    expect(sentence(acknowledged().boots(2, {log: "1 1"}))).toBe(
      "n2 had acknowledged entry 3 of term 2, and came back without it: its log ends at 2",
    );
    expect(acknowledged().boots(2, {log: "1 1 1 1"})?.said.args).toMatchObject({index: 3, term: 2});
    const shown = acknowledged(3);
    shown.arrives({1: leader}, holds(1, 2));
    expect(shown.boots(2, {log: "1 1"})?.evidence).toEqual(["n#1", "n#3"]);
  });

  it("takes it from the leader of that term alone, who knows which entry it is", () => {
    for (const other of [
      {...leader, leads: false},
      {...leader, term: 3},
    ]) {
      const shown = new Shown(durableLog());
      shown.arrives({1: other}, holds(3, 2));
      expect(shown.boots(2, {})).toBeUndefined();
      expect(shown.checker.exercised()).toBe(0);
    }
  });

  it("ends what a newer leader had replaced, and what stood before that not", () => {
    const before = acknowledged();
    before.event({2: {term: 3, log: "1 3"}}, {touched: 2, changes: [cut(2)]});
    const shown = new Shown(before.checker.fork());
    // What is heard from the time before may be of the part that is gone.
    shown.arrives({1: leader}, holds(3, 2));
    expect(new Shown(shown.checker.fork()).boots(2, {log: "1 3"})).toBeUndefined();
    expect(new Shown(shown.checker.fork()).boots(2, {log: "1 1 2"})).toBeUndefined();
    expect(new Shown(shown.checker.fork()).boots(2, {log: ""})?.said.args).toMatchObject({
      index: 1,
      term: 1,
    });
  });

  it("ends with a snapshot that came in place of a log that was another's", () => {
    const snapshot = (index: number): Change => ({kind: "snapshot", member: 2, index, received: true});
    const shown = acknowledged();
    shown.event({2: {term: 3, log: "1 3", firstIndex: 3}}, {touched: 2, changes: [snapshot(2)]});
    expect(shown.boots(2, {})).toBeUndefined();
    const longer = acknowledged();
    longer.event({2: {term: 3, log: "1 1 3 3", firstIndex: 5}}, {touched: 2, changes: [snapshot(4)]});
    expect(new Shown(longer.checker.fork()).boots(2, {log: "1 1 3 3", firstIndex: 5})).toBeUndefined();
    expect(longer.boots(2, {log: "1 1"})?.said.id).toBe("entryForgotten");
  });

  it("wants what a leader counted of its own when it committed", () => {
    const commit: Change = {kind: "commit", member: 1, from: 1, to: 3};
    const shown = new Shown(durableLog());
    shown.event({1: leader}, {touched: 1, changes: [commit]});
    expect(new Shown(shown.checker.fork()).boots(1, {log: "1 1"})).toBeUndefined();
    expect(sentence(shown.boots(1, {log: "1"}))).toBe(
      "n1, leading, had counted its own copy of entry 2 of term 1 when it committed, and came back without it: its log ends at 1",
    );
    const follower = new Shown(durableLog());
    follower.event({1: {...leader, leads: false}}, {touched: 1, changes: [commit]});
    expect(follower.boots(1, {log: ""})).toBeUndefined();
  });

  it("judges what arrives after the crash by how its member came back, though it has the entry again", () => {
    const late = (log: string): Violation | undefined => {
      const shown = new Shown(durableLog());
      shown.event({1: leader}, {touched: 2});
      expect(shown.boots(2, {log})).toBeUndefined();
      return shown.arrives({1: leader, 2: {life: 2, log: "1 1 2"}}, holds(3, 2), 1);
    };
    expect(late("1 1 2")).toBeUndefined();
    expect(late("1 1")).toMatchObject({said: {id: "entryForgotten"}, evidence: ["n#2", "n#3"]});
  });
});

describe("Durable Answers", () => {
  const revised = (revision: number): Change => ({kind: "revision", member: 1, revision});
  const applied = (from: number, to: number): Change => ({kind: "apply", member: 1, from, to});
  const one = {1: {log: "1 1 1", applied: 2}};
  const all = {1: {log: "1 1 1 1 1", applied: 5}};

  function answered(
    kind = "put",
    together: readonly Change[] = [applied(3, 5), revised(4)],
    revision = 3,
  ): Shown {
    const before = new Shown(durableAnswers());
    before.event(one, {touched: 1, changes: [applied(2, 2), revised(2)]});
    before.event(all, {touched: 1, changes: together});
    const shown = new Shown(before.checker.fork());
    const response = {header: {memberId: 1, revision, raftTerm: 1}, result: {kind}};
    const payload = {kind: "response", client: "c1", from: 1, stream: 1, id: 1, response, sent: 2 * ms};
    shown.event(one, {payload: payload as unknown as Payload});
    return shown;
  }

  it("wants a revision that a client was shown in the log or in the store", () => {
    expect(answered().boots(1, {log: "1 1 1"})).toBeUndefined();
    expect(answered().boots(1, {applied: 3})).toBeUndefined();
    const lost = answered().boots(1, {log: "1 1"});
    expect(sentence(lost)).toBe(
      "n1 had shown c1 revision 3, and came back without entry 3 of term 1, which is part of it",
    );
    expect(lost?.evidence).toEqual(["n#1", "n#2"]);
  });

  it("wants no entry that another member applied together with the one that made the revision", () => {
    // Entries 3 to 5 made one revision: it may have been the first of them.
    const together = [applied(3, 5), revised(3)];
    expect(answered("put", together).boots(1, {log: "1 1 1"})).toBeUndefined();
    expect(answered("put", together).boots(1, {log: "1 1"})).toBeDefined();
    // They made two, so the second is not before entry 4.
    expect(answered("put", undefined, 4).boots(1, {log: "1 1 1"})).toBeDefined();
    // A snapshot does not say which of its entries made which revision.
    expect(answered("put", [revised(4)], 4).boots(1, {log: "1 1"})).toBeUndefined();
    expect(answered("put", [revised(4)], 4).boots(1, {log: "1"})).toBeDefined();
  });

  it("takes nothing from an error", () => {
    const shown = answered("error");
    expect(shown.boots(1, {})).toBeUndefined();
    expect(shown.checker.exercised()).toBe(0);
  });
});

const promises = (): Checker[] => [durableTerm(), durableVote(), durableLog(), durableAnswers()];

/** Three members, an entry of n1's term 1 on all, and one on n1 and n2; or one member alone that answered c1. */
function written(members: number): Stage {
  const stage = new Stage({}, members, sound, promises());
  stage
    .lead(1)
    .until("the first entry is everywhere", () =>
      stage.world.members.every(({server}) => server?.raft.commitIndex === 1),
    );
  if (members > 1) stage.act(split(["n1", "n2", "c1"], ["n3"]));
  stage.act({kind: "client", client: "c1", op: "put x 1", to: "n1"});
  return stage.until("c1 has its answer", () => stage.world.operations[0]?.outcome !== undefined);
}

/** The member is down, and its disk as it is then. */
function diskAtCrash(stage: Stage, id: number): Disk {
  stage.act({kind: "crash", member: `n${id}`});
  return stage.world.member(id).disk.fork();
}

/** It crashes, and comes back: the promises that it is said to have broken. */
function comesBackOn(stage: Stage, id: number, disk: Disk | "its own"): readonly string[] {
  stage.act({kind: "crash", member: `n${id}`});
  if (disk !== "its own") stage.world.member(id).disk = disk;
  stage.act({kind: "restart", member: `n${id}`});
  return stage.violations.map((violation) => sentence(violation));
}

describe("a disk that forgets breaks the promises that it held, and no others", () => {
  it("wiped, under the same member: its term, its vote and its log", () => {
    expect(comesBackOn(written(3), 2, new Disk())).toEqual([
      "n2 had been heard in term 1, and came back in term 0",
      "n2 had given its vote in term 1 to n1, and came back in term 0, with that vote still to give",
      "n2 had acknowledged entry 2 of term 1, and came back without it: its log ends at 0",
    ]);
  });

  it("wiped, of a member alone: what it counted and what it answered", () => {
    expect(comesBackOn(written(1), 1, new Disk())).toEqual([
      "n1, leading, had counted its own copy of entry 2 of term 1 when it committed, and came back without it: its log ends at 0",
      "n1 had shown c1 revision 2, and came back without entry 2 of term 1, which is part of it",
    ]);
  });

  it("an older one put back, or syncs that lied since: the entry that came later, while term and vote stand", () => {
    const stage = written(3);
    const old = diskAtCrash(stage, 2);
    stage.act({kind: "restart", member: "n2"}, {kind: "client", client: "c1", op: "put x 2", to: "n1"});
    stage.until("c1 has its second answer", () => stage.world.operations[1]?.outcome !== undefined);
    expect(comesBackOn(stage, 2, old)).toEqual([
      "n2 had acknowledged entry 3 of term 1, and came back without it: its log ends at 2",
    ]);
    const [made, broken] = present(stage.violations[0], "a violation").evidence;
    expect(made).toMatch(/^n2→n1#/);
    expect(broken).toBe(stage.world.last?.id);
  });

  it("an older one put back: the vote alone, when the term was on it already", () => {
    const stage = written(3);
    // n3 lacks entry 2: n2 refuses it, in term 2, and has its vote still to give.
    stage.act({kind: "crash", member: "n1"}, heal, {kind: "timeout", member: "n3"});
    stage.until("n3 has n2's answer", () => stage.raft(3).votes().length === 2);
    const old = diskAtCrash(stage, 2);
    stage.act(
      {kind: "crash", member: "n3"},
      {kind: "restart", member: "n2"},
      {kind: "restart", member: "n1"},
    );
    stage.lead(1);
    expect(stage.raft(1).term).toBe(2);
    expect(comesBackOn(stage, 2, old)).toEqual([
      "n2 had given its vote in term 2 to n1, and came back having voted for nobody",
    ]);
  });

  it("its own: none, though each kind was at stake", () => {
    const stage = written(3);
    expect(comesBackOn(stage, 2, "its own")).toEqual([]);
    expect(stage.checks.map((check) => check.exercised())).toEqual([1, 1, 1, 0]);
  });
});

describe("crashes that a sound disk survives", () => {
  const exercised: string[] = [];

  it.each(Array.from({length: 24}, (_, seed) => seed))("break no promise with seed crashes %i", (seed) => {
    const name = `crashes ${seed}`;
    const members = [1, 3, 5][seed % 3] ?? 3;
    const until = 2500 * ms;
    const pausePoints = seed % 2 === 0 ? (["raftBeforeSave"] as const) : [];
    const run = makeRun({
      seed: name,
      members,
      clients: 2,
      network: {reorder: seed % 4 < 2},
      pausePoints,
      until: 4000,
    });
    const script = faultPlan(name, run.config, {
      until,
      kinds: members === 1 ? ["crash"] : ["crash", "split", "timeout"],
    });
    const director = new Mix({seed: name, until, operationsMax: 40});
    const {checks} = execute({...run, script}, {versions: sound, director, checkers: promises()});
    expect(checks.map(({verdict}) => verdict)).toEqual(["pass", "pass", "pass", "pass"]);
    exercised.push(...checks.filter((check) => check.exercised > 0).map((check) => check.name));
  });

  it("and each kind was at stake", () => {
    expect([...new Set(exercised)].sort()).toEqual([
      "Durable Answers",
      "Durable Log",
      "Durable Term",
      "Durable Vote",
    ]);
  });
});
