// Whoever leads is besieged now and then: it is the leader each time, and well again afterwards; a sound cluster breaks nothing by it,
// and one that trusts its leaders answers with what was overwritten.

import {describe, expect, it} from "vitest";
import {versionOf} from "../../../sim/bug/museum.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {trueRate} from "../../../sim/clock.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {UntilAlike} from "../../../sim/explore/untilAlike.ts";
import {Besieger} from "../../../sim/fault/besieger.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {makeRun, ms} from "../stage.ts";

const electionTimeout = 150 * ms;
const until = 40 * electionTimeout;

interface Besieged extends Executed {
  /** What was done, and whether it was done to a leader, or undone. */
  readonly did: readonly (readonly [what: string, toLeader: boolean])[];
}

function besieged(seed: string, bugs: readonly string[] = []): Besieged {
  const beside = ["n1", "n2", "n3"];
  const run = makeRun({seed, members: 3, clients: 3, until: 9000, client: {requestTimeout: electionTimeout}});
  const versions = Object.fromEntries(beside.map((name) => [name, bugs]));
  const mix = new Mix({seed, until, think: 50 * ms, operationsMax: 150, beside});
  const director = new UntilAlike([mix, new Besieger({seed, until, electionTimeout})], until);
  const did: (readonly [string, boolean])[] = [];
  let leads = new Set<string>();
  const done = execute(
    {...run, versions},
    {
      versions: versionOf,
      director,
      checkers: standardChecks(),
      onEvent: ({payload}, {members}) => {
        if (payload.kind === "script" && payload.action.kind !== "client") {
          const {action} = payload;
          const who =
            action.kind === "split"
              ? action.groups[0]?.[0]
              : action.kind === "clock"
                ? action.who
                : action.kind === "pause"
                  ? action.member
                  : undefined;
          did.push([action.kind, who !== undefined && leads.has(who)]);
        }
        leads = new Set(members.filter(({server}) => server?.raft.role === "leader").map(({id}) => `n${id}`));
      },
    },
  );
  return {...done, did};
}

describe("a besieged cluster", () => {
  const all = ["a", "b", "c", "d"].map((seed) => besieged(seed));

  it("has its leader cut off, cut off with a slow clock, or paused, and nobody else", () => {
    const did = all.flatMap(({did}) => did);
    const count = (what: string): number => did.filter(([kind]) => kind === what).length;
    for (const [kind, toLeader] of did)
      if (kind === "split" || kind === "pause") expect([kind, toLeader]).toEqual([kind, true]);
    expect(count("split")).toBeGreaterThan(10);
    expect(count("pause")).toBeGreaterThan(2);
    expect(count("heal")).toBe(count("split"));
    expect(count("resume")).toBe(count("pause"));
    expect(count("clock")).toBeGreaterThan(4);
    expect(count("clock")).toBeLessThan(2 * count("split"));
  });

  it("is whole at the end, and has broken nothing", () => {
    for (const {view, violation} of all) {
      expect(violation).toBeUndefined();
      for (const {status, clock} of view.members) expect([status, clock.rate]).toEqual(["up", trueRate]);
    }
  });

  it("whose leaders answer reads unasked is found out", () => {
    const checks = ["a", "b", "c", "d"].map((seed) => besieged(seed, ["read-unconfirmed"]).violation?.check);
    expect(checks).toContain("Linearizability");
  });
});
