// What the schema cannot say of a scenario: that the members, clients, steps, operations and bindings it names exist,
// that ids are unique, that every line is one etcdctl understands, that both languages fill the same braces.

import type {MemberId} from "../core/base/quantity.ts";
import type {ClientCommand} from "../core/client/command.ts";
import {parseScripted} from "../core/client/operand.ts";
import {resolve} from "../sim/profile.ts";
import {latencyBetween, serversOf} from "../sim/run.ts";
import {checksToName} from "./checks.ts";
import {bracesOf, problemOfBraces} from "./fill.ts";
import type {Config, NamedLoad, Run, Scenario} from "./format.ts";
import {namesInLine, resolveLine} from "./line.ts";
import {membersMax} from "./schema.ts";
import {settingsOf, timeSettings} from "./settings.ts";
import {parseTime, parseTimes} from "./time.ts";

/** The names that a scenario may use. */
interface Known {
  /** Servers, in the cluster or not. */
  readonly members: number;
  readonly clients: number;
  readonly steps: ReadonlySet<string>;
  readonly operations: ReadonlySet<string>;
  readonly bound: ReadonlySet<string>;
  readonly expects: ReadonlySet<string>;
  readonly checks: ReadonlySet<string>;
}

/** Keys whose text is nobody's name. */
const opaque = new Set([
  "value",
  "saw",
  "answer",
  "key",
  "error",
  "title",
  "url",
  "licence",
  "id",
  "seed",
  "as",
  "ops",
  "notes",
  "file",
  "into",
]);
const timeKeys = new Set([
  ...timeSettings,
  "after",
  "limit",
  "within",
  "quiet",
  "rest",
  "delay",
  "speed",
  "forward",
  "for",
]);
const rangeKeys = new Set(["peerLatency", "clientLatency", "write", "sync", "apply"]);

/** The first problem, as `where: found …, expected …`. */
export function problemOf(scenario: Scenario): string | undefined {
  const known = knownOf(scenario.run);
  const {run} = scenario;
  return (
    twice(
      run.steps.flatMap(({id}) => id ?? []),
      "run.steps",
      "step",
    ) ??
    twice(
      // Names of a machine's, with a slash, may come again: the last counts.
      run.steps.flatMap((step) => ("as" in step && step.as?.includes("/") === false ? step.as : [])),
      "run.steps",
      "operation",
    ) ??
    twice(
      run.expect.map(({id}) => id),
      "run.expect",
      "expectation",
    ) ??
    twice(
      (scenario.tell ?? []).map(({id}) => id),
      "tell",
      "beat",
    ) ??
    problemOfConfig(run.config) ??
    problemOfBugs(run, known) ??
    problemOfSteps(run, known) ??
    problemOfLoads(run, known) ??
    walk({...run, steps: [], choices: []}, "run", "", known) ??
    walk(scenario.open, "open", "", known) ??
    walk(scenario.tell, "tell", "", known) ??
    walk(scenario.title, "title", "", known) ??
    walk(scenario.teaches, "teaches", "", known) ??
    problemOfVariants(scenario)
  );
}

function problemOfVariants({variants = {}, ...scenario}: Scenario): string | undefined {
  for (const [name, {run, expect}] of Object.entries(variants)) {
    const {tell: _tell, open: _open, ...bare} = scenario;
    const problem = problemOf({...bare, run: {...scenario.run, ...run, expect}});
    if (problem !== undefined) return `variants.${name}.${problem}`;
  }
  return undefined;
}

function knownOf(run: Run): Known {
  const names = (list: readonly (string | undefined)[]): Set<string> =>
    new Set(list.flatMap((name) => name ?? []));
  return {
    members: serversOf({learners: 0, spares: 0, ...run.config}),
    clients: run.config.clients ?? 1,
    steps: names(run.steps.map(({id}, i) => id ?? `step${i + 1}`)),
    operations: names(run.steps.map((step) => ("as" in step ? step.as : undefined))),
    bound: names(run.steps.flatMap((step) => Object.keys(step.let ?? {}))),
    expects: names(run.expect.map(({id}) => id)),
    checks: names(checksToName().map(({name}) => name)),
  };
}

function problemOfConfig(config: Config): string | undefined {
  for (const room of ["network", "disk", "clock"] as const) {
    for (const [key, value] of Object.entries(config[room] ?? {})) {
      if (rangeKeys.has(key) && parseTimes(String(value)) === undefined) {
        return wrong(
          `run.config.${room}.${key}`,
          value,
          "a range of times, the smaller first, of at most 3600s",
        );
      }
    }
  }
  const servers = serversOf({learners: 0, spares: 0, ...config});
  if (servers > membersMax) {
    return wrong("run.config", servers, `at most ${membersMax} members, learners and spares together`);
  }
  const long = walk(config, "run.config", "", undefined);
  if (long !== undefined) return long;
  const regional = problemOfRegions(config);
  if (regional !== undefined) return regional;
  const {raft, clock} = resolve(settingsOf(config));
  if (raft.heartbeatTicks >= raft.electionTicks) {
    return wrong(
      "run.config.raft.heartbeatTicks",
      raft.heartbeatTicks,
      `fewer than electionTicks, ${raft.electionTicks}`,
    );
  }
  if (raft.leaseReads === true && !raft.checkQuorum)
    return wrong("run.config.raft.leaseReads", true, "false, as checkQuorum is");
  return clock.tick < 100 ? wrong("run.config.clock.tick", config.clock?.tick, "at least 100us") : undefined;
}

/** Every time is one, and there is a way between any two regions in which somebody is. */
function problemOfRegions(config: Config): string | undefined {
  const path = "run.config.network.regions";
  const given = config.network?.regions;
  if (given === undefined) return undefined;
  for (const [from, row] of Object.entries(given.latency)) {
    for (const [to, times] of Object.entries(row)) {
      if (parseTimes(times) === undefined)
        return wrong(
          `${path}.latency.${from}.${to}`,
          times,
          "a range of times, the smaller first, of at most 3600s",
        );
    }
  }
  const {regions} = resolve(settingsOf(config)).network;
  if (regions === undefined) return undefined;
  const {members, learners = 0, spares = 0, clients = 1} = config;
  const most = {n: members + learners + spares, c: clients};
  for (const [name, region] of Object.entries(given.of ?? {})) {
    const [, kind = "", number = "0"] = /^([nc])([1-9][0-9]?)$/.exec(name) ?? [];
    if (Number(number) < 1 || Number(number) > (kind === "n" ? most.n : most.c))
      return wrong(`${path}.of.${name}`, region, `a name from n1 to n${most.n} or c1 to c${most.c}`);
  }
  const taken = [...new Set(Object.values(regions.of))];
  for (const [i, from] of taken.entries()) {
    const to = taken.slice(i).find((one) => latencyBetween(regions, from, one) === undefined);
    if (to !== undefined)
      return wrong(`${path}.latency.${from}.${to}`, null, "a latency between any two regions that are used");
  }
  return undefined;
}

function problemOfBugs({bugs = {}}: Run, {members, clients}: Known): string | undefined {
  const name = Object.keys(bugs).find((one) => {
    const [, kind, number] = /^([nc])([1-9][0-9]?)$/.exec(one) ?? [];
    return Number(number ?? Infinity) > (kind === "n" ? members : clients);
  });
  if (name === undefined) return undefined;
  return wrong("run.bugs", name, `one of n1 to n${members}${clients > 0 ? ` or c1 to c${clients}` : ""}`);
}

/** Bindings count from the step that makes them. */
function problemOfSteps(run: Run, known: Known): string | undefined {
  const bound = new Set<string>();
  for (const [i, step] of run.steps.entries()) {
    const path = `run.steps[${i}]`;
    if (step.when !== undefined) {
      const problem = walk(step.when, `${path}.when`, "", {...known, bound});
      if (problem !== undefined) return problem;
    }
    for (const [name, who] of Object.entries(step.let ?? {})) {
      const problem = walk(who, `${path}.let.${name}`, "", {...known, bound});
      if (problem !== undefined) return problem;
      bound.add(name);
    }
    const {when: _when, let: _let, ...rest} = step;
    const problem =
      walk(rest, path, "", {...known, bound}) ??
      ("client" in step ? problemOfLine(step.op, `${path}.op`, {members: known.members, bound}) : undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfLoads(run: Run, {members}: Known): string | undefined {
  for (const [i, load] of (run.load ?? []).entries()) {
    if (load.load !== "loop") {
      const problem = problemOfTimes(load, `run.load[${i}]`);
      if (problem !== undefined) return problem;
      continue;
    }
    const {ops} = load;
    for (const [k, op] of ops.entries()) {
      const problem = problemOfLine(op.replaceAll("{n}", "1"), `run.load[${i}].ops[${k}]`, {
        members,
        bound: nobodyBound,
      });
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

/** An open loop's questions have time between them; one is asked at a time, or at its time, not both. */
function problemOfTimes({think, every}: NamedLoad, path: string): string | undefined {
  if (think !== undefined && every !== undefined)
    return wrong(`${path}.every`, every, "either think, between an answer and the next question, or every");
  for (const [key, range] of Object.entries({think, every})) {
    const times = range === undefined ? undefined : parseTimes(range);
    if (range !== undefined && (times === undefined || (key === "every" && times.most === 0)))
      return wrong(`${path}.${key}`, range, "a range of times, the smaller first, of at most 3600s");
  }
  return undefined;
}

const nobodyBound: ReadonlySet<string> = new Set();

/** `bound`: names that may stand for members in it. */
function problemOfLine(
  line: string,
  path: string,
  {members, bound}: {readonly members: number; readonly bound: ReadonlySet<string>},
): string | undefined {
  const nobody = namesInLine(line).find((name) => !bound.has(name.slice(1)));
  if (nobody !== undefined) return unknown(path, nobody, "a name bound by then", bound);
  const parsed = parseScripted(resolveLine(line, () => "n1") ?? line);
  if (!parsed.ok) return wrong(path, line, `an etcdctl line (${parsed.error.replaceAll("\n", " ")})`);
  const absent = membersIn(parsed.value).find((member) => member > members);
  return absent === undefined ? undefined : wrong(path, `n${absent}`, `a member from n1 to n${members}`);
}

/** The servers that a line about the cluster names. */
function membersIn(command: ClientCommand): readonly MemberId[] {
  if (command.kind !== "request") return [];
  const {request} = command;
  switch (request.kind) {
    case "memberAdd":
    case "memberRemove":
    case "memberPromote":
      return [request.member];
    case "moveLeader":
      return [request.target];
    case "reconfigure":
      return request.changes.map(({member}) => member);
    default:
      return [];
  }
}

/** Looks at every text below `value`. */
function walk(value: unknown, path: string, key: string, known: Known | undefined): string | undefined {
  if (typeof value === "string") return problemOfText(value, path, key, known);
  if (typeof value !== "object" || value === null) return undefined;
  if ("en" in value && "zh" in value) {
    const problem = problemOfWords(String(value.en), String(value.zh), path, known);
    if (problem !== undefined) return problem;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (opaque.has(name) || name === "en" || name === "zh") continue;
    const at = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    const problem = walk(inner, at, Array.isArray(value) ? key : name, known);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfText(
  text: string,
  path: string,
  key: string,
  known: Known | undefined,
): string | undefined {
  const isTime = timeKeys.has(key) || (key === "at" && /^\d/.test(text));
  if (isTime && parseTime(text) === undefined) return wrong(path, text, "a time of at most 3600s");
  if (key === "latency" && parseTimes(text) === undefined)
    return wrong(path, text, "a range of times, the smaller first, of at most 3600s");
  if (known === undefined) return undefined;
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const member = number(/^n(\d+)$/) || number(/^entry:n(\d+)\//);
  if (/^(entry:)?n0+(\/|$)/.test(text) || member > known.members) {
    return wrong(
      path,
      text,
      known.members === 1 ? "the only member, n1" : `a member from n1 to n${known.members}`,
    );
  }
  const client = number(/^c(\d+)$/) || number(/^op:c(\d+)#/);
  if (/^(op:)?c0+(#|$)/.test(text) || client > known.clients) {
    return wrong(
      path,
      text,
      known.clients === 0 ? "no client: there is none" : `a client from c1 to c${known.clients}`,
    );
  }
  const [, operation] = /^op:#(.+)$/.exec(text) ?? [];
  if (operation !== undefined && !known.operations.has(operation))
    return unknown(path, text, "an operation", known.operations);
  if (text.startsWith("@") && !known.bound.has(text.slice(1)))
    return unknown(path, text, "a name bound by then", known.bound);
  if ((key === "step" || key === "since") && !known.steps.has(text))
    return unknown(path, text, "a step", known.steps);
  if (key === "claim" && !known.expects.has(text))
    return unknown(path, text, "an expectation", known.expects);
  if (key === "check" && !known.checks.has(text)) return unknown(path, text, "a check", known.checks);
  return undefined;
}

/** Each language by itself first, so that a slip is looked for where it is. */
function problemOfWords(en: string, zh: string, path: string, known: Known | undefined): string | undefined {
  for (const [language, text] of Object.entries({en, zh})) {
    for (const inner of bracesOf(text)) {
      const problem = problemOfBraces(inner) ?? problemOfNames(inner, known);
      if (problem !== undefined) return `${path}.${language}: found {${inner}}, ${problem}`;
    }
  }
  const [ours, theirs] = [bracesOf(en).join("} {"), bracesOf(zh).join("} {")];
  return ours === theirs
    ? undefined
    : `${path}.zh: found {${theirs}}, expected the same as in English: {${ours}}`;
}

/** Whether what stands in braces names only who and what the scenario has; a key may be called anything. */
function problemOfNames(inner: string, known: Known | undefined): string | undefined {
  if (known === undefined) return undefined;
  for (const [, name = ""] of inner.matchAll(/(?:^|\(|,\s*)@([A-Za-z][A-Za-z0-9-]*)/g))
    if (!known.bound.has(name)) return `expected ${listed("a bound name", known.bound, "@")}`;
  for (const [, name = ""] of inner.matchAll(/[(,]\s*#([A-Za-z][A-Za-z0-9-]*)/g))
    if (!known.operations.has(name)) return `expected ${listed("an operation", known.operations, "#")}`;
  const [, member = "0"] = /^n(\d+)$/.exec(inner) ?? [];
  return Number(member) > known.members ? `expected a member from n1 to n${known.members}` : undefined;
}

function listed(what: string, names: ReadonlySet<string>, sign: string): string {
  if (names.size === 0) return `${what}: there is none`;
  return `${what}: one of ${[...names].map((name) => `${sign}${name}`).join(", ")}`;
}

function twice(ids: readonly string[], path: string, what: string): string | undefined {
  const id = ids.find((one, i) => ids.indexOf(one) !== i);
  return id === undefined
    ? undefined
    : `${path}: found two ${what}s called "${id}", expected different names`;
}

function unknown(path: string, found: string, what: string, known: ReadonlySet<string>): string {
  return wrong(
    path,
    found,
    known.size === 0 ? `${what}: there is none` : `${what}: one of ${[...known].join(", ")}`,
  );
}

function wrong(path: string, found: unknown, expected: string): string {
  return `${path}: found ${JSON.stringify(found)}, expected ${expected}`;
}
