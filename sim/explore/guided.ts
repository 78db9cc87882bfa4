// Coverage-guided search: trials that reached what few others did are changed a little, again and again. What is played next is
// decided a generation at a time, by what all before it reached: how many play it, and in which order, decides nothing.
//
//   generation 0: seeds ──▶ what each reached ──▶ the rarest are parents ──▶ generation 1: half seeds, half children ──▶ …
//                                                 seed 17 · seed 17, changed by 3 · seed 17, changed by 3 and then by 41

import {present} from "../../core/base/assert.ts";
import {Luck} from "../fault/luck.ts";
import type {Planned} from "../fault/windows.ts";
import {Covered} from "./coverage.ts";
import type {Reached} from "./coverage.ts";
import {drawSchedule, partsOf, quietOf, trialFrom} from "./trial.ts";
import type {Trial, TrialOptions, TrialParts} from "./trial.ts";

/** A trial by where it comes from: a seed, and what changed it, one after another. */
export interface Lineage {
  readonly seed: number;
  /** Numbers of mutations; each draws its own luck. */
  readonly mutations: readonly number[];
}

export function trialOfLineage({seed, mutations}: Lineage, options: TrialOptions = {}): Trial {
  return trialFrom(mutations.reduce(mutated, partsOf(seed, options)));
}

const mutationKinds = ["schedule", "world", "asker", "move", "remove", "double", "add"] as const;

/** The same but for one thing, drawn by the mutation's number and the trial it changes. */
export function mutated(parts: TrialParts, mutation: number): TrialParts {
  const luck = new Luck(`${parts.name}/${parts.asker} mutation ${mutation}`);
  const fresh = `${parts.name}+${mutation}`;
  const kind = luck.of("kind", mutationKinds);
  const electionTimeout = parts.config.clock.tick * parts.config.raft.electionTicks;
  const quiet = quietOf(parts);
  switch (kind) {
    case "schedule":
      return {
        ...parts,
        schedule: drawSchedule(luck, fresh, {electionTimeout, quiet}, parts.options.schedule),
      };
    case "world":
      return {...parts, name: fresh};
    case "asker":
      return {...parts, asker: `${parts.asker}+${mutation}`};
    case "add": {
      const [from] = someOf(partsOf(luck.below("from", 1_000_000), parts.options).faults, luck);
      return from === undefined ? parts : withFaults(parts, [...parts.faults, ...fitting(from, parts)]);
    }
    case "move":
    case "remove":
    case "double": {
      const [fault, rest] = someOf(parts.faults, luck);
      if (fault === undefined) return parts;
      if (kind === "remove") return withFaults(parts, rest);
      const by = luck.below("by", 2 * electionTimeout) - electionTimeout;
      const moved = {...fault, at: Math.max(0, fault.at + by)};
      return withFaults(parts, kind === "move" ? [...rest, moved] : [...rest, fault, moved]);
    }
  }
}

function withFaults(parts: TrialParts, faults: readonly Planned[]): TrialParts {
  return {...parts, faults: faults.toSorted((a, b) => a.at - b.at)};
}

/** One of them, and the others. */
function someOf(faults: readonly Planned[], luck: Luck): readonly [Planned | undefined, readonly Planned[]] {
  const at = faults.length === 0 ? -1 : luck.below("which", faults.length);
  return [faults[at], faults.filter((_, i) => i !== at)];
}

/** A fault of another cluster, if all that it names are in this one. A damaged disk stays one of those that the plan drew. */
function fitting({at, do: action}: Planned, parts: TrialParts): readonly Planned[] {
  const {members, learners, clients} = parts.config;
  if (action.kind === "disk") return [];
  const names = [...JSON.stringify(action).matchAll(/"([nc])(\d+)"/g)];
  const isHere = names.every(([, kind, id]) => Number(id) <= (kind === "n" ? members + learners : clients));
  return isHere && at < quietOf(parts) ? [{at, do: action}] : [];
}

/** How many are played before what they reached decides what is next, unless another number is asked for. */
export const generationSize = 32;

/** So many of the rarest have children. */
const parentsMax = 32;

interface Parent {
  readonly lineage: Lineage;
  readonly reached: Reached;
}

export class Guide {
  /** What all before reached. */
  readonly covered = new Covered();
  private parents: readonly Parent[] = [];
  private generation = 0;
  private nextSeed: number;
  private readonly size: number;

  /** `size`: trials in a generation. */
  constructor(firstSeed = 0, size = generationSize) {
    this.nextSeed = firstSeed;
    this.size = size;
  }

  /** What is to be played now. */
  next(): readonly Lineage[] {
    const luck = new Luck(`generation ${this.generation}`);
    const weights = this.parents.map(({reached}) => this.rarity(reached));
    const total = weights.reduce((sum, one) => sum + one, 0);
    return Array.from({length: this.size}, (_, i): Lineage => {
      const isChild = total > 0 && i % 2 === 1;
      if (!isChild) return {seed: this.nextSeed++, mutations: []};
      const {lineage} = present(this.parents[drawn(weights, luck.below("parent", total))], "a parent");
      return {...lineage, mutations: [...lineage.mutations, this.size * this.generation + i]};
    });
  }

  /** What the generation reached, in its order. */
  learn(generation: readonly Parent[]): void {
    for (const {reached} of generation) this.covered.add(reached);
    this.generation++;
    this.parents = [...this.parents, ...generation]
      .map((parent) => ({parent, rarity: this.rarity(parent.reached)}))
      // Equal ones stay in order: the older first.
      .toSorted((a, b) => b.rarity - a.rarity)
      .slice(0, parentsMax)
      .map(({parent}) => parent);
  }

  /** A thousandth part for each run that reached a behaviour: what one run in a thousand reaches counts as much as a thousand that all reach. */
  private rarity(reached: Reached): number {
    let sum = 0;
    for (const place of placesIn(reached))
      sum += Math.floor(1000 / Math.max(1, this.covered.runs[place] ?? 1));
    return sum;
  }
}

/** Which of the weights a number below their sum falls on. */
function drawn(weights: readonly number[], number: number): number {
  let left = number;
  return weights.findIndex((weight) => (left -= weight) < 0);
}

function placesIn(reached: Reached): readonly number[] {
  const {runs} = new Covered([reached]);
  return [...runs.keys()].filter((place) => (runs[place] ?? 0) > 0);
}
