// Now and then something befalls whoever leads at that moment (Jepsen: a nemesis for ":primaries"). A plan that is drawn
// beforehand cannot know who that will be, and meets a leader among three in one of three windows only. It stays the
// leader in its own eyes, and its clients stay with it: what it answers meanwhile may be stale.
//
//   ── rest ──▶ who leads? ─▶ alone                                  ──▶ well again ── rest ──▶ …
//                             alone, and its clock at a quarter of its speed
//                             paused, until others had time to elect

import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import {trueRate} from "../clock.ts";
import type {Cue, Director} from "../director.ts";
import {Draws} from "../random.ts";
import type {WorldView} from "../view.ts";

export interface BesiegerOptions {
  readonly seed: string;
  /** Nobody is besieged later. */
  readonly until: Micros;
  readonly electionTimeout: Micros;
}

const sieges = ["alone", "alone", "slow", "slow", "paused"] as const;

export class Besieger implements Director {
  private readonly options: BesiegerOptions;
  private readonly draws: Draws;
  /** What ends the siege, and before it begins nothing. */
  private relief: readonly Action[] = [];
  /** When the siege begins, or ends; undefined before the first event. */
  private next: Micros | undefined;

  constructor(options: BesiegerOptions, draws = new Draws(options.seed)) {
    this.options = options;
    this.draws = draws;
  }

  after(view: WorldView): readonly Cue[] {
    const {now} = view;
    this.next ??= now + this.span("rest", 4);
    if (now < this.next) return [];
    const {relief} = this;
    if (relief.length > 0) {
      this.relief = [];
      this.next = now + this.span("rest", 4);
      return cues(relief);
    }
    if (now >= this.options.until) {
      this.next = Infinity;
      return [];
    }
    const leader = leaderOf(view);
    // Nobody leads: it looks again soon.
    this.next = now + (leader === undefined ? this.options.electionTimeout : this.span("siege", 6));
    return leader === undefined ? [] : cues(this.besiege(leader, view));
  }

  deadline(): Micros | undefined {
    return this.next === Infinity ? undefined : this.next;
  }

  done(): boolean {
    return this.next === Infinity;
  }

  fork(): this {
    const twin = new Besieger(this.options, this.draws.fork());
    twin.relief = this.relief;
    twin.next = this.next;
    return twin as this;
  }

  private besiege(leader: string, {members}: WorldView): readonly Action[] {
    const others = members.map(({id}) => `n${id}`).filter((name) => name !== leader);
    const split: Action = {kind: "split", groups: [[leader], others]};
    switch (sieges[this.below("siege", sieges.length)]) {
      case "slow":
        this.relief = [{kind: "heal"}, {kind: "clock", who: leader, rate: trueRate}];
        return [split, {kind: "clock", who: leader, rate: trueRate / 4}];
      case "paused":
        this.relief = [{kind: "resume", member: leader}];
        return [{kind: "pause", member: leader}];
      default:
        this.relief = [{kind: "heal"}];
        return [split];
    }
  }

  /** One election timeout, in which nobody else can be elected, and up to so many more. */
  private span(stream: string, most: number): Micros {
    const {electionTimeout} = this.options;
    return electionTimeout + this.below(stream, most * electionTimeout);
  }

  private below(stream: string, bound: number): number {
    return this.draws.next(this.draws.stream(`besieger/${stream}`), bound);
  }
}

/** Of the newest term, if there are several. */
function leaderOf({members}: WorldView): string | undefined {
  let [best, term] = [undefined as string | undefined, -1];
  for (const {id, status, server} of members)
    if (status === "up" && server?.raft.role === "leader" && server.raft.term > term)
      [best, term] = [`n${id}`, server.raft.term];
  return best;
}

function cues(actions: readonly Action[]): readonly Cue[] {
  return actions.map((action) => ({do: action, origin: "plan"}));
}
