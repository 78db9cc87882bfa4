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

  constructor(of: Omit<TakenEvent, "id">) {
    this.step = of.step;
    this.lane = of.lane;
    this.ordinal = of.ordinal;
    this.at = of.at;
    this.cause = of.cause;
    this.payload = of.payload;
    this.changes = of.changes;
    this.chainA = of.chainA;
    this.chainB = of.chainB;
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
