// The run on record. A trace names all arguments of the run, so that it can be run again, and the chain after every
// event, so that the first difference is named. See file.ts for how it stands in a file and what guards what.

import type {Hash} from "../../core/base/hasher.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Verdict} from "../check/checker.ts";
import type {Run} from "../run.ts";
import type {TraceLines} from "./lines.ts";

export type {TraceLine} from "./lines.ts";

/** What a trace says of a run besides its arguments. */
export interface About {
  /** Hash of the code that made it; another build warns, and replay goes on to the first difference. */
  readonly code: Hash;
  readonly scenario?: string;
  /** The overlay of the scenario that was run. */
  readonly variant?: string;
  /** The text of the scenario's file, where it is not one of ours. */
  readonly source?: string;
}

/** What the run came to. */
export interface TraceEnd {
  readonly events: number;
  readonly at: Micros;
  readonly hash: Hash;
  readonly verdict: Verdict;
}

export interface TraceHeader extends Run, About {
  readonly end: TraceEnd;
}

export interface TraceFile {
  readonly header: TraceHeader;
  readonly lines: TraceLines;
  /** The file ends before the run did: a process was killed that wrote it. The header speaks of the part that is there. */
  readonly isCut?: true;
}
