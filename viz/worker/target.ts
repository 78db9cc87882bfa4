// Where a seek leads: from a target to a step of a branch. The branch is run on as far as the answer needs.

import {unreachable} from "../../core/base/assert.ts";
import type {Said} from "../../core/base/said.ts";
import {failed, ok, type Result} from "../../core/base/result.ts";
import {isAsking} from "../model/line.ts";
import {lastAt} from "../model/recording.ts";
import type {Cursor} from "../frame.ts";
import type {Target} from "../protocol.ts";
import {say} from "../words/engine.ts";
import type {Branch} from "./branch.ts";
import type {Work} from "./jobs.ts";

/** A step, and the time to show if that is not the event's own. */
export interface Place {
  readonly step: number;
  readonly time?: number;
}

type Found = Result<Place, Said>;

export function* placeOf(target: Target, from: Cursor, branch: Branch): Work<Found> {
  switch (target.kind) {
    case "start":
      return ok({step: 0});
    case "end":
      yield* branch.runUntil(() => false);
      return ok({step: branch.length});
    case "step":
      return yield* atStep(target.step, branch);
    case "event":
      return yield* atEvent(target.event, branch);
    case "time":
      return yield* atTime(target.time, branch);
    case "next":
      return ok({step: yield* after(from.step, target.unit, branch)});
    case "previous":
      return ok({step: before(from.step, target.unit, branch)});
    default:
      return unreachable(target);
  }
}

/** Beyond the end: the end. */
function* atStep(step: number, branch: Branch): Work<Found> {
  if (!Number.isSafeInteger(step) || step < 0) return failed(say("failed.step", {step: String(step)}));
  yield* branch.runUntil(() => branch.length >= step);
  return ok({step: Math.min(step, branch.length)});
}

function* atEvent(event: string, branch: Branch): Work<Found> {
  if (event === "") return ok({step: 0});
  const step = yield* branch.find(event);
  if (step === undefined) return failed(say("failed.event", {event, branch: branch.id}));
  return ok({step});
}

/** The last event at or before `time`. */
function* atTime(time: number, branch: Branch): Work<Found> {
  if (!Number.isSafeInteger(time) || time < 0) return failed(say("failed.time", {time: String(time)}));
  yield* branch.runUntil(() => branch.timeAt(branch.length) > time);
  return ok({step: branch.lastBy(time), time});
}

type Unit = Extract<Target, {readonly unit: string}>["unit"];

/** The next step of the unit; without one, the end. */
function* after(step: number, unit: Unit, branch: Branch): Work<number> {
  if (unit === "event") {
    yield* branch.runUntil(() => branch.length > step);
    return Math.min(step + 1, branch.length);
  }
  const next = (): number | undefined => nextOf(step, unit, branch);
  yield* branch.runUntil(() => next() !== undefined);
  return next() ?? branch.length;
}

/** The step of the unit before; without one, the beginning. */
function before(step: number, unit: Unit, branch: Branch): number {
  if (unit === "event") return Math.max(0, step - 1);
  const {list, stepOf} = stepsOf(unit, branch);
  const place = lastAt(list, step - 1, stepOf);
  for (let i = place; i >= 0; i--) {
    const item = list[i];
    if (item !== undefined && stops(item)) return stepOf(item);
  }
  return 0;
}

function nextOf(step: number, unit: Exclude<Unit, "event">, branch: Branch): number | undefined {
  const {list, stepOf} = stepsOf(unit, branch);
  for (let i = lastAt(list, step, stepOf) + 1; i < list.length; i++) {
    const item = list[i];
    if (item !== undefined && stops(item)) return stepOf(item);
  }
  return undefined;
}

type Item = number | Branch["recording"]["notables"][number];

function stepsOf(
  unit: Exclude<Unit, "event">,
  {recording}: Branch,
): {readonly list: readonly Item[]; readonly stepOf: (item: Item) => number} {
  const stepOf = (item: Item): number => (typeof item === "number" ? item : item.step);
  switch (unit) {
    case "interesting":
      return {list: recording.notables, stepOf};
    case "message":
      return {list: recording.messages, stepOf};
    case "term":
      return {list: recording.terms, stepOf};
    default:
      return unreachable(unit);
  }
}

function stops(item: Item): boolean {
  return typeof item === "number" || !isAsking(item);
}
