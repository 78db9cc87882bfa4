import {describe, expect, it} from "vitest";
import type {Run, Scenario, Step} from "../../scenarios/format.ts";
import {leaderPartition} from "../../scenarios/leaderPartition.ts";
import {scenarios} from "../../scenarios/index.ts";
import {perform} from "../../scenarios/perform.ts";
import type {Performed} from "../../scenarios/perform.ts";
import {stage} from "../../scenarios/resolve.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import {execute} from "../../sim/execute.ts";
import {Life} from "../../sim/timeline/life.ts";

const text = {en: "so it is", zh: "如此"};

function scenario(run: Partial<Run>): Scenario {
  const whole: Run = {
    seed: "1",
    holds: "this seed",
    until: {not: {leader: "none"}},
    limit: "5s",
    config: {members: 3, clients: 2, profile: "teaching"},
    steps: [],
    expect: [],
    ...run,
  };
  return {format: 1, id: "made-up", group: "example", title: text, teaches: text, run: whole};
}

/** The steps that fired, with their times. */
function fired(done: Performed): readonly (readonly [string | undefined, number])[] {
  return done.run.script.map(({step, when}) => [step, when.at]);
}

function stepsOf(...steps: readonly Step[]): Performed {
  return perform(scenario({steps}));
}

function failed(done: Performed): readonly string[] {
  return done.checks.flatMap(({name, violation}) =>
    violation === undefined ? [] : [`${name}: ${violation.said.id}`],
  );
}

describe("a scenario's steps", () => {
  it("fire in order, each armed by the one before, though a later one could already", () => {
    const done = stepsOf(
      {id: "late", at: "300ms", wait: true},
      {id: "early", at: "1ms", wait: true},
      {wait: true},
    );
    expect(fired(done)).toEqual([
      ["late", 300_000],
      ["early", 300_000],
      ["step3", 300_000],
    ]);
  });

  it("wait for the fact and then for the pause", () => {
    const done = stepsOf(
      {id: "elected", when: {not: {leader: "none"}}, wait: true},
      {id: "later", after: "35ms", wait: true},
    );
    const [elected = 0, later = 0] = fired(done).map(([, at]) => at);
    expect(elected).toBeGreaterThan(100_000);
    expect(later - elected).toBe(35_000);
  });

  it("keep the pause though the fact does not last", () => {
    const done = stepsOf(
      {id: "crash", when: {not: {leader: "none"}}, let: {old: "leader"}, crash: "@old"},
      {id: "gone", when: {leader: "none"}, after: "1s", restart: "@old"},
    );
    expect(failed(done)).toEqual([]);
    const [crash = 0, gone = 0] = fired(done).map(([, at]) => at);
    expect(gone - crash).toBe(1_000_000);
  });

  it("are recorded with their symbols resolved and what they bound", () => {
    const done = perform(leaderPartition, {seed: "3"});
    const recorded = done.run.script;
    expect(JSON.stringify(recorded)).not.toMatch(/"leader"|a follower|others|"@/);
    const names = recorded.find(({step}) => step === "elected")?.let ?? {};
    expect(Object.keys(names)).toEqual(["old", "mate", "other"]);
    expect(new Set(Object.values(names)).size).toBe(3);
    const cut = recorded.find(({step}) => step === "cut")?.do;
    const groups = cut?.kind === "split" ? cut.groups : [];
    expect(groups[0]).toEqual([names["old"], names["mate"], "c1"]);
    expect(groups.flat().toSorted()).toEqual(["c1", "c2", "n1", "n2", "n3", "n4", "n5"]);
  });

  it("draw a follower anew for every seed, the same for the same", () => {
    const mates = Array.from({length: 12}, (_, seed) => {
      const [first] = perform(leaderPartition, {seed: String(seed)}).run.script;
      return `${first?.let?.["old"]} ${first?.let?.["mate"]}`;
    });
    expect(new Set(mates).size).toBeGreaterThan(5);
  });

  it("draw followers among those with a vote: no learner, no server that only waits", () => {
    const config = {members: 3, learners: 2, spares: 2, profile: "teaching"} as const;
    const drawn = new Set<string | undefined>();
    for (let seed = 1; seed <= 8; seed++) {
      const steps: readonly Step[] = [
        {id: "start", restart: "n6"},
        {id: "elected", when: {not: {leader: "none"}}, after: "60ms", let: {a: "a follower"}, wait: true},
      ];
      drawn.add(perform(scenario({config, steps}), {seed: `${seed}`}).run.script.at(-1)?.let?.["a"]);
    }
    expect(drawn).toEqual(new Set(["n1", "n2", "n3"]));
  });

  it("speak of members by name in commands about the cluster, and nowhere else", () => {
    const done = perform(
      scenario({
        config: {members: 3, learners: 1, clients: 1, profile: "teaching"},
        steps: [
          {
            id: "elected",
            when: {not: {leader: "none"}},
            after: "60ms",
            let: {lead: "leader", one: "a follower"},
            wait: true,
          },
          {id: "put", client: "c1", op: "put @one @lead"},
          {id: "move", client: "c1", op: "move-leader @one", as: "move", to: "@lead"},
          {
            id: "change",
            when: {op: "op:#move", is: "done"},
            client: "c1",
            op: "member reconfigure r@lead v4",
            as: "change",
            to: "@one",
          },
        ],
        until: {
          all: [
            {op: "op:#change", is: "done"},
            {member: "@lead", is: "none"},
          ],
        },
      }),
    );
    expect(failed(done)).toEqual([]);
    const {lead, one} = done.run.script[0]?.let ?? {};
    const lines = done.run.script.flatMap(({do: action}) => (action.kind === "client" ? [action.op] : []));
    expect(lines).toEqual([
      "put @one @lead",
      `move-leader ${one}`,
      `member reconfigure r${lead?.slice(1)} v4`,
    ]);
  });

  it("that are refused proposed nothing: the entry is that of the same line asked again", () => {
    const asked = {client: "c1", op: "member promote n4", to: "@lead"} as const;
    const done = perform(
      scenario({
        config: {members: 3, spares: 1, clients: 1, profile: "teaching"},
        steps: [
          {id: "elected", when: {not: {leader: "none"}}, after: "60ms", let: {lead: "leader"}, wait: true},
          {client: "c1", op: "member add n4 --learner", as: "add", to: "@lead"},
          {when: {op: "op:#add", is: "done"}, as: "early", ...asked},
          {when: {op: "op:#early", is: "failed", error: "in sync with leader"}, restart: "n4"},
          {when: {progress: "n4", is: "replicate"}, after: "60ms", as: "again", ...asked},
        ],
        until: {op: "op:#again", is: "done"},
        expect: [
          {id: "again", claim: {entry: "op:#again", in: "a majority"}, says: text},
          {id: "early", claim: {not: {entry: "op:#early", in: "@lead"}}, says: text},
        ],
      }),
    );
    expect(failed(done)).toEqual([]);
  });

  it("draw nobody twice in one step", () => {
    const steps: readonly Step[] = [
      {
        id: "all",
        when: {not: {leader: "none"}},
        after: "60ms",
        let: {a: "a follower", b: "a follower", c: "a follower", d: "a follower"},
        wait: true,
      },
    ];
    for (let seed = 1; seed <= 5; seed++) {
      const config = {members: 5, profile: "teaching"} as const;
      const done = perform(scenario({config, steps}), {seed: String(seed)});
      expect(new Set(Object.values(done.run.script[0]?.let ?? {})).size).toBe(4);
    }
  });

  it("wait while a symbol names nobody", () => {
    const done = stepsOf({id: "crash", crash: "leader"});
    expect(failed(done)).toEqual([]);
    expect(done.run.script[0]?.do).toMatchObject({
      kind: "crash",
      member: expect.stringMatching(/^n\d$/) as string,
    });
  });

  it("act on the nth message that matches", () => {
    const done = stepsOf({
      when: {sent: {kind: "RequestVote"}},
      message: {kind: "RequestVote", nth: 2},
      do: {delay: "7ms"},
    });
    expect(done.run.script[0]?.do).toMatchObject({kind: "message", do: "delay", by: 7_000});
    expect(failed(done)).toEqual([]);
  });

  it("cover every action of the format", () => {
    const done = stepsOf(
      {id: "elected", when: {not: {leader: "none"}}, let: {a: "leader", b: "a follower"}, wait: true},
      {cut: ["@a", "@b"], oneWay: true},
      {heal: ["@a", "@b"]},
      {cut: ["@a", "@b"]},
      {heal: "all"},
      {split: [["@a"], ["others"]]},
      {heal: "all"},
      {pause: "@b"},
      {resume: "@b"},
      {crash: "@b"},
      {restart: "@b"},
      {loss: 1_000},
      {client: "c1", op: "put x 1", as: "x", to: "@a"},
      {timeout: "@b"},
    );
    expect(failed(done)).toEqual([]);
    expect(done.run.script.map((one) => one.do.kind)).toEqual(
      "mark cut heal cut heal split heal pause resume crash restart loss client timeout".split(" "),
    );
  });

  it("that wait for an operation which failed name it, when it failed, and its error", () => {
    const done = perform(
      scenario({
        limit: "1s",
        steps: [
          {id: "elected", when: {not: {leader: "none"}}, let: {lead: "leader"}, wait: true},
          {client: "c1", op: "member remove n3", as: "one", to: "@lead"},
          {when: {op: "op:#one", is: "done"}, client: "c1", op: "member remove n3", as: "again", to: "@lead"},
          {id: "after", when: {all: [{op: "op:#again", is: "done"}]}, wait: true},
        ],
      }),
    );
    expect(failed(done)).toEqual(["scenario completed: stepWaitsInVain"]);
    expect(done.violation?.said.args).toMatchObject({
      step: "after",
      operation: "op:#again",
      error: "etcdserver: member not found",
    });
  });

  it("that never fire fail the run, and are named", () => {
    const done = perform(
      scenario({limit: "1s", steps: [{id: "never", when: {leader: "n1", term: 99}, heal: "all"}]}),
    );
    expect(failed(done)).toEqual(["scenario completed: stepUnfired"]);
    expect(done.violation?.said.args).toEqual({step: "never"});
    expect(done).toMatchObject({verdict: "fail", expected: false});
  });

  it("that could not be done fail the run, and say why", () => {
    const done = stepsOf(
      {id: "down", when: {not: {leader: "none"}}, let: {old: "leader"}, crash: "@old"},
      {id: "twice", crash: "@old"},
      {id: "later", wait: true},
    );
    expect(failed(done)).toEqual(["scenario completed: stepSkipped"]);
    const old = done.run.script[0]?.let?.["old"];
    expect(done.violation?.said.args).toMatchObject({step: "twice", en: `${old} was down already`});
  });

  it("end the run at what it waits for, or fail it at the limit", () => {
    const until = {term: "n1", atLeast: 99} as const;
    expect(failed(perform(scenario({limit: "400ms", until})))).toEqual([
      "scenario completed: untilUnreached",
    ]);
    const done = perform(scenario({}));
    expect(done.end).toBe("done");
    expect(done.at).toBeLessThan(5_000_000);
  });
});

describe("a scenario's loads", () => {
  const looped = scenario({
    load: [
      {
        load: "loop",
        by: "c1",
        ops: ["put x {n}", "get x"],
        rest: "20ms",
        from: {step: "go"},
        until: {step: "stop"},
      },
    ],
    steps: [
      {id: "go", when: {not: {leader: "none"}}, after: "60ms", wait: true},
      {id: "stop", when: {op: "op:c1#6", is: "done"}, wait: true},
      {id: "end", after: "500ms", wait: true},
    ],
    until: {step: "end"},
  });

  it("ask one operation after the other, with rests, from and until their facts", () => {
    const done = perform(looped);
    expect(failed(done)).toEqual([]);
    const ops = done.operations.filter(({client}) => client === "c1");
    expect(ops.length).toBeGreaterThanOrEqual(6);
    expect(ops.length).toBeLessThanOrEqual(7);
    expect(ops.map(({request}) => request.kind).slice(0, 4)).toEqual(["put", "range", "put", "range"]);
    for (const [i, op] of ops.entries()) {
      const before = ops[i - 1]?.returned;
      if (before !== undefined) expect(op.invoked.at - before.at).toBe(20_000);
    }
  });

  it("are recorded as planned, and replay without the scenario", () => {
    const {run, traceHash} = perform(looped);
    const asked = run.script.filter(({do: {kind}}) => kind === "client");
    expect(asked.length).toBeGreaterThanOrEqual(6);
    expect(new Set(asked.map(({origin}) => origin))).toEqual(new Set(["plan"]));
    expect(execute(run, {versions: versionOf}).traceHash).toBe(traceHash);
  });
});

describe("a scenario's director", () => {
  it.each(scenarios.map((one) => [one.id, one] as const))(
    "%s: a fork at any moment goes on as it would have",
    (_id, one) => {
      const whole = perform(one, {seed: "5"});
      const {run, director, claims} = stage(one, {seed: "5"});
      let life = Life.create(run, {versions: versionOf, director, checkers: claims});
      while (life.end === undefined) {
        life.step();
        if (life.world.step % 61 === 0) life = life.fork();
      }
      expect(life.world.hash).toBe(whole.traceHash);
      expect(life.reports().filter(({verdict}) => verdict !== "pass")).toEqual([]);
    },
  );
});

describe("what a scenario expects", () => {
  const claim = (at: "end" | {step: string} | undefined, holds: boolean): Performed =>
    perform(
      scenario({
        steps: [{id: "elected", when: {not: {leader: "none"}}, wait: true}],
        until: {step: "elected"},
        expect: [
          {
            id: "the-claim",
            claim: holds ? {not: {leader: "none"}} : {leader: "none"},
            says: text,
            ...(at === undefined ? {} : {at}),
          },
        ],
      }),
    );

  it("fails under its own name when it is false, at the end or at its moment", () => {
    for (const at of [undefined, "end", {step: "elected"}] as const) {
      expect(failed(claim(at, true))).toEqual([]);
      expect(failed(claim(at, false))).toEqual(["claim the-claim: claimFalse"]);
    }
  });

  it("is tested at its moment, whatever comes after", () => {
    const done = perform(
      scenario({
        steps: [{id: "elected", when: {not: {leader: "none"}}, let: {old: "leader"}, crash: "@old"}],
        until: {role: "@old", is: "crashed"},
        expect: [{id: "before", at: {delivered: {kind: "RequestVote"}}, claim: {leader: "none"}, says: text}],
      }),
    );
    expect(failed(done)).toEqual([]);
  });

  it("fails when its moment never comes", () => {
    const done = perform(
      scenario({
        expect: [{id: "when", at: {term: "n1", atLeast: 99}, claim: {leader: "leader"}, says: text}],
      }),
    );
    expect(failed(done)).toEqual(["claim when: claimUnreached"]);
  });

  it("may be that a check is violated: then the failing run is the expected one", () => {
    const held = scenario({
      expect: [{id: "safe", claim: {check: "Election Safety", is: "held"}, says: text}],
    });
    expect(perform(held)).toMatchObject({verdict: "pass", expected: true});
    const violated = scenario({
      expect: [{id: "unsafe", claim: {check: "Election Safety", is: "violated"}, says: text}],
    });
    expect(failed(perform(violated))).toEqual(["claim unsafe: claimFalse"]);
    const never = scenario({
      expect: [{id: "never", claim: {check: "Linearizability", is: "held"}, says: text}],
    });
    expect(failed(perform(never)), "a check that nothing exercised did not hold").toEqual([
      "claim never: claimFalse",
    ]);
  });
});
