// Stands where a scenario's director would, in a run on record: does nothing, since all that was done stands in the
// script, and knows where the run was over. Once a person has acted that is no longer the end (see host.ts).

import type {Cue, Director} from "../../sim/director.ts";
import type {EventRecord} from "../../sim/event.ts";
import type {WorldView} from "../../sim/view.ts";
import type {Recorded} from "../protocol.ts";

export class Rerun implements Director {
  private readonly recorded: Recorded;
  private acted = false;

  constructor(recorded: Recorded) {
    this.recorded = recorded;
  }

  after(_view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    if (!this.acted && event?.payload.kind === "script") {
      const {action} = event.payload;
      // Actions are known by identity: nobody copies them.
      this.acted = !this.recorded.script.some((one) => one.do === action);
    }
    return [];
  }

  deadline(): undefined {
    return undefined;
  }

  done({step}: WorldView): boolean {
    return !this.acted && step >= this.recorded.events;
  }

  fork(): this {
    const twin = new Rerun(this.recorded);
    twin.acted = this.acted;
    return twin as this;
  }
}
