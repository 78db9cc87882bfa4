// What a guided sweep plays next: a generation's trials, and no more until all of these are done.

import {Guide, generationSize} from "../sim/explore/guided.ts";
import type {Lineage} from "../sim/explore/guided.ts";
import type {SeedResult} from "../sim/explore/sweep.ts";

export interface GuidedTask {
  /** Its number in the sweep. */
  readonly seed: number;
  readonly lineage: Lineage;
}

export class GuidedTasks {
  private readonly guide: Guide;
  private readonly results: ReadonlyMap<number, SeedResult>;
  private readonly to: number;
  /** The generation's first number. */
  private from: number;
  private generation: readonly Lineage[];
  private place = 0;

  /** `results`: by number, those of an earlier sweep among them; they grow while this goes on. */
  constructor(seeds: readonly [from: number, to: number], results: ReadonlyMap<number, SeedResult>) {
    [this.from, this.to] = seeds;
    this.results = results;
    this.guide = new Guide(this.from);
    this.generation = this.guide.next();
  }

  next(): GuidedTask | "later" | undefined {
    for (;;) {
      const seed = this.from + this.place;
      if (seed >= this.to) return undefined;
      const lineage = this.generation[this.place];
      if (lineage === undefined) {
        if (!this.breed()) return "later";
        continue;
      }
      this.place++;
      if (!this.results.has(seed)) return {seed, lineage};
    }
  }

  /** Goes on to the next generation, once all of this one is done. */
  private breed(): boolean {
    const done = this.generation.flatMap((lineage, i) => {
      const reached = this.results.get(this.from + i)?.reached;
      return reached === undefined ? [] : [{lineage, reached}];
    });
    if (done.length < generationSize) return false;
    this.guide.learn(done);
    this.generation = this.guide.next();
    this.from += generationSize;
    this.place = 0;
    return true;
  }
}
