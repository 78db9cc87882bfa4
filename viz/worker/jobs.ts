// Work in short slices: a job is a generator that yields wherever it may be interrupted, and a slice ends after 8 ms, so
// that a message is never kept waiting. Jobs run one after another; of waiting and running jobs of one kind the newest
// wins, save those that must not be lost (a person's acts).

/** What the engine needs of its surroundings. A worker gives timers and `performance`; a test gives its own. */
export interface Slices {
  /** Runs `work` after other messages had their turn. */
  later(work: () => void): void;
  /** Milliseconds, monotonic. */
  clock(): number;
}

/** Yields where it may be interrupted: at least every millisecond or so. */
export type Work<T = void> = Generator<undefined, T, undefined>;

export interface Job {
  readonly kind: string;
  readonly seq: number;
  /** Carried out even if a newer one of its kind is waiting. */
  readonly must: boolean;
  work(): Work;
  /** It threw: our bug. */
  failed(error: unknown): void;
}

interface Running {
  readonly job: Job;
  readonly work: Work;
}

/** Longest slice, ms. */
export const sliceMax = 8;

/** What one step of work may take on top, so that a slice with its last step stays within {@link sliceMax}. */
const reserve = 3;

export class Jobs {
  private readonly slices: Slices;
  private waiting: Job[] = [];
  private running: Running | undefined;
  /** Goes on while there is nothing else to do. */
  private idling: Running | undefined;
  private scheduled = false;

  constructor(slices: Slices) {
    this.slices = slices;
  }

  /** Whether there is nothing to do. */
  get idle(): boolean {
    return this.running === undefined && this.waiting.length === 0 && this.idling === undefined;
  }

  add(job: Job): void {
    const outdated = (other: Job): boolean => other.kind === job.kind && !other.must;
    this.waiting = this.waiting.filter((other) => !outdated(other));
    if (this.running !== undefined && outdated(this.running.job)) this.running = undefined;
    this.waiting.push(job);
    this.schedule();
  }

  /** Work for when there is nothing else to do; it replaces what was there. */
  whenIdle(job: Job): void {
    this.idling = {job, work: job.work()};
    this.schedule();
  }

  /** Ends the running job and forgets the waiting ones, save those that must be done. */
  cancel(): void {
    this.waiting = this.waiting.filter(({must}) => must);
    if (this.running?.job.must === false) this.running = undefined;
    this.idling = undefined;
  }

  /** Forgets everything: another run is opened. */
  clear(): void {
    this.waiting = [];
    this.running = undefined;
    this.idling = undefined;
  }

  private schedule(): void {
    if (this.scheduled || this.idle) return;
    this.scheduled = true;
    this.slices.later(() => {
      this.scheduled = false;
      this.slice();
      this.schedule();
    });
  }

  private slice(): void {
    const end = this.slices.clock() + sliceMax - reserve;
    do {
      this.running ??= this.nextRunning();
      const now = this.running ?? this.idling;
      if (now === undefined) return;
      this.step(now);
    } while (this.slices.clock() < end);
  }

  private nextRunning(): Running | undefined {
    const job = this.waiting.shift();
    return job === undefined ? undefined : {job, work: job.work()};
  }

  private step(running: Running): void {
    let done: boolean | undefined = true;
    try {
      done = running.work.next().done;
    } catch (error) {
      running.job.failed(error);
    }
    if (done !== true) return;
    if (this.running === running) this.running = undefined;
    if (this.idling === running) this.idling = undefined;
  }
}
