// Plays a subject's seeds in workers, in order, until all are played, the time is over or somebody stops it.

import {mkdirSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {runPool} from "../../bin/pool.ts";
import {bundled, nodeFlags} from "../../build/bundled.ts";
import {readResults, writeResults} from "./results.ts";
import type {Standing, Subject} from "./subject.ts";
import type {Done, Task} from "./worker.ts";

export interface CampaignOptions {
  readonly budgetSeconds: number;
  /** The first is included, the last is not. */
  readonly seeds: readonly [number, number];
  readonly jobs: number;
  readonly out: string;
}

export class Campaign<Played, Results extends Standing> {
  private readonly subject: Subject<Played, Results>;
  private readonly options: CampaignOptions;
  private results: Results;
  private next: number;
  private stopping = false;
  private readonly startedAt = performance.now();
  private readonly secondsBefore: number;
  /** Done before something that comes before it. */
  private readonly early = new Map<number, Done>();
  private saidAt = 0;
  private savedAt = 0;

  constructor(subject: Subject<Played, Results>, options: CampaignOptions) {
    this.subject = subject;
    this.options = options;
    const [from] = options.seeds;
    const there = readResults<Results>(options.out);
    const goesOn = there !== undefined && there.codeHash === subject.hash() && there.seeds[0] === from;
    this.results = goesOn ? there : subject.nothingFrom(from);
    this.next = this.results.seeds[1];
    this.secondsBefore = this.results.seconds;
    if (this.next > from) console.log(`${subject.name}: goes on at seed ${this.next}`);
    else if (there !== undefined)
      console.log(`${options.out} is of other code or other seeds, and will be replaced`);
  }

  get isBroken(): boolean {
    return this.subject.isBroken(this.results);
  }

  /** Answers whether nobody stopped it. */
  async run(): Promise<boolean> {
    const stop = (): void => {
      this.stopping = true;
    };
    process.on("SIGINT", stop);
    await runPool<Task, Done>({
      script: await bundled("test/soak/worker.ts"),
      flags: nodeFlags,
      jobs: this.options.jobs,
      next: () => this.nextTask(),
      done: (done) => this.done(done),
    });
    process.off("SIGINT", stop);
    this.finish();
    return !this.stopping;
  }

  private nextTask(): Task | undefined {
    const {seeds, budgetSeconds} = this.options;
    const to = seeds[1];
    if (this.stopping || this.next >= to || this.seconds() > budgetSeconds) return undefined;
    const {name, taskSize} = this.subject;
    const task: Task = {subject: name, from: this.next, to: Math.min(to, this.next + taskSize)};
    this.next = task.to;
    return task;
  }

  private done(done: Done): void {
    this.early.set(done.from, done);
    for (;;) {
      const following = this.early.get(this.results.seeds[1]);
      if (following === undefined) break;
      this.early.delete(following.from);
      this.take(following.to, following.played as Played);
    }
  }

  private take(to: number, played: Played): void {
    for (const line of this.subject.news(played)) console.log(`\n${line}`);
    this.results = this.subject.add(this.results, played, to, this.secondsBefore + this.seconds());
    if (this.seconds() - this.savedAt > 60) this.save();
    const line = `${this.subject.name}: ${this.subject.progress(this.results)}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
    else if (this.seconds() - this.saidAt > 10) {
      this.saidAt = this.seconds();
      process.stdout.write(`${line}\n`);
    }
  }

  private finish(): void {
    this.save();
    if (!this.stopping) {
      this.results = this.subject.finish?.(this.results) ?? this.results;
      this.save();
    }
    const page = this.options.out === this.subject.file ? this.subject.page?.(this.results) : undefined;
    if (page !== undefined) writeFileSync(page.file, page.text);
    if (process.stdout.isTTY) console.log();
    for (const line of this.subject.summary(this.results)) console.log(`${this.subject.name}: ${line}`);
  }

  private save(): void {
    const {out} = this.options;
    mkdirSync(dirname(out), {recursive: true});
    writeResults(out, this.results);
    this.savedAt = this.seconds();
  }

  private seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }
}
