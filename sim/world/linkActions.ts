// What can be done to one link, and to the connections between a client and a member: whether it applies, and doing it.

import {unreachable} from "../../core/base/assert.ts";
import type {Action} from "../action.ts";
import {areWithin, isWithin, latencyBounds, linkBounds} from "../bounds.ts";
import type {Place} from "../network/network.ts";
import {peerOnly} from "../network/quality.ts";
import type {Inapplicable} from "./actions.ts";
import type {Connection} from "./connections.ts";
import {closeBroken} from "./effects.ts";
import {memberOf} from "./lanes.ts";
import {findMember, knows, place} from "./named.ts";
import type {World} from "./world.ts";

type Of<K extends Action["kind"]> = Extract<Action, {kind: K}>;

export function linkProblem(world: World, action: Of<"link">): Inapplicable | undefined {
  if (!knows(world, action.from, action.to) || action.from === action.to) return "unknownName";
  if ("reset" in action) return undefined;
  const {latency, ...numbers} = action.set;
  const isInOrder = latency === undefined || latency.least <= latency.most;
  const ends = latency === undefined ? [] : [latency.least, latency.most];
  if (!areWithin(numbers, linkBounds) || !isInOrder || !ends.every((end) => isWithin(end, latencyBounds)))
    return "badNumber";
  const between = [action.from, action.to].every((name) => findMember(world, name) !== undefined);
  if (!between) return peerOnly.some((key) => (action.set[key] ?? 0) !== 0) ? "ofStream" : undefined;
  // The parts of luck lie side by side: together they are at most all of it.
  const fits = waysOf(world, action).every(([from, to]) => {
    const {lossPerMillion, duplicatePerMillion, reorderPerMillion} = {
      ...world.network.quality(from, to),
      ...numbers,
    };
    return lossPerMillion + duplicatePerMillion + reorderPerMillion <= 1_000_000;
  });
  return fits ? undefined : "badNumber";
}

export function changeLink(world: World, action: Of<"link">): void {
  for (const [from, to] of waysOf(world, action)) {
    if ("reset" in action) world.network.resetLink(from, to);
    else world.network.setLink(from, to, action.set);
  }
}

/** There, and back unless it is one way. */
function waysOf(world: World, {from, to, oneWay}: Of<"link">): readonly (readonly [Place, Place])[] {
  const [a, b] = [place(world, from), place(world, to)];
  return oneWay === true
    ? [[a, b]]
    : [
        [a, b],
        [b, a],
      ];
}

export function connectionProblem(world: World, action: Of<"connection">): Inapplicable | undefined {
  if (!world.clients.includes(action.client) || findMember(world, action.member) === undefined)
    return "unknownName";
  if (action.do === "reset") return connectionsOf(world, action).length > 0 ? undefined : "notNow";
  const refuses = world.network.refuses(place(world, action.client), place(world, action.member));
  return refuses === (action.do === "accept") ? undefined : "notNow";
}

export function changeConnection(world: World, action: Of<"connection">): void {
  const [client, member] = [place(world, action.client), place(world, action.member)];
  switch (action.do) {
    case "refuse":
      return world.network.refuse(client, member);
    case "accept":
      return world.network.accept(client, member);
    case "reset": {
      const open = connectionsOf(world, action);
      for (const {key} of open) world.connections.change(key, {broken: true, isReset: true});
      world.loseReset(new Set(open.map(({key}) => key)));
      return closeBroken(world);
    }
    default:
      return unreachable(action.do);
  }
}

/** Those between the two that the client has and whose end is not on its way. */
function connectionsOf(world: World, {client, member}: Of<"connection">): readonly Connection[] {
  const {index} = world.site(client);
  return world.connections.filter(
    (one) =>
      one.client === index &&
      one.member === memberOf(member) &&
      one.clientOpen &&
      !one.broken &&
      !one.closing,
  );
}
