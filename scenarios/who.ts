// Names for members and clients that are looked up when they are needed: "leader", "@old", "a follower", "others".

import {isVoter} from "../core/raft/confState.ts";
import type {MemberView, WorldView} from "../sim/view.ts";
import {configurationOf, leaderOf} from "./configuration.ts";
import type {Who} from "./format.ts";
import type {Scene, Story} from "./story.ts";

/** The name that `who` stands for at this moment: `n2`, `c1`; undefined when there is nobody. Never draws. */
export function nameOfWho(who: Who, view: WorldView, story: Story): string | undefined {
  if (who === "leader") {
    const leader = leaderOf(view);
    return leader === undefined ? undefined : `n${leader.id}`;
  }
  return who.startsWith("@") ? story.binding(who.slice(1)) : who;
}

/** The member that `who` stands for. */
export function memberOf(who: Who, {view, story}: Scene): MemberView | undefined {
  const name = nameOfWho(who, view, story);
  return name?.startsWith("n") ? view.members[Number(name.slice(1)) - 1] : undefined;
}

export interface Resolving {
  readonly view: WorldView;
  readonly story: Story;
  /** Bound by the step that is firing. */
  readonly bound: ReadonlyMap<string, string>;
  /** An integer in [0, bound). */
  readonly draw: (bound: number) => number;
}

/**
 * The one name that `who` stands for when a step fires. `a follower` is drawn from the running members that follow,
 * have a vote, and are not bound by this step yet. Undefined when there is nobody.
 */
export function resolveWho(who: Who, {view, story, bound, draw}: Resolving): string | undefined {
  if (who.startsWith("@")) return bound.get(who.slice(1)) ?? story.binding(who.slice(1));
  if (who !== "a follower") return nameOfWho(who, view, story);
  const taken = new Set(bound.values());
  const conf = configurationOf(view);
  const followers = view.members
    .filter(({id, server}) => server?.raft.role === "follower" && isVoter(conf, id))
    .map(({id}) => `n${id}`)
    .filter((name) => !taken.has(name));
  return followers.length === 0 ? undefined : followers[draw(followers.length)];
}

/** Groups with their symbols resolved; `others` are the members that no group names. Undefined when a symbol names nobody. */
export function resolveGroups(
  groups: readonly (readonly Who[])[],
  resolving: Resolving,
): string[][] | undefined {
  const named = groups.map((group) =>
    group.map((who) => (who === "others" ? "others" : resolveWho(who, resolving))),
  );
  const taken = new Set(named.flat());
  if (taken.has(undefined)) return undefined;
  const others = resolving.view.members.map(({id}) => `n${id}`).filter((name) => !taken.has(name));
  return named.map((group) =>
    group.flatMap((name) => (name === "others" ? others : name === undefined ? [] : [name])),
  );
}
