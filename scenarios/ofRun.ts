// A run as a scenario that makes it by itself, and so needs no trace: its configuration as what differs from the profile, what
// was done to it as steps. Of a run that was made smaller a person reads the steps' times; a run on record, as it was found,
// goes by the names of events, and comes to the same trace.

import {museum, versionOf} from "../sim/bug/museum.ts";
import type {Checker, Violation} from "../sim/check/checker.ts";
import {execute} from "../sim/execute.ts";
import type {Intervention, Run as SimRun} from "../sim/run.ts";
import {scriptLane} from "../sim/world/lanes.ts";
import {checksToName} from "./checks.ts";
import type {Run, Scenario, Step, Text, Trigger, When} from "./format.ts";
import {stepOf} from "./ofAction.ts";
import {configOf} from "./ofConfig.ts";
import {perform} from "./perform.ts";
import {mayBeName} from "./shape.ts";
import {timeMax, timeText} from "./time.ts";

/** The name of the step that ends a run that was made smaller. */
const last = "over";

export interface Smaller {
  readonly run: SimRun;
  readonly check: string;
  /** When it fails. */
  readonly at: number;
}

/** A run that was made smaller, and fails a check; where interventions name no event, they are done at their times. */
export function scenarioOfSmaller(id: string, {run, check, at}: Smaller): Scenario {
  const steps = run.script.map(({when, do: action}): Step => {
    const trigger: Trigger =
      when.after === undefined ? {at: timeText(when.at)} : {when: {happened: when.after}};
    return {...trigger, ...stepOf(action)};
  });
  return failingAsItSays([check], (checks) =>
    scenarioWith(id, run, {
      ...aboutChecks(checks),
      teaches: {
        en: `A run that was found and made smaller: ${check} fails in it`,
        zh: `一次被发现并缩小的运行：其中 ${check} 被违反`,
      },
      // What happens at the moment of the failure still belongs to it.
      steps: [...steps, {id: last, at: timeText(at + 1), wait: true}],
      until: {step: last},
      at,
    }),
  );
}

/** A run on record, up to its last event, judged by `checkers`: the same trace. */
export function scenarioOfRecord(id: string, run: SimRun, checkers: readonly Checker[]): Scenario {
  const {places, checks, violation, at, end} = placesIn(run, checkers);
  return failingAsItSays(checks, (failing) =>
    scenarioWith(id, run, {
      ...aboutChecks(failing),
      teaches: {en: "A run on record, event by event", zh: "一次记录下来的运行，逐个事件重演"},
      steps: stepsAt(places),
      // A run without events is over at once.
      until: end === undefined ? {quiet: "0us"} : {happened: end},
      at,
      ...(violation === undefined ? {} : {open: violation.evidence.at(-1)}),
    }),
  );
}

/** An intervention, and where it happened. */
interface Place {
  readonly item: Intervention;
  readonly trigger: Pick<Trigger, "at" | "when">;
}

interface Recorded {
  readonly places: readonly Place[];
  /** That fail. */
  readonly checks: readonly string[];
  readonly violation: Violation | undefined;
  readonly at: number;
  /** The last event's name. */
  readonly end: string | undefined;
}

/** Runs it again. What came with an event goes by that event, what came after time had passed by its time. */
function placesIn(run: SimRun, checkers: readonly Checker[]): Recorded {
  const triggers: Place["trigger"][] = [];
  let before: {readonly id: string; readonly at: number} | undefined;
  let end: string | undefined;
  const done = execute(run, {
    versions: versionOf,
    checkers,
    // What should be so at the end says nothing about a run that was over because a claim was broken.
    endsBrokenFrom: run.limits.events,
    onEvent: (record) => {
      end = record.id;
      if (record.payload.kind !== "script") before = {id: record.id, at: record.at};
      else if (before?.at === record.at) triggers.push({when: {happened: before.id}});
      else triggers.push({at: timeText(record.at)});
    },
  });
  const places = triggers.flatMap((trigger, i) => {
    const item = done.run.script[i];
    return item === undefined ? [] : [{item, trigger}];
  });
  const checks = done.checks.filter(({verdict}) => verdict === "fail").map(({name}) => name);
  const {violation, at} = done;
  return {places, checks, violation, at, end};
}

/** Steps that have names keep them; numbers are said where they are not the next. */
function stepsAt(places: readonly Place[]): readonly Step[] {
  const lanes = new Map<string, {readonly used: Set<number>; next: number}>();
  const names = new Set<string>();
  return places.map(({item, trigger}) => {
    const name = scriptLane(item.do);
    const lane = lanes.get(name) ?? {used: new Set(), next: 1};
    lanes.set(name, lane);
    while (lane.used.has(lane.next)) lane.next++;
    const isNext = item.id === lane.next;
    lane.used.add(item.id);
    const {step} = item;
    const isNamed = step !== undefined && mayBeName(step) && !names.has(step);
    if (isNamed) names.add(step);
    return {
      ...(isNamed ? {id: step} : {}),
      ...trigger,
      ...(isNext ? {} : {number: item.id}),
      ...(item.let === undefined ? {} : {let: item.let}),
      ...stepOf(item.do),
    };
  });
}

/** Says of every check that fails in it that it does: of `checks`, and what else perhaps fails by then. */
function failingAsItSays(checks: readonly string[], make: (checks: readonly string[]) => Scenario): Scenario {
  const scenario = make(checks);
  if (checks.length === 0) return scenario;
  const known = new Set(checksToName().map(({name}) => name));
  const also = perform(scenario).checks.flatMap(({name, verdict}) =>
    verdict === "fail" && known.has(name) && !checks.includes(name) ? [name] : [],
  );
  return also.length === 0 ? scenario : make([...checks, ...also]);
}

interface Parts extends Pick<Scenario, "title" | "teaches">, Pick<Run, "steps" | "until" | "expect"> {
  /** When the run ends. */
  readonly at: number;
  /** The event at which the page begins. */
  readonly open?: string | undefined;
}

function scenarioWith(
  id: string,
  run: SimRun,
  {title, teaches, steps, until, expect, at, open}: Parts,
): Scenario {
  const bugs = Object.fromEntries(Object.entries(run.versions).filter(([, names]) => names.length > 0));
  return {
    format: 1,
    id,
    group: "incident",
    title: withBugs(title, Object.values(bugs).flat()),
    teaches,
    run: {
      seed: run.seed,
      holds: "this seed",
      until,
      limit: timeText(Math.min(timeMax, 1_000_000 * Math.ceil(at / 1_000_000 + 1))),
      config: configOf(run.config),
      ...(Object.keys(bugs).length === 0 ? {} : {bugs}),
      ...(run.choices.length === 0 ? {} : {choices: run.choices}),
      steps,
      expect,
    },
    ...(open === undefined ? {} : {open: {happened: open} satisfies When}),
  };
}

function aboutChecks(checks: readonly string[]): Pick<Parts, "title" | "expect"> {
  const [check] = checks;
  return {
    title:
      check === undefined
        ? {en: "A run on record", zh: "一次记录下来的运行"}
        : {en: `${check} fails`, zh: `${check} 被违反`},
    expect: checks.map((name, i) => ({
      id: i === 0 ? "fails" : `fails-${i + 1}`,
      claim: {check: name, is: "violated"},
      says: {en: `${name} fails`, zh: `${name} 被违反`},
    })),
  };
}

function withBugs({en, zh}: Text, bugs: readonly string[]): Text {
  const names = museum.filter((bug) => bugs.includes(bug.id)).map((bug) => bug.id);
  const because = names.length === 0 ? "" : ` (${names.join(", ")})`;
  return {en: `${en}${because}`, zh: `${zh}${because}`};
}
