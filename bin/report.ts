// What a run came to: as JSON for scripts (DESIGN.md fixes the keys), and in words for people.

import type {Catalogue} from "../core/base/said.ts";
import {worded} from "../core/base/said.ts";
import type {Stop} from "../scenarios/stops.ts";
import {timeText} from "../scenarios/time.ts";
import {scenarioWords} from "../scenarios/words.ts";
import type {CheckReport, Verdict} from "../sim/check/checker.ts";
import {checkWords} from "../sim/check/words.ts";
import type {Executed} from "../sim/execute.ts";
import {damagesOf} from "../sim/fault/ledger.ts";
import type {Damage} from "../sim/fault/ledger.ts";
import type {Exit, Io} from "./io.ts";

export interface RunReport {
  readonly scenario: string;
  readonly seed: string;
  readonly verdict: Verdict;
  readonly expected: boolean;
  readonly events: number;
  readonly messages: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly traceHash: string;
  readonly checks: readonly {
    readonly name: string;
    readonly verdict: Verdict;
    readonly exercised: number;
    readonly evidence?: readonly string[];
  }[];
  /** Members that stopped by themselves and are down at the end. */
  readonly stopped: readonly Stop[];
  /** What befell disks that could harm their members; times in microseconds. */
  readonly damaged: readonly Damage[];
}

/** Characters in a line of the report. */
const lineMax = 100;

const catalogue: Catalogue = {...checkWords, ...scenarioWords};

export function reportOf(
  done: Executed,
  about: {
    readonly scenario: string;
    readonly seed: string;
    readonly expected: boolean;
    readonly wallMs: number;
    readonly stopped: readonly Stop[];
  },
): RunReport {
  const {scenario, seed, expected, wallMs, stopped} = about;
  const {verdict, events, messages, virtualMs, traceHash} = done;
  const checks = done.checks.map(({name, verdict: of, exercised, violation}) => ({
    name,
    verdict: of,
    exercised,
    ...(violation === undefined ? {} : {evidence: violation.evidence}),
  }));
  return {
    scenario,
    seed,
    verdict,
    expected,
    events,
    messages,
    virtualMs,
    wallMs: Math.round(wallMs),
    traceHash,
    checks,
    stopped,
    damaged: damagesOf(done.view),
  };
}

/** A table of the checks, who stopped, and a line of sums. */
export function printReport(report: RunReport, checks: readonly CheckReport[], io: Io): void {
  const idle = checks.filter(({verdict, exercised}) => verdict === "pass" && exercised === 0);
  const told = checks.filter((check) => !idle.includes(check));
  const width = Math.max(...told.map(({name}) => name.length));
  for (const {name, verdict, exercised, violation} of told) {
    const mark = verdict === "pass" ? "held" : verdict === "fail" ? "VIOLATED" : "unknown";
    io.out(
      `  ${name.padEnd(width)}  ${mark}${verdict === "pass" && exercised > 1 ? ` (${exercised} times)` : ""}\n`,
    );
    if (violation === undefined) continue;
    io.out(`    ${worded(catalogue, violation.said, "en")}\n`);
    io.out(`    at event ${violation.step}: ${violation.evidence.join(" ")}\n`);
  }
  if (idle.length > 0)
    io.out(
      wrapped(
        "  not exercised:",
        idle.map(({name}) => name),
      ),
    );
  for (const {at, says} of report.stopped) io.out(`${says} (at ${at}; it is down still)\n`);
  const damaged = damageLine(report.damaged);
  if (damaged !== undefined) io.out(`${damaged}\n`);
  const {scenario, seed, verdict, expected, events, messages, virtualMs, traceHash} = report;
  const surprise =
    expected === (verdict === "pass")
      ? ""
      : expected
        ? ", as the scenario expects"
        : ", which the scenario does not expect";
  io.out(`${scenario === "" ? "a run" : scenario} with seed ${seed}: ${verdict}${surprise}\n`);
  io.out(
    `${events} events, ${messages} messages between members, ${virtualMs} ms simulated, hash ${traceHash}\n`,
  );
}

/** `damaged: n2 (syncLies at 1.2s)`; undefined: nobody is. */
export function damageLine(damaged: readonly Damage[]): string | undefined {
  if (damaged.length === 0) return undefined;
  const members = [...new Set(damaged.map(({member}) => member))];
  const texts = members.map((name) => {
    const how = damaged.filter(({member}) => member === name).map(({by, at}) => `${by} at ${timeText(at)}`);
    return `${name} (${how.join(", ")})`;
  });
  return `damaged: ${texts.join(" · ")}`;
}

/** A list behind what it is of, in lines that a terminal does not break; those that go on stand further in. */
export function wrapped(head: string, names: readonly string[], further = "    "): string {
  const lines = [head];
  for (const [i, name] of names.entries()) {
    const word = ` ${name}${i + 1 < names.length ? "," : ""}`;
    const last = lines.at(-1) ?? "";
    if (last.length + word.length <= lineMax) lines[lines.length - 1] = last + word;
    else lines.push(further + word.trimStart());
  }
  return `${lines.join("\n")}\n`;
}

export function exitOf(verdict: Verdict): Exit {
  return verdict === "pass" ? 0 : verdict === "fail" ? 1 : 3;
}

/** An argument as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
