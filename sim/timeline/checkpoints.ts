// Lives set aside on the way, so that a seek runs only what lies between. When there are many, every second one of all
// but the newest goes, so that memory stays bounded however long the run. Nobody touches a life that was set aside:
// whoever needs it forks it.

import type {Life} from "./life.ts";

/** Events between two checkpoints near the front. */
export const checkpointEvery = 256;
/** Checkpoints that stay that close. */
const recentMax = 8;
const countMax = 400;

export class Checkpoints {
  /** Ascending. */
  private lives: readonly Life[];
  /** Between two that are not recent; doubles. */
  private spacing: number;

  constructor(lives: readonly Life[] = [], spacing = checkpointEvery) {
    this.lives = lives;
    this.spacing = spacing;
  }

  get count(): number {
    return this.lives.length;
  }

  /** Whether one is due at this step. */
  due(step: number): boolean {
    const last = this.lives.at(-1);
    return last === undefined || step - last.world.step >= checkpointEvery;
  }

  /** Sets one aside that lies after all others. */
  add(life: Life): void {
    const all = [...this.lives, life];
    const recentFrom = all.length - recentMax;
    const aged = all[recentFrom - 1];
    const keep =
      aged === undefined || recentFrom < 2 || this.onGrid(aged) ? all : all.filter((one) => one !== aged);
    this.lives = keep;
    if (this.lives.length <= countMax) return;
    this.spacing *= 2;
    const newest = this.lives.length - recentMax;
    this.lives = this.lives.filter((one, i) => i === 0 || i >= newest || this.onGrid(one));
  }

  /** The last one at or before `step`. */
  before(step: number): Life | undefined {
    return this.lives.findLast((life) => life.world.step <= step);
  }

  /** Those at or before `step`, for a branch that begins there. */
  upTo(step: number): Checkpoints {
    return new Checkpoints(
      this.lives.filter((life) => life.world.step <= step),
      this.spacing,
    );
  }

  private onGrid(life: Life): boolean {
    return life.world.step % this.spacing < checkpointEvery;
  }
}
