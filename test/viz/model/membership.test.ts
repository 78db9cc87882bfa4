// What the views say of membership, learners, transfer and snapshots, on moments of real runs.

import {describe, expect, it} from "vitest";
import type {Frame, MemberMark} from "../../../viz/frame.ts";
import {confState} from "../../../core/raft/confState.ts";
import {lackingHalf} from "../../../viz/model/configuration.ts";
import {serverWords} from "../../../core/server/words.ts";
import {engineWords} from "../../../viz/words/engine.ts";
import {worded, type Said} from "../../../core/base/said.ts";
import {ask, Filmed, type Deed} from "../support/filmed.ts";

const raft = {snapshotEvery: 5, snapshotKeep: 2, preVote: true, checkQuorum: true};
const puts: readonly Deed[] = [1, 2, 3, 4, 5].map((i) => [350 + 50 * i, ask(`put k${i} v${i}`)]);

/** A cluster of three with two spares; n4 joins as a learner at 0.8 s and is started at 0.9 s. */
function joining(deeds: readonly Deed[] = []): Filmed {
  return new Filmed({members: 3, spares: 2, clients: 1, raft}, [
    ...puts,
    [800, ask("member add n4 --learner")],
    [900, {kind: "restart", member: "n4"}],
    ...deeds,
  ]);
}

function member({ring}: Frame, name: string): MemberMark {
  const found = ring.members.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const leaderOf = ({ring}: Frame): string => ring.members.find(({role}) => role === "leader")?.name ?? "";

function saidOf(frame: Frame): readonly [string, string] {
  const {now, look} = frame.caption;
  return ["said" in now ? now.said.id : "", "said" in look ? look.said.id : ""];
}

function lane({log}: Frame, name: string): Frame["log"]["lanes"][number] | undefined {
  return log.lanes.find((one) => one.member === name);
}

describe("a server that joins", () => {
  const film = joining();
  const before = film.until("a put was answered", ({ring}) => ring.clients[0]?.last?.outcome === "ok");
  const added = film.untilChange("n4 is a learner", (one) => one.kind === "configuration");
  const sending = film.until("a snapshot is under way", ({ring}) =>
    ring.flights.some(({kind}) => kind === "InstallSnapshot"),
  );
  const taken = film.untilChange("n4 takes it", (one) => one.kind === "snapshot" && one.received);

  it("is a spare until then: no member, never started, without a log to show", () => {
    expect(member(before, "n4")).toMatchObject({status: "crashed", started: false, standing: "outside"});
    expect(before.log.lanes.map((one) => one.member)).toEqual(["n1", "n2", "n3"]);
    expect(before.ring.configuration).toMatchObject({voters: ["n1", "n2", "n3"], learners: []});
  });

  it("is a learner once the leader has applied that, started or not", () => {
    expect(member(added, "n4")).toMatchObject({started: false, standing: "learner"});
    expect(added.ring.configuration).toMatchObject({learners: ["n4"], seenBy: leaderOf(added)});
    expect(saidOf(added)).toEqual(["now.configurationLearners", "look.configurationLearners"]);
    expect(added.events.rows.at(-1)?.interesting).toBe(true);
  });

  it("is started for the first time, not again", () => {
    expect(saidOf(sending)).toEqual(["now.restart.first", "look.restart.first"]);
  });

  it("is sent a snapshot, which is drawn with the index that it goes to", () => {
    const flight = sending.ring.flights.find(({kind}) => kind === "InstallSnapshot");
    expect(flight).toMatchObject({from: leaderOf(sending), to: "n4", snapshot: 7, response: false});
    expect(flight?.line).toMatch(/^MsgSnap Term:1 .*\n\s+Snapshot: Index:7 Term:1/);
    expect(lane(sending, "n4")?.note).toMatchObject({id: "note.snapshot"});
    const follower = member(sending, leaderOf(sending)).followers.find(({name}) => name === "n4");
    expect(follower).toMatchObject({state: "snapshot", learner: true, match: 0});
  });

  it("holds the snapshot in place of the entries before it", () => {
    expect(saidOf(taken)).toEqual(["now.snapshotTaken", "look.snapshotTaken"]);
    expect(taken.events.rows.at(-1)?.interesting).toBe(true);
    expect(lane(taken, "n4")?.note).toBeUndefined();
    expect(lane(taken, "n4")).toMatchObject({firstIndex: 8, lastIndex: 7, entries: [], standing: "learner"});
    expect(member(taken, "n4").configuration.learners).toEqual(["n4"]);
  });

  it("is told apart in the log by what changed the members", () => {
    const changes = lane(taken, leaderOf(taken))?.entries.filter(({membership}) => membership === true);
    expect(changes?.map(({index, text}) => [index, text])).toEqual([[7, "members +n4 (learner)"]]);
  });
});

describe("a majority", () => {
  /** The leader and the learner on one side. */
  function alone(): {readonly film: Filmed; readonly leader: string} {
    const film = joining();
    film.untilChange("n4 holds the snapshot", (one) => one.kind === "snapshot" && one.received);
    return {film, leader: leaderOf(film.frame())};
  }

  it("is counted among those who vote: a learner adds nothing to it", () => {
    const {leader} = alone();
    const others = ["n1", "n2", "n3"].filter((name) => name !== leader);
    const film = joining([
      [1300, {kind: "split", groups: [[leader, "n4"], others]}],
      [1310, ask("put lost 1", leader)],
    ]);
    const split = film.until("the split", ({ring}) => ring.groups.length > 0);
    expect(member(split, leader).majority).toBe(false);
    expect("said" in split.caption.look && split.caption.look.said).toMatchObject({
      id: "look.minority",
      args: {reach: 1, count: 3},
    });
    const held = film.until("the learner has the entry too", (frame) => lane(frame, "n4")?.lastIndex === 9);
    expect(lane(held, leader)?.note).toMatchObject({id: "note.notMajority", args: {members: leader, to: 9}});
  });

  it("that a leader does not hear from ends its leadership, and the caption says why", () => {
    const {leader} = alone();
    const film = joining([
      [1300, {kind: "split", groups: [[leader], ["n1", "n2", "n3"].filter((n) => n !== leader)]}],
    ]);
    film.until("the split", ({ring}) => ring.groups.length > 0);
    const stopped = film.until("it stops", (frame) => member(frame, leader).role !== "leader");
    expect(saidOf(stopped)).toEqual(["now.stepsDown.noQuorum", "look.stepsDown.noQuorum"]);
  });
});

describe("a joint configuration", () => {
  const change: readonly Deed[] = [[1500, ask("member reconfigure v5 r1 r2 --transition=explicit")]];
  const film = joining(change);
  const joint = film.until("two majorities decide", ({ring}) => ring.configuration.outgoing.length > 0);

  it("has two halves, and says of each server where it votes", () => {
    expect(joint.ring.configuration).toMatchObject({voters: ["n3", "n5"], outgoing: ["n1", "n2", "n3"]});
    expect(joint.ring.members.map(({halves}) => halves)).toEqual([
      ["old"],
      ["old"],
      ["old", "new"],
      [],
      ["new"],
    ]);
    expect(saidOf(joint)).toEqual(["now.joint", "look.joint"]);
    expect(member(joint, "n5")).toMatchObject({started: false, standing: "voter"});
  });

  it("lacks a majority when one of the halves does", () => {
    const leader = leaderOf(joint);
    // n5 was never started: of the new half only n3 can be reached.
    expect(leader).toBe("n3");
    expect(member(joint, leader).majority).toBe(false);
    const stuck = joining([...change, [1560, ask("put k 1", "n3")]]).until(
      "an entry on the old half only",
      (frame) => frame.log.lanes.every(({member: name, lastIndex}) => name === "n4" || lastIndex === 10),
    );
    expect(lane(stuck, leader)?.note).toMatchObject({id: "note.notMajorityJoint", args: {voters: "n3 n5"}});
  });

  it("is told by the half that lacks a majority, either of them", () => {
    const conf = {...confState([3, 4, 5]), votersOutgoing: [1, 2, 3]};
    const lacking = (...has: readonly number[]): readonly number[] | undefined =>
      lackingHalf(conf, (voter) => has.includes(voter))?.voters;
    expect(lacking(1, 2, 3)).toEqual([3, 4, 5]);
    expect(lacking(3, 4, 5)).toEqual([1, 2, 3]);
    expect(lacking(2, 3, 4)).toBeUndefined();
  });

  it("asks a candidate for the votes of both halves", () => {
    const more = joining([
      ...change,
      [1600, {kind: "restart", member: "n5"}],
      [2000, {kind: "crash", member: "n3"}],
    ]);
    const halves = ({votes}: MemberMark): number => new Set(votes.map(({half}) => half)).size;
    const asking = more.until("somebody has votes of both", ({ring}) =>
      ring.members.some((one) => one.role === "preCandidate" && halves(one) === 2),
    );
    const candidate = asking.ring.members.find((one) => halves(one) === 2);
    expect(asking.ring.members.some(({majority}) => majority === true)).toBe(false);
    expect(candidate?.votes.every(({half}) => half !== undefined)).toBe(true);
  });
});

describe("leadership handed over", () => {
  const deeds = (leader: string, to: string): readonly Deed[] => [[1500, ask(`move-leader ${to}`, leader)]];
  const film = joining(deeds("n3", "n1"));
  const begun = film.untilChange("it begins", (one) => one.kind === "transfer" && one.to !== 0);
  const told = film.until("it is told", ({ring}) => ring.flights.some(({kind}) => kind === "TimeoutNow"));
  const campaigns = film.until("it campaigns", (frame) => member(frame, "n1").role === "candidate");
  const over = film.until("it leads", (frame) => member(frame, "n1").role === "leader");

  it("is shown at both servers while it lasts", () => {
    expect(begun.ring.transfers).toEqual([{from: "n3", to: "n1"}]);
    expect([member(begun, "n3").hands, member(begun, "n1").hands]).toEqual(["over", "to"]);
    expect(saidOf(begun)).toEqual(["now.transfer", "look.transfer"]);
    expect(begun.events.rows.at(-1)?.interesting).toBe(true);
    expect(told.ring.flights.find(({kind}) => kind === "TimeoutNow")).toMatchObject({from: "n3", to: "n1"});
  });

  it("makes a candidate that says it was told to", () => {
    expect(saidOf(campaigns)[0]).toBe("now.candidate.told");
    expect(over.ring.transfers).toEqual([]);
    expect(over.ring.members.every(({hands}) => hands === undefined)).toBe(true);
  });
});

it("who asks before it campaigns is told apart, and so is why it campaigns then", () => {
  const film = joining();
  const asks = film.until("pre-votes", ({ring}) => ring.members.some(({role}) => role === "preCandidate"));
  expect(saidOf(asks)).toEqual(["now.preCandidate", "look.preVotes"]);
  expect(asks.ring.members.find(({role}) => role === "preCandidate")).toMatchObject({term: 0});
  const campaigns = film.until("votes", ({ring}) => ring.members.some(({role}) => role === "candidate"));
  expect(saidOf(campaigns)[0]).toBe("now.candidate.preVotes");
  const answers = asks.ring.flights.map(({kind}) => kind);
  expect(answers.every((kind) => kind === "PreVote")).toBe(true);
});

it("a leader that is removed stops, and the caption says why", () => {
  const film = new Filmed({members: 3, spares: 0, clients: 1, raft}, [[600, ask("member remove n3")]]);
  film.until("n3 leads", (frame) => leaderOf(frame) === "n3");
  const stopped = film.until("it stops", (frame) => member(frame, "n3").role !== "leader");
  expect(saidOf(stopped)).toEqual(["now.stepsDown.removed", "look.stepsDown.removed"]);
  expect(member(stopped, "n3").standing).toBe("outside");
});

it("every sentence of a run with all of this is in the catalogue, in both languages, without a hole", () => {
  const film = joining([
    [1500, ask("member promote n4", "n3")],
    [2000, ask("member reconfigure v5 r1 r2 --transition=explicit")],
    [2050, {kind: "restart", member: "n5"}],
    [3000, ask("member reconfigure")],
    [3500, ask("member list")],
    [4000, ask("move-leader n4", "n3")],
    [4500, ask("put after 1")],
  ]);
  const seen = new Set<string>();
  // A member says itself why it stops.
  const words = {...engineWords, ...serverWords};
  const check = (said: Said): void => {
    seen.add(said.id);
    expect(words).toHaveProperty([said.id]);
    for (const language of ["en", "zh"] as const) {
      expect(worded(words, said, language), said.id).not.toMatch(/\{\w+\}|undefined/);
    }
  };
  while (film.view.now < 5_000_000) {
    const record = film.take();
    if (record.changes.length === 0 && record.payload.kind !== "report") continue;
    const frame = film.frame();
    const last = frame.events.rows.at(-1);
    if (last !== undefined) check(last.line);
    for (const worded of [frame.caption.now, frame.caption.look]) if ("said" in worded) check(worded.said);
    for (const {note} of frame.log.lanes) if (note !== undefined) check(note);
  }
  for (const id of [
    "event.report.snapshotDone",
    "now.joint",
    "now.configuration",
    "now.snapshotMade",
    "look.members",
  ])
    expect(seen).toContain(id);
});
