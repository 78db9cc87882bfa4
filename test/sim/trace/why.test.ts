// Every event names its cause (law 9): from a client's put to the watcher that saw it, and back.

import {describe, expect, it} from "vitest";
import type {Action} from "../../../sim/action.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {why} from "../../../sim/trace/why.ts";
import {act, makeWorld, put, until, untilLeader} from "../stage.ts";

/** A put to a follower, seen by a watcher on another follower. */
function story(): {records: readonly EventRecord[]; leader: number; asked: number; watching: number} {
  const world = makeWorld({clients: 2});
  const records: EventRecord[] = [];
  const keep = (more: readonly EventRecord[]): void => void records.push(...more);
  keep(
    until(world, "a leader that knows it leads", () =>
      world.members.some(({server}) => server?.raft.role === "leader" && server.raft.commitIndex > 0),
    ),
  );
  const leader = untilLeader(world);
  const [asked, watching] = [(leader % 3) + 1, ((leader + 1) % 3) + 1];
  keep([act(world, {kind: "client", client: "c2", op: "watch x", to: `n${watching}`})]);
  keep(until(world, "the watch", () => (world.operations[0]?.watched.length ?? 0) > 0));
  keep([act(world, put("c1", "x", "1", `n${asked}`))]);
  keep(until(world, "the watch's event", () => world.operations[0]?.watched.length === 2));
  keep(until(world, "the answer", () => world.operations[1]?.outcome !== undefined));
  return {records, leader, asked, watching};
}

function kinds(records: readonly EventRecord[]): readonly string[] {
  return records.map(({payload}) => (payload.kind === "message" ? payload.message.kind : payload.kind));
}

const isPut = ({payload}: EventRecord): boolean =>
  payload.kind === "script" && payload.action.kind === "client" && payload.action.op === "put x 1";
const sees = ({changes}: EventRecord): boolean =>
  changes.some(
    (change) =>
      change.kind === "watched" &&
      change.response.result.kind === "watch" &&
      change.response.result.events.length > 0,
  );

const isLeadersCommit = (record: EventRecord | undefined): boolean =>
  record?.payload.kind === "message" &&
  record.payload.message.kind === "AppendEntriesResponse" &&
  record.changes.some(({kind}) => kind === "commit");

const isAsked =
  (op: string) =>
  ({payload}: EventRecord): boolean =>
    payload.kind === "script" && payload.action.kind === "client" && payload.action.op === op;

/** n4 joins as a learner, is caught up by a snapshot, promoted, and handed the leadership. */
function joined(): {readonly records: readonly EventRecord[]; readonly leader: number} {
  const world = makeWorld({spares: 1, clients: 1, raft: {snapshotEvery: 3, snapshotKeep: 0}});
  const records: EventRecord[] = [...until(world, "a leader", () => isLeadersCommit(world.last))];
  const leader = untilLeader(world);
  const ask = (op: string): void => {
    const place = world.operations.length;
    records.push(act(world, {kind: "client", client: "c1", op, to: `n${leader}`}));
    records.push(...until(world, op, () => world.operations[place]?.outcome !== undefined));
  };
  for (const op of ["put x 1", "put x 2", "put x 3", "member add n4 --learner"]) ask(op);
  records.push(act(world, {kind: "restart", member: "n4"}));
  const isReady = (): boolean => {
    const {raft, membership} = world.members[leader - 1]?.server ?? {};
    const hasStarted = membership?.members.some(({member, name}) => member === 4 && name !== "");
    return (
      hasStarted === true &&
      raft?.progress().some(({member, matchIndex}) => member === 4 && matchIndex === raft.lastIndex) === true
    );
  };
  records.push(...until(world, "n4 to catch up", isReady));
  for (const op of ["member promote n4", "move-leader n4"]) ask(op);
  return {records, leader};
}

describe("why", () => {
  it("walks from the watcher that saw a put back to the put", () => {
    const {records, leader, asked} = story();
    const seen = records.find(sees);
    const {of, causes} = why(records, `event:${seen?.id}`);
    expect(of).toEqual([seen]);
    const put = causes.findIndex(isPut);
    expect(put).toBeGreaterThanOrEqual(0);
    const path = kinds(causes.slice(put));
    expect(path.slice(0, 3)).toEqual(["script", "request", "Propose"]);
    for (const kind of ["AppendEntries", "diskDone", "AppendEntriesResponse", "turn"])
      expect(path).toContain(kind);
    expect(causes.some(({payload}) => payload.kind === "request" && payload.to === asked)).toBe(true);
    expect(
      causes.some(
        ({payload, changes}) =>
          payload.kind === "message" && payload.to === leader && changes.some(({kind}) => kind === "log"),
      ),
    ).toBe(true);
  });

  it("walks from the put on to the watcher and to the client's answer", () => {
    const {records} = story();
    const put = records.find(isPut);
    const {effects} = why(records, `event:${put?.id}`);
    expect(effects.some(sees)).toBe(true);
    expect(
      effects.some(({changes}) =>
        changes.some((change) => change.kind === "settled" && change.client === "c1"),
      ),
    ).toBe(true);
  });

  it("names the acknowledgements of a commit's quorum, and the leader's own sync", () => {
    const world = makeWorld({members: 5});
    const records = [...until(world, "a leader's first commit", () => isLeadersCommit(world.last))];
    const commit = records.at(-1);
    const leader = commit?.payload.kind === "message" ? commit.payload.to : 0;
    const {of, causes} = why(records, `event:${commit?.id}`);
    const counted = [...of, ...causes];
    const voters = counted.flatMap(({payload}) =>
      payload.kind === "message" && payload.message.kind === "AppendEntriesResponse" ? [payload.from] : [],
    );
    expect(new Set(voters).size).toBe(2);
    expect(counted.some(({payload}) => payload.kind === "diskDone" && payload.member === leader)).toBe(true);
  });

  it("walks from a watch of the past to the write that it tells of", () => {
    const world = makeWorld();
    const records: EventRecord[] = [...until(world, "a leader", () => isLeadersCommit(world.last))];
    const go = (what: string, holds: () => boolean): void => void records.push(...until(world, what, holds));
    records.push(act(world, put("c1", "x", "1", "n1")));
    go("the answer", () => world.operations[0]?.outcome !== undefined);
    records.push(act(world, {kind: "client", client: "c2", op: "watch x --rev 2", to: "n1"}));
    go("the watch's event", () => world.last !== undefined && sees(world.last));
    const {causes} = why(records, `event:${world.last?.id}`);
    expect(causes.some(isPut)).toBe(true);
  });

  it("finds what made an entry, a revision, an operation and a watch", () => {
    const {records, leader} = story();
    const changed = (ref: string, kind: string): boolean => {
      const {of} = why(records, ref, (as) => (as === "mine" ? {client: "c1", call: 1} : undefined));
      return of.length > 0 && of.every(({changes}) => changes.some((change) => change.kind === kind));
    };
    expect(changed(`entry:n${leader}/2`, "log")).toBe(true);
    expect(changed("rev:2.0", "revision")).toBe(true);
    expect(kinds(why(records, "op:c1#1").of)).toEqual(["script", "response"]);
    expect(why(records, "op:#mine", () => ({client: "c1", call: 1})).of).toEqual(why(records, "op:c1#1").of);
    expect(why(records, "watch:c2#1").of.filter(sees).length).toBe(1);
  });

  it("walks from a server that joined back to the snapshot, and to the request that added it", () => {
    const {records, leader} = joined();
    const isInstall = ({payload}: EventRecord): boolean =>
      payload.kind === "message" && payload.message.kind === "InstallSnapshot";
    const install = records.find(isInstall);
    const {causes} = why(records, `event:${install?.id}`);
    expect(causes.some(isAsked("member add n4 --learner"))).toBe(true);
    // The commit of the last entry that the snapshot stands for, on its sender.
    const index =
      install?.changes.flatMap((change) => (change.kind === "snapshot" ? [change.index] : []))[0] ?? 0;
    const commits = causes.filter(({changes}) =>
      changes.some(
        (change) =>
          change.kind === "commit" && change.member === leader && change.from <= index && index <= change.to,
      ),
    );
    expect(commits).toHaveLength(1);
    // Its store came with the snapshot, once that was durable.
    const store = records.find(({changes}) =>
      changes.some((change) => change.kind === "revision" && change.member === 4),
    );
    expect(store?.payload.kind).toBe("diskDone");
    expect(why(records, `event:${store?.id}`).causes).toContain(install);
    expect(why(records, "entry:n4/1").of).toEqual([install]);
  });

  it("walks from a change of membership back to the commit of its entry", () => {
    const {records, leader} = joined();
    const promoted = records.find(({changes}) =>
      changes.some(
        (change) =>
          change.kind === "configuration" && change.member === leader && change.confState.voters.includes(4),
      ),
    );
    const {causes} = why(records, `event:${promoted?.id}`);
    expect(causes.some(isAsked("member promote n4"))).toBe(true);
    const commit = causes.findLast(({changes}) =>
      changes.some((change) => change.kind === "commit" && change.member === leader),
    );
    expect(commit?.step).toBeGreaterThan(records.find(isAsked("member promote n4"))?.step ?? 0);
  });

  it("counts no learner among those that made a commit", () => {
    const acknowledged = (found: readonly EventRecord[]): boolean =>
      found.some(
        ({payload}) =>
          payload.kind === "message" &&
          payload.from === 4 &&
          payload.message.kind === "AppendEntriesResponse",
      );
    let wouldCount = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const world = makeWorld({seed: `${seed}`, learners: 1});
      const records = [...until(world, "a leader", () => isLeadersCommit(world.last))];
      records.push(act(world, put("c1", "x", "1", `n${untilLeader(world)}`)));
      records.push(
        ...until(world, "the commit", () => world.step > records.length && isLeadersCommit(world.last)),
      );
      const ref = `event:${world.last?.id}`;
      expect(acknowledged(why(records, ref, undefined, [4]).causes)).toBe(false);
      if (acknowledged(why(records, ref).causes)) wouldCount++;
    }
    expect(wouldCount).toBeGreaterThan(0);
  });

  it("walks from who leads now back to the request to hand over", () => {
    const {records} = joined();
    const leads = records.findLast(({changes}) =>
      changes.some((change) => change.kind === "role" && change.member === 4 && change.role === "leader"),
    );
    const {causes} = why(records, `event:${leads?.id}`);
    expect(causes.some(({changes}) => changes.some(({kind}) => kind === "transfer"))).toBe(true);
    expect(causes.some(isAsked("move-leader n4"))).toBe(true);
  });

  it("answers nothing for what is not on record", () => {
    const {records} = story();
    for (const ref of [
      "event:n1→n2#9999",
      "entry:n1/99",
      "rev:99.0",
      "op:c1#9",
      "op:#unknown",
      "nonsense:1",
    ]) {
      expect(why(records, ref).of, ref).toEqual([]);
    }
  });
});

describe("why of a crash that waited for its moment", () => {
  const armed = (
    action: Action,
  ): readonly [world: ReturnType<typeof makeWorld>, arming: EventRecord, records: EventRecord[]] => {
    const world = makeWorld({clients: 1, pausePoints: ["beforeApplyOneEntryNormal"]});
    const records: EventRecord[] = [...until(world, "a leader", () => isLeadersCommit(world.last))];
    const arming = act(world, action);
    records.push(arming, act(world, put("c1", "x", "1")));
    return [world, arming, records];
  };
  const isDown = (world: ReturnType<typeof makeWorld>): boolean => world.members[1]?.status === "crashed";

  it.each<Action>([
    {kind: "crashAt", member: "n2", point: "beforeApplyOneEntryNormal", nth: 1},
    {kind: "crashAtDisk", member: "n2", nth: 2, when: "before"},
    {kind: "crashAtDisk", member: "n2", nth: 1, when: "after", what: "sync"},
  ])("leads to its arming: %j", (action) => {
    const [world, arming, records] = armed(action);
    records.push(...until(world, "the crash", () => isDown(world)));
    const found = why(records, "n2");
    expect(found.of.map(({id}) => id)).toEqual([records.at(-1)?.id]);
    expect(found.of[0]?.payload.kind).not.toBe("script");
    expect(found.causes.map(({id}) => id)).toContain(arming.id);
    expect(why(records, `event:${arming.id}`).effects.map(({id}) => id)).toContain(records.at(-1)?.id);
  });

  it("is a hand where a hand came first, which disarms it; one armed while it is down waits for its next life", () => {
    const [world, arming, records] = armed({kind: "crashAtDisk", member: "n2", nth: 9, when: "before"});
    const crash = act(world, {kind: "crash", member: "n2"});
    const again = act(world, {kind: "crashAtDisk", member: "n2", nth: 1, when: "before"});
    records.push(crash, again, act(world, {kind: "restart", member: "n2"}));
    expect(why(records.slice(0, -2), "n2").of).toEqual([crash]);
    records.push(...until(world, "the next crash", () => isDown(world)));
    const causes = why(records, "n2").causes.map(({id}) => id);
    expect(causes).toContain(again.id);
    expect(causes).not.toContain(arming.id);
  });
});
