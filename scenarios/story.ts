// What a scenario's facts need to remember of a run: which steps fired and when, what they bound, which operation has
// which name, and which entry it proposed. Read from the events alone, so that a live run, a replay and a branch tell
// the same: the events of a scenario's interventions carry their step and what it bound.

import type {MemberId, Micros} from "../core/base/quantity.ts";
import {decodeConfChange, proposalOf} from "../core/raft/confChange.ts";
import {noData} from "../core/raft/entry.ts";
import type {Entry, EntryId, Proposal} from "../core/raft/entry.ts";
import {alarmRequest} from "../core/server/alarm.ts";
import {decodeCommand, encodeCommand} from "../core/server/command.ts";
import {confChangeOf} from "../core/server/membership.ts";
import type {Request} from "../core/server/request.ts";
import {sameBytes} from "../sim/check/entries.ts";
import type {EventRecord} from "../sim/event.ts";
import type {Operation} from "../sim/history/operation.ts";
import type {WorldView} from "../sim/view.ts";

/** A moment at which a fact is asked. */
export interface Scene {
  readonly view: WorldView;
  /** The event just taken; undefined before the first, and when only time has passed. */
  readonly event: EventRecord | undefined;
  readonly story: Story;
  /** The run is over: checks that look at the whole may be asked. */
  readonly ending: boolean;
}

/** An operation whose entry was not seen yet. */
interface Wanted {
  readonly operation: number;
  readonly proposal: Proposal;
}

export class Story {
  private readonly bound = new Map<string, string>();
  private readonly firedAt = new Map<string, Micros>();
  /** Positions in `view.operations`, by `#name` and by `c1#4`. */
  private readonly positions = new Map<string, number>();
  private readonly proposed = new Map<number, EntryId>();
  /** Of those, the ones that some member knew as committed. */
  private readonly committed = new Set<number>();
  /** By member: up to which index a snapshot of another member took the place of its log. */
  private readonly received = new Map<MemberId, number>();
  private wanted: Wanted[] = [];
  private scanned = 0;
  private seen = 0;
  private stirred: Micros = 0;
  /** The last event that no intervention made. */
  unscripted: EventRecord | undefined;

  /** To be told every event once; the same event again changes nothing. */
  after(view: WorldView, event: EventRecord | undefined): void {
    if (event !== undefined && event.step > this.seen) {
      this.seen = event.step;
      if (event.payload.kind !== "script") this.unscripted = event;
      this.note(event);
      if (event.changes.some(({kind}) => kind !== "lost")) this.stirred = event.at;
    }
    this.scan(view.operations);
    if (event === undefined) return;
    if (this.wanted.length > 0) this.match(view, event);
    if (this.committed.size < this.proposed.size) this.noteCommits(view, event);
  }

  /** What `@name` stands for: `n3`. */
  binding(name: string): string | undefined {
    return this.bound.get(name);
  }

  /** When the step fired. */
  fired(step: string): Micros | undefined {
    return this.firedAt.get(step);
  }

  /** When something last changed at a member or a client. */
  get lastChange(): Micros {
    return this.stirred;
  }

  /** `op:#lost` or `op:c1#4`. */
  operation(view: WorldView, ref: string): Operation | undefined {
    const position = this.positions.get(bare(ref));
    return position === undefined ? undefined : view.operations[position];
  }

  /** The entry that the operation proposed, once it stood in a log. Only for operations that have a name. */
  entry(ref: string): EntryId | undefined {
    const position = this.positions.get(bare(ref));
    return position === undefined ? undefined : this.proposed.get(position);
  }

  /** Whether some member knew that entry as committed: then no other can stand there. */
  isCommitted(ref: string): boolean {
    const position = this.positions.get(bare(ref));
    return position !== undefined && this.committed.has(position);
  }

  /** Up to which index a snapshot of another member last took the place of this one's log; 0 if none did. */
  receivedSnapshot(member: MemberId): number {
    return this.received.get(member) ?? 0;
  }

  fork(): Story {
    const twin = new Story();
    for (const [name, who] of this.bound) twin.bound.set(name, who);
    for (const [step, at] of this.firedAt) twin.firedAt.set(step, at);
    for (const [name, position] of this.positions) twin.positions.set(name, position);
    for (const [position, id] of this.proposed) twin.proposed.set(position, id);
    for (const position of this.committed) twin.committed.add(position);
    for (const [member, index] of this.received) twin.received.set(member, index);
    twin.wanted = [...this.wanted];
    twin.scanned = this.scanned;
    twin.seen = this.seen;
    twin.stirred = this.stirred;
    twin.unscripted = this.unscripted;
    return twin;
  }

  private note({payload, at, changes}: EventRecord): void {
    for (const change of changes) {
      if (change.kind === "snapshot" && change.received) this.received.set(change.member, change.index);
    }
    if (payload.kind !== "script" || payload.step === undefined) return;
    this.firedAt.set(payload.step, at);
    for (const [name, who] of Object.entries(payload.let ?? {})) this.bound.set(name, who);
  }

  private scan(operations: readonly Operation[]): void {
    for (; this.scanned < operations.length; this.scanned++) {
      const operation = operations[this.scanned];
      if (operation === undefined) continue;
      this.positions.set(`${operation.client}#${operation.call}`, this.scanned);
      if (operation.as === undefined) continue;
      this.positions.set(`#${operation.as}`, this.scanned);
      const proposal = proposalFor(operation.request);
      if (proposal !== undefined) this.wanted.push({operation: this.scanned, proposal});
    }
  }

  /** Looks in what was just written to a log for entries that carry a wanted operation. */
  private match(view: WorldView, event: EventRecord): void {
    // What was refused stands in no log: the same line asked again is another operation's.
    this.wanted = this.wanted.filter(({operation}) => view.operations[operation]?.outcome?.kind !== "failed");
    for (const change of event.changes) {
      if (change.kind !== "log") continue;
      const raft = view.members[change.member - 1]?.server?.raft;
      for (let index = change.from; index <= change.to; index++) {
        const entry = raft?.entryAt(index);
        const made = entry === undefined ? undefined : proposalIn(entry);
        if (entry === undefined || made === undefined || this.claimed(entry)) continue;
        const found = this.wanted.find(
          ({proposal: {type, data}}) => type === made.type && sameBytes(data, made.data),
        );
        if (found === undefined) continue;
        this.proposed.set(found.operation, {index: entry.index, term: entry.term});
        this.wanted = this.wanted.filter((wanted) => wanted !== found);
      }
    }
  }

  private noteCommits(view: WorldView, {changes}: EventRecord): void {
    for (const change of changes) {
      if (change.kind !== "commit") continue;
      const raft = view.members[change.member - 1]?.server?.raft;
      for (const [position, {index, term}] of this.proposed) {
        if (change.from <= index && index <= change.to && raft?.termAt(index) === term)
          this.committed.add(position);
      }
    }
  }

  private claimed(entry: EntryId): boolean {
    for (const id of this.proposed.values())
      if (id.index === entry.index && id.term === entry.term) return true;
    return false;
  }
}

function bare(ref: string): string {
  return ref.startsWith("op:") ? ref.slice(3) : ref;
}

/** What the request puts into the log, whoever proposes it; undefined when nothing. */
function proposalFor(request: Request): Proposal | undefined {
  switch (request.kind) {
    case "put":
    case "deleteRange":
    case "txn":
    case "compact":
      return {type: "normal", data: encodeCommand({...nobody, request})};
    case "alarmActivate":
    case "alarmDisarm":
      return {type: "normal", data: encodeCommand({...nobody, request: alarmRequest(request)})};
    case "memberAdd":
    case "memberRemove":
    case "memberPromote":
    case "memberUpdate":
    case "reconfigure":
      return proposalOf({...confChangeOf(request, nobody), context: noData});
    default:
      return undefined;
  }
}

/** The same of an entry; undefined when no client asked for it. */
function proposalIn({type, data}: Entry): Proposal | undefined {
  if (type === "normal") {
    const request = decodeCommand(data)?.request;
    // A member tells its name by itself.
    if (request === undefined || request.kind === "memberAttributes") return undefined;
    // It raises an alarm of its own too; only one of another member must have been asked for.
    if (request.kind === "alarm" && request.action === "activate" && request.alarm.alarm === "NOSPACE")
      return undefined;
    return {type, data: encodeCommand({...nobody, request})};
  }
  const change = decodeConfChange(type, data);
  // A leader leaves a joint configuration by itself, and signs nothing.
  if (change === undefined || change.context.length === 0) return undefined;
  return proposalOf({...change, context: noData});
}

const nobody = {proposer: 0, nonce: 0, sequence: 0};
