// A run in words that lead back to it: what was violated, its seed, its faults, a trace and a link. What `toHold` prints,
// and `explain` gives to whoever judges a run by hand.

import {worded} from "../core/base/said.ts";
import {claimPrefix, completedCheck} from "../scenarios/claim.ts";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOfRecord} from "../scenarios/ofRun.ts";
import type {Performed} from "../scenarios/perform.ts";
import {scenarioWords} from "../scenarios/words.ts";
import type {CheckReport} from "../sim/check/checker.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {checkWords} from "../sim/check/words.ts";
import type {ProgramEnd} from "../sim/program/program.ts";
import type {Intervention} from "../sim/run.ts";
import {readTrace} from "../sim/trace/file.ts";
import {linkOfScenario, linkOfTrace, wholeHash} from "./link.ts";

/** A run that can be saved: what `run` gives. */
export interface Done extends Performed {
  /** What was run. */
  readonly of: Scenario;
  readonly variant?: string;
  /** What went wrong besides: the plan that was asked for. */
  readonly faults: readonly Intervention[];
  /** Of a run with programs: what became of each. */
  readonly programs?: readonly ProgramEnd[];
}

/**
 * Which of the scenario's own expectations count, besides the checks that judge every run: those of these ids, or "all"
 * of them and that every step was taken. The same with faults and without.
 */
export type Claims = "all" | readonly string[];

/**
 * The first check that counts and did not hold; undefined when the run holds. That a program had not ended counts last: the
 * run is over as soon as another one fails.
 */
export function wrongIn({checks}: Performed, claims: Claims): CheckReport | undefined {
  const wrong = checks.filter(({name, verdict}) => verdict !== "pass" && counts(name, claims));
  return wrong.find(({violation}) => violation?.said.id !== "programWaits") ?? wrong[0];
}

function counts(check: string, claims: Claims): boolean {
  const own = check === completedCheck || check.startsWith(claimPrefix);
  return !own || claims === "all" || claims.includes(check.slice(claimPrefix.length));
}

/** `leader-crash with seed "7" and 2 faults` */
export function headOf({
  of,
  seed,
  variant,
  faults,
}: Pick<Done, "of" | "seed" | "variant" | "faults">): string {
  const overlay = variant === undefined ? "" : `, variant ${JSON.stringify(variant)},`;
  return `${of.id}${overlay} with seed ${JSON.stringify(seed)} and ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`;
}

/** The text of a run in which `wrong` did not hold; `trace` is the run as a trace file's bytes. */
export function explained(done: Done, wrong: CheckReport, trace: Uint8Array): string {
  return [
    `${headOf(done)} does not hold: ${wrong.name}`,
    ...evidenceOf(wrong),
    ...stacksOf(done),
    ...pasteable(done, wrong, trace),
  ].join("\n");
}

/** Where programs failed. */
function stacksOf({programs = []}: Done): readonly string[] {
  return programs.flatMap((end) =>
    end.kind === "failed" && end.stack !== "" ? end.stack.split("\n").map((line) => `  ${line}`) : [],
  );
}

function evidenceOf({verdict, violation}: CheckReport): readonly string[] {
  if (violation === undefined) return [`  ${verdict}: a budget ran out`];
  return [
    `  ${worded({...checkWords, ...scenarioWords}, violation.said, "en")}`,
    ...(violation.evidence.length === 0 ? [] : [`  at ${violation.evidence.join(" ")}`]),
  ];
}

/** Seed, faults, trace and link. The trace is saved where there is a disk to save it on. */
function pasteable(done: Done, {violation}: CheckReport, bytes: Uint8Array): readonly string[] {
  const event = violation?.evidence.at(-1);
  const path = save(`etcdscope-${done.traceHash}.trace`, bytes);
  const at = event === undefined ? "" : ` --at '${event}'`;
  const trace = path === undefined ? done.traceHash : `${path}   (npx etcdscope replay ${path})`;
  const open = path === undefined ? [] : [`open:   npx etcdscope open ${path}${at}`];
  return [
    `seed:   ${done.seed}`,
    `faults: ${done.faults.length === 0 ? "none" : JSON.stringify(done.faults)}`,
    `trace:  ${trace}`,
    ...open,
    ...linkOf(done, bytes, event),
  ];
}

/** The same run in the page, without the trace's file: for another machine. Out of time's order, it is a scenario of its own. */
function linkOf({of, run}: Done, bytes: Uint8Array, event: string | undefined): readonly string[] {
  const trace = readTrace(bytes);
  if (!trace.ok) return [];
  const link =
    run.choices.length === 0
      ? linkOfTrace(trace.value, event)
      : linkOfScenario(JSON.stringify(scenarioOfRecord(of.id, run, standardChecks())), trace.value, event);
  return [
    `link:   ${wholeHash(link)}`,
    "        (npx etcdscope open '#run=…', or behind the address of any page of etcdscope)",
  ];
}

interface Built {
  getBuiltinModule?: (name: string) => unknown;
}

/** Writes a file into the system's folder for such; undefined where there is none (a browser). */
function save(name: string, bytes: Uint8Array): string | undefined {
  const {process} = globalThis as {process?: Built};
  const files = process?.getBuiltinModule?.("fs") as
    | {writeFileSync(path: string, bytes: Uint8Array): void}
    | undefined;
  const system = process?.getBuiltinModule?.("os") as {tmpdir(): string} | undefined;
  if (files === undefined || system === undefined) return undefined;
  const path = `${system.tmpdir()}/${name}`;
  files.writeFileSync(path, bytes);
  return path;
}
