// A process of its own that plays the ranges it is sent. `process.send` answers with what came of each.

import {disks} from "./disks/disks.ts";
import {raft} from "./raft.ts";
import {recipes} from "./recipes/recipes.ts";
import {range} from "./soak.ts";
import type {SubjectName} from "./subject.ts";

export interface Task {
  readonly subject: SubjectName;
  readonly from: number;
  readonly to: number;
}

export interface Done extends Task {
  /** As the subject has it. */
  readonly played: unknown;
}

const subjects = {raft, disks, recipes};

process.on("message", (task: Task) => {
  const {subject, from, to} = task;
  const done: Done = {...task, played: subjects[subject].play(range(from, to))};
  process.send?.(done);
});
process.on("disconnect", () => process.exit(0));
// A signal to the whole group is the parent's to handle.
process.on("SIGINT", () => undefined);
