// A run on record as a scenario that a person can read: its interventions as steps with a time each, its configuration as what
// differs from the profile. It makes the same run by itself, so it needs no trace.

import {unreachable} from "../core/base/assert.ts";
import type {Action} from "../sim/action.ts";
import type {DiskFault} from "../sim/disk/fault.ts";
import {profiles} from "../sim/profile.ts";
import {museum} from "../sim/bug/museum.ts";
import type {Between, Config as SimConfig, Run as SimRun} from "../sim/run.ts";
import type {Config, FaultStep, Scenario, Step, StepAction} from "./format.ts";
import {timeSettings} from "./settings.ts";
import {timeText} from "./time.ts";

export interface About {
  /** Lower-case letters, digits and dashes. */
  readonly id: string;
  /** Names of the checks that fail in it; the first is what it is about. */
  readonly checks: readonly [string, ...string[]];
  /** When the first of them fails. */
  readonly at: number;
}

/** The name of the step that ends it. */
const last = "over";

/** Undefined where an intervention has no words in the format: what was done to one message, a draw fixed by hand. */
export function scenarioOfRun(run: SimRun, {id, checks, at}: About): Scenario | undefined {
  const steps: Step[] = [];
  for (const {when, do: action} of run.script) {
    const step = stepOf(action);
    if (step === undefined || when.after !== undefined) return undefined;
    steps.push({at: timeText(when.at), ...step});
  }
  const bugs = Object.fromEntries(Object.entries(run.versions).filter(([, names]) => names.length > 0));
  const names = museum.filter((bug) => Object.values(bugs).some((list) => list.includes(bug.id)));
  const [check] = checks;
  const because = names.length === 0 ? "" : ` (${names.map((bug) => bug.id).join(", ")})`;
  return {
    format: 1,
    id,
    group: "incident",
    title: {en: `${check} fails${because}`, zh: `${check} 被违反${because}`},
    teaches: {
      en: `A run that was found and made smaller: ${check} fails in it`,
      zh: `一次被发现并缩小的运行：其中 ${check} 被违反`,
    },
    run: {
      seed: run.seed,
      holds: "this seed",
      until: {step: last},
      limit: timeText(1_000_000 * Math.ceil(at / 1_000_000 + 1)),
      config: configOf(run.config),
      ...(Object.keys(bugs).length === 0 ? {} : {bugs}),
      ...(run.choices.length === 0 ? {} : {choices: run.choices}),
      // What happens at the moment of the failure still belongs to it.
      steps: [...steps, {id: last, at: timeText(at + 1), wait: true}],
      expect: checks.map((name, i) => ({
        id: i === 0 ? "fails" : `fails-${i + 1}`,
        claim: {check: name, is: "violated"},
        says: {en: `${name} fails`, zh: `${name} 被违反`},
      })),
    },
  };
}

function stepOf(action: Action): StepAction | undefined {
  switch (action.kind) {
    case "cut":
      return {cut: [action.from, action.to], ...(action.oneWay === true ? {oneWay: true} : {})};
    case "split":
      return {split: action.groups};
    case "heal":
      return {heal: action.link ?? "all"};
    case "crash":
      return {crash: action.member};
    case "restart":
      // Other settings from now on: no words for all of them.
      return action.with === undefined ? {restart: action.member} : undefined;
    case "link":
      return linkStepOf(action);
    case "connection":
      return {connection: [action.client, action.member], do: action.do};
    case "crashAt":
      return {crashAt: action.point, on: action.member, nth: action.nth};
    case "crashAtDisk":
      return {crashAtDisk: action.when, on: action.member, nth: action.nth};
    case "slow":
      return {slow: action.actor, on: action.member, factor: action.factor};
    case "pause":
      return {pause: action.member};
    case "resume":
      return {resume: action.member};
    case "timeout":
      return {timeout: action.member};
    case "pauseClient":
      return {pause: action.client};
    case "resumeClient":
      return {resume: action.client};
    case "clock":
      return {clock: action.who, rate: action.rate};
    case "jump":
      return {jump: action.who, forward: timeText(action.by)};
    case "client": {
      const {client, op, as, to} = action;
      return {
        client,
        op,
        ...(as === undefined || as.includes("/") ? {} : {as}),
        ...(to === undefined ? {} : {to}),
      };
    }
    case "loss":
      return {loss: action.perMillion};
    case "disk":
      return faultStepOf(action.member, action.fault);
    case "mark":
      return {wait: true};
    case "message":
    case "pin":
      return undefined;
    default:
      return unreachable(action);
  }
}

function linkStepOf(action: Extract<Action, {readonly kind: "link"}>): StepAction {
  const head = {
    link: [action.from, action.to] as const,
    ...(action.oneWay === true ? {oneWay: true as const} : {}),
  };
  if ("reset" in action) return {...head, set: "as configured"};
  const {latency, ...others} = action.set;
  return {...head, set: {...others, ...(latency === undefined ? {} : {latency: timesText(latency)})}};
}

function faultStepOf(on: string, {kind, ...parameters}: DiskFault): FaultStep {
  const shown = Object.entries(parameters).map(([key, value]) => [
    key,
    key === "for" ? timeText(Number(value)) : value,
  ]);
  return {fault: kind, on, ...(Object.fromEntries(shown) as object)} as FaultStep;
}

function configOf(config: SimConfig): Config {
  const base = profiles[config.profile];
  const rooms = Object.fromEntries(
    (["raft", "store", "network", "disk", "clock", "client"] as const).flatMap((room) => {
      const differs = Object.entries(config[room]).filter(
        ([key, value]) =>
          JSON.stringify(value) !== JSON.stringify((base[room] as Record<string, unknown>)[key]),
      );
      if (differs.length === 0) return [];
      return [
        [
          room,
          Object.fromEntries(
            differs.map(([key, value]) => [key, worded(key, value as number | boolean | Between)]),
          ),
        ],
      ];
    }),
  );
  const points =
    JSON.stringify(config.pausePoints) === JSON.stringify(base.pausePoints)
      ? {}
      : {pausePoints: config.pausePoints};
  return {
    members: config.members,
    ...(config.learners === 0 ? {} : {learners: config.learners}),
    ...(config.spares === 0 ? {} : {spares: config.spares}),
    clients: config.clients,
    profile: config.profile,
    ...(rooms as Partial<Config>),
    ...points,
  };
}

function worded(key: string, value: number | boolean | Between): number | boolean | string {
  if (typeof value === "object") return timesText(value);
  return typeof value === "number" && timeSettings.includes(key) ? timeText(value) : value;
}

function timesText({least, most}: Between): string {
  return least === most ? timeText(least) : `${timeText(least)}..${timeText(most)}`;
}
