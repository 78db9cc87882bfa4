// Cuts leaders off at the moments that hurt most: as soon as they are elected, when their first entry has come to one other
// member, or when they have just committed something. So entries of many terms stay half spread, as in Raft's Figure 8.
//
//   elected ──▶ nothing sent · one follower reached · first commit ──▶ alone ──▶ back after a while, or when the next one goes

import type {MemberId, Micros} from "../../core/base/quantity.ts";
import type {Cue, Director} from "../director.ts";
import type {EventRecord} from "../event.ts";
import {Draws} from "../random.ts";
import type {WorldView} from "../view.ts";

export interface DeposerOptions {
  readonly seed: string;
  /** Nobody is cut off later. */
  readonly until: Micros;
  readonly electionTimeout: Micros;
}

const moments = ["elected", "reached", "committed"] as const;

/** A leader that is to be cut off. */
interface Target {
  readonly member: MemberId;
  readonly moment: (typeof moments)[number];
}

export class Deposer implements Director {
  private readonly options: DeposerOptions;
  private readonly draws: Draws;
  private target: Target | undefined;
  /** When whoever is alone comes back. */
  private back: Micros | undefined;

  constructor(options: DeposerOptions, draws = new Draws(options.seed)) {
    this.options = options;
    this.draws = draws;
  }

  after({now, members}: WorldView, event: EventRecord | undefined): readonly Cue[] {
    const cues: Cue[] = [];
    if (this.back !== undefined && this.back <= now) {
      this.back = undefined;
      cues.push({do: {kind: "heal"}, origin: "plan"});
    }
    if (event === undefined || now >= this.options.until) return cues;
    for (const change of event.changes)
      if (change.kind === "role" && change.role === "leader") this.aim(change.member);
    const {target} = this;
    if (target === undefined || !hasCome(target, event)) return cues;
    this.target = undefined;
    this.back = now + this.span();
    const alone = `n${target.member}`;
    const others = members.map(({id}) => `n${id}`).filter((name) => name !== alone);
    cues.push({do: {kind: "split", groups: [[alone], others]}, origin: "plan"});
    return cues;
  }

  deadline(): Micros | undefined {
    return this.back;
  }

  done(): boolean {
    return this.back === undefined;
  }

  fork(): this {
    const twin = new Deposer(this.options, this.draws.fork());
    twin.target = this.target;
    twin.back = this.back;
    return twin as this;
  }

  private aim(member: MemberId): void {
    const moment = moments[this.below("moment", moments.length)];
    this.target = moment === undefined ? undefined : {member, moment};
  }

  /** Long enough for others to elect one, and then some. */
  private span(): Micros {
    const {electionTimeout} = this.options;
    return electionTimeout + this.below("span", 3 * electionTimeout);
  }

  private below(stream: string, bound: number): number {
    return this.draws.next(this.draws.stream(`deposer/${stream}`), bound);
  }
}

function hasCome({member, moment}: Target, {payload, changes}: EventRecord): boolean {
  switch (moment) {
    case "elected":
      return true;
    case "reached":
      return (
        payload.kind === "message" &&
        payload.from === member &&
        payload.message.kind === "AppendEntries" &&
        payload.message.entries.length > 0 &&
        !changes.some(({kind}) => kind === "lost")
      );
    case "committed":
      return changes.some((change) => change.kind === "commit" && change.member === member);
  }
}
