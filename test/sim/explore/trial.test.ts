// What a seed of a sweep means: always the same, of everything something, and checked to the end.

import {describe, expect, it} from "vitest";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Executed} from "../../../sim/execute.ts";
import {execute} from "../../../sim/execute.ts";
import {trialOf} from "../../../sim/explore/trial.ts";
import type {Trial, TrialOptions} from "../../../sim/explore/trial.ts";
import type {Run} from "../../../sim/run.ts";

function play({run, director, schedule, checkers}: Trial, script = run.script): Executed {
  return execute({...run, script}, {versions: versionOf, director, schedule, checkers: checkers()});
}

/** Without what has no plain data. */
function dataOf(seed: number, options?: TrialOptions): Pick<Trial, "run" | "schedule"> {
  const {run, schedule} = trialOf(seed, options);
  return {run, schedule};
}

describe("a trial", () => {
  it("is the same for the same seed, and runs the same", () => {
    expect(dataOf(3)).toEqual(dataOf(3));
    expect(play(trialOf(3)).traceHash).toBe(play(trialOf(3)).traceHash);
  });

  it("changes in what an option says, and in nothing else", () => {
    const {run, schedule} = dataOf(5);
    const buggy = dataOf(5, {bugs: ["vote-twice"], buggy: "n2"});
    expect(buggy).toEqual({run: {...run, versions: {n2: ["vote-twice"]}}, schedule});
    expect(dataOf(5, {schedule: "fair"}).run).toEqual(run);
    const five = dataOf(5, {members: 5}).run;
    expect(five.config).toEqual({...run.config, members: 5, learners: 0});
  });

  it("draws everything there is over some seeds", () => {
    const seen = new Map<string, Set<unknown>>();
    const note = (what: string, value: unknown): void => {
      seen.set(what, (seen.get(what) ?? new Set()).add(value));
    };
    for (let seed = 0; seed < 150; seed++) {
      const {run, schedule} = trialOf(seed);
      const {config, script} = run;
      note("schedule", schedule.kind);
      note("members", config.members);
      note("learners", config.learners);
      note("profile", config.profile);
      note("preVote", config.raft.preVote);
      note("reorder", config.network.reorder);
      note("clientTimeout", config.client.requestTimeout / config.clock.tick);
      for (const point of config.pausePoints) note("point", point);
      for (const {do: action} of script) note("action", action.kind);
    }
    const counts = Object.fromEntries([...seen].map(([what, values]) => [what, values.size]));
    expect(counts).toMatchObject({
      schedule: 4,
      members: 2,
      learners: 2,
      profile: 3,
      preVote: 2,
      reorder: 2,
      clientTimeout: 3,
    });
    expect(counts["point"]).toBeGreaterThan(35);
    expect(counts["action"]).toBeGreaterThan(13);
  });

  it("that is short lasts 55 to 60 simulated seconds and asks some hundred things of three members", () => {
    const done = play(trialOf(2, {short: true}));
    expect(done.verdict).toBe("pass");
    expect(done.run.config.members).toBe(3);
    expect(done.at).toBeGreaterThan(55_000_000);
    expect(done.at).toBeLessThan(60_000_000);
    expect(done.operations.length).toBeGreaterThan(100);
  });

  it("holds, recovers, and is on record so that it runs again without director and schedule", () => {
    for (const seed of [2, 3, 6, 25]) {
      const done = play(trialOf(seed));
      expect([seed, done.verdict, done.end]).toEqual([seed, "pass", "done"]);
      expect(execute(done.run, {versions: versionOf}).traceHash).toBe(done.traceHash);
    }
  }, 60_000);
});

describe("Convergence", () => {
  const isLate = (run: Run, at: number): boolean => at > run.limits.until / 2;

  it("fails a run in which nothing is made whole again", () => {
    const trial = trialOf(0);
    const {run} = trial;
    const script = run.script
      .filter(({do: one, when}) => {
        const undoes = one.kind === "heal" || (one.kind === "restart" && one.member === "n2");
        return !(undoes && isLate(run, when.at));
      })
      .concat({
        id: 1_000,
        when: {at: Math.floor(run.limits.until / 2)},
        do: {kind: "crash", member: "n2"},
        origin: "plan",
      });
    expect(play(trial, script).violation).toMatchObject({
      check: "Convergence",
      said: {id: "soundIsDown", args: {member: "n2"}},
    });
  });

  it("fails a run in which one member never answers again", () => {
    const trial = trialOf(0);
    const {run} = trial;
    const cut = {kind: "split", groups: [["n2"], ["n1", "n3"]]} as const;
    const script = [
      ...run.script,
      {id: 1_000, when: {at: Math.floor((run.limits.until * 3) / 4)}, do: cut, origin: "plan"} as const,
    ].map((one) => (one.do.kind === "heal" && one.id > 900 ? {...one, do: {kind: "mark"} as const} : one));
    expect(play({...trial, director: undefined}, script).violation?.check).toBe("Convergence");
  });
});

it("some trials besiege their leaders, and some read from every member", () => {
  const seen = {besieged: 0, beside: 0};
  for (let seed = 0; seed < 6; seed++) {
    const trial = trialOf(seed, {schedule: "time"});
    const planned = new Set(trial.run.script.map((one) => one.do));
    const {run} = play({...trial, checkers: () => []});
    const added = run.script.filter((one) => one.do.kind !== "client" && !planned.has(one.do));
    const pinned = run.script.flatMap(({do: action}) =>
      action.kind === "client" && action.op.startsWith("get") ? [action.to] : [],
    );
    if (added.length > 0) seen.besieged++;
    if (new Set(pinned.filter((to) => to !== undefined)).size > 1) seen.beside++;
  }
  for (const count of Object.values(seen)) {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(6);
  }
});

it("a bug in the rules is found within some trials", () => {
  let found = "";
  for (let seed = 32; seed < 36 && found === ""; seed++)
    found = play(trialOf(seed, {bugs: ["vote-twice"]})).violation?.check ?? "";
  expect(found).toBe("Election Safety");
});
