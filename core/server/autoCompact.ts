// The auto-compaction actor: has the store compacted without anybody asking (etcd server/etcdserver/api/v3compactor). All
// members keep count, the leader proposes.
//
//   by time   the revision is noted ten times per retention (per hour, if that is longer); once the retention has passed,
//             and then every retention (every hour), all before the oldest one noted is compacted
//   by count  every five minutes, all but so many revisions are compacted
//
// One that was compacted already counts as done; one that fails is tried again at the next round.

import type {Hasher} from "../base/hasher.ts";
import {second} from "../base/quantity.ts";
import type {Micros, Revision} from "../base/quantity.ts";
import type {ServerConfig} from "./config.ts";
import {Rounds} from "./rounds.ts";

const hour: Micros = 3600 * second;
/** Between two compactions by count. etcd: revInterval. */
const countEvery: Micros = 300 * second;
/** Notes per retention. etcd: retryDivisor. */
const notesPerRetention = 10;

type Limits = Pick<ServerConfig, "autoCompactEvery" | "autoCompactRevisions">;

/** What it judges by. */
export interface CompactSight {
  readonly revision: Revision;
  readonly isLeader: boolean;
}

export class AutoCompact {
  private readonly limits: Limits;
  private rounds: Rounds;
  private noted: readonly Revision[] = [];
  /** When the last one was done, or it began to count. */
  private since: Micros | undefined;
  private last: Revision = 0;
  private doneOnce = false;
  /** What was proposed, under which number, and until when it is waited for. */
  private asked: {readonly sequence: number; readonly revision: Revision; readonly until: Micros} | undefined;

  constructor(limits: Limits, pauses: boolean) {
    this.limits = limits;
    this.rounds = new Rounds(pauses);
  }

  deadline(): Micros | undefined {
    return this.rounds.deadline();
  }

  wake(now: Micros): void {
    this.rounds.wake(now);
  }

  turn(): void {
    this.rounds.turn();
  }

  /** Whether {@link next} would answer nothing whatever it saw. */
  get rests(): boolean {
    const {autoCompactEvery, autoCompactRevisions} = this.limits;
    return (
      (autoCompactEvery === 0 && autoCompactRevisions === 0) ||
      (this.since !== undefined && this.rounds.asleep)
    );
  }

  /** "pause", or the revision to be compacted at now; undefined when there is nothing to do. */
  next(sight: CompactSight, now: Micros): "pause" | Revision | undefined {
    const every = this.interval();
    if (every === undefined) return undefined;
    if (this.since === undefined) this.begin(sight, now, every);
    if (this.rounds.takePause()) return "pause";
    if (!this.rounds.takeRound()) return undefined;
    if (this.asked !== undefined && this.asked.until <= now) this.asked = undefined;
    const revision = this.due(sight, now);
    this.note(sight.revision);
    this.rounds.arm(now + every);
    return sight.isLeader && this.asked === undefined ? revision : undefined;
  }

  /** It is proposed. */
  proposed(sequence: number, revision: Revision, until: Micros): void {
    this.asked = {sequence, revision, until};
  }

  /** What came of a proposal of this member. */
  applied(sequence: number, isDone: boolean, now: Micros): void {
    const {asked} = this;
    if (asked?.sequence !== sequence) return;
    this.asked = undefined;
    if (!isDone) return;
    this.last = asked.revision;
    this.since = now;
    this.doneOnce = true;
  }

  fork(): AutoCompact {
    const twin = new AutoCompact(this.limits, false);
    twin.rounds = this.rounds.fork();
    twin.noted = this.noted;
    twin.since = this.since;
    twin.last = this.last;
    twin.doneOnce = this.doneOnce;
    twin.asked = this.asked;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    this.rounds.digest(into, now);
    into.int(this.noted.length);
    for (const revision of this.noted) into.int(revision);
    // A longer time than the retention makes no difference.
    into.int(this.since === undefined ? -1 : Math.min(now - this.since, this.limits.autoCompactEvery));
    into.int(this.last);
    into.bool(this.doneOnce);
    into.int(this.asked?.sequence ?? -1);
    into.int(this.asked?.revision ?? -1);
    into.int(this.asked === undefined ? -1 : this.asked.until - now);
  }

  /** Between two rounds; undefined: it is off. */
  private interval(): Micros | undefined {
    const {autoCompactEvery, autoCompactRevisions} = this.limits;
    if (autoCompactEvery > 0)
      return Math.max(1, Math.floor(Math.min(autoCompactEvery, hour) / notesPerRetention));
    return autoCompactRevisions > 0 ? countEvery : undefined;
  }

  private begin({revision}: CompactSight, now: Micros, every: Micros): void {
    this.since = now;
    this.note(revision);
    this.rounds.arm(now + every);
  }

  private note(revision: Revision): void {
    const {autoCompactEvery} = this.limits;
    if (autoCompactEvery === 0) return;
    const kept = Math.floor(autoCompactEvery / (this.interval() ?? 1)) + 1;
    this.noted = [...this.noted, revision].slice(-kept);
  }

  private due({revision}: CompactSight, now: Micros): Revision | undefined {
    const {autoCompactEvery, autoCompactRevisions} = this.limits;
    if (autoCompactEvery === 0) {
      const upTo = revision - autoCompactRevisions;
      return upTo <= 0 || upTo === this.last ? undefined : upTo;
    }
    const wait = this.doneOnce ? Math.min(autoCompactEvery, hour) : autoCompactEvery;
    const oldest = this.noted[0] ?? 0;
    return now - (this.since ?? now) < wait || oldest === this.last ? undefined : oldest;
  }
}
