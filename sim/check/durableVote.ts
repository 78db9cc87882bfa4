import {noMember} from "../../core/base/quantity.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {Term} from "../../core/raft/entry.ts";
import type {Server} from "../../core/server/server.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import {nameOf} from "./entries.ts";
import type {Booted, Heard, PromiseKind} from "./promises.ts";
import {delivered, Promises} from "./promises.ts";
import {say} from "./words.ts";

interface Vote {
  readonly term: number;
  readonly to: MemberId;
}

/** A vote that was heard is remembered for as long as its term lasts. Raft Figure 2: votedFor, persistent. Who asks for votes has its own. */
export function durableVote(): Promises<Vote> {
  return new Promises(new Votes());
}

class Votes implements PromiseKind<Vote> {
  readonly name = "Durable Vote";
  readonly interest = {payloads: ["message"], touching: true} as const;

  fork(): Votes {
    return this;
  }

  heard(_view: WorldView, event: EventRecord): Heard<Vote> | undefined {
    const arrived = delivered(event);
    if (arrived === undefined) return undefined;
    const {from, to, sent, message} = arrived;
    const {kind} = message;
    const promised = (term: Term, candidate: MemberId): Heard<Vote> => ({
      by: from,
      promise: {term, to: candidate},
      at: sent,
      step: event.cause,
    });
    if (kind === "RequestVote") return promised(message.term, from);
    return kind === "RequestVoteResponse" && message.voteGranted ? promised(message.term, to) : undefined;
  }

  isMore(vote: Vote, than: Vote): boolean {
    return vote.term > than.term;
  }

  /** One that votes again in the same term while it runs has not forgotten: that is another claim's affair. */
  left(vote: Vote | undefined, {raft}: Server): Vote | undefined {
    return vote !== undefined && raft.term === vote.term && raft.votedFor !== vote.to ? undefined : vote;
  }

  broken({term, to}: Vote, of: MemberId, booted: Booted): Said | undefined {
    if (booted.term > term || (booted.term === term && booted.votedFor === to)) return undefined;
    const member = nameOf(of);
    const args = {member, term, candidate: nameOf(to)};
    const refs = [member, nameOf(to)];
    if (booted.term < term) return say("voteUndone", {...args, now: booted.term}, refs);
    if (booted.votedFor === noMember) return say("voteForgotten", args, refs);
    return say("voteChanged", {...args, now: nameOf(booted.votedFor)}, refs);
  }
}
