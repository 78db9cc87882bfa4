// An event that was taken. Its name is made when somebody asks for it.

import type {Micros} from "../../core/base/quantity.ts";
import type {Change, EventRecord, Payload} from "../event.ts";
import type {EventId, Lane} from "../run.ts";
import {eventId} from "./lanes.ts";

/** Of the events that change nothing worth telling. */
export const noChanges: readonly Change[] = [];

export class TakenEvent implements EventRecord {
  readonly step: number;
  readonly lane: Lane;
  readonly ordinal: number;
  readonly at: Micros;
  readonly cause: number;
  readonly payload: Payload;
  readonly changes: readonly Change[];
  readonly chainA: number;
  readonly chainB: number;

  constructor(
    {lane, ordinal, cause, payload}: Pick<TakenEvent, "lane" | "ordinal" | "cause" | "payload">,
    {step, at, changes}: Pick<TakenEvent, "step" | "at" | "changes">,
    [chainA, chainB]: readonly [number, number],
  ) {
    this.step = step;
    this.lane = lane;
    this.ordinal = ordinal;
    this.at = at;
    this.cause = cause;
    this.payload = payload;
    this.changes = changes;
    this.chainA = chainA;
    this.chainB = chainB;
  }

  get id(): EventId {
    return eventId(this.lane, this.ordinal);
  }
}

/** The chain at an event, as 16 hex digits. */
export function chainHash({chainA, chainB}: {readonly chainA: number; readonly chainB: number}): string {
  return hex(chainA) + hex(chainB);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
