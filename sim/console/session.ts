// A console: commands of etcdctl given to the clients of a run in progress, and what they print as the run goes on. It
// acts on the run as a person does, so that all of it is on record. Nothing here knows a terminal or a page.
//
//   enter("put a 1", "c1") ─▶ Job ─cue─▶ the run ─EventRecord─▶ tell ─▶ print(job, output)

import type {Micros} from "../../core/base/quantity.ts";
import {ok} from "../../core/base/result.ts";
import type {RecipeOutcome} from "../../core/client/io.ts";
import {parseCommand} from "../../core/client/command.ts";
import {resolveOperands} from "../../core/client/operand.ts";
import type {Output} from "../../core/client/output/output.ts";
import {refused} from "../../core/client/output/output.ts";
import {usageOutput} from "../../core/client/output/usageText.ts";
import {refusalOf} from "../../core/client/program.ts";
import type {Surroundings} from "../../core/client/program.ts";
import {clusterIdOf} from "../../core/server/cluster.ts";
import type {Cue} from "../director.ts";
import type {Change, EventRecord} from "../event.ts";
import type {Run} from "../run.ts";
import type {WorldView} from "../view.ts";
import {Job} from "./job.ts";
import {whyNotAsked} from "./whyNot.ts";

/** The run that a console acts on: a life, or the front of a timeline. */
export interface Stage {
  readonly view: Pick<WorldView, "now" | "run" | "clients" | "members" | "pausedClients" | "seenBy">;
  /** Carries it out at once; undefined: it does not apply. */
  act(cue: Cue): EventRecord | undefined;
  /** Something else happens first: what jobs want has to wait for the next event. */
  readonly isBusy?: boolean;
}

export type Print = (output: Output, job: Job | undefined) => void;

export class Session {
  private readonly stage: Stage;
  private readonly print: Print;
  private readonly around: Surroundings;
  /** Those that are not over, in order of their lines. */
  private open: readonly Job[] = [];

  constructor(stage: Stage, print: Print) {
    this.stage = stage;
    this.print = print;
    this.around = surroundings(stage.view.run);
  }

  get jobs(): readonly Job[] {
    return this.open;
  }

  /** When a job wants to ask without anything happening before. */
  get due(): Micros | undefined {
    const times = this.open.flatMap(({due}) => due ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Gives a client a line. Undefined: it was refused, and that is printed. */
  enter(line: string, client: string): Job | undefined {
    const {view} = this.stage;
    // What it asks may be several requests, one after the other: operands mean what is seen as the line is typed.
    const resolved = view.clients.includes(client) ? resolveOperands(line, view.seenBy(client)) : ok(line);
    const parsed = resolved.ok ? parseCommand(resolved.value) : resolved;
    if (!parsed.ok) return this.refuse(usageOutput(parsed.error));
    const command = parsed.value;
    if (command.kind === "cancel") {
      const cue: Cue = {do: {kind: "client", client, op: `cancel ${command.call}`}, origin: "person"};
      const did = this.stage.act(cue);
      if (did === undefined) return this.refuse(this.refusal(client, cue));
      this.tell(did);
      return undefined;
    }
    const refusal = command.kind === "request" ? refusalOf(command) : undefined;
    if (refusal !== undefined) return this.refuse(refusal);
    const job = new Job(line, client, command, this.around);
    this.open = [...this.open, job];
    this.show(job.begin(this.stage.view.now), job);
    this.ask();
    return job;
  }

  /** Lets jobs ask what is due. */
  ask(): void {
    if (this.stage.isBusy === true) return;
    for (const job of this.open) {
      for (;;) {
        const next = job.take(this.stage.view.now);
        if (next === undefined) break;
        const record = this.stage.act(next.cue);
        const invoked = record?.changes.find((change) => change.kind === "invoked");
        if (record === undefined || invoked === undefined) {
          job.refused();
          this.show(this.refusal(job.client, next.cue), job);
          break;
        }
        job.gave(next.wanted, invoked.call, record.at);
        this.tell(record);
      }
    }
    this.forget();
  }

  private refusal(client: string, {do: action}: Cue): Output {
    const to = action.kind === "client" ? action.to : undefined;
    return refused(whyNotAsked(client, to, this.stage.view));
  }

  /** To be told every event. */
  tell(record: EventRecord): void {
    if (this.open.length === 0) return;
    for (const change of record.changes) this.hear(change, record.at);
    if (record.payload.kind === "script") return;
    this.ask();
  }

  /** Interrupts a job, as Ctrl-C does: what it waits for is cancelled, and no more of it is printed. */
  interrupt(job: Job): void {
    job.exitCode = 1;
    this.forget();
    const {ending, client} = job;
    const cue: Cue = {do: {kind: "client", client, op: ending ?? ""}, origin: "person"};
    const record = ending === undefined ? undefined : this.stage.act(cue);
    if (record !== undefined) this.tell(record);
  }

  private hear(change: Change, now: Micros): void {
    if (!("call" in change) || change.kind === "invoked") return;
    for (const job of this.open) {
      if (job.client !== change.client || !job.owns(change.call)) continue;
      if (change.kind === "settled") this.show(job.settled(change.call, change.outcome, now), job);
      else if (change.kind === "watched") this.show(job.watched(change.response), job);
      else if (change.kind === "told") this.show(job.told(change.told, now), job);
      else this.finish(job, change.outcome);
    }
    this.forget();
  }

  /** Whoever gives something back ends the command that held it. */
  private finish(job: Job, outcome: RecipeOutcome): void {
    this.show(job.finished(outcome), job);
    const {gaveBack, client} = job;
    if (outcome.kind !== "done" || gaveBack === undefined) return;
    const holder = this.open.find((one) => one.client === client && one.recipeCall === gaveBack);
    if (holder !== undefined) holder.exitCode = 0;
  }

  private forget(): void {
    if (this.open.some(({exitCode}) => exitCode !== undefined))
      this.open = this.open.filter(({exitCode}) => exitCode === undefined);
  }

  private refuse(output: Output): undefined {
    this.show(output, undefined);
    return undefined;
  }

  private show(output: Output, job: Job | undefined): void {
    if (output.stdout !== "" || output.stderr !== "" || job === undefined) this.print(output, job);
  }
}

/** Longest that a message and its answer take once members agree: what a watcher is waited for. */
export function settlingTime({raft, clock, network}: Run["config"]): Micros {
  const heartbeat = raft.heartbeatTicks * clock.tick;
  return 2 * heartbeat + 2 * longestWay(network);
}

/** From a client over one member to another. */
function longestWay({peerLatency, clientLatency, regions}: Run["config"]["network"]): Micros {
  const ways = Object.values(regions?.latency ?? {}).flatMap((row) => Object.values(row));
  return Math.max(peerLatency.most + clientLatency.most, ...ways.map(({most}) => 2 * most));
}

/** Virtual time that a command gets to be answered. */
export const patience: Micros = 60_000_000;

/** What commands find in a run. */
export function surroundings({config}: Run): Surroundings {
  const endpoints = Array.from({length: config.members}, (_, i) => i + 1);
  return {clusterId: clusterIdOf(endpoints), endpoints};
}
