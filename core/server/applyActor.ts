// The apply actor's queue: committed entries on their way into the store, in order. Where the configuration lists the
// pause point, it stops before every entry and waits for a turn; else it takes all there is. Entries that the store holds
// already, because the backend file did at boot, pass without a pause.

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Entry, Index} from "../raft/entry.ts";

export type ApplyStep =
  | {readonly kind: "none"}
  | {readonly kind: "pause"}
  | {readonly kind: "apply"; readonly entry: Entry};

export class ApplyActor {
  private readonly pauses: boolean;
  /** Up to here the store held everything at boot. */
  private readonly held: Index;
  private queue: readonly Entry[] = [];
  /** Entries of the queue that were taken already. */
  private taken = 0;
  private paused = false;
  private granted = false;
  /** Turns on their way that are for pauses that were given up. */
  private lateTurns = 0;

  constructor(pauses: boolean, held: Index) {
    this.pauses = pauses;
    this.held = held;
  }

  /** Entries that wait. */
  get length(): number {
    return this.queue.length - this.taken;
  }

  /** The one that waits for its turn, where the actor pauses before each; undefined if none does. */
  get next(): Entry | undefined {
    return this.paused || this.granted ? this.queue[this.taken] : undefined;
  }

  submit(entries: readonly Entry[]): void {
    const last = this.queue.at(-1);
    const first = entries[0];
    assert(
      this.length === 0 || !last || !first || first.index === last.index + 1,
      "committed entries came out of order",
    );
    this.queue = this.length === 0 ? entries : [...this.queue.slice(this.taken), ...entries];
    this.taken = 0;
  }

  /** Takes what waits: it is not to be applied any more, a snapshot holds it. */
  clear(): readonly Entry[] {
    const left = this.queue.slice(this.taken);
    this.queue = [];
    this.taken = 0;
    if (this.paused) this.lateTurns++;
    this.paused = false;
    this.granted = false;
    return left;
  }

  /** To be called until it answers other than "apply". */
  step(): ApplyStep {
    const entry = this.queue[this.taken];
    if (entry === undefined || this.paused) return {kind: "none"};
    if (this.pauses && !this.granted && entry.index > this.held) {
      this.paused = true;
      return {kind: "pause"};
    }
    this.granted = false;
    this.taken++;
    return {kind: "apply", entry};
  }

  /** It may go on from where it paused. */
  turn(): void {
    if (this.lateTurns > 0) {
      this.lateTurns--;
      return;
    }
    if (!this.paused) return;
    this.paused = false;
    this.granted = true;
  }

  fork(): ApplyActor {
    const twin = new ApplyActor(this.pauses, this.held);
    twin.queue = this.queue;
    twin.taken = this.taken;
    twin.paused = this.paused;
    twin.granted = this.granted;
    twin.lateTurns = this.lateTurns;
    return twin;
  }

  /** The entries themselves are the log's; their place in it is enough. */
  digest(into: Hasher): void {
    into.bool(this.paused);
    into.bool(this.granted);
    into.int(this.lateTurns);
    into.int(this.length);
    into.int(this.queue.at(-1)?.index ?? 0);
  }
}
