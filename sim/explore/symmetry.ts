// Renamings of members. Where nothing depends on who is called what, a state and its renamings go on alike, and one of
// them stands for all: the one with the least fingerprint. Three members have six renamings, so a space shrinks to
// about a sixth.
//
// That nothing depends on it is not taken on trust. A renamed state is not computed by changing names inside of it, but by
// doing the renamed actions to the renamed beginning (collapse.ts); where two ways to one state lead to two renamings of
// it, the space is not symmetric, and the search fails.

import {present} from "../../core/base/assert.ts";
import type {MemberId} from "../../core/base/quantity.ts";

/** `renaming[member − 1]` is the member's new name. */
export type Renaming = readonly MemberId[];

/** All renamings of some members, closed under composition. The first renames nobody. */
export class Group {
  readonly renamings: readonly Renaming[];
  private readonly composed: readonly (readonly number[])[];

  private constructor(renamings: readonly Renaming[]) {
    this.renamings = renamings;
    this.composed = renamings.map((second) =>
      renamings.map((first) => this.find(first.map((name) => present(second[name - 1], "a member's name")))),
    );
  }

  /** Every renaming of n1 … */
  static full(members: number): Group {
    return new Group(permutations(Array.from({length: members}, (_, i) => i + 1)));
  }

  /** For spaces in which names matter. */
  static trivial(members: number): Group {
    return new Group([Array.from({length: members}, (_, i) => i + 1)]);
  }

  get size(): number {
    return this.renamings.length;
  }

  nameOf(member: MemberId, renaming: number): MemberId {
    return present(this.renamings[renaming]?.[member - 1], `n${member} under renaming ${renaming}`);
  }

  /** First `first`, then `second`. */
  compose(second: number, first: number): number {
    return present(this.composed[second]?.[first], "a composition of renamings");
  }

  inverse(renaming: number): number {
    return this.composed.findIndex((row) => row[renaming] === 0);
  }

  private find(renaming: Renaming): number {
    return this.renamings.findIndex((one) => one.every((name, i) => name === renaming[i]));
  }
}

/** In lexicographic order, so the first is the list itself. */
function permutations(names: readonly MemberId[]): readonly Renaming[] {
  if (names.length <= 1) return [names];
  return names.flatMap((first) => {
    const rest = names.filter((name) => name !== first);
    return permutations(rest).map((order) => [first, ...order]);
  });
}
