// Every event names its cause (law 9): from a client's put to the watcher that saw it, and back.

import {describe, expect, it} from "vitest";
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
