// The run on record. A trace file is text: a header line (JSON), one line per event, a closing line. The header names
// all arguments of the run, so that the file can be run again; the events carry the chain, so that the first difference
// is named; the closing line holds a checksum of header and count, so that a torn or edited file is noticed. The event
// lines are guarded by the chain instead: replay names the first one that differs.

import type {Hash} from "../../core/base/hasher.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Verdict} from "../check/checker.ts";
import type {EventId, Run} from "../run.ts";

export interface TraceHeader extends Run {
  /** Hash of the code that made it; another build warns, and replay goes on to the first difference. */
  readonly code: Hash;
  readonly scenario?: string;
  /** The overlay of the scenario that was run. */
  readonly variant?: string;
  /** The text of the scenario's file, where it is not one of ours. */
  readonly source?: string;
  readonly end: {
    readonly events: number;
    readonly at: Micros;
    readonly hash: Hash;
    readonly verdict: Verdict;
  };
}

/** One line of the file: `[id, at, hash]`. */
export interface TraceLine {
  readonly id: EventId;
  readonly at: Micros;
  readonly hash: Hash;
}

export interface TraceFile {
  readonly header: TraceHeader;
  readonly lines: readonly TraceLine[];
}
