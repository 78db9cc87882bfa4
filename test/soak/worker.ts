// A process of its own that plays the ranges it is sent.

import {answerTasks} from "../../bin/pool.ts";
import {detections} from "./detections/detections.ts";
import {disks} from "./disks/disks.ts";
import {raft} from "./raft.ts";
import {recipes} from "./recipes/recipes.ts";
import {registers} from "./registers/registers.ts";
import {range} from "./soak.ts";
import {matrix} from "./matrix/matrix.ts";
import type {SubjectName} from "./subject.ts";
import {trials} from "./trials/trials.ts";

export interface Task {
  readonly subject: SubjectName;
  readonly from: number;
  readonly to: number;
}

export interface Done extends Task {
  /** As the subject has it. */
  readonly played: unknown;
}

const subjects = {raft, disks, recipes, trials, detections, matrix, registers};

answerTasks((task: Task): Done => {
  const {subject, from, to} = task;
  return {...task, played: subjects[subject].play(range(from, to))};
});
