import type {MemberId} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {Server} from "../../core/server/server.ts";
import type {Change, EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import {nameOf} from "./entries.ts";
import type {Booted, Heard, PromiseKind} from "./promises.ts";
import {delivered, Promises} from "./promises.ts";
import {say} from "./words.ts";

/** An entry that a member said it holds, and so, a log being a chain, all before it. */
interface Holding {
  readonly index: number;
  readonly term: number;
  /** A follower acknowledged it, or a leader counted itself when it committed. */
  readonly how: "acknowledged" | "counted";
}

/**
 * An entry that a member acknowledged to a leader, or counted as its own part of a quorum, is in its log or behind its
 * snapshot, until the leader of a newer term has it replaced. Raft Figure 2: log[], persistent.
 */
export function durableLog(): Promises<Holding> {
  return new Promises(new Holdings());
}

/** Whether a member that came back lacks an entry. `raft`: its log now, which agrees with that as far as both go. */
export function lacks(
  {index, term}: {readonly index: number; readonly term: number},
  {lastIndex}: Booted,
  raft: RawNode | undefined,
): boolean {
  if (index > lastIndex) return true;
  if (raft === undefined || index < raft.firstIndex) return false;
  return raft.termAt(index) !== term;
}

class Holdings implements PromiseKind<Holding> {
  readonly name = "Durable Log";
  readonly interest = {payloads: ["message"], changes: ["commit", "log", "snapshot"]} as const;
  /** By member: the highest term in which entries of its log were replaced. What it said in terms before may have ended so. */
  private readonly replacedIn: number[] = [];

  fork(): Holdings {
    const twin = new Holdings();
    twin.replacedIn.push(...this.replacedIn);
    return twin;
  }

  /** What the leader of the term hears. To another it means nothing; and the leader's log tells which entry it is. */
  heard(view: WorldView, event: EventRecord): Heard<Holding> | undefined {
    const arrived = delivered(event);
    if (arrived?.message.kind !== "AppendEntriesResponse" || !arrived.message.success) return undefined;
    const {from, to, sent, message} = arrived;
    const {index, term: saidIn} = message;
    const leader = view.members[to - 1]?.server?.raft;
    if (leader?.role !== "leader" || leader.term !== saidIn) return undefined;
    // It may have been replaced before this left, or since, by the leader of a newer term, whom this one cannot outvote.
    if (saidIn < (this.replacedIn[from] ?? 0)) return undefined;
    const term = leader.termAt(index);
    if (term === undefined || index === 0) return undefined;
    return {by: from, promise: {index, term, how: "acknowledged"}, at: sent, step: event.cause};
  }

  /** A leader that commits counts itself, as far as it knows its log to be durable. Raft §5.3; thesis §10.2.1. */
  made(view: WorldView, event: EventRecord): Heard<Holding> | undefined {
    for (const change of event.changes) if (change.kind === "commit") return countedBy(view, event, change);
    return undefined;
  }

  isMore({index}: Holding, than: Holding): boolean {
    return index > than.index;
  }

  left(holding: Holding | undefined, {config, raft}: Server, {changes}: EventRecord): Holding | undefined {
    let left = holding;
    for (const change of changes) {
      if (change.kind === "log" && change.truncated) {
        this.replaced(config.id, raft.term);
        if (left !== undefined && change.from <= left.index) left = upTo(change.from - 1, left, raft);
      } else if (change.kind === "snapshot" && change.received) {
        this.replaced(config.id, raft.term);
        // A snapshot that does not reach as far came in place of a log that was another's.
        if (left !== undefined && change.index < left.index) left = undefined;
      }
    }
    return left;
  }

  broken(holding: Holding, of: MemberId, booted: Booted, server: Server | undefined): Said | undefined {
    if (!lacks(holding, booted, server?.raft)) return undefined;
    const {index, term, how} = holding;
    const member = nameOf(of);
    const args = {member, index, term, last: booted.lastIndex};
    return say(how === "counted" ? "countForgotten" : "entryForgotten", args, [member]);
  }

  private replaced(member: MemberId, term: number): void {
    while (this.replacedIn.length <= member) this.replacedIn.push(0);
    this.replacedIn[member] = term;
  }
}

/** Undefined of a follower, which counts nobody. */
function countedBy(
  view: WorldView,
  event: EventRecord,
  {member, to}: Extract<Change, {kind: "commit"}>,
): Heard<Holding> | undefined {
  const raft = view.members[member - 1]?.server?.raft;
  const own = raft?.liveProgress().find((one) => one.member === member);
  if (raft === undefined || own === undefined) return undefined;
  const index = Math.min(own.matchIndex, to);
  const term = raft.termAt(index);
  if (term === undefined || index === 0) return undefined;
  return {by: member, promise: {index, term, how: "counted"}, at: event.at, step: event.step};
}

function upTo(index: number, {how}: Holding, raft: RawNode): Holding | undefined {
  const term = raft.termAt(index);
  return term === undefined || index === 0 ? undefined : {index, term, how};
}
