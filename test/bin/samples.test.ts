import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {TxnLines} from "../../core/client/txnLines.ts";
import {ConsoleWorld, freshScenario} from "../../bin/consoleWorld.ts";
import type {Job} from "../../sim/console/job.ts";
import {Session, settlingTime} from "../../sim/console/session.ts";
import {masked, readSamples} from "../support/samples.ts";
import type {Sample} from "../support/samples.ts";
import {sharedPath} from "../support/shared.ts";

/** A cluster, and what each command printed. */
class Bench {
  readonly world = new ConsoleWorld({scenario: freshScenario({})}, undefined);
  private readonly session: Session;
  private readonly printed = new Map<Job | undefined, string>();

  constructor() {
    this.session = new Session(this.world, ({stdout, stderr, exitCode}, job) => {
      this.printed.set(job, (this.printed.get(job) ?? "") + stdout + stderr);
      if (job === undefined) this.refusedWith = exitCode;
    });
    this.world.session = this.session;
    this.world.run(() => false, 1_000_000);
    // The recording's lease.
    expect(this.run("lease grant 120 --id 6a6ca201e07c806a")?.exitCode).toBe(0);
  }

  private refusedWith = 0;

  get revision(): number {
    return this.world.view.members[0]?.server?.store.currentRevision ?? 0;
  }

  /** Writes until the store is there. */
  reach(revision: number): void {
    while (this.revision < revision) this.run("put filler 1");
  }

  /** What is printed by the end of `meanwhile`, and the exit status: 124 if it is open still. */
  replay({lines, meanwhile}: Pick<Sample, "lines" | "meanwhile">): {output: string; exit: number} {
    const [first = "", ...rest] = lines;
    const line = rest.length === 0 ? first : txnLine(first, rest);
    if (typeof line !== "string") return line;
    this.printed.delete(undefined);
    const job = this.run(line);
    for (const other of meanwhile) this.run(other);
    const output = this.printed.get(job) ?? "";
    if (job?.exitCode === undefined && job !== undefined) this.session.interrupt(job);
    const isOpen =
      job !== undefined && job.exitCode === 1 && output === (this.printed.get(job) ?? "") && job.isOpen;
    return {output, exit: job === undefined ? this.refusedWith : isOpen ? 124 : (job.exitCode ?? 124)};
  }

  private run(line: string): Job | undefined {
    const {world} = this;
    // What was recorded had one endpoint, but for what asks all of them.
    const to = /^(endpoint|member|move-leader)/.test(line) ? "" : " --endpoints n1";
    const job = this.session.enter(line.replace(/^(\S+)/, `$1${to}`), "c1");
    world.run(
      () => job === undefined || job.exitCode !== undefined || job.isOpen,
      world.view.now + 10_000_000,
    );
    world.run(() => false, world.view.now + settlingTime(world.view.run.config));
    return job;
  }
}

function txnLine(first: string, rest: readonly string[]): string | {output: string; exit: number} {
  const lines = new TxnLines();
  for (const line of rest) lines.take(line);
  const line = lines.line(first.replace(/^txn ?/, ""));
  return line.ok ? line.value : {output: line.error.stderr, exit: line.error.exitCode};
}

/** Lines in any order: where both streams are printed to, only each one's order is certain. */
function lines(output: string): readonly string[] {
  return masked(output).split("\n").sort();
}

/** Samples that are not compared, and why. What they do to the cluster they do. */
const different: readonly (readonly [RegExp, string])[] = [
  [/^(version|.*--help|help|.*snapshot status|make-mirror|check )/, "not a command of ours"],
  [/^member list -w json|^member (add|remove) .*-w json/, "members stand in the order of their ids"],
  [/^member (add|list)/, "so they do; and a joined member has a name from the first"],
  [/^endpoint (status|hashkv)/, "today's has more columns"],
  [/^snapshot save/, "today's tells the server's version"],
  [/--count-only/, "today's has that flag"],
  [
    /--order-by|--bogus|--dial-timeout|^get a b c/,
    "a flag or argument too many: our error says what was expected",
  ],
  [/^txn$/, "3.4 panics at a lease of 0"],
  [/^lease keep-alive \(/, "what was typed is not on record"],
  [/^(lock|elect) .*-w/, "lease ids are in the keys"],
  [/^move-leader/, "who leads is another"],
];

/** Where the recording stood when a section began, if samples without a record came before. */
const revisionAt: ReadonlyMap<string, number> = new Map([["compaction / defrag / errors", 71]]);

describe("the console prints what etcdctl 3.4.23 printed", () => {
  const path = sharedPath("reference/etcdctl-samples.txt");
  test.skipIf(path === undefined)("every sample in turn, against one cluster", {timeout: 120_000}, () => {
    const bench = new Bench();
    let compared = 0;
    for (const sample of readSamples(readFileSync(path ?? "", "utf8"))) {
      bench.reach(revisionAt.get(sample.section) ?? 0);
      const {output, exit} = bench.replay(sample);
      const typed = sample.lines.join("\n");
      if (sample.exit === undefined || isDifferent(sample)) continue;
      compared++;
      expect
        .soft({output: lines(output), exit}, typed)
        .toEqual({output: lines(sample.output), exit: sample.exit});
    }
    expect(compared).toBeGreaterThan(90);
  });

  test.skipIf(path === undefined)("every reason to leave a sample out is one", () => {
    const samples = readSamples(readFileSync(path ?? "", "utf8"));
    const idle = different.filter(
      ([pattern]) => !samples.some((sample) => pattern.test(sample.lines[0] ?? "")),
    );
    expect(idle.map(([, why]) => why)).toEqual([]);
  });
});

function isDifferent(sample: Sample): boolean {
  const [name = ""] = sample.lines;
  if (name === "txn") return sample.output.startsWith("panic");
  return different.some(([pattern]) => pattern.test(name));
}
