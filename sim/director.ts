// Who acts on a world while it runs: a scenario's steps, a workload, a fault plan drawn from the seed. Its decisions are
// recorded as interventions, so that the recorded run needs no director to run again.

import type {Action} from "./action.ts";
import type {EventRecord} from "./event.ts";
import type {Intervention} from "./run.ts";
import type {WorldView} from "./view.ts";

/** What a director wants done now, after the event just taken. */
export interface Cue {
  readonly do: Action;
  readonly origin: Intervention["origin"];
  /** Its number in its lane, as of a run on record. Absent, or if another has it: the least that is free. */
  readonly id?: number;
  readonly step?: string;
  /** Names that the step bound: `{old: "n3"}`. */
  readonly let?: Readonly<Record<string, string>>;
}

export interface Director {
  /** Asked before the first event (`event` undefined) and after every event. Cues are carried out at once, in order. */
  after(view: WorldView, event: EventRecord | undefined): readonly Cue[];
  /** When it wants to be asked even if no event happens until then. */
  deadline(): number | undefined;
  /** The run may end here: everything it waited for happened. */
  done(view: WorldView): boolean;
  fork(): this;
}
