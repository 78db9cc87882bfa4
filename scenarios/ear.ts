// Hears every event of a run, with the world as it is then: as a check that finds nothing, since those alone are shown it.

import type {Checker, CheckReport} from "../sim/check/checker.ts";
import type {EventRecord} from "../sim/event.ts";
import type {WorldView} from "../sim/view.ts";

export type Hear = (record: EventRecord, view: WorldView) => void;

export class Ear implements Checker {
  readonly name = "heard";
  private readonly hear: Hear;

  constructor(hear: Hear) {
    this.hear = hear;
  }

  /** The reports of the others. */
  static without(checks: readonly CheckReport[]): readonly CheckReport[] {
    return checks.filter(({name}) => name !== "heard");
  }

  exercised(): number {
    return 0;
  }

  after(view: WorldView, event: EventRecord): undefined {
    this.hear(event, view);
  }

  /** A twin of the run is not listened to. */
  fork(): this {
    return new Ear(() => undefined) as this;
  }
}
