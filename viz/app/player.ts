// Owns wall time and speed: turns the time between two animation frames into simulated time, and says when a new frame
// is needed. It never runs ahead of what the frame holds: when the next event is due, it waits for the worker.

import type {Micros} from "../../core/base/quantity.ts";
import type {Frame} from "../frame.ts";
import {speeds} from "./state.ts";
import type {State} from "./state.ts";

export interface Tick {
  /** The moment to show now. */
  readonly time: Micros;
  /** Ask the worker for the frame at this moment. */
  readonly ask?: Micros;
  /** With reduced motion: step to the next interesting event. */
  readonly step?: true;
}

/** Longest gap between two animation frames that counts as having been watched. */
const gapMax = 500;
const stepEvery = 1000;

/** How much faster it goes while nothing but heartbeats is on the way. */
const hurry = 4;

function isQuiet(frame: Frame): boolean {
  return frame.ring.flights.every((flight) => flight.kind.startsWith("Heartbeat"));
}

export class Player {
  private last: number | undefined;
  private sinceStep = 0;

  /** `wall`: milliseconds, from any origin. */
  tick(wall: number, state: State): Tick | undefined {
    const before = this.last;
    this.last = wall;
    const {frame, playing} = state;
    if (before === undefined || frame === undefined || !playing) return undefined;
    const passed = wall - before;
    if (passed <= 0 || passed > gapMax) return undefined;
    if (state.reducedMotion) return this.stepped(passed, state);
    const ratio = (speeds[state.speed] ?? 100) / (isQuiet(frame) && state.speedBy !== "person" ? hurry : 1);
    const time = state.time + Math.round((passed * 1000) / ratio);
    const until = frame.until;
    // After the last event nothing is left to show.
    if (until === undefined) return {time: frame.at};
    if (time < until) return {time};
    if (state.pending !== undefined) return {time: until};
    return {time: until, ask: time};
  }

  private stepped(passed: number, state: State): Tick | undefined {
    this.sinceStep += passed;
    if (this.sinceStep < stepEvery || state.pending !== undefined) return undefined;
    this.sinceStep = 0;
    return {time: state.time, step: true};
  }
}
