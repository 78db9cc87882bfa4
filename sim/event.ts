// What may happen next, and what has happened. An event has a name that an edit elsewhere does not change (law 7) and
// the event that caused it (law 9).

import type {MemberId, Micros} from "../core/base/quantity.ts";
import type {Said} from "../core/base/said.ts";
import type {ConfState} from "../core/raft/confState.ts";
import type {RoleName} from "../core/raft/entry.ts";
import type {PeerMessage} from "../core/server/peer.ts";
import type {Actor} from "../core/server/io.ts";
import type {Metadata, Request, Response} from "../core/server/request.ts";
import type {Outcome, RecipeOutcome} from "../core/client/io.ts";
import type {RecipeRequest, Told} from "../core/client/recipes/recipe.ts";
import type {Action} from "./action.ts";
import type {EventId, Lane} from "./run.ts";

/** What an event does when it is taken. */
export type Payload =
  | {readonly kind: "tick"; readonly member: MemberId}
  | {readonly kind: "wake"; readonly member: MemberId}
  | {readonly kind: "turn"; readonly member: MemberId; readonly actor: Actor}
  | {
      readonly kind: "message";
      readonly from: MemberId;
      readonly to: MemberId;
      readonly message: PeerMessage;
      readonly sent: Micros;
    }
  /** A client's request arrives at a member, on a stream of that client. */
  | {
      readonly kind: "request";
      readonly client: string;
      readonly to: MemberId;
      readonly stream: number;
      readonly id: number;
      readonly request: Request;
      readonly metadata?: Metadata;
      readonly sent: Micros;
    }
  /** A member's response arrives at a client. */
  | {
      readonly kind: "response";
      readonly client: string;
      readonly from: MemberId;
      readonly stream: number;
      readonly id: number;
      readonly response: Response;
      readonly sent: Micros;
    }
  /** A client took watch responses of a stream: the member has room for `room` more on it. As HTTP/2's WINDOW_UPDATE. */
  | {
      readonly kind: "credit";
      readonly client: string;
      readonly to: MemberId;
      readonly stream: number;
      readonly room: number;
      readonly sent: Micros;
    }
  /** A stream's end arrives: at the member (`to` set) or at the client. */
  | {
      readonly kind: "close";
      readonly client: string;
      readonly member: MemberId;
      readonly stream: number;
      readonly toward: "member" | "client";
      readonly sent: Micros;
    }
  | {
      readonly kind: "diskDone";
      readonly member: MemberId;
      readonly op: number;
      readonly file: string;
      readonly what: string;
    }
  /** A member's transport tells it what became of a snapshot that it sent to `to`. */
  | {
      readonly kind: "report";
      readonly member: MemberId;
      readonly to: MemberId;
      readonly what: "snapshotDone" | "snapshotFailed";
    }
  | {readonly kind: "clientWake"; readonly client: string}
  /** `step` and `let` are the intervention's: for claims and telling; they decide nothing and are in no digest. */
  | {
      readonly kind: "script";
      readonly action: Action;
      readonly step?: string;
      readonly let?: Readonly<Record<string, string>>;
    };

/** An event that waits in its lane. */
export interface Pending {
  readonly lane: Lane;
  readonly ordinal: number;
  readonly due: Micros;
  /** Orders events of equal time (law 8). */
  readonly seq: number;
  /** Step of the event that caused it; 0 for the beginning. */
  readonly cause: number;
  readonly payload: Payload;
  /** Held by hand: not enabled until released. */
  readonly held?: boolean;
  /** A message that will not arrive: why, and the moment at which it was lost. The event still comes, and says so. */
  readonly fate?: {readonly why: Fate; readonly at: Micros};
}

/**
 * Why a message does not arrive: its link carries nothing (or its stream nothing more), chance, a hand, a queue without
 * room, a connection that was reset.
 */
export type Fate = "cut" | "loss" | "dropped" | "queue" | "reset";

/** What taking an event changed, told by comparing before and after; O(change). The tape, "interesting", facts and why read these. */
export type Change =
  | {readonly kind: "term"; readonly member: MemberId; readonly term: number}
  | {
      readonly kind: "role";
      readonly member: MemberId;
      readonly role: RoleName;
      readonly term: number;
    }
  /** Log entries from..to (both included) were written; `truncated` when others stood there. */
  | {
      readonly kind: "log";
      readonly member: MemberId;
      readonly from: number;
      readonly to: number;
      readonly truncated: boolean;
    }
  /** The log now begins behind `index`: the member compacted it, or took a snapshot in place of what it had (`received`). */
  | {readonly kind: "snapshot"; readonly member: MemberId; readonly index: number; readonly received: boolean}
  /** It applied a change of membership, or took over a snapshot's. */
  | {readonly kind: "configuration"; readonly member: MemberId; readonly confState: ConfState}
  /** A leader began to hand over to `to`, or gave that up (0). */
  | {readonly kind: "transfer"; readonly member: MemberId; readonly to: MemberId}
  | {readonly kind: "commit"; readonly member: MemberId; readonly from: number; readonly to: number}
  | {readonly kind: "apply"; readonly member: MemberId; readonly from: number; readonly to: number}
  | {readonly kind: "revision"; readonly member: MemberId; readonly revision: number}
  | {readonly kind: "compact"; readonly member: MemberId; readonly revision: number}
  /** The client asked something: its operation `call` began. */
  | {
      readonly kind: "invoked";
      readonly client: string;
      readonly call: number;
      /** It is a recipe, not a single request. */
      readonly recipe?: RecipeRequest;
    }
  | {readonly kind: "settled"; readonly client: string; readonly call: number; readonly outcome: Outcome}
  /** A recipe told something, or ended. */
  | {readonly kind: "told"; readonly client: string; readonly call: number; readonly told: Told}
  | {
      readonly kind: "finished";
      readonly client: string;
      readonly call: number;
      readonly outcome: RecipeOutcome;
    }
  | {readonly kind: "watched"; readonly client: string; readonly call: number; readonly response: Response}
  | {readonly kind: "fault"; readonly action: Action}
  | {
      readonly kind: "lost";
      readonly event: EventId;
      readonly from: string;
      readonly to: string;
      /** Found out as it arrives: the member is down, or refuses the client. */
      readonly why: Fate | "down" | "refused";
    }
  /** It stopped by itself: on a failed assertion, or because it refused to go on with the disk that it has, as `said`. */
  | {
      readonly kind: "died";
      readonly member: MemberId;
      /** In English. */
      readonly message: string;
      readonly said?: Said;
    };

/** An event that was taken. */
export interface EventRecord {
  /** Counts taken events from 1. */
  readonly step: number;
  readonly id: EventId;
  readonly at: Micros;
  /** Step of its cause; 0 for the beginning. */
  readonly cause: number;
  readonly payload: Payload;
  readonly changes: readonly Change[];
  /** The chain up to and with this event: two int32 lanes. */
  readonly chainA: number;
  readonly chainB: number;
}
