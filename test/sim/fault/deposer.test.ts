// Leaders cut off at the moments that hurt: when those are, and that a sound cluster survives it, and one that commits entries of
// older terms does not.

import {expect, it} from "vitest";
import type {Change, EventRecord, Payload} from "../../../sim/event.ts";
import {Deposer} from "../../../sim/fault/deposer.ts";
import type {WorldView} from "../../../sim/view.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {execute} from "../../../sim/execute.ts";
import {trialOf} from "../../../sim/explore/trial.ts";
import type {TrialOptions} from "../../../sim/explore/trial.ts";

/** What broke first, and who was cut off, as a leader and as something else. */
function played(
  seed: number,
  options: TrialOptions,
): {check: string | undefined; leaders: number; others: number} {
  const {run, director, schedule, checkers} = trialOf(seed, {schedule: "time", deposed: true, ...options});
  let [leaders, others] = [0, 0];
  const {violation} = execute(run, {
    versions: versionOf,
    director,
    schedule,
    checkers: checkers(),
    endsBrokenFrom: 1,
    onEvent: ({payload}, {members}) => {
      if (payload.kind !== "script" || payload.action.kind !== "split") return;
      const alone = payload.action.groups[0]?.[0];
      const role = members.find(({id}) => `n${id}` === alone)?.server?.raft.role;
      if (role === "leader") leaders++;
      else others++;
    },
  });
  return {check: violation?.check, leaders, others};
}

/** An append of one entry, or of none, as it arrives. */
function append(from: number, entries: number): Payload {
  const entry = {index: 1, term: 1, type: "normal", data: new Uint8Array(0)} as const;
  const header = {from, to: 3, term: 1, prevLogIndex: 0, prevLogTerm: 0, leaderCommit: 0};
  const message = {
    kind: "AppendEntries",
    ...header,
    entries: Array.from({length: entries}, () => entry),
  } as const;
  return {kind: "message", from, to: 3, message, sent: 0};
}

const lost: Change = {kind: "lost", event: "n2→n3#1", from: "n2", to: "n3", why: "loss"};
const commit = (member: number): Change => ({kind: "commit", member, from: 1, to: 1});
const tick: Payload = {kind: "tick", member: 1};

/** What happens after n2 was elected, in order. */
const story: readonly (readonly [string, Payload, Change[]])[] = [
  ["n2 leads", tick, [{kind: "role", member: 2, role: "leader", term: 1}]],
  ["a clock ticks", tick, []],
  ["n1 sends an entry", append(1, 1), []],
  ["n2 sends no entry", append(2, 0), []],
  ["n2 sends an entry that is lost", append(2, 1), [lost]],
  ["n2 sends an entry", append(2, 1), []],
  ["n1 knows of the commit", tick, [commit(1)]],
  ["n2 commits", tick, [commit(2)]],
];

it("a leader is cut off when it is elected, when its first entry has come to one other member, or when it commits", () => {
  const members = [1, 2, 3].map((id) => ({id}));
  const moments = Array.from({length: 40}, (_, seed) => {
    const deposer = new Deposer({seed: `${seed}`, until: 1000, electionTimeout: 100});
    return story
      .flatMap(([what, payload, changes], now) => {
        const cues = deposer.after(
          {now, members} as unknown as WorldView,
          {payload, changes} as unknown as EventRecord,
        );
        for (const cue of cues) expect(cue.do).toEqual({kind: "split", groups: [["n2"], ["n1", "n3"]]});
        return cues.map(() => what);
      })
      .join();
  });
  expect([...new Set(moments)].sort()).toEqual(["n2 commits", "n2 leads", "n2 sends an entry"]);
});

it("a sound cluster of which every leader is cut off breaks nothing, and recovers", () => {
  const {check, leaders, others} = played(5, {});
  expect(check).toBeUndefined();
  expect(leaders).toBeGreaterThan(3);
  expect(others).toBe(0);
});

it("reaches Figure 8 of Raft's paper: entries of older terms must not be committed by counting", () => {
  expect(played(5, {bugs: ["commit-older-term"]}).check).toBe("Leader Completeness");
});
