// Steps that change how a link, a client's connections or a member's process behave: their shapes, and the action that
// each comes to. A name that stands for nobody at the moment leaves the step waiting.

import {actors, points} from "../core/server/io.ts";
import type {Actor, Point} from "../core/server/io.ts";
import type {Action, RestartWith} from "../sim/action.ts";
import {linkBounds, nthBounds, slowBounds} from "../sim/bounds.ts";
import type {Bounds} from "../sim/bounds.ts";
import {museum} from "../sim/bug/museum.ts";
import type {LinkQuality} from "../sim/network/quality.ts";
import type {LinkSettings, RestartSettings, Step, WorldStep} from "./format.ts";
import {converted} from "./settings.ts";
import {integer, listOf, object, oneOf, timesShape} from "./shape.ts";
import type {Shape} from "./shape.ts";
import {betweenOf} from "./time.ts";

type StepOf<K extends string> = Extract<WorldStep, Readonly<Record<K, unknown>>>;

export const pointShape: Shape = oneOf(...points);
export const actorShape: Shape = oneOf(...actors);
export const nthShape: Shape = within(nthBounds);
export const factorShape: Shape = within(slowBounds);
export const versionsShape: Shape = listOf(oneOf(...museum.map(({id}) => id)), "a list of bugs", 0, 100);

export const linkShape: Shape = {
  if: {type: "object"},
  then: object<LinkSettings>(
    {
      "latency?": timesShape,
      "lossPerMillion?": within(linkBounds.lossPerMillion),
      "duplicatePerMillion?": within(linkBounds.duplicatePerMillion),
      "reorderPerMillion?": within(linkBounds.reorderPerMillion),
      "bytesPerSecond?": within(linkBounds.bytesPerSecond),
      "queueBytes?": within(linkBounds.queueBytes),
    },
    'how the link is from now on: {"latency": "40ms..60ms"}',
  ),
  else: {const: "as configured", expected: '"as configured" or what is set: {"latency": "40ms..60ms"}'},
};

/** The step's action; undefined when a symbol names nobody; "none": it is no such step. */
export function worldAction(
  step: Step,
  name: (who: string) => string | undefined,
): Action | undefined | "none" {
  if ("link" in step) return linkAction(step, name);
  if ("connection" in step) {
    const [client, member] = [name(step.connection[0]), name(step.connection[1])];
    if (client === undefined || member === undefined) return undefined;
    return {kind: "connection", client, member, do: step.do};
  }
  if ("restart" in step) {
    const member = name(step.restart);
    if (member === undefined) return undefined;
    return {kind: "restart", member, ...(step.with === undefined ? {} : {with: restartWith(step.with)})};
  }
  if ("crashAt" in step) {
    const member = name(step.on);
    // The schema lets no other name through.
    const point = step.crashAt as Point;
    return member === undefined ? undefined : {kind: "crashAt", member, point, nth: step.nth ?? 1};
  }
  if ("crashAtDisk" in step) {
    const member = name(step.on);
    const {crashAtDisk: when, nth = 1, what} = step;
    if (member === undefined) return undefined;
    return {kind: "crashAtDisk", member, nth, when, ...(what === undefined ? {} : {what})};
  }
  if ("slow" in step) {
    const member = name(step.on);
    const actor = step.slow as Actor;
    return member === undefined ? undefined : {kind: "slow", member, actor, factor: step.factor};
  }
  return "none";
}

function linkAction(step: StepOf<"link">, name: (who: string) => string | undefined): Action | undefined {
  const [from, to] = [name(step.link[0]), name(step.link[1])];
  if (from === undefined || to === undefined) return undefined;
  const head = {kind: "link", from, to, ...(step.oneWay === undefined ? {} : {oneWay: step.oneWay})} as const;
  return step.set === "as configured" ? {...head, reset: true} : {...head, set: qualityOf(step.set)};
}

function qualityOf({latency, ...numbers}: LinkSettings): Partial<LinkQuality> {
  return {...(latency === undefined ? {} : {latency: betweenOf(latency)}), ...numbers};
}

function restartWith({versions, raft, store}: RestartSettings): RestartWith {
  return {
    ...(versions === undefined ? {} : {versions}),
    ...(raft === undefined ? {} : {raft}),
    ...(store === undefined ? {} : {store: converted(store)}),
  };
}

function within({least, most}: Bounds): Shape {
  return integer(least, most);
}
