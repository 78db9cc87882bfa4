// Child processes that are handed tasks, one at a time each, until there are no more. What a task is and what comes of it are
// plain data; the worker's file imports what plays it.

import {fork} from "node:child_process";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

export interface Pool<Task, Done> {
  /** The worker's file. TypeScript runs from its source. */
  readonly script: string;
  readonly jobs: number;
  /** For node, besides. */
  readonly flags?: readonly string[];
  /**
   * What is to be done next; "later": it depends on what is being done (so something must be); undefined: nothing is left, or
   * nothing shall begin any more.
   */
  next(): Task | "later" | undefined;
  /** Told as tasks are done, in whatever order that is. */
  done(done: Done, task: Task): void;
}

/** Resolves when all tasks that were given are done. Rejects when a worker ends without an answer. */
export function runPool<Task extends object, Done>(pool: Pool<Task, Done>): Promise<void> {
  return new Promise((resolve, reject) => {
    let working = 0;
    let waiting: (() => void)[] = [];
    const hire = (): void => {
      const first = pool.next();
      if (first === undefined) return;
      working++;
      const worker = fork(pool.script, {
        execArgv: [...(pool.flags ?? []), ...(pool.script.endsWith(".ts") ? typescript() : [])],
      });
      let task: Task | undefined;
      const giveNext = (next = pool.next()): void => {
        task = next === "later" ? undefined : next;
        if (next === "later") waiting.push(giveNext);
        else if (next === undefined) worker.disconnect();
        else worker.send(next);
      };
      worker.on("message", (done: Done) => {
        const was = task;
        if (was === undefined) return;
        pool.done(done, was);
        const others = waiting;
        waiting = [];
        giveNext();
        for (const wake of others) wake();
      });
      worker.on("error", reject);
      worker.on("exit", (code, signal) => {
        if (task !== undefined)
          reject(
            new Error(`a worker ended (${signal ?? code}) without an answer to ${JSON.stringify(task)}`),
          );
        if (--working === 0) resolve();
      });
      giveNext(first);
    };
    for (let job = 0; job < Math.max(1, pool.jobs); job++) hire();
    if (working === 0) resolve();
  });
}

/** From wherever it is called. */
function typescript(): string[] {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  return ["--import", pathToFileURL(tsx).href];
}

/** A worker's side: answers every task. Ends with its parent, however that ends; a signal to the whole group is the parent's to handle. */
export function answerTasks<Task, Done>(answer: (task: Task) => Done): void {
  process.on("message", (task: Task) => void process.send?.(answer(task)));
  process.on("disconnect", () => process.exit(0));
  process.on("SIGINT", () => undefined);
}
