// A process of its own that plays the ranges it is sent. `process.send` answers with what came of each.

import {playSeeds, range} from "./soak.ts";
import type {Played} from "./soak.ts";

export interface Task {
  readonly from: number;
  readonly to: number;
}

export interface Done extends Task {
  readonly played: Played;
}

process.on("message", ({from, to}: Task) => {
  const done: Done = {from, to, played: playSeeds(range(from, to))};
  process.send?.(done);
});
process.on("disconnect", () => process.exit(0));
// A signal to the whole group is the parent's to handle.
process.on("SIGINT", () => undefined);
