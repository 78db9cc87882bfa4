// Which scheduler a run has, as data.

import {unreachable} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Choice} from "../run.ts";
import {ChosenSchedule} from "./chosen.ts";
import {DelaySchedule} from "./delay.ts";
import {FairSchedule} from "./fair.ts";
import {PctSchedule} from "./pct.ts";
import {RandomSchedule} from "./random.ts";
import {baseSchedule} from "./scheduler.ts";
import type {Scheduler} from "./scheduler.ts";

/**
 * Which scheduler, and what it draws from. `window`: how much later than the earliest event may one be due that is taken in
 * its place; it bounds how far clocks run apart, and for how long an event can be overtaken. `steps`: how many decisions
 * are expected, among which change points and delays are spread.
 */
export type Schedule =
  | {readonly kind: "time"}
  | {readonly kind: "random"; readonly seed: string; readonly window: Micros; readonly until?: Micros}
  | {
      readonly kind: "pct";
      readonly seed: string;
      /** Events whose order a bug needs: one change point less. From 1. */
      readonly depth: number;
      readonly steps: number;
      readonly window: Micros;
      readonly until?: Micros;
    }
  | {
      readonly kind: "delay";
      readonly seed: string;
      readonly delays: number;
      readonly steps: number;
      readonly window: Micros;
      readonly until?: Micros;
    }
  | {readonly kind: "fair"; readonly window: Micros; readonly until?: Micros}
  | {readonly kind: "choices"; readonly choices: readonly Choice[]};

/** A fresh scheduler, for one world and its twins. */
export function schedulerOf(schedule: Schedule): Scheduler {
  switch (schedule.kind) {
    case "time":
      return baseSchedule;
    case "random":
      return new RandomSchedule(schedule);
    case "pct":
      return new PctSchedule(schedule);
    case "delay":
      return new DelaySchedule(schedule);
    case "fair":
      return new FairSchedule(schedule);
    case "choices":
      return schedule.choices.length === 0 ? baseSchedule : new ChosenSchedule(schedule.choices);
    default:
      return unreachable(schedule);
  }
}
