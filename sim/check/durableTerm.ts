import type {MemberId} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import {termOf} from "../../core/server/peer.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import {nameOf} from "./entries.ts";
import type {Booted, Heard, PromiseKind} from "./promises.ts";
import {delivered, Promises} from "./promises.ts";
import {say} from "./words.ts";

/**
 * What is said by one whose term is on its disk: a candidate, a leader (it was a candidate), who answers them. Not the
 * answer to a heartbeat, which leaves at once and is no vote; nor what speaks of a term to come (a pre-vote) or of none.
 */
const fromDurableTerm: ReadonlySet<PeerMessage["kind"]> = new Set<PeerMessage["kind"]>([
  "RequestVote",
  "RequestVoteResponse",
  "AppendEntries",
  "AppendEntriesResponse",
  "Heartbeat",
  "InstallSnapshot",
  "TimeoutNow",
]);

/** A member that was heard in a term never comes back in a lower one. Raft Figure 2: currentTerm, persistent, increases monotonically. */
export function durableTerm(): Promises<number> {
  return new Promises(new Terms());
}

/** The promise: a term. */
class Terms implements PromiseKind<number> {
  readonly name = "Durable Term";
  readonly interest = {payloads: ["message"]} as const;

  fork(): Terms {
    return this;
  }

  heard(_view: WorldView, event: EventRecord): Heard<number> | undefined {
    const arrived = delivered(event);
    if (arrived === undefined || !fromDurableTerm.has(arrived.message.kind)) return undefined;
    return {by: arrived.from, promise: termOf(arrived.message), at: arrived.sent, step: event.cause};
  }

  isMore(term: number, than: number): boolean {
    return term > than;
  }

  left(term: number | undefined): number | undefined {
    return term;
  }

  broken(term: number, of: MemberId, booted: Booted): Said | undefined {
    if (booted.term >= term) return undefined;
    const member = nameOf(of);
    return say("termForgotten", {member, term, now: booted.term}, [member]);
  }
}
