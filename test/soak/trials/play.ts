// Short trials played, and what came of them as data.

import type {Said} from "../../../core/base/said.ts";
import {aboutUsers} from "../../../sim/check/standard.ts";
import {behaviours} from "../../../sim/explore/behaviours.ts";
import {Covered} from "../../../sim/explore/coverage.ts";
import {playTrial} from "../../../sim/explore/sweep.ts";
import {trialChecks, trialOf} from "../../../sim/explore/trial.ts";
import {sum} from "../soak.ts";
import type {Counts} from "../soak.ts";

/** A claim about the run of a seed. */
export interface OfSeed {
  readonly seed: number;
  readonly check: string;
}

export interface Broken extends OfSeed {
  readonly said: Pick<Said, "id" | "args">;
}

export interface TrialsPlayed {
  readonly runs: number;
  readonly events: number;
  readonly operations: number;
  /** Of the processors. */
  readonly cpuMs: number;
  /** How often each claim could have failed. */
  readonly checks: Counts;
  /** In how many runs each behaviour was reached. */
  readonly behaviours: Counts;
  readonly undecided: readonly OfSeed[];
  readonly violations: readonly Broken[];
  /** The first digits of the runs' traces' hashes, one after another, in lines. */
  readonly traces: readonly string[];
}

const digits = 6;
const lineLength = 20 * digits;

export const noTrialsPlayed: TrialsPlayed = {
  runs: 0,
  events: 0,
  operations: 0,
  cpuMs: 0,
  checks: Object.fromEntries(trialChecks().map(({name}) => [name, 0])),
  behaviours: Object.fromEntries(behaviours.map((name) => [name, 0])),
  undecided: [],
  violations: [],
  traces: [],
};

export function playTrials(seeds: Iterable<number>): TrialsPlayed {
  const before = process.cpuUsage();
  let played = noTrialsPlayed;
  for (const seed of seeds) played = trialsTogether(played, playOne(seed));
  const {user, system} = process.cpuUsage(before);
  return {...played, cpuMs: Math.round((user + system) / 1000)};
}

function playOne(seed: number): TrialsPlayed {
  const {events, operations, checks, violation, reached, traceHash} = playTrial(trialOf(seed, {short: true}));
  const {runs} = new Covered([reached]);
  return {
    runs: 1,
    events,
    operations: operations.length,
    cpuMs: 0,
    checks: Object.fromEntries(checks.map(({name, exercised}) => [name, exercised])),
    behaviours: Object.fromEntries(behaviours.map((name, place) => [name, runs[place] ?? 0])),
    undecided: checks.filter(({verdict}) => verdict === "unknown").map(({name: check}) => ({seed, check})),
    violations:
      violation === undefined
        ? []
        : [{seed, check: violation.check, said: {id: violation.said.id, args: violation.said.args}}],
    traces: [traceHash.slice(0, digits)],
  };
}

export function trialsTogether(a: TrialsPlayed, b: TrialsPlayed): TrialsPlayed {
  return {
    runs: a.runs + b.runs,
    events: a.events + b.events,
    operations: a.operations + b.operations,
    cpuMs: a.cpuMs + b.cpuMs,
    checks: sum(a.checks, b.checks),
    behaviours: sum(a.behaviours, b.behaviours),
    undecided: [...a.undecided, ...b.undecided],
    violations: [...a.violations, ...b.violations],
    traces: inLines(a.traces, b.traces),
  };
}

/** All lines but the last are full. */
function inLines(a: readonly string[], b: readonly string[]): readonly string[] {
  const lines = a.slice(0, -1);
  const rest = (a.at(-1) ?? "") + b.join("");
  for (let from = 0; from < rest.length; from += lineLength) lines.push(rest.slice(from, from + lineLength));
  return lines;
}

/** The trace of the n-th run. */
export function traceAt({traces}: TrialsPlayed, n: number): string {
  return traces.join("").slice(digits * n, digits * (n + 1));
}

/** What trials of this kind are not made of: nobody asks for it, or no plan does it. */
const notHere: readonly RegExp[] = [
  // Nobody asks about users, members, alarms or leaders, for the stores' hashes or snapshots, or ends a watch by hand.
  /^call\/(auth|user|role|member|alarm|reconfigure|status|moveLeader|hash\/|snapshot|leaseList|watch)/,
  // So nobody joins, leaves or is handed the lead.
  /^message\/(TimeoutNow|TransferLeader)\//,
  /^note\/(transfer|timeoutNowTaken|changeIgnored|autoLeave|forgetRefused|leaderForgotten)/,
  /^note\/(messageDropped\/(unknownSender|noProgress|notForMe)|proposalDropped\/(transferring|removed))/,
  /^note\/campaignRefused\/(pendingChange|unpromotable)/,
  // Recipes are those of sim/workload/recipes.ts.
  /^recipe\/(session|orphan|close|lock|tryLock|rlock|wlock|unlock|isOwner|proclaim|leader|observe|barrier\w+|enter|leave|discover|standby)\//,
  // What a sound cluster does not survive, and what only a person's hand does.
  /^fault\/disk\/(misdirect|syncLies|syncedLost|backup|olderDisk|wipe)$/,
  /^fault\/message$/,
  /^lost\/dropped$/,
];

/** What was never exercised, besides. */
export function trialsZeros({checks, behaviours: reached}: TrialsPlayed): readonly string[] {
  return [checks, reached]
    .flatMap((counts) => Object.keys(counts).filter((name) => counts[name] === 0))
    .filter((name) => !aboutUsers.includes(name) && !notHere.some((kind) => kind.test(name)));
}
