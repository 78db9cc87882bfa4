// One command of a console on its way: what it asked, what came back, what it prints (core/client/program.ts). A watch
// and a recipe stay open and print as they are told.

import type {Micros} from "../../core/base/quantity.ts";
import {Arguments} from "../../core/client/arguments.ts";
import type {RequestCommand} from "../../core/client/command.ts";
import type {Globals} from "../../core/client/globals.ts";
import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {ExitCode, Output} from "../../core/client/output/output.ts";
import {outputOptions, printed} from "../../core/client/output/output.ts";
import {printCanceled, printResponse, printWatch} from "../../core/client/output/print.ts";
import {errorOf, lineOf, nextStep} from "../../core/client/program.ts";
import type {Answer, Ask, Surroundings} from "../../core/client/program.ts";
import type {RecipeRequest, Told} from "../../core/client/recipes/recipe.ts";
import type {Response} from "../../core/server/request.ts";
import type {Cue} from "../director.ts";
import {memberName} from "../world/lanes.ts";

/** What a job wants the client to be given, once it is time. */
export interface Wanted {
  readonly ask: Ask;
  /** Place among the answers. */
  readonly place: number;
  readonly due: Micros;
}

/** An ask that a client has. */
interface Given {
  readonly place: number;
  readonly ask: Ask;
  readonly call: number;
  readonly at: Micros;
}

export type JobCommand =
  | RequestCommand
  | {readonly kind: "recipe"; readonly recipe: RecipeRequest; readonly globals?: Globals};

const noArguments = new Arguments([], new Map());

export class Job {
  /** What was typed. */
  readonly line: string;
  readonly client: string;
  readonly command: JobCommand;
  private readonly around: Surroundings;
  private answers: (Answer | undefined)[] = [];
  private wanted: Wanted[] = [];
  private given: Given[] = [];
  /** Set once it is over. */
  exitCode: ExitCode | undefined;
  /** It has begun what stays open: whoever waits for it may go on. */
  isOpen = false;

  constructor(line: string, client: string, command: JobCommand, around: Surroundings) {
    this.line = line;
    this.client = client;
    this.command = command;
    this.around = around;
  }

  /** What it asks first. */
  begin(now: Micros): Output {
    if (this.command.kind === "request") return this.go(this.command, now);
    this.wanted = [{ask: {request: {kind: "status"}}, place: 0, due: now}];
    return printed("");
  }

  /** When it wants to ask next; undefined: it waits for answers. */
  get due(): Micros | undefined {
    return this.wanted.length === 0 ? undefined : Math.min(...this.wanted.map(({due}) => due));
  }

  /** The last call that is not settled: what an interruption cancels. */
  get call(): number | undefined {
    return this.given.at(-1)?.call;
  }

  /** Whether that call of its client is its own. */
  owns(call: number): boolean {
    return this.given.some((one) => one.call === call);
  }

  /** What is due now, to be carried out at once; {@link gave} is told the call. */
  take(now: Micros): {readonly cue: Cue; readonly wanted: Wanted} | undefined {
    const next = this.wanted.find(({due}) => due <= now);
    if (next === undefined) return undefined;
    this.wanted = this.wanted.filter((one) => one !== next);
    const {ask, place} = next;
    const op = this.command.kind === "recipe" && place === 0 ? this.line : lineOf(ask);
    const to = ask.to === undefined ? {} : {to: memberName(ask.to)};
    return {cue: {do: {kind: "client", client: this.client, op, ...to}, origin: "person"}, wanted: next};
  }

  gave({ask, place}: Wanted, call: number, at: Micros): void {
    this.given.push({ask, place, call, at});
  }

  /** The client does not take it: it was settled before it began. */
  refused(): void {
    this.exitCode = 1;
  }

  settled(call: number, outcome: Outcome, now: Micros): Output {
    const given = this.given.find((one) => one.call === call);
    if (given === undefined) return printed("");
    this.given = this.given.filter((one) => one !== given);
    const {command} = this;
    if (command.kind === "recipe") return this.shown(outcome);
    if (given.ask.request.kind === "watchCreate") return this.ended(outcome);
    this.answers[given.place] = {outcome, took: now - given.at};
    const isComplete = this.given.length === 0 && this.wanted.length === 0;
    return isComplete ? this.go(command, now) : printed("");
  }

  /** One response of its watch. */
  watched(response: Response): Output {
    const {command} = this;
    if (command.kind !== "request" || response.result.kind !== "watch") return printed("");
    this.isOpen = true;
    if (response.result.created === true && response.result.events.length === 0) return printed("");
    const output = printWatch(response, outputOptions(command.globals, this.around.clusterId));
    if (output.exitCode !== 0) this.exitCode = output.exitCode;
    return output;
  }

  /** News of its recipe: what it holds, or who leads, is read and shown as etcdctl does. */
  told(told: Told, now: Micros): Output {
    this.isOpen = true;
    if (told.kind === "holds" || told.kind === "leader")
      this.wanted.push({ask: {request: {kind: "range", key: told.key}}, place: 1, due: now});
    if (told.kind !== "lost") return printed("");
    return {stdout: "", stderr: "session has been lost\n", exitCode: 0};
  }

  finished(outcome: RecipeOutcome): Output {
    if (outcome.kind === "done") {
      const {kind} = outcome.result;
      const isHeld = kind === "lock" || kind === "campaign";
      if (!isHeld) this.exitCode = 0;
      return printed("");
    }
    this.exitCode = 1;
    return {stdout: "", stderr: `Error: ${outcome.error.message}\n`, exitCode: 1};
  }

  /** The watch is over: the server gave it up, or a hand did. */
  private ended(outcome: Outcome): Output {
    const {command, around} = this;
    if (command.kind !== "request") return printed("");
    const isGivenUp = outcome.kind === "ok" && outcome.response.result.kind === "watch";
    const output: Output = isGivenUp
      ? printCanceled(outcome.response, outputOptions(command.globals, around.clusterId))
      : {stdout: "", stderr: `Error: ${errorOf(outcome).message}\n`, exitCode: 1};
    this.exitCode = output.exitCode;
    return output;
  }

  /** A key that a recipe holds, as `get` shows it. */
  private shown(outcome: Outcome): Output {
    const {command, around} = this;
    if (outcome.kind !== "ok" || command.kind !== "recipe") return printed("");
    const options = outputOptions(command.globals ?? {}, around.clusterId);
    const get = {kind: "request", name: "get", request: {kind: "range", key: ""}} as const;
    const nothing = {said: noArguments, globals: {}};
    return printResponse({...get, ...nothing}, outcome.response, options, {took: 0, endpoint: ""});
  }

  /** The next step of its program. */
  private go(command: RequestCommand, now: Micros): Output {
    const answers = this.answers.filter((one) => one !== undefined);
    const step = nextStep(command, answers, this.around);
    if (step.asks.length === 0) this.exitCode = step.exitCode;
    if (answers.length > 0 && step.asks.some(({after = 0}) => after > 0)) this.isOpen = true;
    this.wanted = step.asks.map((ask, i) => ({
      ask,
      place: answers.length + i,
      due: now + (ask.after ?? 0),
    }));
    return {stdout: step.stdout, stderr: step.stderr, exitCode: step.exitCode};
  }
}
