// The lease actor: keeps time for all leases while this member leads (leaseRounds.ts), and answers who asks after one
// (leaseRequests.ts). Promoted when the leader has applied the entry that opens its term, and so all that was granted
// before; demoted when it leads no more.

import type {Hasher} from "../base/hasher.ts";
import {sooner} from "../base/quantity.ts";
import type {Micros} from "../base/quantity.ts";
import type {Entry} from "../raft/entry.ts";
import type {ReadState} from "../raft/ready.ts";
import type {Point} from "./io.ts";
import {LeaseRequests} from "./leaseRequests.ts";
import type {LeaseQuestion} from "./leaseRequests.ts";
import {LeaseRounds} from "./leaseRounds.ts";
import type {LeaseWith, Standing} from "./leaseRounds.ts";
import {electionTimeout} from "./leaseState.ts";
import type {Asker} from "./proposals.ts";
import type {Result} from "./request.ts";
import type {Answer} from "./requests.ts";
import {Turns} from "./turns.ts";

export class LeaseActor {
  private rounds = new LeaseRounds();
  private questions = new LeaseRequests();
  private turns: Turns<Standing>;

  constructor(pausePoints: readonly Point[]) {
    this.turns = new Turns(pausePoints);
  }

  /** Requests that are not answered. */
  get waiting(): number {
    return this.questions.size;
  }

  deadline(parts: LeaseWith): Micros | undefined {
    return sooner(this.rounds.deadline(parts), this.questions.deadline());
  }

  /** A client, or another member, asks after a lease. */
  take(asker: Asker, request: LeaseQuestion, parts: LeaseWith, now: Micros): void {
    this.questions.take(asker, request, parts, now);
  }

  ticked(now: Micros): void {
    this.rounds.ticked(now);
  }

  /** Time has passed. */
  wake(parts: LeaseWith, now: Micros): void {
    this.questions.expire(parts, now);
    this.rounds.wake(parts, now);
  }

  /** It may go on from where it paused. */
  turn(): void {
    const who = this.turns.turn();
    if (who === undefined) return;
    if (who < 0) this.rounds.turn(who);
    else this.questions.turn(who);
  }

  /** Another member answered request `ticket`, or did not. */
  heard(ticket: number, result: Result, parts: LeaseWith, now: Micros): void {
    this.questions.heard(ticket, result, parts, now);
  }

  confirm(states: readonly ReadState[]): void {
    this.rounds.confirm(states);
  }

  /** An entry was applied: the leader that opens its term with it is the primary (etcd server.go, applyEntryNormal). */
  applied({type, data, term}: Entry, {raft, applier, config}: LeaseWith, now: Micros): void {
    if (type !== "normal" || data.length > 0 || raft.role !== "leader" || term !== raft.term) return;
    if (applier.lessor.isPrimary) return;
    applier.lessor.promote(electionTimeout(config), now);
    this.rounds.promoted(now);
  }

  /** To be called before raft is offered anything: what an old primary had not handed over must not reach the next leader. */
  followRole({raft, applier, requests}: LeaseWith): void {
    if (!applier.lessor.isPrimary || raft.role === "leader") return;
    applier.lessor.demote();
    if (!applier.lessor.rules.givesUpWhenDemoted()) return;
    this.rounds.demoted();
    requests.withdrawForLeases();
  }

  /** Goes on as far as it can; whether that was any further. */
  step(parts: LeaseWith, now: Micros): boolean {
    const further = this.rounds.step(parts, this.turns, now);
    return this.questions.step(parts, this.turns, now) || further;
  }

  /** The point to pause at now. */
  pause(): Point | undefined {
    return this.turns.pause();
  }

  takeAnswers(): readonly Answer[] {
    return this.questions.takeAnswers();
  }

  /** The client is gone. */
  close(stream: number): void {
    this.questions.close(stream);
  }

  /** An independent twin. */
  fork(): LeaseActor {
    const twin = new LeaseActor([]);
    twin.rounds = this.rounds.fork();
    twin.questions = this.questions.fork();
    twin.turns = this.turns.fork();
    return twin;
  }

  digest(into: Hasher, parts: LeaseWith, now: Micros): void {
    this.rounds.digest(into, parts, now);
    this.questions.digest(into, now);
    this.turns.digest(into);
  }
}
