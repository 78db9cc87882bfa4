// A run is a function (law 1), forks are runs (law 2), and luck is local (laws 6 and 7).

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Hash} from "../../../core/base/hasher.ts";
import type {Action} from "../../../sim/action.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Cue, Director} from "../../../sim/director.ts";
import {execute} from "../../../sim/execute.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {below, draw} from "../../../sim/random.ts";
import type {Intervention, Run} from "../../../sim/run.ts";
import type {WorldView} from "../../../sim/view.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {scriptEvent} from "../../../sim/world/lanes.ts";
import {World} from "../../../sim/world/world.ts";
import {chainHash} from "../../../sim/world/record.ts";
import {act, at, makeRun, ms, put, sound, take} from "../stage.ts";

const eventful: readonly Intervention[] = [
  at(1, 400, put("c1", "x", "1")),
  at(2, 410, {kind: "client", client: "c2", op: "watch x"}),
  at(3, 500, {kind: "pause", member: "n2"}),
  at(4, 520, put("c1", "x", "2")),
  at(5, 600, {kind: "resume", member: "n2"}),
  at(6, 620, {kind: "crash", member: "n1"}),
  at(7, 700, put("c2", "y", "1")),
  at(8, 900, {kind: "restart", member: "n1"}),
  at(9, 950, {kind: "split", groups: [["n1"], ["n2", "n3"]]}),
  at(10, 1200, {kind: "heal"}),
];

/** Everything that waits for its moment, or goes on for a while. */
const harmful: readonly Intervention[] = [
  at(1, 10, {
    kind: "link",
    from: "n1",
    to: "n2",
    set: {
      latency: {least: 1000, most: 60_000},
      lossPerMillion: 50_000,
      duplicatePerMillion: 200_000,
      reorderPerMillion: 200_000,
      bytesPerSecond: 3000,
      queueBytes: 300,
    },
  }),
  at(2, 10, {kind: "link", from: "c1", to: "n3", oneWay: true, set: {bytesPerSecond: 2000}}),
  at(3, 10, {kind: "slow", member: "n3", actor: "apply", factor: 40}),
  at(4, 300, {kind: "crashAtDisk", member: "n2", nth: 5, when: "after"}),
  at(5, 380, {kind: "client", client: "c2", op: "watch x", to: "n3"}),
  at(6, 400, put("c1", "x", "1", "n3")),
  at(7, 420, {kind: "crashAt", member: "n3", point: "beforeApplyOneEntryNormal", nth: 3}),
  at(8, 500, put("c2", "y", "2")),
  at(9, 560, {kind: "connection", client: "c1", member: "n1", do: "refuse"}),
  at(10, 600, put("c1", "y", "3")),
  at(11, 700, {kind: "connection", client: "c2", member: "n3", do: "reset"}),
  at(12, 800, {kind: "restart", member: "n2", with: {raft: {preVote: true}, store: {commitEvery: 5000}}}),
  at(13, 900, put("c2", "x", "4")),
  at(14, 1000, put("c1", "y", "5", "n1")),
];

const scripts = [
  ["crashes, pauses and cuts", eventful],
  ["links, armed crashes, slow actors and other flags", harmful],
] as const;

/** The same data; the keys of its records were made in the other order. */
function turned(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(turned);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data)
      .toReversed()
      .map(([key, value]) => [key, turned(value)]),
  );
}

describe("a run is a function of its arguments", () => {
  it.each(scripts)(
    "gives the same chain in whatever order the keys of its script were made, with %s",
    (_, script) => {
      const chain = (of: readonly Intervention[]): Hash =>
        execute(makeRun({script: of, until: 1100}), {versions: versionOf}).traceHash;
      const other = turned(script) as readonly Intervention[];
      expect(JSON.stringify(other)).not.toBe(JSON.stringify(script));
      expect(chain(other)).toBe(chain(script));
    },
  );

  it.each(scripts)("gives the same chain twice, with %s", (_, script) => {
    const [one, two] = [1, 2].map(() => execute(makeRun({script, until: 2000}), {versions: sound}));
    expect(two?.traceHash).toBe(one?.traceHash);
    expect(one?.skipped).toEqual([]);
  });

  it("gives the same chain when two worlds take turns in one process", () => {
    const run = makeRun({script: eventful, until: 2000});
    const alone = World.create(run, sound);
    take(alone, 800);
    const [a, b] = [World.create(run, sound), World.create({...run, seed: "another"}, sound)];
    for (let i = 0; i < 800; i++) {
      take(a, 1);
      take(b, 1);
    }
    expect(a.hash).toBe(alone.hash);
    expect(b.hash).not.toBe(alone.hash);
  });

  it("gives 50 different chains for 50 seeds though the seed is not in the chain", () => {
    const hashes = new Set<string>();
    for (let seed = 0; seed < 50; seed++)
      hashes.add(execute(makeRun({seed: `${seed}`, until: 300}), {versions: sound}).traceHash);
    expect(hashes.size).toBe(50);
  });

  it("does not hash the seed: where luck decides nothing, two seeds give one chain", () => {
    const one = {least: 5, most: 5};
    const still = {
      members: 1,
      clients: 0,
      clock: {tick: 1, apply: one},
      disk: {write: one, sync: one},
      raft: {electionTicks: 1000},
    };
    const hash = (seed: string): string =>
      execute(makeRun({...still, seed, events: 500}), {versions: sound}).traceHash;
    expect(hash("a")).toBe(hash("b"));
  });

  it("does not hash a step's name, or who asked", () => {
    const script = [at(1, 100, {kind: "mark"})];
    const told = script.map((item) => ({...item, origin: "person", step: "told", let: {old: "n3"}}) as const);
    const hash = (items: readonly Intervention[]): string =>
      execute(makeRun({script: items, until: 300}), {versions: sound}).traceHash;
    expect(hash(told)).toBe(hash(script));
  });
});

describe("a fork is the same run", () => {
  it.each(scripts)(
    "goes on exactly like the world it forked from, after every event, with %s",
    (_, script) => {
      const world = World.create(makeRun({script, until: 2000}), sound);
      const twins: World[] = [];
      const length = 900;
      for (let i = 0; i < length; i++) {
        if (i % 3 === 0) twins.push(world.fork());
        take(world, 1);
      }
      const digest = world.digest();
      for (const twin of twins) {
        take(twin, length - twin.step);
        if (twin.hash !== world.hash || twin.digest() !== digest) {
          expect.fail(`the fork at event ${length - twin.step} went another way`);
        }
      }
      expect(world.step).toBe(length);
    },
  );

  it("is untouched by what happens to the other", () => {
    const world = World.create(makeRun({script: eventful}), sound);
    take(world, 300);
    const twin = world.fork();
    const [digest, hash] = [twin.digest(), twin.hash];
    take(world, 600);
    expect([twin.digest(), twin.hash]).toEqual([digest, hash]);
  });

  it("does not share what its clients saw", () => {
    const world = World.create(makeRun({script: eventful}), sound);
    while (world.now < 450 * ms) take(world, 1);
    const twin = world.fork();
    const seen = structuredClone(world.operations);
    take(twin, 400);
    expect(world.operations).toEqual(seen);
    const ahead = structuredClone(twin.operations);
    expect(ahead).not.toEqual(seen);
    take(world, 600);
    expect(twin.operations).toEqual(ahead);
  });
});

describe("a world's digest", () => {
  const world = World.create(makeRun({script: eventful.slice(0, 2), until: 2000}), versionOf);
  while (world.now < 450 * ms) take(world, 1);
  const digestAfter = (...actions: readonly Action[]): Hash => {
    const twin = world.fork();
    for (const action of actions) act(twin, action);
    return twin.digest();
  };
  const down = {kind: "crash", member: "n1"} as const;
  const pairs: readonly (readonly [string, readonly Action[], readonly Action[]])[] = [
    ["a link", [{kind: "link", from: "n1", to: "n2", set: {lossPerMillion: 5}}], []],
    ["a refusal", [{kind: "connection", client: "c1", member: "n2", do: "refuse"}], []],
    ["a reset", [{kind: "connection", client: "c1", member: askedBy(world), do: "reset"}], []],
    ["a slow actor", [{kind: "slow", member: "n1", actor: "apply", factor: 2}], []],
    ["an armed crash", [{kind: "crashAtDisk", member: "n1", nth: 2, when: "after"}], []],
    [
      "how far off it is",
      [{kind: "crashAtDisk", member: "n1", nth: 2, when: "after"}],
      [{kind: "crashAtDisk", member: "n1", nth: 3, when: "after"}],
    ],
    [
      "which side of the operation it is on",
      [{kind: "crashAtDisk", member: "n1", nth: 2, when: "after"}],
      [{kind: "crashAtDisk", member: "n1", nth: 2, when: "before"}],
    ],
    [
      "a flag",
      [down, {kind: "restart", member: "n1", with: {store: {txnOpsMax: 3}}}],
      [down, {kind: "restart", member: "n1"}],
    ],
    [
      "a version",
      [down, {kind: "restart", member: "n1", with: {versions: ["vote-twice"]}}],
      [down, {kind: "restart", member: "n1"}],
    ],
  ];

  it.each(pairs)("tells %s", (_, one, other) => {
    expect(digestAfter(...one)).toBe(digestAfter(...one));
    expect(digestAfter(...one)).not.toBe(digestAfter(...other));
  });

  it("is as it was when all of that is undone", () => {
    const undone = digestAfter(
      {kind: "link", from: "n1", to: "n2", set: {lossPerMillion: 5, bytesPerSecond: 9}},
      {kind: "link", from: "n1", to: "n2", reset: true},
      {kind: "connection", client: "c1", member: "n2", do: "refuse"},
      {kind: "connection", client: "c1", member: "n2", do: "accept"},
      {kind: "slow", member: "n1", actor: "apply", factor: 2},
      {kind: "slow", member: "n1", actor: "apply", factor: 1},
    );
    expect(undone).toBe(digestAfter());
  });
});

/** The member that c1 has a connection to. */
function askedBy(world: World): string {
  const found = world.connections.filter(({client, clientOpen}) => client === 0 && clientOpen)[0];
  return `n${found?.member}`;
}

function recordsOf(run: Run): readonly EventRecord[] {
  const records: EventRecord[] = [];
  execute(run, {versions: sound, onEvent: (event) => void records.push(event)});
  return records;
}

/** How long every message was on its way, by link and kind, in order. */
function travels(records: readonly EventRecord[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const {payload, at: arrived} of records) {
    if (payload.kind !== "message") continue;
    const key = `${payload.from}→${payload.to}/${payload.message.kind}`;
    found.set(key, [...(found.get(key) ?? []), arrived - payload.sent]);
  }
  return found;
}

describe("luck is local", () => {
  it("gives the k-th message of a link and kind the same latency with another client or a fault elsewhere", () => {
    // Messages may overtake, so that a latency is what was drawn.
    const options = {network: {reorder: true}, until: 1000} as const;
    const plain = travels(recordsOf(makeRun(options)));
    const others = [
      makeRun({...options, clients: 5, script: [at(1, 500, put("c5", "x", "1"))]}),
      makeRun({...options, script: [at(1, 300, {kind: "crash", member: "n3"})]}),
      makeRun({...options, script: [at(1, 0, {kind: "loss", perMillion: 300_000})]}),
    ];
    for (const other of others) {
      for (const [key, latencies] of travels(recordsOf(other))) {
        const common = Math.min(latencies.length, plain.get(key)?.length ?? 0);
        expect(latencies.slice(0, common), key).toEqual(plain.get(key)?.slice(0, common) ?? []);
      }
    }
  });

  it("takes the k-th message's latency and loss from values 2k−1 and 2k of its stream, whatever happens", () => {
    const run = makeRun({
      network: {reorder: true, lossPerMillion: 200_000},
      until: 1000,
      script: [at(1, 300, {kind: "split", groups: [["n1"], ["n2"], ["n3"]]}), at(2, 600, {kind: "heal"})],
    });
    const {least, most} = run.config.network.peerLatency;
    const sent = new Map<string, {ordinal: number; latency: number; why: string | undefined}[]>();
    for (const {id, payload, at: arrived, changes} of recordsOf(run)) {
      // What was sent just before the end is still on its way.
      if (payload.kind !== "message" || payload.sent > 980 * ms) continue;
      const name = `net/n${payload.from}→n${payload.to}/${payload.message.kind}`;
      const lost = changes.find((change) => change.kind === "lost");
      const one = {ordinal: Number(id.split("#")[1]), latency: arrived - payload.sent, why: lost?.why};
      sent.set(name, [...(sent.get(name) ?? []), one]);
    }
    let lost = 0;
    for (const [name, messages] of sent) {
      for (const [k, {latency, why}] of messages.sort((a, b) => a.ordinal - b.ordinal).entries()) {
        expect(latency).toBe(least + below(draw(run.seed, name, 2 * k + 1), most - least + 1));
        const unlucky = below(draw(run.seed, name, 2 * k + 2), 1_000_000) < 200_000;
        if (why !== "cut") expect(why).toBe(unlucky ? "loss" : undefined);
        if (unlucky) lost++;
      }
    }
    expect(sent.size).toBeGreaterThan(4);
    expect(lost).toBeGreaterThan(4);
  });

  it("does not rename events that an intervention does not cause", () => {
    const names = (script: readonly Intervention[]): readonly string[] =>
      recordsOf(makeRun({script, until: 390})).map((event) => `${event.id}@${event.at}`);
    const plain = names([]);
    // A question that every member answers by itself touches neither clocks nor links between members.
    const asked = names([at(1, 250, {kind: "client", client: "c1", op: "get x --consistency s"})]);
    const own = (name: string): boolean => !/^(script|client|c\d|n\d→c)/.test(name);
    expect(asked.length).toBeGreaterThan(plain.length);
    expect(asked.filter(own)).toEqual(plain.filter(own));
  });
});

/** What is done, and when: by a client's own clock, whatever becomes of it. */
interface Timed {
  readonly due: number;
  readonly cue: Cue;
}

/** Does each at its time, however the cluster fares. */
class Timetable implements Director {
  private left: readonly Timed[];

  constructor(timed: readonly Timed[]) {
    this.left = timed.toSorted((a, b) => a.due - b.due);
  }

  after({now}: WorldView): readonly Cue[] {
    const due = this.left.filter((one) => one.due <= now);
    this.left = this.left.filter((one) => one.due > now);
    return due.map(({cue}) => cue);
  }

  deadline(): number | undefined {
    return this.left[0]?.due;
  }

  done(): boolean {
    return false;
  }

  fork(): this {
    return new Timetable(this.left) as this;
  }
}

/** What clients ask for, each line different. */
const asks = fc
  .array(fc.record({client: fc.constantFrom("c1", "c2"), due: fc.nat({max: 700 * ms})}), {maxLength: 12})
  .map((list): readonly Timed[] =>
    list.map(({client, due}, i) => ({due, cue: {do: put(client, "x", `${i}`), origin: "plan"}})),
  );

/** What every script event of a run did, by its name. */
function scriptOf(run: Run, timed: readonly Timed[]): ReadonlyMap<string, string> {
  const done = execute(run, {versions: sound, director: new Timetable(timed)});
  return new Map(done.run.script.map((item) => [scriptEvent(item), JSON.stringify(item.do)]));
}

describe("a script event keeps its name", () => {
  it("when a client more asks things of its own", () => {
    const run = makeRun({until: 800});
    const more = makeRun({until: 800, clients: 3});
    fc.assert(
      fc.property(asks, asks, (base, extra) => {
        const third = extra.map(({due, cue}, i) => ({due, cue: {...cue, do: put("c3", "y", `${i}`)}}));
        const plain = scriptOf(run, base);
        const joined = scriptOf(more, [...base, ...third]);
        expect(plain.size).toBe(base.length);
        for (const [name, action] of plain) expect(joined.get(name), name).toBe(action);
      }),
      {numRuns: 25},
    );
  });

  it("when a fault plan is added to the run", () => {
    const run = makeRun({until: 800});
    fc.assert(
      fc.property(asks, fc.nat({max: 1000}), (base, seed) => {
        const plan = faultPlan(`${seed}`, run.config, {until: 800 * ms});
        const plain = scriptOf(run, base);
        const hurt = scriptOf({...run, script: plan}, base);
        for (const [name, action] of plain) expect(hurt.get(name), name).toBe(action);
      }),
      {numRuns: 25},
    );
  });
});

describe("interventions", () => {
  it("fire right after the event that they name, else before the first event later than their time", () => {
    const world = World.create(makeRun(), sound);
    const anchor = take(world, 40).at(-1);
    const when = {at: (anchor?.at ?? 0) + 5 * ms, after: anchor?.id ?? ""};
    const mark = (after: string): Intervention => ({
      id: 1,
      when: {...when, after},
      do: {kind: "mark"},
      origin: "person",
    });
    const tied = take(World.create(makeRun({script: [mark(when.after)]}), sound), 41);
    expect(tied[40]?.id).toBe("script#1");
    const untied = take(World.create(makeRun({script: [mark("n1→n2#999")]}), sound), 45);
    const fired = untied.findIndex(({id}) => id === "script#1");
    expect(untied[fired]?.at).toBe(when.at);
    expect(untied.slice(0, fired).every((record) => record.at <= when.at)).toBe(true);
    expect(untied[fired + 1]?.at).toBeGreaterThan(when.at);
  });

  it("are recorded as coming after the last event that was no act; where only time passed, at that time alone", () => {
    const world = World.create(makeRun(), sound);
    const last = take(world, 40).at(-1);
    const mark = {do: {kind: "mark"}, origin: "person"} as const;
    world.act(mark);
    world.act(mark);
    world.passTo(world.now + 1);
    world.act(mark);
    const tied = {at: last?.at, after: last?.id};
    expect(world.recorded().script.map(({when}) => when)).toEqual([tied, tied, {at: (last?.at ?? 0) + 1}]);
  });

  it("get the least id of their lane that neither the script nor an earlier one has", () => {
    const world = World.create(
      makeRun({script: [at(1, 900, {kind: "mark"}), at(3, 900, {kind: "mark"})]}),
      sound,
    );
    const ids = [1, 2, 3].map(() => world.act({do: {kind: "mark"}, origin: "person"})?.id);
    expect(ids).toEqual(["script#2", "script#4", "script#5"]);
    const asked = [1, 2].map(() => world.act({do: put("c2", "x", "1"), origin: "person"})?.id);
    expect(asked).toEqual(["script/c2#1", "script/c2#2"]);
  });

  it("that do not apply are skipped, told, and leave no trace", () => {
    const script = [
      at(1, 100, {kind: "restart", member: "n1"}),
      at(2, 100, {kind: "crash", member: "n9"}),
      at(3, 100, {kind: "client", client: "c1", op: "frobnicate"}),
      at(4, 100, {kind: "message", event: "n1→n2#99", do: "drop"}),
    ];
    const skipped = execute(makeRun({script, until: 300}), {versions: sound});
    expect(skipped.skipped.map(({why}) => why)).toEqual([
      "notNow",
      "unknownName",
      "badCommand",
      "unknownMessage",
    ]);
    expect(skipped.traceHash).toBe(execute(makeRun({until: 300}), {versions: sound}).traceHash);
  });

  it("make a run in every part of their list", () => {
    const run = makeRun({until: 1500, members: 3});
    const plan = faultPlan("9", run.config, {until: 1200 * ms});
    const whole = execute(
      {...run, script: plan},
      {versions: sound, director: new Mix({seed: "9", until: 1200 * ms})},
    ).run;
    expect(whole.script.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(fc.subarray([...whole.script]), (script) => {
        const part = execute({...whole, script}, {versions: sound});
        expect(part.skipped.length + part.run.script.length).toBeGreaterThanOrEqual(script.length);
        expect(execute(part.run, {versions: sound}).traceHash).toBe(part.traceHash);
      }),
      {numRuns: 12},
    );
  });

  it("of a director run again without it", () => {
    const config = makeRun({until: 3000, members: 5, clients: 3});
    const plan = faultPlan("4", config.config, {until: 1500 * ms});
    const director = new Mix({seed: "4", until: 1500 * ms});
    const lived = execute({...config, script: plan}, {versions: sound, director, lines: true});
    const again = execute(lived.run, {versions: sound, lines: true});
    expect(again.lines).toEqual(lived.lines);
    expect(lived.run.script.length).toBeGreaterThan(plan.length);
  });
});

describe("the chain", () => {
  it("is told by every event and changes with each", () => {
    const records = take(World.create(makeRun(), sound), 200);
    expect(new Set(records.map(chainHash)).size).toBe(200);
  });
});
