import {describe, expect, it} from "vitest";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import type {Intervention} from "../../../sim/run.ts";
import {Life} from "../../../sim/timeline/life.ts";
import {WorkloadDirector} from "../../../sim/workload/director.ts";
import {mixOf} from "../../../sim/workload/mix.ts";
import {problemOfWorkload} from "../../../sim/workload/problem.ts";
import type {Load, Workload} from "../../../sim/workload/workload.ts";
import {at, makeRun, ms, sound} from "../stage.ts";

const closed = {kind: "closed", think: {least: 10 * ms, most: 20 * ms}} as const;

function load(more: Partial<Load>): Load {
  return {
    by: "all",
    pace: closed,
    asks: [{weight: 1, lines: ["put {key} {value}"]}],
    keys: ["a", "b", "c"],
    ...more,
  };
}

function workload(...loads: readonly Partial<Load>[]): Workload {
  return {loads: loads.map(load), until: 1400 * ms, ends: "answered"};
}

interface Options {
  readonly clients?: number;
  readonly script?: readonly Intervention[];
  readonly seed?: string;
}

function perform(asks: Workload, {clients = 2, script = [], seed = "7"}: Options = {}): Executed {
  expect(problemOfWorkload(asks)).toBeUndefined();
  const run = makeRun({clients, script, seed, until: 5000});
  return execute(run, {versions: sound, director: new WorkloadDirector(asks, seed)});
}

function lines({run}: Executed, client: string): readonly string[] {
  return run.script.flatMap(({do: action}) =>
    action.kind === "client" && action.client === client ? [action.op] : [],
  );
}

describe("a closed loop", () => {
  it("asks the next question after the answer, and some time to think", () => {
    const {operations} = perform(workload({by: ["c1"]}));
    expect(operations.length).toBeGreaterThan(10);
    for (const [i, {invoked}] of operations.entries()) {
      const before = operations[i - 1]?.returned;
      if (before === undefined) continue;
      expect(invoked.at - before.at).toBeGreaterThanOrEqual(10 * ms);
      expect(invoked.at - before.at).toBeLessThanOrEqual(20 * ms);
    }
  });

  it("asks so many questions and no more, none after its time, and then the run ends", () => {
    expect(perform(workload({most: 5})).operations).toHaveLength(10);
    const {operations, end, at: ended} = perform(workload({}));
    expect(Math.max(...operations.map(({invoked}) => invoked.at))).toBeLessThanOrEqual(1400 * ms);
    expect(end).toBe("done");
    expect(ended).toBeLessThan(1900 * ms);
  });

  it("asks the lines of a question one after the other; a failure ends it", () => {
    const asks = [{weight: 1, lines: ["get {key}", "get {key} --rev 9999", "del {key}"]}] as const;
    const {operations, run} = perform(workload({by: ["c1"], asks, most: 3, afterFailure: ["put z {n}"]}));
    const said = operations.map(({request}) => request.kind);
    expect(said).toEqual(["range", "range", "put", "range", "range"]);
    expect(run.script.at(0)?.origin).toBe("plan");
  });

  it("opens watches without waiting for their end, and no more of them than it may", () => {
    const asks = [
      {weight: 9, lines: ["watch {key}"]},
      {weight: 1, lines: ["put {key} {n}"]},
    ] as const;
    const {operations} = perform(workload({by: ["c1"], asks, watches: 2, most: 12}));
    expect(operations.filter(({request}) => request.kind === "watchCreate")).toHaveLength(2);
    expect(operations).toHaveLength(12);
  });

  it("closes a watch by the name of what it watches", () => {
    const watch = ["watch {key}", {wait: {least: 50 * ms, most: 50 * ms}}, "cancel {callOf:{key}}"] as const;
    const {operations} = perform(workload({by: ["c1"], asks: [{weight: 1, lines: watch}], most: 4}));
    expect(operations.map(({outcome}) => outcome?.kind)).toEqual(["ok", "ok", "ok", undefined]);
  });

  it("lets no more questions of a limit be on their way at once", () => {
    const slow = [at(1, 0, {kind: "loss", perMillion: 0})];
    const asks = [
      {weight: 1, lines: ["del {key}"], limit: "few"},
      {weight: 1, lines: ["get {key}"]},
    ] as const;
    const fast = {kind: "closed", think: {least: 0, most: 0}} as const;
    const {operations} = perform(workload({asks, limits: {few: 2}, pace: fast, most: 40}), {
      clients: 6,
      script: slow,
    });
    const deletions = operations.filter(({request}) => request.kind === "deleteRange");
    expect(deletions.length).toBeGreaterThan(20);
    const atOnce = deletions.map(
      ({invoked}) =>
        deletions.filter(
          (one) => one.invoked.step <= invoked.step && (one.returned?.step ?? Infinity) > invoked.step,
        ).length,
    );
    expect(Math.max(...atOnce)).toBe(2);
  });

  it("a client that is paused asks nothing, and goes on when it is resumed", () => {
    const script = [
      at(1, 1000, {kind: "pauseClient", client: "c1"}),
      at(2, 1200, {kind: "resumeClient", client: "c1"}),
    ];
    const pace = {kind: "open", every: {least: 10 * ms, most: 10 * ms}, waiting: 100} as const;
    const {operations, skipped} = perform(workload({pace}), {script});
    const times = operations.filter(({client}) => client === "c1").map(({invoked}) => invoked.at);
    expect(times.filter((time) => time > 1000 * ms && time < 1200 * ms)).toEqual([]);
    expect(times.filter((time) => time >= 1200 * ms).length).toBeGreaterThan(3);
    expect(skipped).toEqual([]);
  });
});

describe("an open loop", () => {
  const every = {kind: "open", every: {least: 10 * ms, most: 10 * ms}, waiting: 3} as const;

  it("asks at its times whatever is answered, and has a bound on what waits", () => {
    const asks = workload({by: ["c1"], pace: every});
    const asked = perform(workload({by: ["c1"], pace: {...every, waiting: 30}})).operations.filter(
      ({invoked}) => invoked.at > 1000 * ms,
    );
    const gaps = asked.slice(1).map(({invoked}, i) => invoked.at - (asked[i]?.invoked.at ?? 0));
    expect(new Set(gaps)).toEqual(new Set([10 * ms]));
    // Nobody answers: three questions, until they are given up.
    const cut = [at(1, 0, {kind: "split", groups: [["c1"], ["n1", "n2", "n3"]]})];
    const {operations} = perform(asks, {script: cut});
    const atOnce = operations.map(
      ({invoked}) =>
        operations.filter(
          (one) => one.invoked.step <= invoked.step && (one.returned?.step ?? Infinity) > invoked.step,
        ).length,
    );
    expect(Math.max(...atOnce)).toBe(3);
  });
});

describe("a mix", () => {
  it("has its last client read from the members that it is told, of each one thing after another", () => {
    const asked = (beside: readonly string[]) => {
      const {run, operations} = perform(
        {...mixOf({until: 1400 * ms, beside, operationsMax: 20})},
        {clients: 3},
      );
      const members = run.script.flatMap(({do: action}) =>
        action.kind === "client" && action.client === "c3" ? [action.to] : [],
      );
      return {members, reads: operations.filter(({client}) => client === "c3")};
    };
    expect(new Set(asked([]).members)).toEqual(new Set([undefined]));
    const {members, reads} = asked(["n1", "n3"]);
    expect(new Set(members)).toEqual(new Set(["n1", "n3"]));
    expect(members.length).toBeGreaterThan(30);
    expect(new Set(reads.map(({request}) => request.kind))).toEqual(new Set(["range", "watchCreate"]));
  });
});

describe("what is drawn", () => {
  it("is the client's own: another client more changes no question of the others", () => {
    const of = workload({asks: mixOf({until: 1}).loads[0]?.asks ?? [], watches: 2, most: 30});
    const asks = {...of, until: 4000 * ms};
    const two = perform(asks, {clients: 2});
    const three = perform(asks, {clients: 3});
    expect(lines(two, "c1")).toHaveLength(30);
    expect(lines(three, "c1")).toEqual(lines(two, "c1"));
    expect(lines(three, "c2")).toEqual(lines(two, "c2"));
    expect(lines(three, "c3")).not.toEqual(lines(two, "c1"));
  });

  it("is another for another seed, and by weight", () => {
    const asks = workload({
      asks: [
        {weight: 3, lines: ["get {key}"]},
        {weight: 1, lines: ["put {key} {value}"]},
      ],
      most: 100,
      pace: {kind: "closed", think: {least: 0, most: 0}},
    });
    const all = ["1", "2"].map((seed) => lines(perform({...asks, until: 6000 * ms}, {seed}), "c1"));
    expect(all[0]).not.toEqual(all[1]);
    const gets = all.flat().filter((line) => line.startsWith("get")).length;
    expect(gets / all.flat().length).toBeGreaterThan(0.62);
    expect(gets / all.flat().length).toBeLessThan(0.87);
    for (const key of ["a", "b", "c"])
      expect(all[0]?.some((line) => line.startsWith(`get ${key}`))).toBe(true);
  });

  it("stands for the same everywhere in its question; another key is another", () => {
    const asks = workload({
      by: ["c1"],
      asks: [
        {weight: 1, lines: ["txn mod({key})>{draw:1..9} : put {key} {draw:1..9} ; get {other} : get {key}"]},
      ],
      most: 40,
    });
    const found = lines(perform(asks), "c1").map((line) =>
      /^txn mod\((.)\)>(\d) : put (.) (\d) ; get (.) : get (.)$/.exec(line),
    );
    for (const [, a, n, b, m, other, c] of found.map((one) => one ?? [])) {
      expect([b, c, m]).toEqual([a, a, n]);
      expect(other).not.toBe(a);
    }
    expect(new Set(found.map((one) => one?.[2])).size).toBeGreaterThan(3);
  });

  it("values are unique, also of two loads of one client", () => {
    const done = perform(workload({}, {asks: [{weight: 1, lines: ["put d {value}"]}], padding: 4}));
    const values = ["c1", "c2"].flatMap((client) => lines(done, client).map((line) => line.split(" ")[2]));
    expect(values.length).toBeGreaterThan(60);
    expect(new Set(values).size).toBe(values.length);
  });
});

describe("who asks", () => {
  it.each([
    ["all", ["c1", "c2", "c3"]],
    ["first", ["c1"]],
    ["last", ["c3"]],
    ["allButLast", ["c1", "c2"]],
    [{nth: 1, of: 2}, ["c2"]],
    [["c3", "c9"], ["c3"]],
  ] as const)("%o", (by, clients) => {
    const {operations} = perform(workload({by, most: 2}), {clients: 3});
    expect([...new Set(operations.map(({client}) => client))].toSorted()).toEqual(clients);
  });

  it("of one client alone, the last is nobody and all but the last is it", () => {
    expect(perform(workload({by: "last", most: 2}), {clients: 1}).operations).toHaveLength(0);
    expect(perform(workload({by: "allButLast", most: 2}), {clients: 1}).operations).toHaveLength(2);
  });

  it("a member may be named", () => {
    const {run} = perform(workload({to: "n2", most: 2}));
    expect(run.script.map(({do: action}) => action.kind === "client" && action.to)).toEqual([
      "n2",
      "n2",
      "n2",
      "n2",
    ]);
  });
});

describe("a fork", () => {
  it("asks on exactly like the run that it was made of", () => {
    const asks = mixOf({until: 1500 * ms, leases: 20, rest: 20});
    const life = Life.create(makeRun({clients: 3, until: 4000}), {
      versions: sound,
      director: new WorkloadDirector(asks, "7"),
    });
    for (let i = 0; i < 1500; i++) life.step();
    const twin = life.fork();
    while (twin.step() !== undefined);
    while (life.step() !== undefined);
    expect(twin.world.hash).toBe(life.world.hash);
    expect(life.end).toBe("done");
    expect(life.world.operations.length).toBeGreaterThan(60);
  });
});

describe("a workload that is none", () => {
  const good = workload({});
  const [first = load({})] = good.loads;
  it.each<[string, Workload]>([
    ['loads: found "none", expected at least one load', {...good, loads: []}],
    ["until: found -1, expected a time in microseconds", {...good, until: -1}],
    ['loads[0].asks: found "none", expected at least one question', workload({asks: []})],
    [
      'loads[0].asks[0].lines[0]: found "{kye}", expected {key}, {other}, {value}, {client}, {n}, {draw:9}, {draw:2..9} or an operand such as {modRevisionOf:x}',
      workload({asks: [{weight: 1, lines: ["put {kye} 1"]}]}),
    ],
    [
      'loads[0].asks[0].lines[0]: found "putt {key}", expected an etcdctl line (unknown command "putt" at column 1;',
      workload({asks: [{weight: 1, lines: ["putt {key}"]}]}),
    ],
    [
      'loads[0].asks[0].lines[0]: found "a wait"',
      workload({asks: [{weight: 1, lines: [{wait: {least: 1, most: 1}}]}]}),
    ],
    [
      'loads[0].asks[0].limit: found "few", expected a name in limits: none',
      workload({asks: [{weight: 1, lines: ["get x"], limit: "few"}]}),
    ],
    ['loads[0].keys: found "none", expected keys for {key}', {...good, loads: [{...first, keys: []}]}],
    [
      'loads[0].asks[0].lines[0]: found "{draw:9..2}", expected the smaller number first',
      workload({asks: [{weight: 1, lines: ["put x {draw:9..2}"]}]}),
    ],
    ["loads[0].pace: found", workload({pace: {kind: "open", every: {least: 0, most: 0}, waiting: 1}})],
  ])("%s", (problem, asks) => {
    expect(problemOfWorkload(asks)?.startsWith(problem)).toBe(true);
  });
});
