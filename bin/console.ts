// `etcdscope console`: etcdctl against a simulated cluster, line by line. A pipe gets what etcdctl would print and nothing
// else, and the exit status is the last command's.

import type {ExitCode, Output} from "../core/client/output/output.ts";
import type {TxnShown} from "../core/client/txnLines.ts";
import {TxnLines} from "../core/client/txnLines.ts";
import type {Job} from "../sim/console/job.ts";
import {readLine} from "../sim/console/line.ts";
import {patience, Session, settlingTime} from "../sim/console/session.ts";
import {dotCommand} from "./consoleDots.ts";
import {ConsoleWorld, freshScenario} from "./consoleWorld.ts";
import type {ConsoleOptions} from "./consoleWorld.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {problemOfSeed} from "./refuse.ts";
import {scenarioNamed} from "./source.ts";
import type {Named} from "./source.ts";

/** For a person who types. */
const ways = ".help tells what there is; .quit ends\n";

export async function runConsole(what: string | undefined, options: ConsoleOptions, io: Io): Promise<Exit> {
  const {input} = io;
  if (input === undefined) throw new UsageError("found no input, expected a terminal or a pipe");
  const problem = problemOfSeed(options.seed, "--seed");
  if (problem !== undefined) throw new UsageError(problem);
  const world = new ConsoleWorld(await worldOf(what, options), options.seed);
  const console = new Console(world, io);
  if (what === undefined) console.begin();
  if (input.isTerminal) io.err(ways);
  for await (const line of input.lines(
    () => console.prompt,
    () => console.interrupt(),
  )) {
    await console.take(line);
    if (console.hasQuit) break;
  }
  return console.exit;
}

async function worldOf(what: string | undefined, options: ConsoleOptions): Promise<Named> {
  if (what === undefined) {
    const servers = (options.members ?? 3) + (options.spares ?? 0);
    if (servers > 31)
      throw new UsageError(`--members, --spares: found ${servers} servers, expected at most 31 together`);
    const scenario = freshScenario(options);
    return {scenario, file: {path: "", name: "", text: JSON.stringify(scenario)}};
  }
  const {members, spares, clients} = options;
  if (members !== undefined || spares !== undefined || clients !== undefined)
    throw new UsageError("--members, --spares, --clients: expected none, the scenario has its own");
  return scenarioNamed(what);
}

class Console {
  hasQuit = false;
  /** Of the last command. */
  exit: ExitCode | 2 = 0;
  private readonly world: ConsoleWorld;
  private readonly session: Session;
  private readonly io: Io;
  /** A transaction that is typed line by line, with what stood behind its `txn`. */
  private txn:
    | {readonly lines: TxnLines; readonly client: string; readonly globals: string; readonly asks: boolean}
    | undefined;

  constructor(world: ConsoleWorld, io: Io) {
    this.world = world;
    this.io = io;
    this.session = new Session(world, (output, job) => this.print(output, job));
    world.session = this.session;
  }

  get prompt(): string {
    return this.txn === undefined ? "etcdctl> " : "";
  }

  /** A cluster without a leader answers nobody: it gets one first, and all know it. */
  begin(): void {
    const {view} = this.world;
    const hasLeader = (): boolean =>
      view.members.every(({server}) => server !== undefined && server.raft.leader !== 0) &&
      view.members.some(({server}) => server?.raft.role === "leader" && server.raft.commitIndex > 0);
    this.world.run(hasLeader, patience);
  }

  /** One line. */
  async take(typed: string): Promise<void> {
    if (this.txn !== undefined) return this.takeTxn(typed);
    const line = readLine(typed);
    if (line.kind === "nothing") return;
    if (line.kind === "dot") return this.dot(line.text);
    if (line.kind === "command") return this.enter(line.text, line.client);
    const {client, globals, asks} = line;
    const lines = new TxnLines();
    this.txn = {lines, client, globals, asks: asks || this.io.input?.isTerminal === true};
    this.askTxn(lines.shown);
  }

  /** Ctrl-C: ends the transaction that is typed, or the last command that is open. True: there is nothing to end. */
  interrupt(): boolean {
    if (this.txn !== undefined) {
      this.txn = undefined;
      return false;
    }
    const job = this.session.jobs.at(-1);
    if (job === undefined) return true;
    this.session.interrupt(job);
    this.settle();
    return false;
  }

  private takeTxn(typed: string): void {
    const {txn} = this;
    if (txn === undefined) return;
    this.askTxn(txn.lines.take(typed));
    if (!txn.lines.isComplete) return;
    this.txn = undefined;
    const line = txn.lines.line(txn.globals);
    if (line.ok) this.enter(line.value, txn.client);
    else this.print(line.error, undefined);
  }

  /** What was typed stands there already. */
  private askTxn(shown: readonly TxnShown[]): void {
    if (this.txn?.asks !== true) return;
    for (const {kind, text} of shown) if (kind === "out") this.io.out(`${text}\n`);
  }

  private async dot(line: string): Promise<void> {
    const {text = "", problem, quits} = await dotCommand(line, this.world);
    this.io.out(text);
    if (problem !== undefined) this.io.err(`etcdscope: ${problem}\n`);
    this.exit = problem === undefined ? 0 : 2;
    this.hasQuit = quits === true;
  }

  /** Until the command is over, or stays open; what others are told by then is printed too. */
  private enter(line: string, client: string): void {
    const job = this.session.enter(line, client);
    if (this.io.input?.isTerminal === true && /^(etcdctl )?(-h|--help|help|quit|exit)\b/.test(line))
      this.io.err(ways);
    const {view} = this.world;
    if (job !== undefined)
      this.world.run(() => job.exitCode !== undefined || job.isOpen, view.now + patience);
    if (job !== undefined) this.exit = job.exitCode ?? 0;
    this.settle();
  }

  private settle(): void {
    if (this.session.jobs.length === 0) return;
    const {view} = this.world;
    this.world.run(() => false, view.now + settlingTime(view.run.config));
  }

  private print(output: Output, job: Job | undefined): void {
    if (output.stdout !== "") this.io.out(output.stdout);
    if (output.stderr !== "") this.io.err(output.stderr);
    if (job === undefined) this.exit = output.exitCode;
  }
}
