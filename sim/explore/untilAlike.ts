// Several directors as one, which goes on, after everything that went wrong has ended, until all members are alike: a run
// that recovers need not last until its limit.

import type {Micros} from "../../core/base/quantity.ts";
import {earliest} from "../../core/base/quantity.ts";
import {difference} from "../check/convergence.ts";
import type {Cue, Director} from "../director.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";

/** Events between two looks at the whole state. */
const lookEvery = 64;

const noCues: readonly Cue[] = [];

export class UntilAlike implements Director {
  private readonly directors: readonly Director[];
  /** It does not end before. */
  private readonly least: Micros;

  constructor(directors: readonly Director[], least: Micros) {
    this.directors = directors;
    this.least = least;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    let all = noCues;
    for (const director of this.directors) {
      const cues = director.after(view, event);
      if (cues.length > 0) all = all.length === 0 ? cues : [...all, ...cues];
    }
    return all;
  }

  deadline(): Micros | undefined {
    let least: Micros | undefined;
    for (const director of this.directors) least = earliest(least, director.deadline());
    return least;
  }

  done(view: WorldView): boolean {
    if (
      view.now <= this.least ||
      view.step % lookEvery !== 0 ||
      !this.directors.every((director) => director.done(view))
    )
      return false;
    return difference(view) === undefined;
  }

  fork(): this {
    const directors = this.directors.map((director) => director.fork());
    return new UntilAlike(directors, this.least) as this;
  }
}
