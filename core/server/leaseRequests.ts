// Clients that ask to keep a lease alive, or how long it has to live. Only the primary knows, so others ask it, until it
// answers or time runs out (etcd server/etcdserver/v3_server.go, LeaseRenew and LeaseTimeToLive; lease/leasehttp).
//
//   leads: applying ─ store has what was committed ─▶ (point) ─▶ looking ─┬─▶ answered
//                                                        ▲                ├─ expired: until it is revoked, or demoted
//                                                        │                └─ checkpointing: until its rest is taken back
//   else:  leaderless ─▶ asked ─ no answer, or not primary ─▶ trying again after 50 ms
//
// A lease is looked up again at the very moment of its renewal: a revocation that was applied while the request stood
// somewhere must not be answered with time to live (etcd #14758, #20590).

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {noMember, second} from "../base/quantity.ts";
import type {Micros, Revision} from "../base/quantity.ts";
import type {LeaseKeepAliveRequest, LeaseTimeToLiveRequest, LeaseTimeToLiveResult} from "../lease/lease.ts";
import type {LeaseRecord} from "../lease/leaseRecord.ts";
import type {Index} from "../raft/entry.ts";
import {errorResult} from "./applier.ts";
import {peerOf} from "./forwards.ts";
import type {Point} from "./io.ts";
import type {LeaseWith, Standing} from "./leaseRounds.ts";
import type {Asker} from "./proposals.ts";
import type {Header, Result} from "./request.ts";
import {digestRequest} from "./requestDigest.ts";
import type {Answer} from "./requests.ts";
import type {Turns} from "./turns.ts";

export type LeaseQuestion = LeaseKeepAliveRequest | LeaseTimeToLiveRequest;

type Stage =
  /** The store must reach what was committed when it was asked, in good time. */
  | {readonly kind: "applying"; readonly index: Index; readonly until: Micros}
  /** At a point; `passed`: it may go on. `seen`: the lease as it was when the question came to its last point. */
  | {
      readonly kind: "standing";
      readonly at: Point;
      readonly passed: boolean;
      readonly seen: LeaseRecord | undefined;
    }
  /** To be answered from the lessor, now. */
  | {readonly kind: "looking"; readonly past: readonly Point[]; readonly seen?: LeaseRecord | undefined}
  | {readonly kind: "expired" | "checkpointing"}
  /** Somebody else is to be asked, once a leader is known. */
  | {readonly kind: "leaderless"}
  | {readonly kind: "asked"}
  | {readonly kind: "tryingAgain"; readonly at: Micros};

interface Question {
  readonly asker: Asker;
  readonly request: LeaseQuestion;
  /** As it was when it was asked: a keep-alive's answer must not carry a revision from after the lease's end. */
  readonly header: Header;
  readonly expires: Micros;
  /** Of the auth store, when it was looked at whether the client may know the lease's keys. */
  readonly authRevision: Revision;
  readonly stage: Stage;
}

/** How long the store may take. etcd: applyTimeout. */
const applyTimeout: Micros = second;
/** Between two tries. etcd: 50 ms. */
const tryEvery: Micros = 50_000;
/** Seconds that a lease lives where nobody counts. etcd: the longest duration of Go. */
const forever = 9_223_372_036;

export class LeaseRequests {
  /** By ticket, ascending. */
  private readonly questions = new Map<number, Question>();
  private nextTicket = 1;
  private answers: readonly Answer[] = [];

  get size(): number {
    return this.questions.size;
  }

  deadline(): Micros | undefined {
    if (this.questions.size === 0) return undefined;
    let least: Micros | undefined;
    for (const {stage, expires} of this.questions.values()) {
      const at = stage.kind === "applying" ? stage.until : stage.kind === "tryingAgain" ? stage.at : expires;
      const due = Math.min(at, expires);
      if (least === undefined || due < least) least = due;
    }
    return least;
  }

  take(asker: Asker, request: LeaseQuestion, parts: LeaseWith, now: Micros): void {
    const {config, raft, requests, applier} = parts;
    const isHere = peerOf(asker) !== undefined || raft.role === "leader";
    const stage: Stage = isHere ? applyingTo(raft.commitIndex, now) : {kind: "leaderless"};
    const expires = now + config.requestTimeout;
    const authRevision = applier.auth.revision;
    const header = requests.header();
    this.questions.set(this.nextTicket++, {asker, request, header, expires, authRevision, stage});
  }

  /** It may go on from where it stood. */
  turn(ticket: number): void {
    const question = this.questions.get(ticket);
    if (question?.stage.kind === "standing") this.move(ticket, question, {...question.stage, passed: true});
  }

  /** Another member answered, or did not in time. */
  heard(ticket: number, result: Result, {requests, applier}: LeaseWith, now: Micros): void {
    const question = this.questions.get(ticket);
    if (question?.stage.kind !== "asked") return;
    if (result.kind === "error") this.move(ticket, question, {kind: "tryingAgain", at: now + tryEvery});
    else this.answer(ticket, question, ifAllowed(question, result, applier), requests.header());
  }

  /** Answers what waited too long, and tries again where it is time. */
  expire({requests, forwards}: LeaseWith, now: Micros): void {
    for (const [ticket, question] of this.questions) {
      const {stage, expires} = question;
      if (expires <= now) {
        forwards.forget((asker) => asker.for === "lease" && asker.ticket === ticket);
        const error = stage.kind === "leaderless" ? "noLeader" : "timeout";
        this.answer(ticket, question, errorResult(error), requests.header());
      } else if (stage.kind === "applying" && stage.until <= now) {
        this.answer(ticket, question, errorResult("timeoutWaitApplied"), requests.header());
      } else if (stage.kind === "tryingAgain" && stage.at <= now) {
        this.move(ticket, question, {kind: "leaderless"});
      }
    }
  }

  /** Goes on as far as it can; whether that was any further. */
  step(parts: LeaseWith, turns: Turns<Standing>, now: Micros): boolean {
    if (this.questions.size === 0) return false;
    let further = false;
    for (const [ticket, question] of this.questions) {
      let next = question;
      for (;;) {
        const stage = this.next(ticket, next, {parts, turns, now});
        if (stage === undefined) break;
        further = true;
        if (stage === "answered") break;
        next = this.move(ticket, next, stage);
      }
    }
    return further;
  }

  takeAnswers(): readonly Answer[] {
    const {answers} = this;
    if (answers.length > 0) this.answers = [];
    return answers;
  }

  /** The client is gone. */
  close(stream: number): void {
    for (const [ticket, {asker}] of this.questions)
      if (asker.stream === stream) this.questions.delete(ticket);
  }

  fork(): LeaseRequests {
    const twin = new LeaseRequests();
    for (const [ticket, question] of this.questions) twin.questions.set(ticket, question);
    twin.nextTicket = this.nextTicket;
    twin.answers = this.answers;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.nextTicket);
    into.int(this.questions.size);
    for (const [ticket, {asker, request, header, expires, authRevision, stage}] of this.questions) {
      into.int(ticket);
      into.int(asker.stream);
      into.int(asker.id);
      digestRequest(request, into);
      into.int(header.revision);
      into.int(header.raftTerm);
      into.int(expires - now);
      into.int(authRevision);
      into.string(stage.kind);
      if (stage.kind === "applying") {
        into.int(stage.index);
        into.int(stage.until - now);
      } else if (stage.kind === "standing") {
        into.string(stage.at);
        into.bool(stage.passed);
      } else if (stage.kind === "tryingAgain") into.int(stage.at - now);
    }
  }

  /** Where a question goes on to; undefined if it has to wait. */
  private next(ticket: number, question: Question, about: About): Stage | "answered" | undefined {
    const {parts, turns, now} = about;
    const {stage} = question;
    switch (stage.kind) {
      case "applying":
        return stage.index <= parts.applier.index ? {kind: "looking", past: []} : undefined;
      case "standing":
        return stage.passed ? {kind: "looking", past: [stage.at], seen: stage.seen} : undefined;
      case "looking": {
        const at = pointBefore(question, parts, now);
        if (at !== undefined && !stage.past.includes(at)) {
          const past = [...stage.past, at];
          const seen = parts.applier.lessor.get(question.request.lease);
          if (turns.passes(at, ticket)) return {kind: "looking", past, seen};
          return {kind: "standing", at, passed: false, seen};
        }
        return this.look(ticket, question, parts, now);
      }
      case "expired":
      case "checkpointing":
        return this.stillWaits(question, parts, now) ? undefined : this.look(ticket, question, parts, now);
      case "leaderless":
        return this.seek(ticket, question, parts, now);
      default:
        return undefined;
    }
  }

  private stillWaits(
    {request: {lease}, stage}: Question,
    {applier: {lessor}}: LeaseWith,
    now: Micros,
  ): boolean {
    if (!lessor.isPrimary || !lessor.has(lease)) return false;
    return stage.kind === "expired" ? lessor.hasExpired(lease, now) : lessor.get(lease)?.remainingTtl !== 0;
  }

  /** Asks the lessor of this member. */
  private look(ticket: number, question: Question, parts: LeaseWith, now: Micros): Stage | "answered" {
    const {request} = question;
    const {lessor} = parts.applier;
    if (request.kind === "leaseTimeToLive") {
      // A wrong rest of life would be worse than none (etcd #17642).
      if (!lessor.rules.mayTellRest({isPrimary: lessor.isPrimary}))
        return this.notPrimary(ticket, question, parts, now);
      const result = ifAllowed(question, timeToLive(request, parts, now), parts.applier);
      return this.answer(ticket, question, result, parts.requests.header());
    }
    const {lease} = request;
    const isCheckpointed =
      parts.config.leaseCheckpointEvery > 0 && (lessor.get(lease)?.remainingTtl ?? 0) > 0;
    if (isCheckpointed && lessor.isPrimary && !lessor.hasExpired(lease, now)) {
      const checkpoints = [{lease, remainingTtl: 0}];
      const isOnItsWay =
        question.stage.kind === "checkpointing" ||
        parts.requests.proposeForLeases({kind: "leaseCheckpoint", checkpoints}, now);
      if (isOnItsWay) return {kind: "checkpointing"};
      return this.answer(ticket, question, errorResult("tooManyRequests"), parts.requests.header());
    }
    const seen = question.stage.kind === "looking" ? question.stage.seen : undefined;
    const renewal = lessor.renew(lease, now, seen);
    if (renewal.kind === "notPrimary") return this.notPrimary(ticket, question, parts, now);
    if (renewal.kind === "expired") return {kind: "expired"};
    const ttl = renewal.kind === "renewed" ? renewal.ttl : 0;
    return this.answer(ticket, question, {kind: "leaseKeepAlive", lease, ttl}, question.header);
  }

  /** Who asked from elsewhere tries again by itself; a client's keep-alive goes to whoever leads now. */
  private notPrimary(
    ticket: number,
    question: Question,
    {requests}: LeaseWith,
    now: Micros,
  ): Stage | "answered" {
    const isPeers = peerOf(question.asker) !== undefined;
    if (!isPeers && question.request.kind === "leaseKeepAlive")
      return {kind: "tryingAgain", at: now + tryEvery};
    const error = isPeers ? "notPrimaryLessor" : "leaderChanged";
    return this.answer(ticket, question, errorResult(error), requests.header());
  }

  /** Asks the leader, if one is known. */
  private seek(ticket: number, {request}: Question, parts: LeaseWith, now: Micros): Stage | undefined {
    const {raft, forwards, config} = parts;
    if (raft.leader === noMember) return undefined;
    if (raft.leader === config.id) return applyingTo(raft.commitIndex, now);
    forwards.ask(raft.leader, request, {for: "lease", ticket}, now + config.readIndexRetry);
    return {kind: "asked"};
  }

  private move(ticket: number, question: Question, stage: Stage): Question {
    const moved = {...question, stage};
    this.questions.set(ticket, moved);
    return moved;
  }

  private answer(
    ticket: number,
    {asker, request, header}: Question,
    result: Result,
    after: Header,
  ): "answered" {
    assert(this.questions.delete(ticket), `question ${ticket} is answered twice`);
    const isRenewal = request.kind === "leaseKeepAlive" && result.kind !== "error";
    const {stream, id} = asker;
    this.answers = [...this.answers, {stream, id, response: {header: isRenewal ? header : after, result}}];
    return "answered";
  }
}

interface About {
  readonly parts: LeaseWith;
  readonly turns: Turns<Standing>;
  readonly now: Micros;
}

/** Keys are told only while the permissions are those that were looked at (etcd v3_server.go, LeaseTimeToLive). */
function ifAllowed({request, authRevision}: Question, result: Result, {auth}: LeaseWith["applier"]): Result {
  const tellsKeys = request.kind === "leaseTimeToLive" && request.keys === true;
  return tellsKeys && authRevision !== auth.revision ? errorResult("authOldRevision") : result;
}

function applyingTo(index: Index, now: Micros): Stage {
  return {kind: "applying", index, until: now + applyTimeout};
}

/** etcd's failpoint on the way of the question, if there is one. */
function pointBefore(
  {asker, request, stage}: Question,
  {applier: {lessor}}: LeaseWith,
  now: Micros,
): Point | undefined {
  const isPeers = peerOf(asker) !== undefined;
  if (request.kind === "leaseTimeToLive")
    return isPeers ? "beforeLookupWhenForwardLeaseTimeToLive" : "beforeLookupWhenLeaseTimeToLive";
  if (isPeers && stage.kind === "looking" && stage.past.length === 0) return "beforeServeHTTPLeaseRenew";
  const isAlive = lessor.isPrimary && lessor.has(request.lease) && !lessor.hasExpired(request.lease, now);
  return isAlive ? "beforeCheckpointInLeaseRenew" : undefined;
}

function timeToLive(
  {lease, keys = false}: LeaseTimeToLiveRequest,
  {applier: {lessor}}: LeaseWith,
  now: Micros,
): LeaseTimeToLiveResult {
  const kind = "leaseTimeToLive";
  const known = lessor.get(lease);
  if (known === undefined) return {kind, lease, ttl: -1, grantedTtl: 0, keys: []};
  const ttl = lessor.remaining(lease, now) ?? forever;
  return {kind, lease, ttl, grantedTtl: known.ttl, keys: keys ? lessor.keysOf(lease) : []};
}
