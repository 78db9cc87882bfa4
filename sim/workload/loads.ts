// The loads that have names: what etcd's robustness tests ask (tests/robustness/traffic), what Kubernetes does, and small
// ones whose claims say something (bank, list-append, queue). Tables: weight, then the lines of a question.

import type {Micros} from "../../core/base/quantity.ts";
import type {Between} from "../run.ts";
import type {Ask, By, Line, Load, Pace, Workload} from "./workload.ts";

/** What of a load may be chosen. */
export interface LoadOptions {
  readonly by?: By;
  readonly to?: string;
  /** How many keys, or accounts. */
  readonly keys?: number;
  /** Closed: between an answer and the next question. Absent: the load's own. */
  readonly think?: Between;
  /** Open instead: between one question and the next, and how many of each client may be unanswered. */
  readonly every?: Between;
  readonly waiting?: number;
  /** Questions of each client. */
  readonly most?: number;
  /** Values are lengthened by up to so many bytes. */
  readonly padding?: number;
}

export interface NamedLoad {
  /** One line for whoever looks for it. */
  readonly doc: string;
  readonly loads: (options: LoadOptions) => readonly Load[];
}

type Row = readonly [weight: number, ...lines: readonly [Line, ...Line[]]];

const ms = 1000;
const unhurried: Between = {least: 0, most: 30 * ms};

/** In etcd: at most three of what cannot be told apart afterwards, as a deletion, at once. */
const unlike = {unlike: 3};

function rows(...table: readonly Row[]): readonly Ask[] {
  return table.map(([weight, ...lines]) => ({weight, lines}));
}

/** The same, which count against the limit. */
function unlikeRows(...table: readonly Row[]): readonly Ask[] {
  return rows(...table).map((ask) => ({...ask, limit: "unlike"}));
}

function load(
  {by = "all", to, keys = 10, think, every, waiting = 8, most, padding}: LoadOptions,
  name: (place: number) => string,
  more: Pick<Load, "asks"> & Partial<Load> & {readonly pause?: Between},
): Load {
  const {pause = unhurried, ...rest} = more;
  const pace: Pace =
    every === undefined ? {kind: "closed", think: think ?? pause} : {kind: "open", every, waiting};
  return {
    by,
    ...(to === undefined ? {} : {to}),
    pace,
    keys: Array.from({length: keys}, (_, place) => name(place)),
    ...(most === undefined ? {} : {most}),
    ...(padding === undefined ? {} : {padding}),
    ...rest,
  };
}

const etcdKey = (place: number): string => `key${place}`;
const pod = (place: number): string => `registry/pods/p${place}`;
const named =
  (prefix: string) =>
  (place: number): string =>
    `${prefix}/${place}`;

// ---- etcd's own (etcd.go)

/** A list that comes as a stream there is one answer here: those weights went to the lists. */
const etcdReads = rows(
  [15, "get {key}"],
  [8, "get key --prefix"],
  [7, "get key --prefix --keys-only"],
  [5, "get {key} --rev {revision}"],
  [5, "get {key} --consistency s"],
  [5, "get key --prefix --rev {revision}"],
  [5, "get key --prefix --consistency s"],
);
const etcdTxn = unlikeRows([10, "txn : put {key} {value} ; get {key} ; del {other} :"]);
const etcdLeases = [
  ...rows([5, "lease grant {draw:1..5}", "put {key} {value} --lease {lease}"]),
  ...unlikeRows([5, "lease revoke {lease}"]),
];
const compareAndSet = rows([
  5,
  "get {key}",
  "txn mod({key})={modRevisionOf:{key}} : put {key} {value} : get {key}",
]);
const etcdMore: Partial<Load> = {limits: unlike, afterFailure: ["get key --prefix"]};

function etcd(asks: readonly Ask[]): NamedLoad["loads"] {
  return (options) => [load(options, etcdKey, {asks, ...etcdMore})];
}

// ---- Kubernetes (kubernetes.go): all that it asks of etcd

const listAndWatch: Row = [
  80,
  "get registry/pods/ --prefix --limit 4",
  "get {nextKey} registry/pods0 --rev {listRevision} --limit 4",
  "get {nextKey} registry/pods0 --rev {listRevision} --limit 4",
  "watch registry/pods/ --prefix --rev {listRevision+1} --prev-kv --progress-notify",
  {wait: {least: 50 * ms, most: 300 * ms}},
  "cancel {callOf:registry/pods/}",
];
const podReads = rows(
  [5, "get {key}"],
  [2, "get {key} --consistency s"],
  [8, "get {key} --rev {revision}"],
  [5, "get registry/pods/ --prefix --consistency s"],
  listAndWatch,
);
const create: Row = [5, "txn mod({key})=0 : put {key} {value} : get {key}"];
const update: Row = [90, "get {key}", "txn mod({key})={modRevisionOf:{key}} : put {key} {value} : get {key}"];
const remove: Row = [5, "get {key}", "txn mod({key})={modRevisionOf:{key}} : del {key} : get {key}"];

function kubernetes(writes: readonly Ask[]): NamedLoad["loads"] {
  return (options) => [
    load(options, pod, {asks: podReads}),
    load(options, pod, {asks: writes, afterFailure: ["get {key}"]}),
  ];
}

// ---- lists

/** One element more than what was read. */
const append = 'put {key} "{valueOf:{key}},{value}"';
const asRead = "mod({key})={modRevisionOf:{key}}";
const bothAsRead = `${asRead} mod({other})={modRevisionOf:{other}}`;
const appendsOfTwo: readonly Row[] = [
  [15, "get {key}", "get {other}", `txn ${bothAsRead} : ${append} ; get {other} : get {key} ; get {other}`],
  [
    15,
    "get {key}",
    "get {other}",
    `txn ${bothAsRead} : ${append} ; put {other} "{valueOf:{other}},{value}" : get {key} ; get {other}`,
  ],
];

/** Weighed anew. */
function weighing(weight: number, [, ...lines]: Row): Row {
  return [weight, ...lines];
}

/** What each is named by in a scenario's `load`. */
export const namedLoads = {
  registers: {
    doc: "Reads, writes and compare-and-sets of a few keys.",
    loads: (options) => [
      load({keys: 3, ...options}, named("r"), {
        asks: [
          ...rows([50, "get {key}"], [30, "put {key} {value}"]),
          ...compareAndSet.map((ask) => ({...ask, weight: 20})),
        ],
      }),
    ],
  },
  etcdPutDeleteLease: {
    doc: "EtcdPutDeleteLease of etcd's robustness tests: every read, puts, deletions, transactions, leases.",
    loads: etcd([
      ...etcdReads,
      ...unlikeRows([5, "del {key}"]),
      ...etcdTxn,
      ...etcdLeases,
      ...compareAndSet,
      ...rows([20, "put {key} {value}"]),
    ]),
  },
  etcdPut: {
    doc: "EtcdPut of etcd's robustness tests: every read, transactions and puts.",
    loads: etcd([...etcdReads, ...etcdTxn, ...rows([40, "put {key} {value}"])]),
  },
  etcdDelete: {
    doc: "EtcdDelete of etcd's robustness tests: a put for every deletion.",
    loads: etcd([...unlikeRows([50, "del {key}"]), ...rows([50, "put {key} {value}"])]),
  },
  kubernetes: {
    doc: "Kubernetes: list by pages and watch from there, update and delete if the key is still as it was read.",
    loads: kubernetes(rows(update, remove, create)),
  },
  kubernetesCreateDelete: {
    doc: "KubernetesCreateDelete of etcd's robustness tests: the same, objects come and go.",
    loads: kubernetes(rows(weighing(60, create), weighing(40, remove))),
  },
  compaction: {
    doc: "Compacts now and then what is older than a few revisions, as one apiserver of several does.",
    loads: (options) => [
      load({by: "last", ...options}, named("c"), {
        pause: {least: 100 * ms, most: 200 * ms},
        asks: rows([
          1,
          "get compact_rev_key",
          "txn mod(compact_rev_key)={modRevisionOf:compact_rev_key} : put compact_rev_key {revision} : get compact_rev_key",
          "compact {revision-{draw:0..5}}",
        ]),
      }),
    ],
  },
  watches: {
    doc: "Watches opened again and again: from the past, perhaps compacted, from now, from revisions to come.",
    loads: (options) => [
      load(options, etcdKey, {
        asks: ["--rev {revision-{draw:0..20}}", "", "--rev {revision+{draw:1..10}}"].map((from) => ({
          weight: 1,
          lines: [
            "get a --from-key --limit 1 --keys-only",
            `watch a --from-key --prev-kv --progress-notify ${from}`.trimEnd(),
            {wait: {least: 100 * ms, most: 500 * ms}},
            "cancel {callOf:a}",
          ],
        })),
      }),
    ],
  },
  listAppend: {
    doc: "Elle's list-append: read lists, write one or two with an element more if all are still as they were read.",
    loads: (options) => [
      load({keys: 3, ...options}, named("list"), {
        asks: rows(
          [30, "get {key}", `txn ${asRead} : ${append} : get {key}`],
          ...(options.keys === 1 ? [] : appendsOfTwo),
          [30, "get {key}"],
          [10, "get list/ --prefix"],
        ),
        claims: [{claim: "append", prefix: "list/"}],
      }),
    ],
  },
  bank: {
    doc: "Transfers between accounts, each a transaction; who reads all accounts finds the same sum.",
    loads: (options) => [
      load({keys: 5, ...options}, named("bank"), {
        asks: rows(
          [60, "stm add {key} -{draw:1..9} ; add {other} {draw:1..9}"],
          [30, "get bank/ --prefix"],
          [10, "get bank/ --prefix --consistency s"],
        ),
        claims: [{claim: "sum", prefix: "bank/", is: 0}],
      }),
    ],
  },
  queue: {
    doc: "Puts into a queue, and takes out of it.",
    loads: (options) => [
      load(options, named("q"), {
        order: "inTurn",
        asks: rows([1, "enqueue work {value}"], [1, "dequeue work"]),
        claims: [{claim: "queue", queue: "work"}],
      }),
    ],
  },
  lock: {
    doc: "A counter under a lock, fenced: the write is refused once the lock is lost.",
    loads: (options) => [
      load(options, named("l"), {
        asks: rows([1, "critical jobs n --ttl 1 --hold {draw:1..200000}us --fenced"]),
      }),
    ],
  },
  counter: {
    doc: "Counters by transactions that are tried until nothing they read has changed.",
    loads: (options) => [
      load({keys: 2, ...options}, named("n"), {
        asks: rows([1, "stm add total 1 ; get {other} ; add {key} 1"]),
      }),
    ],
  },
  election: {
    doc: "Stands for election, leads for a while, resigns.",
    loads: (options) => [
      load(options, named("e"), {
        asks: rows([
          1,
          "elect chief {value} --ttl 1",
          {wait: {least: 0, most: 50 * ms}},
          "resign {callOf:chief}",
        ]),
      }),
    ],
  },
  registry: {
    doc: "Registers an instance of a service, and takes it out again.",
    loads: (options) => [
      load(options, named("s"), {
        asks: rows([
          1,
          "register web {client} 10.0.0.{n} --ttl 1",
          {wait: {least: 0, most: 50 * ms}},
          "deregister {callOf:web}",
        ]),
      }),
    ],
  },
} as const satisfies Readonly<Record<string, NamedLoad>>;

export type LoadName = keyof typeof namedLoads;

export const loadNames = Object.keys(namedLoads) as readonly LoadName[];

/** A load by its name: more than one where a client does several things at once. */
export function loadsOf(name: LoadName, options: LoadOptions = {}): readonly Load[] {
  const {loads}: NamedLoad = namedLoads[name];
  return loads(options);
}

/** Loads for so long. */
export function workloadOf(loads: readonly Load[], until: Micros, linger = 0): Workload {
  return {loads, until, ...(linger === 0 ? {} : {linger}), ends: loads.some(mayWait) ? "time" : "answered"};
}

/** Recipes that wait for another client, perhaps for ever. */
function mayWait({asks}: Load): boolean {
  return asks.some(({lines}) => lines.some((line) => typeof line === "string" && waiting.test(line)));
}

const waiting = /^(dequeue|elect|critical|lock|rlock|wlock|enter|barrier wait)\b/;
