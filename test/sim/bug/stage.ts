// A world that is driven by hand and checked after every event, in which members may have bugs.

import {present} from "../../../core/base/assert.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import type {Action} from "../../../sim/action.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Versions} from "../../../sim/world/world.ts";
import {World} from "../../../sim/world/world.ts";

/** Names of bugs by member. */
export type Bugs = Readonly<Record<string, readonly string[]>>;

/** A world that is driven by hand and checked after every event. */
export class Stage {
  readonly world: World;
  readonly checks: readonly Checker[];
  /** What the first event broke that broke anything. */
  violations: readonly Violation[] = [];

  /** `versions` makes members out of names of bugs: the museum's, or a test's own. */
  constructor(
    bugs: Bugs,
    members = 5,
    versions: Versions = versionOf,
    checks: readonly Checker[] = standardChecks(),
  ) {
    this.checks = checks;
    // One entry per message, so that an old entry can reach a follower without the new term's entry behind it. Election
    // timers far away: this stage decides who campaigns.
    const config = resolve({members, clients: 1, raft: {electionTicks: 100_000, messageBytesMax: 1}});
    this.world = World.create(
      {
        format: 1,
        config,
        seed: "8",
        versions: bugs,
        script: [],
        choices: [],
        limits: {events: 100_000, until: 1e9},
      },
      versions,
    );
  }

  /** The first of {@link violations}. */
  get violation(): Violation | undefined {
    return this.violations[0];
  }

  act(...actions: readonly Action[]): this {
    for (const action of actions) {
      present(this.world.act({do: action, origin: "plan"}), `an event: ${action.kind} applies`);
      this.look();
    }
    return this;
  }

  /** Goes on until `goal` holds, or a check fails; at most 20,000 events. */
  until(what: string, goal: () => boolean): this {
    for (let i = 0; i < 20_000; i++) {
      if (goal() || this.violation !== undefined) return this;
      this.world.take(present(this.world.next(), "a next event"));
      this.look();
    }
    throw new Error(`never came to: ${what}`);
  }

  raft(id: number): NonNullable<World["members"][number]["server"]>["raft"] {
    return present(this.world.members[id - 1]?.server, `server n${id}`).raft;
  }

  /** Term of the entry at `index` in n`id`'s log. */
  at(id: number, index: number): number | undefined {
    return this.world.members[id - 1]?.server?.raft.termAt(index);
  }

  /** A message that is on its way: the event that would deliver it. */
  onItsWay(match: (message: PeerMessage) => boolean): string | undefined {
    const found = this.world
      .pending()
      .find(({payload, fate}) => payload.kind === "message" && fate === undefined && match(payload.message));
    return found === undefined ? undefined : `${found.lane}#${found.ordinal}`;
  }

  /** The member's power goes at the worst moment: nothing survives that was not synced. */
  crashLosing(id: number): this {
    const member = `n${id}`;
    return this.act({kind: "disk", member, fault: {kind: "loseUnsynced"}}, {kind: "crash", member});
  }

  lead(id: number): this {
    return this.act({kind: "timeout", member: `n${id}`}).until(
      `n${id} leads`,
      () => this.raft(id).role === "leader",
    );
  }

  private look(): void {
    const {last, touched, view} = this.world;
    if (last === undefined || this.violation !== undefined) return;
    this.violations = this.checks.flatMap((check) => check.after?.(view, last, touched) ?? []);
  }
}

export const split = (...groups: readonly (readonly string[])[]): Action => ({kind: "split", groups});
export const heal: Action = {kind: "heal"};
