// What waits in the lanes, numbered as it comes (law 7), and what is held by hand. The wakes of members and clients have
// no place here but a slot each where they belong, because most are moved before they come; they are numbered by those
// that were taken.

import type {Micros} from "../../core/base/quantity.ts";
import type {Payload} from "../event.ts";
import type {LaneIndex, LaneTable} from "./lanes.ts";
import {Queue} from "./queue.ts";
import type {Waiting} from "./queue.ts";

/** An event to come. */
export interface Planned {
  readonly due: Micros;
  /** Step of the event that caused it. */
  readonly cause: number;
  readonly payload: Payload;
  readonly fate?: Waiting["fate"] | undefined;
}

export class Agenda {
  readonly queue: Queue;
  /** Messages held by hand. Never written: replaced. */
  held: readonly Waiting[] = [];
  private readonly lanes: LaneTable;
  private ordinals: number[] = [];
  private lastDue: Micros[] = [];
  private seq = 0;

  constructor(lanes: LaneTable, queue = new Queue()) {
    this.lanes = lanes;
    this.queue = queue;
  }

  /** Names the next event of a lane; with `inOrder` it is due not before those that are in it. It does not wait yet. */
  name(laneIndex: LaneIndex, planned: Planned, inOrder: boolean): Waiting {
    const ordinal = (this.ordinals[laneIndex] ?? 0) + 1;
    this.ordinals[laneIndex] = ordinal;
    const due = inOrder ? Math.max(planned.due, this.lastDueOf(laneIndex)) : planned.due;
    if (inOrder) this.lastDue[laneIndex] = due;
    return this.event(laneIndex, ordinal, due, planned);
  }

  /** A wake that is wanted: it has the name of the lane's next event until it is taken. */
  wake(laneIndex: LaneIndex, planned: Planned): Waiting {
    return this.event(laneIndex, (this.ordinals[laneIndex] ?? 0) + 1, planned.due, planned);
  }

  /** The wake was taken. */
  woke({laneIndex, ordinal}: Waiting): void {
    this.ordinals[laneIndex] = ordinal;
  }

  /** When the last event of a lane is due. */
  lastDueOf(lane: LaneIndex): Micros {
    return this.lastDue[lane] ?? 0;
  }

  nextSeq(): number {
    return ++this.seq;
  }

  fork(): Agenda {
    const twin = new Agenda(this.lanes, this.queue.fork());
    twin.held = this.held;
    twin.ordinals = this.ordinals.slice();
    twin.lastDue = this.lastDue.slice();
    twin.seq = this.seq;
    return twin;
  }

  private event(laneIndex: LaneIndex, ordinal: number, due: Micros, planned: Planned): Waiting {
    const {cause, payload, fate} = planned;
    const lane = this.lanes.name(laneIndex);
    const seq = this.nextSeq();
    return fate === undefined
      ? {lane, laneIndex, ordinal, due, seq, cause, payload}
      : {lane, laneIndex, ordinal, due, seq, cause, payload, fate};
  }
}
