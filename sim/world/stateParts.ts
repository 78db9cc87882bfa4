// The state of a world part by part, each with a digest: to say where two worlds differ. Together they hold what
// `World.digest()` holds, so that two worlds of equal parts go on alike; what is due is told by the world's time, since
// two worlds that part are at two moments. O(state).

import {Hasher} from "../../core/base/hasher.ts";
import type {Hash} from "../../core/base/hasher.ts";
import {digestPayload} from "./chain.ts";
import type {World} from "./world.ts";

export interface StatePart {
  /** A member or a client; "world" for what belongs to nobody. */
  readonly where: string;
  /** Of a member: its process, clock, disk, and the parts of its server. What is on its way or waits: `waits n1→n3`. */
  readonly part: string;
  readonly digest: Hash;
}

export function stateParts(world: World): readonly StatePart[] {
  const parts: StatePart[] = [];
  const add = (where: string, part: string, digest: (into: Hasher) => void): void => {
    const into = new Hasher();
    digest(into);
    parts.push({where, part, digest: into.hash()});
  };
  for (const {name, server, status, incarnation, disk, clock} of world.members) {
    add(name, "process", (into) => {
      into.string(status);
      into.int(incarnation);
      into.int(disk.stalledUntil);
    });
    for (const [part, digest] of server?.digestEachPart() ?? []) parts.push({where: name, part, digest});
    add(name, "disk", (into) => disk.digest(into));
    add(name, "clock", (into) => clock.digest(into, world.now));
  }
  for (const site of world.sites) {
    add(site.name, "client", (into) => site.digest(into));
    add(site.name, "clock", (into) => site.clock.digest(into, world.now));
  }
  add("world", "links", (into) => world.network.digest(into, world.now));
  add("world", "connections", (into) => world.connections.digest(into));
  add("world", "luck drawn", (into) => world.draws.digest(into));
  for (const [lane, into] of waiting(world))
    parts.push({where: "world", part: `waits ${lane}`, digest: into.hash()});
  return parts;
}

/** What waits, lane by lane, in the order in which it is due. */
function waiting(world: World): ReadonlyMap<string, Hasher> {
  const lanes = new Map<string, Hasher>();
  for (const {lane, due, fate, payload} of world.pending()) {
    let into = lanes.get(lane);
    if (into === undefined) lanes.set(lane, (into = new Hasher()));
    into.int(due);
    into.string(fate?.why ?? "");
    digestPayload(payload, into);
  }
  return lanes;
}

/** A part that differs between two worlds. A part that one of them lacks has no digest there. */
export interface PartDifference {
  readonly where: string;
  readonly part: string;
  readonly a: Hash | undefined;
  readonly b: Hash | undefined;
}

/** All parts that differ: those of the first, in their order, then those that only the second has. */
export function differingParts(a: readonly StatePart[], b: readonly StatePart[]): readonly PartDifference[] {
  const name = ({where, part}: StatePart): string => `${where} ${part}`;
  const [ofA, ofB] = [new Map(a.map((one) => [name(one), one])), new Map(b.map((one) => [name(one), one]))];
  const all = [...a, ...b.filter((one) => !ofA.has(name(one)))];
  return all.flatMap((one) => {
    const [digestA, digestB] = [ofA.get(name(one))?.digest, ofB.get(name(one))?.digest];
    return digestA === digestB ? [] : [{where: one.where, part: one.part, a: digestA, b: digestB}];
  });
}
