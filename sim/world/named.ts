// Who and where is meant by the names in an action. What is asked for by name was found to be there (inapplicable).

import type {Place} from "../network/network.ts";
import type {Member} from "../process.ts";
import {memberOf} from "./lanes.ts";
import type {ClientSite} from "./site.ts";
import type {World} from "./world.ts";

export function findMember(world: World, name: string): Member | undefined {
  const id = memberOf(name);
  return id === undefined ? undefined : world.members[id - 1];
}

export function memberNamed(world: World, name: string): Member {
  return world.member(memberOf(name) ?? 0);
}

export function processNamed(world: World, name: string): Member | ClientSite {
  return world.clients.includes(name) ? world.site(name) : memberNamed(world, name);
}

export function place(world: World, name: string): Place {
  return world.network.place(name) ?? 0;
}

export function knows(world: World, ...names: readonly string[]): boolean {
  return names.every((name) => world.network.place(name) !== undefined);
}
