// What members promise of their own stores, as they go on.

import {Hasher} from "../../core/base/hasher.ts";
import type {Result} from "../../core/server/request.ts";
import type {Server} from "../../core/server/server.ts";
import type {EventRecord} from "../event.ts";
import {SharedList} from "../history/sharedList.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

interface First {
  readonly digestA: number;
  readonly digestB: number;
  readonly member: number;
  readonly incarnation: number;
  readonly event: string;
}

/** What members have in common that have applied the same entries. */
interface Common {
  readonly name: string;
  readonly difference: "statesDiffer" | "leasesDiffer";
  digest(server: Server, into: Hasher): void;
}

const stores: Common = {
  name: "Equal States",
  difference: "statesDiffer",
  digest: ({store}, into) => store.digest(into),
};

const leases: Common = {
  name: "Equal Leases",
  difference: "leasesDiffer",
  digest: ({lessor}, into) => lessor.digestRecords(into),
};

/**
 * Members that have applied the same entries have the same leases, granted for as long and, of what was checkpointed, with as much
 * left. M1.
 */
export function equalLeases(): EqualStates {
  return new EqualStates(leases);
}

/**
 * Members that have applied the same entries have the same store: the same versions of the same keys, compacted alike, and so
 * the same hash at every revision; and so has a member that applies them once more in another life. M1, and K6: a revision identifies a state.
 */
export class EqualStates implements Checker {
  readonly name: string;
  readonly interest = {changes: ["apply"]} as const;
  private readonly common: Common;
  /** By applied index: the store of the member that was there first. */
  private firsts = new SharedList<First | undefined>();
  private count = 0;

  constructor(common = stores) {
    this.common = common;
    this.name = common.name;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new EqualStates(this.common);
    twin.firsts = this.firsts.fork();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    for (const change of event.changes) {
      if (change.kind !== "apply") continue;
      const {server, incarnation = 1} = view.members[change.member - 1] ?? {};
      if (server === undefined || server.appliedIndex !== change.to) continue;
      const hasher = new Hasher();
      this.common.digest(server, hasher);
      const of = {member: change.member, incarnation};
      const found = this.compare(change.to, of, hasher.lanes(), event);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private compare(
    index: number,
    {member, incarnation}: Pick<First, "member" | "incarnation">,
    [digestA, digestB]: readonly [number, number],
    event: EventRecord,
  ): Violation | undefined {
    const known = this.firsts.at(index);
    if (known === undefined) {
      // Not everybody stops at every entry: what is jumped over stays unknown.
      if (index < this.firsts.length) return undefined;
      while (this.firsts.length < index) this.firsts.push(undefined);
      this.firsts.push({digestA, digestB, member, incarnation, event: event.id});
      return undefined;
    }
    if (known.member === member && known.incarnation === incarnation) return undefined;
    this.count++;
    if (known.digestA === digestA && known.digestB === digestB) return undefined;
    const [a, b] = [nameOf(known.member), nameOf(member)];
    const said = say(this.common.difference, {a, b, index}, [a, b]);
    return {check: this.name, said, evidence: [known.event, event.id], step: event.step};
  }
}

/**
 * What one member shows one client never goes back, serializable reads included, while the member lives: its store only goes
 * forward. K4.
 */
export class MembersGoForward implements Checker {
  readonly name = "Members Go Forward";
  readonly interest = {payloads: ["response", "close"]} as const;
  /** By stream: the highest revision that was answered on it. Streams keep order, and belong to one life. */
  private highest = new Map<string, number>();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new MembersGoForward();
    twin.highest = new Map(this.highest);
    twin.count = this.count;
    return twin as this;
  }

  after(_view: WorldView, event: EventRecord): Violation | undefined {
    const {payload} = event;
    if (payload.kind === "close") this.highest.delete(`${payload.client}/${payload.stream}`);
    if (payload.kind !== "response" || isAside(payload.response.result)) return undefined;
    const {client, stream, from, response} = payload;
    const {revision} = response.header;
    // Answers about members and users carry none.
    if (revision === 0) return undefined;
    const key = `${client}/${stream}`;
    const highest = this.highest.get(key) ?? 0;
    if (highest > 0) this.count++;
    this.highest.set(key, Math.max(highest, revision));
    if (revision >= highest) return undefined;
    const member = nameOf(from);
    const said = say("memberBack", {member, client, revision, highest}, [member, client]);
    return {check: this.name, said, evidence: [event.id], step: event.step};
  }
}

/** A watch runs behind; the header of a renewal is filled in before it is made, as in etcd. */
function isAside({kind}: Result): boolean {
  return kind === "watch" || kind === "leaseKeepAlive";
}
