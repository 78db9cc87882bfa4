// What goes into a client machine and what comes out. A client holds one stream per endpoint for calls, and one per
// watch; it numbers its streams from 0, and the world makes them distinct between clients.

import type {MemberId} from "../base/quantity.ts";
import type {ApiError, Metadata, Request, Response} from "../server/request.ts";

export type ClientInput =
  /** A person, a workload or a program asks. `call` is the operation's number at this client; `to` pins an endpoint. */
  | {
      readonly kind: "call";
      readonly call: number;
      readonly request: Request;
      readonly to?: MemberId;
      readonly metadata?: Metadata;
    }
  /** Stop a call: a watch is cancelled, another is given up and its outcome is unknown. */
  | {readonly kind: "cancel"; readonly call: number}
  | {readonly kind: "response"; readonly stream: number; readonly id: number; readonly response: Response}
  /** The connection broke: the member crashed or refused. */
  | {readonly kind: "closed"; readonly stream: number}
  | {readonly kind: "wake"};

export type ClientEffect =
  | {readonly kind: "open"; readonly stream: number; readonly to: MemberId}
  | {
      readonly kind: "send";
      readonly stream: number;
      readonly id: number;
      readonly request: Request;
      readonly metadata?: Metadata;
    }
  | {readonly kind: "close"; readonly stream: number}
  /** A watch response for the call, in order; the call goes on. */
  | {readonly kind: "watched"; readonly call: number; readonly response: Response}
  | {readonly kind: "settled"; readonly call: number; readonly outcome: Outcome};

/** `unknown`: it may have been done, may yet be done, or not. The table in outcome.ts says which errors are definite. */
export type Outcome =
  | {readonly kind: "ok"; readonly response: Response}
  | {readonly kind: "failed" | "unknown"; readonly error?: ApiError};
