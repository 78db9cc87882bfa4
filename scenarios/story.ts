// What a scenario's facts need to remember of a run: which steps fired and when, what they bound, which operation has
// which name, and which entry it proposed. Read from the events alone, so that a live run, a replay and a branch tell
// the same: the events of a scenario's interventions carry their step and what it bound.

import type {Micros} from "../core/base/quantity.ts";
import type {EntryId} from "../core/raft/entry.ts";
import {decodeCommand, encodeCommand} from "../core/server/command.ts";
import type {WriteRequest} from "../core/server/command.ts";
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
  readonly command: Uint8Array;
}

export class Story {
  private readonly bound = new Map<string, string>();
  private readonly firedAt = new Map<string, Micros>();
  /** Positions in `view.operations`, by `#name` and by `c1#4`. */
  private readonly positions = new Map<string, number>();
  private readonly proposed = new Map<number, EntryId>();
  private wanted: Wanted[] = [];
  private scanned = 0;
  private seen = 0;
  private stirred: Micros = 0;

  /** To be told every event once; the same event again changes nothing. */
  after(view: WorldView, event: EventRecord | undefined): void {
    if (event !== undefined && event.step > this.seen) {
      this.seen = event.step;
      this.note(event);
      if (event.changes.some(({kind}) => kind !== "lost")) this.stirred = event.at;
    }
    this.scan(view.operations);
    if (this.wanted.length > 0 && event !== undefined) this.match(view, event);
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

  fork(): Story {
    const twin = new Story();
    for (const [name, who] of this.bound) twin.bound.set(name, who);
    for (const [step, at] of this.firedAt) twin.firedAt.set(step, at);
    for (const [name, position] of this.positions) twin.positions.set(name, position);
    for (const [position, id] of this.proposed) twin.proposed.set(position, id);
    twin.wanted = [...this.wanted];
    twin.scanned = this.scanned;
    twin.seen = this.seen;
    twin.stirred = this.stirred;
    return twin;
  }

  private note({payload, at}: EventRecord): void {
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
      if (isWrite(operation.request)) {
        this.wanted.push({operation: this.scanned, command: commandOf(operation.request)});
      }
    }
  }

  /** Looks in what was just written to a log for entries that carry a wanted operation. */
  private match(view: WorldView, event: EventRecord): void {
    for (const change of event.changes) {
      if (change.kind !== "log") continue;
      const raft = view.members[change.member - 1]?.server?.raft;
      for (let index = change.from; index <= change.to; index++) {
        const entry = raft?.entryAt(index);
        const command = entry === undefined ? undefined : decodeCommand(entry.data);
        if (entry === undefined || command === undefined || this.claimed(entry)) continue;
        const bytes = commandOf(command.request);
        const found = this.wanted.find((wanted) => sameBytes(wanted.command, bytes));
        if (found === undefined) continue;
        this.proposed.set(found.operation, {index: entry.index, term: entry.term});
        this.wanted = this.wanted.filter((wanted) => wanted !== found);
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

function isWrite(request: Request): request is WriteRequest {
  return ["put", "deleteRange", "txn", "compact"].includes(request.kind);
}

/** The request's bytes in an entry, whoever proposes it. */
function commandOf(request: WriteRequest): Uint8Array {
  return encodeCommand({proposer: 0, nonce: 0, sequence: 0, request});
}
