// What a member said, others rely on: Raft's currentTerm, votedFor and log are "updated on stable storage before
// responding to RPCs" (Figure 2), so that a crash takes none of it. A promise counts from the moment at which it was
// heard. A member that comes back is compared with what it had promised; and what it said before a crash and is heard
// only after it, with the state in which it came back.
//
// One kind of promise is one claim: a disk that forgets may break several, and each is said by itself.
//
//   heard ──▶ the most that was promised ──(less of it is left when the member itself goes back on it, by the rules)
//                          │
//   crash, boot ───────────┴──▶ broken?                 A member that refuses to start breaks nothing.

import type {MemberId, Micros} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {Server} from "../../core/server/server.ts";
import type {EventRecord} from "../event.ts";
import type {MemberView, WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import type {Interest} from "./interest.ts";

/** The state in which a member came back. */
export interface Booted {
  /** That booted it. */
  readonly event: EventRecord;
  readonly term: number;
  readonly votedFor: MemberId;
  readonly lastIndex: number;
  readonly appliedIndex: number;
}

/** A promise that somebody may rely on from now on. */
export interface Heard<P> {
  readonly by: MemberId;
  /** Never written. */
  readonly promise: P;
  /** When it was given, and not after which step. */
  readonly at: Micros;
  readonly step: number;
}

/** One kind of promises. */
export interface PromiseKind<P> {
  /** The claim's. */
  readonly name: string;
  /** What `heard`, `made` and `left` need be told of. Of boots, which hands make, all kinds are. */
  readonly interest: Interest;
  fork(): PromiseKind<P>;
  /** What an event brings to somebody's ears. */
  heard(view: WorldView, event: EventRecord): Heard<P> | undefined;
  /** What others may rely on without a word, because of what the member did in an event. */
  made?(view: WorldView, event: EventRecord): Heard<P> | undefined;
  /** Whether one that holds the first promise holds the other too, and more. */
  isMore(promise: P, than: P): boolean;
  /** What is left of a member's promise after an event that touched it while it ran. */
  left(promise: P | undefined, server: Server, event: EventRecord): P | undefined;
  /** How a promise is not kept by a member that came back like this; `server` is as it is now, if it runs. */
  broken(promise: P, of: MemberId, booted: Booted, server: Server | undefined): Said | undefined;
}

/** What is known of one member. */
interface Kept<P> {
  /** The life that was seen last. */
  incarnation: number;
  promise: P | undefined;
  /** In which the promise was heard. */
  heard: EventRecord | undefined;
  /** Undefined in its first life. */
  booted: Booted | undefined;
}

/** What a member promised it keeps, whatever crash comes. */
export class Promises<P> implements Checker {
  readonly name: string;
  readonly interest: Interest;
  private readonly kind: PromiseKind<P>;
  private readonly members: (Kept<P> | undefined)[] = [];
  private count = 0;

  constructor(kind: PromiseKind<P>) {
    const {payloads = []} = kind.interest;
    this.name = kind.name;
    this.interest = {...kind.interest, payloads: [...payloads, "script"]};
    this.kind = kind;
  }

  /** Boots that were compared with a promise, and promises that were heard only after the boot. */
  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new Promises(this.kind.fork());
    for (const one of this.members) twin.members.push(one && {...one});
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: MemberId | undefined): Violation | undefined {
    const member = touched === undefined ? undefined : view.members[touched - 1];
    let violation: Violation | undefined;
    if (member?.server !== undefined) violation = this.ran(member, member.server, event);
    const heard = this.kind.heard(view, event);
    if (heard !== undefined) violation ??= this.hear(view, event, heard);
    const made = this.kind.made?.(view, event);
    if (made !== undefined) violation ??= this.hear(view, event, made);
    return violation;
  }

  private ran(member: MemberView, server: Server, event: EventRecord): Violation | undefined {
    const kept = this.of(member.id);
    if (kept.incarnation !== member.incarnation) return this.boot(kept, member, server, event);
    kept.promise = this.kind.left(kept.promise, server, event);
    return undefined;
  }

  private boot(
    kept: Kept<P>,
    {id, incarnation}: MemberView,
    server: Server,
    event: EventRecord,
  ): Violation | undefined {
    kept.incarnation = incarnation;
    if (incarnation === 1) return undefined;
    const {term, votedFor, lastIndex} = server.raft;
    kept.booted = {event, term, votedFor, lastIndex, appliedIndex: server.appliedIndex};
    const {promise, heard} = kept;
    if (promise === undefined || heard === undefined) return undefined;
    this.count++;
    const said = this.kind.broken(promise, id, kept.booted, server);
    if (said === undefined) return undefined;
    kept.promise = undefined;
    return {check: this.name, said, evidence: [heard.id, event.id], step: event.step};
  }

  private hear(
    view: WorldView,
    event: EventRecord,
    {by, promise, at, step}: Heard<P>,
  ): Violation | undefined {
    const kept = this.of(by);
    const {booted} = kept;
    // A copy of a message, made by hand, is later than what it says.
    if (booted !== undefined && (at < booted.event.at || step < booted.event.step)) {
      this.count++;
      const said = this.kind.broken(promise, by, booted, view.members[by - 1]?.server);
      if (said !== undefined)
        return {check: this.name, said, evidence: [booted.event.id, event.id], step: event.step};
    }
    if (kept.promise === undefined || this.kind.isMore(promise, kept.promise)) {
      kept.promise = promise;
      kept.heard = event;
    }
    return undefined;
  }

  private of(id: MemberId): Kept<P> {
    while (this.members.length <= id) this.members.push(undefined);
    return (this.members[id] ??= {incarnation: 1, promise: undefined, heard: undefined, booted: undefined});
  }
}

/** The message that an event delivers; undefined if it delivers none. */
export function delivered({
  payload,
  changes,
}: EventRecord): Extract<EventRecord["payload"], {kind: "message"}> | undefined {
  if (payload.kind !== "message") return undefined;
  for (const {kind} of changes) if (kind === "lost") return undefined;
  return payload;
}
