// Crashes between two operations of a disk: right when one of a member's is done, most often one that comes seldom. What
// stands between a rename and the sync of its directory takes milliseconds, and no plan's windows meet with it.

import type {Micros} from "../../../core/base/quantity.ts";
import type {Cue, Director} from "../../../sim/director.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {Draws} from "../../../sim/random.ts";
import type {WorldView} from "../../../sim/view.ts";

export interface CrasherOptions {
  readonly seed: string;
  /** No crash comes later. */
  readonly until: Micros;
}

/** One of so many completions is followed by a crash. */
const oneOf: Readonly<Record<string, number>> = {
  write: 300,
  sync: 150,
  truncate: 40,
  allocate: 80,
  rename: 25,
  unlink: 25,
  syncDir: 40,
};

/** What is lost then: what is drawn, or as little as can be left of one kind. */
const flavours = [undefined, "loseUnsynced", "tearUnsynced", "loseNames"] as const;

export class Crasher implements Director {
  private readonly options: CrasherOptions;
  private readonly draws: Draws;
  /** Members that are down because of it, and when they start again. Never written: replaced. */
  private down: readonly {readonly member: string; readonly until: Micros}[] = [];

  constructor(options: CrasherOptions, draws = new Draws(options.seed)) {
    this.options = options;
    this.draws = draws;
  }

  after({now}: WorldView, event: EventRecord | undefined): readonly Cue[] {
    const due = this.down.filter(({until}) => until <= now);
    const cues = due.map(({member}): Cue => ({do: {kind: "restart", member}, origin: "plan"}));
    if (due.length > 0) this.down = this.down.filter(({until}) => until > now);
    if (event?.payload.kind !== "diskDone" || now > this.options.until) return cues;
    const {member: id, what} = event.payload;
    const member = `n${id}`;
    if (this.below(`${member}/${what}`, oneOf[what] ?? 1) !== 0 || oneOf[what] === undefined) return cues;
    const kind = flavours[this.below(`${member}/flavour`, flavours.length)];
    if (kind !== undefined) cues.push({do: {kind: "disk", member, fault: {kind}}, origin: "plan"});
    cues.push({do: {kind: "crash", member}, origin: "plan"});
    this.down = [...this.down, {member, until: now + 50_000 + this.below(`${member}/down`, 300_000)}];
    return cues;
  }

  deadline(): Micros | undefined {
    return this.down.length === 0 ? undefined : Math.min(...this.down.map(({until}) => until));
  }

  done(): boolean {
    return this.down.length === 0;
  }

  fork(): this {
    const twin = new Crasher(this.options, this.draws.fork());
    twin.down = this.down;
    return twin as this;
  }

  private below(stream: string, bound: number): number {
    return this.draws.next(this.draws.stream(`crasher/${stream}`), bound);
  }
}
