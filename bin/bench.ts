// `npm run bench [-- groups] [--json]`: what the hot path costs, by the processor's time: other processes do not count, but a
// busy machine still makes caches cold. Figures of one machine mean little; most are also given as a ratio to a calibration
// loop that runs in the same process, right before. Groups, in this order; without a name all of them, in some eight minutes:
//
//   raft      bare raft: three nodes, proposals through RawNode and Ready, messages per second
//             one voter: propose, Ready, Advance until it is applied; proposals per second, and bytes of memory each
//             two voters, the other's answers made up; in the shape of etcd's BenchmarkRawNode
//   cluster   the event queue alone; the simulated world with three and five members, with all checks and without: committed
//             client operations per second, events per second by kind beside it; idle; how it grows; where the time goes;
//             memory per million events
//   time      simulated time to real time, at etcd's default timings
//   seeds     short seeds of a sweep, with faults and all checks, an hour of one core
//   check     recorded histories of a register, and of an etcd: how the cost of judging them grows with length, clients, and
//             unknown outcomes, with the log and without
//   backend   a million puts of ascending revisions into the backend file, a commit after every 10,000; a scan; the file
//             written whole (a defragmentation), verified and opened again; the same into sorted maps in memory
//   watch     puts while none, a thousand, ten thousand and a hundred thousand watch ranges that overlap; one and ten
//             watchers that catch up with a hundred thousand revisions; bytes of a watcher
//   store     the key-value store with 100,000 and a million keys: what it does per second of the processor's time, what a
//             key weighs, how long the hash of the history and compaction take

import {Hasher} from "../core/base/hasher.ts";
import {
  fillBackend,
  fillBTree,
  fillSortedBTree,
  reopenBackend,
  revisionKeys,
  scanBackend,
} from "./benchBackend.ts";
import {etcdOf, judgeHistory, judgeShape, simulatedEtcd, staleAtTheEnd} from "./benchCheck.ts";
import type {HistoryShape} from "./benchCheck.ts";
import type {EtcdHistory} from "./benchHistory.ts";
import {processorSeconds} from "./benchMeter.ts";
import {storeFigures} from "./benchStore.ts";
import {memoryPerProposal, proposalLoop, threeNodes} from "./benchRaft.ts";
import {bytesPerWatcher, catchUpAll, historyOf, WatchedStore} from "./benchWatch.ts";
import {bytesPerMillionEvents, emptyEvents, play, playSeeds} from "./benchCluster.ts";
import type {Shape} from "./benchCluster.ts";
import {sharesByRoom} from "./benchProfile.ts";

interface Figure {
  readonly name: string;
  /** What is counted, per second. */
  readonly unit: string;
  readonly perSecond: number;
  /** Against the calibration loop's rounds per second. */
  readonly ratio?: number;
  /** Rounds before those that were measured. */
  readonly warmedBy?: number;
  readonly parts?: Readonly<Record<string, number>>;
  /** Bytes of memory for each: allocated on the way, and kept (the log). */
  readonly bytes?: {readonly allocated: number; readonly kept: number};
  /** Counted in one round. */
  readonly totals?: Readonly<Record<string, number>>;
  /** In percent. */
  readonly shares?: readonly (readonly [string, number])[];
}

const seconds = 1.5;

/** Rounds per second of a loop of integer work and small objects: what this machine gives just now. */
function calibration(): number {
  const hasher = new Hasher();
  const start = processorSeconds();
  let rounds = 0;
  while (processorSeconds() < start + 0.2) {
    for (let i = 0; i < 1000; i++) {
      const event = {at: i, lane: i % 7};
      hasher.word(event.at);
      hasher.word(event.lane);
    }
    rounds += 1000;
  }
  return rounds / (processorSeconds() - start);
}

/** How much `work` did. */
interface Round {
  readonly done: number;
  readonly parts?: Map<string, number>;
}

const coolRounds = 3;
const warmingMax = 20;

/**
 * Repeats `work` until it gets no faster: three rounds in a row take no less than 97 % of the fastest one before, each for
 * what it does; for 20 seconds at most. Answers how many rounds that took.
 */
function warm(work: () => Round): number {
  const end = processorSeconds() + warmingMax;
  let [rounds, cool, least] = [0, 0, Infinity];
  while (cool < coolRounds && processorSeconds() < end) {
    const start = processorSeconds();
    const {done} = work();
    const took = (processorSeconds() - start) / done;
    cool = took < 0.97 * least ? 0 : cool + 1;
    least = Math.min(least, took);
    rounds++;
  }
  return rounds;
}

/** Repeats `work` for a while, once it is warm. */
function measure(
  name: string,
  unit: string,
  work: () => Round,
  bytes?: {readonly allocated: number; readonly kept: number},
): Figure {
  const warmedBy = warm(work);
  const base = calibration();
  const start = processorSeconds();
  let done = 0;
  const parts = new Map<string, number>();
  while (processorSeconds() < start + seconds) {
    const round = work();
    done += round.done;
    for (const [part, count] of round.parts ?? []) parts.set(part, (parts.get(part) ?? 0) + count);
  }
  const elapsed = processorSeconds() - start;
  const shares = Object.fromEntries([...parts].map(([part, count]) => [part, Math.round(count / elapsed)]));
  const figure = {
    name,
    unit,
    perSecond: Math.round(done / elapsed),
    ratio: Number((done / elapsed / base).toPrecision(3)),
    warmedBy,
  };
  return {...figure, ...(parts.size === 0 ? {} : {parts: shares}), ...(bytes === undefined ? {} : {bytes})};
}

const small = {members: 3, clients: 4, perClient: 500};

/** Committed client operations per second; events beside it. */
function clusterFigure(name: string, shape: Shape): Figure {
  return measure(name, "committed client operations", () => {
    const {operations, events, kinds} = play(shape);
    return {done: operations, parts: new Map([["events", events], ...kinds])};
  });
}

/** How the cost of one operation grows: its events, and what they take. */
function growth(name: string, shape: Shape): Figure {
  const warmedBy = warm(() => ({done: play(shape).operations}));
  const {operations, events, seconds: took} = play(shape);
  return {
    name,
    unit: "committed client operations",
    perSecond: Math.round(operations / took),
    warmedBy,
    totals: {
      "events per operation": Math.round(events / operations),
      "events per second": Math.round(events / took),
    },
  };
}

async function clusterFigures(): Promise<readonly Figure[]> {
  const five = {...small, members: 5};
  return [
    measure("queue", "events, and nothing else", () => ({done: emptyEvents(1_000_000)})),
    clusterFigure("three, checked", {...small, checked: true}),
    clusterFigure("three", {...small, checked: false}),
    clusterFigure("five, checked", {...five, checked: true}),
    clusterFigure("five", {...five, checked: false}),
    measure("five, idle", "events", () => {
      const {events} = play({members: 5, clients: 0, perClient: 0, checked: false, until: 600_000_000});
      return {done: events};
    }),
    ...[3, 5, 7, 9].map((members) => growth(`${members} members`, {...small, members, checked: true})),
    ...[1, 10, 100].map((clients) =>
      growth(`${clients} clients`, {members: 3, clients, perClient: 2000 / clients, checked: true}),
    ),
    ...[2000, 20_000].map((entries) =>
      growth(`${entries} asked`, {members: 3, clients: 4, perClient: entries / 4, checked: true}),
    ),
    {
      name: "memory",
      unit: "",
      perSecond: 0,
      totals: {
        "bytes held per million events": bytesPerMillionEvents({...small, perClient: 5000, checked: false}),
      },
    },
    {
      name: "time goes to",
      unit: "",
      perSecond: 0,
      shares: await sharesByRoom(() => void play({...small, perClient: 5000, checked: true})),
    },
  ];
}

/** How much sooner than it would really: nobody asks anything; four clients ask once a second each; as fast as they can. */
function timeFigures(): readonly Figure[] {
  const minute = 60_000_000;
  const shape = {members: 3, checked: true, until: 10 * minute};
  const loads = {
    idle: {clients: 0, perClient: 0},
    light: {clients: 4, perClient: 570, every: 1_000_000},
    busy: {clients: 4, perClient: 3000},
  };
  return Object.entries(loads).map(([name, load]) => {
    const short = {...shape, ...load, until: minute, perClient: Math.floor(load.perClient / 10)};
    const warmedBy = warm(() => ({done: play(short).events}));
    const {virtualSeconds, operations, seconds: took} = play({...shape, ...load});
    const totals = {operations: operations, "simulated seconds": Math.round(virtualSeconds)};
    return {name, unit: "simulated seconds", perSecond: Math.round(virtualSeconds / took), warmedBy, totals};
  });
}

/** The backend with a million entries, and what it costs; the sorted maps beside it. */
function backendFigures(): readonly Figure[] {
  const keys = revisionKeys(1_000_000);
  const {backend, pages, bytes} = fillBackend(keys);
  const totals = {"pages written": pages, "bytes written": bytes, "bytes of the file": backend.size};
  return [
    {...measure("backend", "puts", () => ({done: fillBackend(keys).puts})), totals},
    measure("scan", "entries", () => ({done: scanBackend(backend)})),
    measure("reopen", "entries", () => ({done: reopenBackend(backend)})),
    measure("btree", "puts and visits", () => ({done: fillBTree(keys)})),
    measure("sorted", "puts and visits", () => ({done: fillSortedBTree(keys)})),
  ];
}

/** What a write costs with ever more watchers, half of them of ranges of ten keys of ten thousand; and catching up. */
function watchFigures(): readonly Figure[] {
  const past = historyOf(100_000);
  const live = [0, 1000, 10_000, 100_000].map((watchers) => {
    const watched = new WatchedStore({keys: 10_000, watchers});
    return measure(`watch${watchers}`, "puts", () => ({
      done: 1000,
      parts: new Map([["events told", watched.put(1000)]]),
    }));
  });
  return [
    ...live,
    measure("catchup1", "events", () => ({done: catchUpAll(past, 1)})),
    {
      ...measure("catchup10", "events", () => ({done: catchUpAll(past, 10)})),
      totals: {"bytes of a watcher": bytesPerWatcher(100_000)},
    },
  ];
}

function print({name, unit, perSecond, ratio, warmedBy, parts, bytes, totals, shares}: Figure): void {
  const after = warmedBy === undefined ? "" : `, after ${warmedBy} rounds`;
  const against = ratio === undefined ? after : `, ${ratio} of the calibration loop${after}`;
  const per = perSecond === 0 ? "" : `${String(perSecond).padStart(9)} ${unit} per second${against}`;
  console.log(`${name.padEnd(15)} ${per}`);
  const line = (figure: number, what: string): void =>
    console.log(`${" ".repeat(15)} ${String(figure).padStart(9)} ${what}`);
  if (bytes !== undefined) {
    line(Number((1e6 / perSecond).toFixed(2)), "µs for each");
    line(bytes.allocated, "bytes allocated for each");
    line(bytes.kept, "bytes kept for each");
  }
  for (const [part, count] of Object.entries(parts ?? {})) line(count, part);
  for (const [what, count] of Object.entries(totals ?? {})) line(count, what);
  for (const [room, share] of shares ?? []) line(share, `% ${room}`);
}

/** What a sweep can do: short seeds of three members, 60 simulated seconds and some 300 operations. */
function seedFigures(): readonly Figure[] {
  const warmedBy = warm(() => ({done: playSeeds(1000, 1005).events}));
  const {seeds, operations, events, seconds: took} = playSeeds(0, 60);
  return [
    {
      name: "short seeds",
      unit: "seeds",
      perSecond: Number((seeds / took).toFixed(2)),
      warmedBy,
      totals: {
        "an hour": Math.round((3600 * seeds) / took),
        "operations each": Math.round(operations / seeds),
        "events each": Math.round(events / seeds),
      },
    },
  ];
}

function raftFigures(): readonly Figure[] {
  return [
    measure("raft", "messages", () => ({done: threeNodes(2000)})),
    measure("propose1", "proposals", () => ({done: proposalLoop(1, 20_000)}), memoryPerProposal(1)),
    measure("propose2", "proposals", () => ({done: proposalLoop(2, 20_000)}), memoryPerProposal(2)),
  ];
}

/** Judging a register's recorded history, one that holds and one that does not: by length, by clients, by unknown outcomes. */
function checkFigures(): readonly Figure[] {
  const usual = {operations: 1000, clients: 5, unknown: 0};
  const shapes = [
    ...[100, 1000, 10_000, 100_000].map((operations) => ({...usual, operations})),
    ...[2, 10, 20, 40].map((clients) => ({...usual, clients})),
    ...[5, 10, 20, 50].map((unknown) => ({...usual, unknown})),
  ];
  judgeShape(usual, true);
  return shapes.flatMap((shape) =>
    [true, false].map((holds) => {
      const {verdict, steps, seconds: took} = judgeShape(shape, holds);
      const {operations, clients, unknown} = shape;
      return {
        name: `check${operations}`,
        unit: `operations (${clients} clients, ${unknown} in a thousand unknown; ${verdict})`,
        perSecond: Math.round(operations / took),
        totals: {steps},
      };
    }),
  );
}

/** Judging an etcd's history by revisions, and by the log. */
function sweepFigures(): readonly Figure[] {
  const usual = {operations: 100_000, clients: 100, unknown: 0};
  const known: readonly HistoryShape[] = [
    ...[10_000, 100_000, 1_000_000].map((operations) => ({...usual, operations})),
    ...[1, 10].map((clients) => ({...usual, clients})),
  ];
  const lost = [1, 10, 100].map((unknown) => ({...usual, unknown}));
  judgeHistory(etcdOf({...usual, operations: 20_000}), false);
  return [
    ...known.map((shape) => sweepFigure(shape, etcdOf(shape), false)),
    sweepFigure(usual, staleAtTheEnd(etcdOf(usual)), false),
    ...lost.flatMap((shape) => [true, false].map((withLog) => sweepFigure(shape, etcdOf(shape), withLog))),
    ...lost.slice(0, 2).map((shape) => sweepFigure(shape, staleAtTheEnd(etcdOf(shape)), true)),
    sweepFigure({...usual, operations: 10_000}, simulatedEtcd(), true, "simulated"),
  ];
}

function sweepFigure(
  {operations, clients, unknown}: HistoryShape,
  history: EtcdHistory,
  withLog: boolean,
  name = `etcd${operations}`,
): Figure {
  const base = calibration();
  const {verdict, steps, by, witness, seconds: took, firstSeconds} = judgeHistory(history, withLog);
  const log = withLog ? "the log" : "no log";
  const perSecond = operations / took;
  return {
    name,
    unit: `operations (${clients} clients, ${unknown} in a thousand unknown, ${log}; ${verdict} by ${by})`,
    perSecond: Math.round(perSecond),
    ratio: Number((perSecond / base).toPrecision(3)),
    totals: {
      "milliseconds, the least of five": Math.round(took * 1000),
      "milliseconds, the first": Math.round(firstSeconds * 1000),
      steps,
      ...(witness === 0 ? {} : {"operations in the witness": witness}),
    },
  };
}

const groups = {
  check: () => [...checkFigures(), ...sweepFigures()],
  raft: raftFigures,
  cluster: clusterFigures,
  time: timeFigures,
  seeds: seedFigures,
  backend: backendFigures,
  watch: watchFigures,
};

const wanted = process.argv.slice(2).filter((word) => word !== "--json");
const unknown = wanted.find((name) => !Object.hasOwn(groups, name) && name !== "store");
if (unknown !== undefined) {
  console.error(
    `bench: found "${unknown}", expected ${[...Object.keys(groups), "store"].join(", ")} or nothing`,
  );
  process.exit(2);
}
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

const figures: Figure[] = [];
for (const [name, make] of Object.entries(groups)) if (isWanted(name)) figures.push(...(await make()));
const stores = isWanted("store") ? [100_000, 1_000_000].map(storeFigures) : [];

if (process.argv.includes("--json")) console.log(JSON.stringify([...figures, {name: "store", stores}]));
else {
  console.log(
    "Between machines compare the ratios: to a loop of integer work and small objects, measured beside each.",
  );
  console.log(
    `"after n rounds": each is repeated until ${coolRounds} rounds in a row are no faster by 3 % than the fastest before, ${warmingMax} s at most.`,
  );
  for (const figure of figures) print(figure);
  for (const store of stores) {
    console.log(`store    ${String(store.keys).padStart(9)} keys`);
    for (const [what, figure] of Object.entries(store).slice(1))
      console.log(`           ${String(figure).padStart(9)} ${what}`);
  }
}
