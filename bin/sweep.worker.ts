// A process of its own that plays the seeds it is sent.

import {answerTasks} from "./pool.ts";
import {playTask} from "./sweepTask.ts";

answerTasks(playTask);
