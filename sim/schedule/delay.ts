// Delay-bounded: time's order, but for so many delays (Emmi, Qadeer, Rakamarić, POPL 2011). At a delay the event that
// would come is put behind the next; two delays on end put it behind two. The delays are spread over the decisions to come.

import type {Micros} from "../../core/base/quantity.ts";
import type {Pending} from "../event.ts";
import {DecidingSchedule} from "./deciding.ts";
import {Ranks} from "./ranks.ts";

export class DelaySchedule extends DecidingSchedule {
  private readonly delays: readonly number[];
  private decisions = 0;

  constructor(schedule: {
    readonly seed: string;
    readonly delays: number;
    readonly steps: number;
    readonly window: Micros;
    readonly until?: Micros;
  }) {
    super(schedule);
    const {seed, delays, steps} = schedule;
    this.delays = new Ranks(seed).points("delay", delays, steps);
  }

  pick([first, second]: readonly [Pending, Pending, ...Pending[]]): Pending {
    this.decisions++;
    return this.delays.includes(this.decisions) ? second : first;
  }
}
