// What the views are made from: one moment of one branch, and what is known of the branch besides. Everything in it is
// read-only and good until the next event; nothing of the page is in it.

import type {Micros} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {Server} from "../../core/server/server.ts";
import type {Expect, Source, Text} from "../../scenarios/format.ts";
import type {CheckReport} from "../../sim/check/checker.ts";
import type {EventRecord} from "../../sim/event.ts";
import type {Operation} from "../../sim/history/operation.ts";
import type {WorldView} from "../../sim/view.ts";
import type {AnswerView, BeatView, ConsoleView, Cursor, Worded} from "../frame.ts";
import type {Recording} from "./recording.ts";

export interface Moment {
  /** The state after the cursor's event. */
  readonly view: WorldView;
  readonly cursor: Cursor;
  /** Time of the cursor's event; 0 at the beginning. */
  readonly at: Micros;
  /** Time of the next event; undefined when there is none. */
  readonly until: Micros | undefined;
  readonly ended: boolean;
  /** The branch's events, as far as they were run: 1 is the first. */
  record(step: number): EventRecord | undefined;
  /** What is worth showing of them. */
  readonly recording: Recording;
  /** All operations of the branch, as far as it was run. */
  readonly operations: readonly Operation[];
  /** The furthest that may be painted: never before the cursor. */
  readonly seen: {readonly step: number; readonly at: Micros};
  /** Where the tape ends. */
  readonly extent: Micros;
  readonly reports: readonly CheckReport[];
  readonly story: Story;
  readonly branches: readonly BranchInfo[];
  /** What the scenario says here, if it has anything to say. */
  readonly told: Told | undefined;
  /** What a person typed, and what came of it. */
  console(): ConsoleView;
  /** The server of a crashed member as it stood right before the crash. */
  lastServer(member: number): Server | undefined;
}

/** What the scenario says of itself. */
export interface Story {
  readonly id: string;
  readonly title: Text;
  readonly teaches: Text;
  readonly sources: readonly Source[];
  /** The overlay that runs. */
  readonly variant: string | undefined;
  readonly variants: readonly string[];
  /** What it expects of this run. */
  readonly claims: readonly Pick<Expect, "id" | "says">[];
}

/** The furthest that may be shown: while a question hides what comes, no further than the cursor. */
export function shownTo({told, seen, cursor, at}: Moment): Moment["seen"] {
  return told?.veil.includes("tape") === true ? {step: cursor.step, at} : seen;
}

/** Whether a question is open whose answer the verdict would tell. */
export function verdictVeiled({told}: Moment): boolean {
  return told?.veil.includes("verdict") === true;
}

export interface BranchInfo {
  readonly id: string;
  readonly parent: string | undefined;
  readonly forkStep: number;
  readonly forkAt: Micros;
  readonly said: Said;
}

/** A scenario's beat, filled and ready. */
export interface Told {
  readonly now: Worded;
  readonly look: Worded | undefined;
  readonly beat: BeatView;
  /** What must not be shown until the question is answered. */
  readonly veil: readonly ("tape" | "verdict")[];
  /** What the scenario points at. */
  readonly focus: readonly string[];
  /** How an earlier question came out. */
  readonly answer: AnswerView | undefined;
}
