// What clients saw: the evidence for linearizability and for the watch guarantees. Real-time order is by step.

import type {Micros} from "../../core/base/quantity.ts";
import type {Outcome} from "../../core/client/io.ts";
import type {Request, Response} from "../../core/server/request.ts";

export interface Moment {
  readonly step: number;
  readonly at: Micros;
}

/** A response that a watch's client got, and when. */
export interface WatchedResponse {
  readonly moment: Moment;
  readonly response: Response;
}

/** One call of one client. Named `op:c1#4`, or `op:#name` by its `as`. */
export interface Operation {
  readonly client: string;
  /** Counts the client's calls from 1. */
  readonly call: number;
  readonly as?: string;
  readonly request: Request;
  readonly invoked: Moment;
  /** Set with `outcome` once it settled; a watch settles when it is cancelled. */
  readonly returned?: Moment;
  readonly outcome?: Outcome;
  /** A watch's responses, in the order the client got them. */
  readonly watched: readonly WatchedResponse[];
}
