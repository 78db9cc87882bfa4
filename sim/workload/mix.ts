// A mixed workload as a table: every client asks one thing after another (a closed loop), of a few keys, so that operations
// meet; the last of several only reads. What is wanted besides (leases, upkeep, all the rest that etcd can be asked) are rows
// with weights of their own.

import type {Micros} from "../../core/base/quantity.ts";
import {WorkloadDirector} from "./director.ts";
import type {Ask, Load, Workload} from "./workload.ts";

export interface MixOptions {
  readonly seed: string;
  /** No operation begins later. */
  readonly until: Micros;
  /** Different keys; few make conflicts. */
  readonly keys?: number;
  /** Longest time between an answer and the next question. */
  readonly think?: Micros;
  /** Per client. */
  readonly operationsMax?: number;
  /** Of 100 questions of a client that writes: compactions, and defragmentations of the member that it is connected to. */
  readonly compact?: number;
  readonly defrag?: number;
  /** Of leases: granted, attached to, renewed, asked about, revoked, or left to run out. */
  readonly leases?: number;
  /** Of everything else that etcd can be asked: serializable and bounded reads, ranged compares, watches with all they can have. */
  readonly rest?: number;
  /** How long the run goes on after `until`, for what takes its time: leases that run out, watches that catch up. */
  readonly linger?: Micros;
  /** Values are lengthened by up to so many bytes. */
  readonly padding?: number;
  /** Members that the last client reads from, of each one thing after another; none: only of the one that it talks to. */
  readonly beside?: readonly string[];
}

/** Of `weight`, each line has an even part. */
type Row = readonly [weight: number, ...lines: readonly string[]];

/** Any revision that there was. */
const old = "{revision*{draw:0..100}%}";

/** Of 100; the rest are puts. */
const writers: readonly Row[] = [
  [20, "get {key}"],
  [6, "get a --from-key", "get a --from-key --limit 2 --order DESCEND --sort-by MODIFY"],
  [6, `get {key} --rev ${old}`],
  [6, "del {key}"],
  [2, "del a c --prev-kv"],
  [14, `txn mod({key})>${old} : put {key} {value} ; get {key} : get {key}`],
  [4, `watch a --from-key --rev ${old}`, "watch {key} --filter nodelete"],
];

const put = "put {key} {value}";
const puts = [put, put, put, "put {key} {value} --prev-kv"];

/** A client that only reads is never held up by a write: it is the one that sees a stale leader's answers. */
const readers: readonly Row[] = [
  [60, "get {key}"],
  [20, "get a --from-key", "get a --from-key --limit 2 --order DESCEND --sort-by MODIFY"],
  [10, `get {key} --rev ${old}`],
  [10, `watch a --from-key --rev ${old}`, "watch {key} --filter nodelete"],
];

/** Few leases, that several clients use, grant and revoke: of a second or two, so that some run out. */
const lease = "{draw:16..19}";
const grant = `lease grant {draw:1..2} --id ${lease}`;
const attach = `put {key} {value} --lease ${lease}`;
const keepAlive = `lease keep-alive ${lease} --once`;
const ofLeases = [
  grant,
  grant,
  attach,
  attach,
  keepAlive,
  keepAlive,
  `lease timetolive ${lease} --keys`,
  `lease revoke ${lease}`,
  `lease revoke ${lease}`,
];

/** Drawn evenly; each line has an even part of its own row. */
const ofRest: readonly (readonly string[])[] = [
  ["get a --from-key --consistency s", `get {key} --consistency s --rev ${old}`],
  [
    `get a --from-key --min-mod-rev ${old} --limit 2`,
    `get a --from-key --max-create-rev ${old} --order DESCEND --sort-by VERSION`,
  ],
  ["get a --from-key --keys-only", "get a --from-key --count-only"],
  [`txn mod(a,z)<${old} : put {key} {value} : get a --from-key --limit 1`],
  [
    `txn lease("{key}")="${lease}" : put {key} --ignore-value ; get {key} : put {key} {value} --ignore-lease --prev-kv`,
  ],
  [
    "txn ver({key})>0 : ( txn ver({other})>0 : del {other} ; get {other} : get {other} ) ; get a --from-key : put {key} {value} ; get {key}",
  ],
  ["txn : put a {value} ; put b {value} --prev-kv ; get a --from-key :"],
  ["put {key} --ignore-value"],
  ["compact {revision-{draw:6..10}} --physical"],
  ["endpoint hashkv"],
  ["watch a --from-key --prev-kv --progress-notify --rev {revision+{draw:0..2}}"],
];

/** Parts that every list of lines can be divided into. */
const parts = 12;

function evenly(weight: number, lines: readonly string[]): readonly Ask[] {
  return lines.map((line) => ({weight: (weight * parts) / lines.length, lines: [line]}));
}

function table(rows: readonly Row[], times: number): readonly Ask[] {
  return rows.flatMap(([weight, ...lines]) => evenly(weight * times, lines));
}

export function mixOf(options: Omit<MixOptions, "seed">): Workload {
  const {until, keys = 4, think = 30_000, operationsMax, compact = 2, defrag = 0} = options;
  const {leases = 0, rest = 0, linger = 0, padding = 0, beside = []} = options;
  const upkeep: readonly Row[] = [
    [compact, "compact {revision-5}"],
    [defrag, "defrag"],
  ];
  const others = [...writers, ...upkeep].reduce((left, [weight]) => left - weight, 100);
  // Leases and the rest are so many of 100 questions, whatever the other rows weigh.
  const [few, many] = [ofLeases.length, ofRest.length];
  const asks = [
    ...table([...writers, ...upkeep, [others, ...puts]], (100 - leases - rest) * few * many),
    ...ofLeases.flatMap((line) => evenly(leases * 100 * many, [line])),
    ...ofRest.flatMap((lines) => evenly(rest * 100 * few, lines)),
  ];
  const common = {
    pace: {kind: "closed", think: {least: 0, most: Math.max(0, think - 1)}},
    keys: Array.from({length: keys}, (_, place) => String.fromCharCode(97 + place)),
    watches: 2,
    ...(operationsMax === undefined ? {} : {most: operationsMax}),
    ...(padding === 0 ? {} : {padding: padding - 1}),
  } as const satisfies Partial<Load>;
  // One watch of everything in each run: what it is told pins down writes whose answers were lost.
  const everything: Load = {
    ...common,
    by: "first",
    most: 1,
    asks: [{weight: 1, lines: ["watch a --from-key --rev 1"]}],
  };
  const reading = beside.length === 0 ? [{}] : beside.map((to) => ({to}));
  const loads: readonly Load[] = [
    {...common, by: "allButLast", asks},
    ...reading.map((to): Load => ({...common, by: "last", asks: table(readers, 1), ...to})),
    everything,
  ];
  return {loads, until, ...(linger === 0 ? {} : {linger}), ends: "answered"};
}

export class Mix extends WorkloadDirector {
  constructor({seed, ...options}: MixOptions) {
    super(mixOf(options), seed);
  }
}
