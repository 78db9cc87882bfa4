// A checker watches from outside (law 10): a named claim, cheap per event, that says how often it was exercised and
// answers a failure with words as data and the evidence.

import type {MemberId} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {EventRecord} from "../event.ts";
import type {EventId} from "../run.ts";
import type {WorldView} from "../view.ts";
import type {Interest} from "./interest.ts";

export type Verdict = "pass" | "fail" | "unknown";

export interface Violation {
  readonly check: string;
  /** Worded in sim/check/words.ts. */
  readonly said: Said;
  /** Events to look at, the violating one last. */
  readonly evidence: readonly EventId[];
  readonly step: number;
}

export interface Checker {
  /** The claim's name: "Election Safety". */
  readonly name: string;
  /** How often the claim could have failed. A claim never exercised says nothing. */
  exercised(): number;
  fork(): this;
  /** The events that `after` need be told of: of all others it would say nothing, and learn nothing. Absent: all. */
  readonly interest?: Interest | undefined;
  /** After an event of interest. `touched` is the member whose state may have changed, if any. O(change). */
  after?(view: WorldView, event: EventRecord, touched: MemberId | undefined): Violation | undefined;
  /** At the end of a run. "unknown": the budget of steps ran out. */
  end?(view: WorldView): Violation | "unknown" | undefined;
}

/** What one claim came to. */
export interface CheckReport {
  readonly name: string;
  readonly verdict: Verdict;
  readonly exercised: number;
  readonly violation?: Violation;
}
