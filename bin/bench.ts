// `npm run bench [--json]`: what the hot path costs, by the processor's time: other processes do not count, but a busy
// machine still makes caches cold. Figures of one machine mean little; each but the store's is also given as a ratio to a
// calibration loop that runs in the same process, right before it. All of it takes about a minute and a half.
//
//   raft      bare raft: three nodes, proposals through RawNode and Ready, messages per second
//   propose1  one voter: propose, Ready, Advance until it is applied; proposals per second, and bytes of memory each
//   propose2  two voters, the other's answers made up; in the shape of etcd's BenchmarkRawNode
//   cluster   five members of the simulated world, a fixed closed workload, committed client operations per second;
//             events per second, by kind, beside it
//   checked   the same with all checks on
//   idle      five members that only tick and send heartbeats, a minute of theirs, events per second
//   backend   a million puts of ascending revisions into the backend file, a commit after every 10,000; what was written
//   scan      a scan of all of them
//   reopen    the file written whole (a defragmentation), verified and opened again
//   btree     the same puts and a scan, into a sorted map in memory: core/btree
//   sorted    and into the npm package sorted-btree
//   watch0 …  puts while none, a thousand, ten thousand and a hundred thousand watch ranges that overlap
//   catchup   one and ten watchers that catch up with a hundred thousand revisions; bytes of a watcher
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
import {processorSeconds} from "./benchMeter.ts";
import {storeFigures} from "./benchStore.ts";
import {memoryPerProposal, proposalLoop, threeNodes} from "./benchRaft.ts";
import {bytesPerWatcher, catchUpAll, historyOf, WatchedStore} from "./benchWatch.ts";
import {versionOf} from "../sim/bug/museum.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {execute} from "../sim/execute.ts";
import {resolve} from "../sim/profile.ts";
import type {Run} from "../sim/run.ts";
import {Mix} from "../sim/workload/mix.ts";

interface Figure {
  readonly name: string;
  /** What is counted, per second. */
  readonly unit: string;
  readonly perSecond: number;
  /** Against the calibration loop's rounds per second. */
  readonly ratio: number;
  readonly parts?: Readonly<Record<string, number>>;
  /** Bytes of memory for each: allocated on the way, and kept (the log). */
  readonly bytes?: {readonly allocated: number; readonly kept: number};
  /** Counted in one round. */
  readonly totals?: Readonly<Record<string, number>>;
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

/** Repeats `work` for a while; `work` returns how much it did. */
function measure(
  name: string,
  unit: string,
  work: () => {done: number; parts?: Map<string, number>},
  bytes?: {readonly allocated: number; readonly kept: number},
): Figure {
  work();
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
  };
  return {...figure, ...(parts.size === 0 ? {} : {parts: shares}), ...(bytes === undefined ? {} : {bytes})};
}

function cluster(
  checked: boolean,
  busy: boolean,
): {operations: number; events: number; kinds: Map<string, number>} {
  const config = resolve({members: 5, clients: 4});
  // An idle one takes so little that it would measure boots.
  const until = busy ? 3_000_000 : 60_000_000;
  const run: Run = {
    format: 1,
    config,
    seed: "bench",
    versions: {},
    script: [],
    choices: [],
    limits: {events: 1_000_000, until},
  };
  const kinds = new Map<string, number>();
  const done = execute(run, {
    versions: versionOf,
    director: busy ? new Mix({seed: "bench", until, think: 2000}) : undefined,
    checkers: checked ? standardChecks().filter(({name}) => name !== "Linearizability") : [],
    onEvent: ({payload: {kind}}) => {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    },
  });
  const operations = done.operations.filter(({outcome}) => outcome?.kind === "ok").length;
  return {operations, events: done.events, kinds};
}

function clusterFigure(name: string, checked: boolean): Figure {
  return measure(name, "committed client operations", () => {
    const {operations, events, kinds} = cluster(checked, true);
    return {done: operations, parts: new Map([["events", events], ...kinds])};
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

const figures = [
  measure("raft", "messages", () => ({done: threeNodes(2000)})),
  measure("propose1", "proposals", () => ({done: proposalLoop(1, 20_000)}), memoryPerProposal(1)),
  measure("propose2", "proposals", () => ({done: proposalLoop(2, 20_000)}), memoryPerProposal(2)),
  clusterFigure("cluster", false),
  clusterFigure("checked", true),
  measure("idle", "events", () => ({done: cluster(false, false).events})),
  ...backendFigures(),
  ...watchFigures(),
];

const stores = [100_000, 1_000_000].map(storeFigures);

if (process.argv.includes("--json")) console.log(JSON.stringify([...figures, {name: "store", stores}]));
else {
  console.log(
    "Between machines compare the ratios: to a loop of integer work and small objects, measured beside each.",
  );
  for (const {name, unit, perSecond, ratio, parts, bytes, totals} of figures) {
    console.log(
      `${name.padEnd(11)} ${String(perSecond).padStart(9)} ${unit} per second, ${ratio} of the calibration loop`,
    );
    if (bytes !== undefined) {
      const each = (1e6 / perSecond).toFixed(2);
      console.log(
        `           ${each} µs, ${bytes.allocated} bytes allocated and ${bytes.kept} kept for each`,
      );
    }
    for (const [part, count] of Object.entries(parts ?? {}))
      console.log(`           ${String(count).padStart(9)} ${part}`);
    for (const [what, count] of Object.entries(totals ?? {}))
      console.log(`           ${String(count).padStart(9)} ${what}, in all`);
  }
  for (const store of stores) {
    console.log(`store    ${String(store.keys).padStart(9)} keys`);
    for (const [what, figure] of Object.entries(store).slice(1))
      console.log(`           ${String(figure).padStart(9)} ${what}`);
  }
}
