// What the page says to the worker that runs the simulation, and what it answers (law 14). Plain messages, usable
// unchanged over a socket. Every request has a `seq` that counts up; of requests of one kind the newest wins: an older
// one may be answered by nothing. The worker works in slices of at most 8 ms and answers `cancel` within 50 ms.

import type {Micros} from "../core/base/quantity.ts";
import type {Ref} from "../core/base/ref.ts";
import type {Said} from "../core/base/said.ts";
import type {Action} from "../sim/action.ts";
import type {Intervention} from "../sim/run.ts";
import type {Cursor, Frame, WhyView, Windows} from "./frame.ts";

/** Where to go. */
export type Target =
  | {readonly kind: "step"; readonly step: number}
  | {readonly kind: "event"; readonly event: string}
  /** The last event at or before this time. */
  | {readonly kind: "time"; readonly time: Micros}
  /** From the cursor, forwards or back. */
  | {readonly kind: "next" | "previous"; readonly unit: "event" | "interesting" | "message" | "term"}
  | {readonly kind: "start" | "end"};

/** What is opened. */
export type Source =
  | {readonly kind: "scenario"; readonly id: string; readonly seed?: string}
  /** A person's own scenario, as JSON text. */
  | {readonly kind: "file"; readonly name: string; readonly text: string; readonly seed?: string}
  | {readonly kind: "link"; readonly link: Link};

/** A shared moment: opening it runs the same function again and compares the chain there. */
export interface Link {
  readonly format: 1;
  /** A scenario's id, or a whole scenario as text. */
  readonly scenario: string | {readonly text: string};
  /** One of the scenario's overlays. */
  readonly variant?: string;
  readonly seed: string;
  /** A run on record, such as a trace's: happens instead of what the scenario would do by itself. */
  readonly recorded?: Recorded;
  /** What a person did, branch by branch: each forks from the one before it. */
  readonly acts: readonly LinkAct[];
  /** `event` is "" at the beginning. */
  readonly cursor: {readonly event: string; readonly time: Micros};
  /** First 8 hex digits of the chain at the cursor's event; "" names no moment: the scenario says where to begin. */
  readonly chain: string;
  /** Zeros: not known. */
  readonly code: string;
  /** Where the trace that this came from does not agree with its own run, as found before it was opened. */
  readonly differs?: {readonly event: string; readonly expected: string; readonly found: string};
}

/** Something a person did. What was typed at the console is typed again, and asks what it asked. */
export interface LinkAct extends Intervention {
  readonly typed?: string;
}

/** What was done in a run, and how many events it had. */
export interface Recorded {
  readonly script: readonly Intervention[];
  readonly events: number;
}

export type ToWorker =
  | {readonly kind: "open"; readonly seq: number; readonly source: Source; readonly windows: Windows}
  | {
      readonly kind: "seek";
      readonly seq: number;
      readonly branch: string;
      readonly from: Cursor;
      readonly target: Target;
      readonly windows: Windows;
    }
  | {
      readonly kind: "act";
      readonly seq: number;
      readonly cursor: Cursor;
      readonly action: Action;
      readonly windows: Windows;
    }
  /**
   * A line of the console after the cursor's event; a whole transaction has its lines apart by line ends. `settle`: the
   * answer is the frame at which it was answered, else the one right after it was asked.
   */
  | {
      readonly kind: "type";
      readonly seq: number;
      readonly cursor: Cursor;
      readonly line: string;
      readonly settle: boolean;
      readonly windows: Windows;
    }
  | {
      readonly kind: "answer";
      readonly seq: number;
      readonly cursor: Cursor;
      readonly beat: string;
      readonly answer: number;
      readonly windows: Windows;
    }
  | {readonly kind: "why"; readonly seq: number; readonly cursor: Cursor; readonly of: Ref}
  | {readonly kind: "find"; readonly seq: number; readonly branch: string; readonly text: string}
  | {readonly kind: "link"; readonly seq: number; readonly cursor: Cursor}
  | {readonly kind: "trace"; readonly seq: number; readonly branch: string}
  | {readonly kind: "cancel"; readonly seq: number};

export type FromWorker =
  | {readonly kind: "ready"; readonly scenarios: readonly ScenarioRow[]; readonly code: string}
  | {readonly kind: "frame"; readonly seq: number; readonly frame: Frame; readonly notice?: Said}
  | {readonly kind: "why"; readonly seq: number; readonly why: WhyView}
  | {
      readonly kind: "found";
      readonly seq: number;
      readonly rows: readonly {readonly step: number; readonly id: string; readonly line: Said}[];
    }
  | {readonly kind: "link"; readonly seq: number; readonly link: Link}
  | {readonly kind: "trace"; readonly seq: number; readonly name: string; readonly bytes: Uint8Array}
  /** Long work: what, how much of it is done, of how much (0: not known). */
  | {
      readonly kind: "progress";
      readonly seq: number;
      readonly said: Said;
      readonly done: number;
      readonly of: number;
    }
  | {readonly kind: "done"; readonly seq: number}
  /** One line: what, where, what was expected, what to do. Nothing was changed. */
  | {readonly kind: "failed"; readonly seq: number; readonly said: Said};

export interface ScenarioRow {
  readonly id: string;
  readonly group: "example" | "lesson" | "incident" | "exercise";
  readonly title: {readonly en: string; readonly zh: string};
  readonly teaches: {readonly en: string; readonly zh: string};
}
