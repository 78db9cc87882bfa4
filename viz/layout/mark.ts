// Marks: what layout decides and drawing carries out (law 13). A flat list of named shapes with geometry and classes; no
// DOM. SVG, canvas, print, export and the tests read the same list. Positions are pure functions of the frame, the size
// and the time in flight.

import type {Ref} from "../../core/base/ref.ts";

interface Named {
  /** Unique in its view and stable from frame to frame: identity for joins. */
  readonly name: string;
  /** Meaning, for the style sheet: "entry committed". */
  readonly class: string;
  /** What it stands for: selection, hover, tooltip, menus. */
  readonly ref?: Ref;
  /** Hue: the term whose colour fills it. */
  readonly term?: number;
  /** Spoken by screen readers and shown as a tooltip; marks without one are decoration. */
  readonly label?: string;
}

export type Mark = Named &
  (
    | {readonly shape: "circle"; readonly x: number; readonly y: number; readonly r: number}
    | {
        readonly shape: "rect";
        readonly x: number;
        readonly y: number;
        readonly width: number;
        readonly height: number;
        readonly radius?: number;
      }
    | {
        readonly shape: "line";
        readonly x: number;
        readonly y: number;
        readonly x2: number;
        readonly y2: number;
      }
    | {readonly shape: "path"; readonly d: string; readonly x?: number; readonly y?: number}
    | {
        readonly shape: "text";
        readonly x: number;
        readonly y: number;
        readonly text: string;
        readonly anchor: "start" | "middle" | "end";
        readonly size: number;
      }
  );

/** The area that a view is laid out in, CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A table twin: the same view for screen readers, print and tests. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly {readonly ref?: Ref; readonly cells: readonly string[]}[];
}
