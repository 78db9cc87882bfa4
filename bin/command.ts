// The commands and their options (DESIGN.md, "The command"): scripts depend on them, so they stay. Errors are one line
// on stderr and exit 2; nothing prints a stack.

import {readFileSync} from "node:fs";
import {Command, CommanderError, InvalidArgumentError, Option} from "commander";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import type {BugsOptions} from "./bugs.ts";
import {historySteps} from "./budgets.ts";
import type {CheckOptions} from "./check.ts";
import type {ConsoleOptions} from "./consoleWorld.ts";
import type {OpenOptions} from "./open.ts";
import type {DiffOptions} from "./diff.ts";
import {didYouMean} from "./didYouMean.ts";
import type {ExploreCommandOptions} from "./explore.ts";
import type {ExportOptions} from "./export.ts";
import type {InspectOptions} from "./inspect.ts";
import type {RunOptions} from "./run.ts";
import type {ShrinkOptions} from "./shrink.ts";
import type {MergeOptions, SweepOptions} from "./sweep.ts";
import type {TableOptions} from "./traceTable.ts";

/** Commands of later versions, so that asking for one is answered truthfully. */
const absent: Readonly<Record<string, string>> = {
  serve: "a live simulated cluster behind etcd's API",
};

const exits = "1 a check failed or the replay differs, 2 bad usage or input, 3 unknown (a budget ran out).";

/** Runs one command line and returns its exit status. Never throws. */
export async function main(args: readonly string[], io: Io): Promise<Exit> {
  let exit: Exit = 0;
  const program = build(io, (status) => {
    exit = status;
  });
  try {
    await program.parseAsync([...args], {from: "user"});
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const usage = error instanceof CommanderError ? usageOf(program, args, error, io) : "";
    io.err(`etcdscope: ${lineOf(error)}${usage}\n`);
    return 2;
  }
}

/** How the command that was called is called, and where more stands. */
function usageOf(program: Command, args: readonly string[], {code}: CommanderError, io: Io): string {
  const called = program.commands.find((one) => one.name() === args[0]);
  const line = ["etcdscope", called?.name(), (called ?? program).usage()].filter(Boolean).join(" ");
  const help = [io.command, called?.name(), "--help"].filter(Boolean).join(" ");
  // A value that an option refused says itself what it expected.
  return code === "commander.invalidArgument" ? `; see ${help}` : `, expected ${line}; see ${help}`;
}

/** What the commands are added to. */
interface Adding {
  readonly program: Command;
  readonly io: Io;
  readonly exit: (status: Exit) => void;
}

function build(io: Io, exit: (status: Exit) => void): Command {
  const program = new Command("etcdscope")
    .description(
      "An etcd in a simulated world: run it, replay it, look at it. Without a command: serve the page.",
    )
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError(true)
    .helpCommand(false)
    .version(versionOfPackage(), "-V, --version", "the version")
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: () => undefined,
    })
    .option("--port <n>", "port of the page on this machine; 0 takes a free one", portOf, 0)
    .allowExcessArguments()
    .action(async (options: {port: number}, self: Command) => {
      const [unknown] = self.args;
      if (unknown !== undefined) {
        throw unknownCommand(program, unknown);
      }
      const {openPage} = await import("./open.ts");
      exit(await openPage(undefined, options, io));
    });
  const adding: Adding = {program, io, exit};
  addList(adding);
  addRuns(adding);
  addSweep(adding);
  addTraces(adding);
  addExplore(adding);
  addBugs(adding);
  addCheck(adding);
  addInspect(adding);
  addConsole(adding);
  addPage(adding);
  addFormat(adding);
  addAbsent(adding);
  addHelp(adding);
  return program;
}

/** Commander's own answers an unknown name with everything. */
function addHelp(adding: Adding): void {
  const {program} = adding;
  add(adding, "help [command]", "this, or the help of one command").action((name?: string) => {
    const found = name === undefined ? program : program.commands.find((one) => one.name() === name);
    if (found === undefined || Object.hasOwn(absent, found.name())) throw unknownCommand(program, name ?? "");
    found.outputHelp();
  });
}

function unknownCommand(program: Command, name: string): UsageError {
  const names = known(program);
  return new UsageError(
    `unknown command ${JSON.stringify(name)}, expected one of ${names.join(", ")}${didYouMean(name, names)}`,
  );
}

function add({program}: Adding, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .copyInheritedSettings(program)
    .allowExcessArguments(false);
}

function addList(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "list", "every scenario, with what it teaches")
    .option("--json", "as JSON")
    .action(async (options: {json?: true}) => {
      const {list} = await import("./list.ts");
      exit(list(options, io));
    });
}

function addFormat(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "new <file>", "writes a commented scenario to start from").action(async (file: string) => {
    const {writeStarter} = await import("./new.ts");
    exit(await writeStarter(file, io));
  });
  add(adding, "schema", "the JSON schema of scenarios")
    .option(
      "--facts",
      "instead: the facts that triggers and claims are made of, each with an example, and the faults of disks",
    )
    .action(async (options: {facts?: true}) => {
      const {printFacts, printSchema} = await import("./schema.ts");
      exit(options.facts === true ? printFacts(io) : printSchema(io));
    });
}

function addRuns(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "run <scenario>", "one run of a scenario or of a scenario's file")
    .option("--seed <seed>", "instead of the scenario's own")
    .option("--variant <name>", "with one of the scenario's overlays, such as control")
    .option("--trace <file>", "save the run, to be replayed")
    .option("--log", "tell every message and what raft logs, event by event, in etcd's words")
    .option("--as-expected", "exit 0 if the scenario came out as it says it should")
    .option("--json", "the result as JSON, last")
    .addHelpText("after", `\nExit: 0 it held, ${exits}`)
    .action(async (name: string, options: RunOptions) => {
      const {runOnce} = await import("./run.ts");
      exit(await runOnce(name, options, io));
    });
  add(adding, "replay <trace>", "runs a trace again and names the first event that differs, if any does")
    .option("--json", "the result as JSON, last")
    .addHelpText("after", `\nExit: 0 it agrees and held, ${exits}`)
    .action(async (file: string, options: {json?: true}) => {
      const {replayFile} = await import("./replay.ts");
      exit(await replayFile(file, options, io));
    });
}

function addTraces(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "trace <trace>", "a run on record as a table, a line per event")
    .option("--member <name>", "only what concerns this member or client, such as n1")
    .option(
      "--kind <kind>",
      "only events of a kind, such as message or script, or messages such as AppendEntries or MsgApp",
    )
    .option("--lane <lane>", "only lanes that begin so, such as n1→n3 or disk/n2", eventOf)
    .option("--from <moment>", "an event such as n1→n3#17, a step's number, or a time such as 500ms", eventOf)
    .option("--to <moment>", "as --from; both are included", eventOf)
    .option("--all", "also what says and changes nothing: ticks, turns, disks that are done")
    .addHelpText("after", "\nExit: 0 shown, 1 the run is not what the trace says, 2 bad usage or input.")
    .action(async (file: string, options: TableOptions) => {
      const {printTable} = await import("./traceTable.ts");
      exit(await printTable(file, options, io));
    });
  add(adding, "diff <a> <b>", "where two traces part: headers, first event, first state, what followed")
    .option("--json", "the result as JSON, last")
    .addHelpText("after", "\nExit: 0 they are the same run, 1 they differ, 2 bad usage or input.")
    .action(async (a: string, b: string, options: DiffOptions) => {
      const {diffTraces} = await import("./diff.ts");
      exit(await diffTraces([a, b], options, io));
    });
  add(adding, "export <trace>", "a run on record for another tool")
    .requiredOption("--to <file>", "where to")
    .requiredOption(
      "--format <format>",
      "shiviz (vector clocks), perfetto (tracks, arrows, spans), jepsen (a history in EDN), etcd (a history with revisions, for check), tla (for etcd's TLA+ trace validation)",
    )
    .addHelpText("after", "\nExit: 0 written, 1 the run is not what the trace says, 2 bad usage or input.")
    .action(async (file: string, options: ExportOptions) => {
      const {exportTrace} = await import("./export.ts");
      exit(await exportTrace(file, options, io));
    });
}

function addExplore(adding: Adding): void {
  const {io, exit} = adding;
  add(
    adding,
    "explore [space]",
    "a named space, completely: every state that can be come to within its bounds",
  )
    .option("--list", "the spaces, with their bounds")
    .option("--bug <id>", "every member has this bug of the museum (etcdscope bugs lists them)")
    .option("--plain", "without reductions: every state under every name, by every way")
    .option("--states <n>", "stop after so many", countOf(1_000_000_000))
    .option("--trace <file>", "save the way to what breaks as a run, to be replayed and opened")
    .option("--json", "the result as JSON, last")
    .addHelpText(
      "after",
      "\nExit: 0 it holds in every state, 1 a check fails, 2 bad usage or input, 3 unknown (--states were not all).",
    )
    .action(async (name: string | undefined, options: ExploreCommandOptions) => {
      const {explore} = await import("./explore.ts");
      exit(await explore(name, options, io));
    });
}

function addCheck(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "check <history>", "linearizability of a history that somebody else recorded")
    .addOption(
      new Option("--model <name>", "what it is about, where its operations do not say it").choices([
        "list-append",
      ]),
    )
    .addOption(
      new Option("--budget <steps>", "of the search, for all keys together; then it is unknown")
        .argParser(countOf(1_000_000_000_000))
        .default(historySteps),
    )
    .option("--all", "every key to its end, though one is found violated")
    .option("--to <file>", "write the history here, in the --format that is named")
    .option("--format <format>", "of what is written: jepsen (EDN), jepsen-log, porcupine")
    .option("--json", "the result as JSON, last")
    .addHelpText(
      "after",
      `
Read are Jepsen's histories in EDN, of registers (:read, :write, :cas), one or many, with or without versions; the log
of a Jepsen test of one register; Porcupine's histories of texts (:get, :put, :append); and histories of a whole etcd with
its revisions, and with its log where that is known (export --format etcd). Jepsen's transactions on lists (:txn of [:append
key element] and [:r key elements]) are checked to be strictly serializable, and anomalies named as Elle does.
Exit: 0 it held, 1 it is violated, 2 bad usage or input, 3 unknown (the budget ran out).`,
    )
    .action(async (file: string, options: CheckOptions) => {
      const {check} = await import("./check.ts");
      exit(await check(file, options, io));
    });
}

function addBugs(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "bugs [bug]", "the museum: bugs that really happened, or one's plaque")
    .option("--matrix", "which check catches which, in how many seeds")
    .option("--json", "the result as JSON")
    .addHelpText(
      "after",
      "\nA bug's name is its smallest scenario's too: run, open and sweep --scenario take it.\nExit: 0, or 2 for a name that is none.",
    )
    .action(async (id: string | undefined, options: BugsOptions) => {
      const {bugs} = await import("./bugs.ts");
      exit(bugs(id, options, io));
    });
}

function addSweep(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "sweep", "many seeds on all cores, each a cluster with faults; saves each failure as a trace")
    .option("--scenario <name>", "a scenario's steps under faults, instead of drawn clusters")
    .addOption(
      new Option("--seeds <A..B>", "A is included, B is not").argParser(seedsIn).default([0, 100], "0..100"),
    )
    .option("--bug <id>", "every member has this bug of the museum (etcdscope bugs lists them)")
    .option(
      "--schedule <kind>",
      "who decides the order of events, instead of a drawn one: time, random, pct, delay or fair",
    )
    .option("--short", "three members at etcd's default timings, a simulated minute each")
    .option("--guided", "changes what reached rare behaviours a little, instead of drawing seeds only")
    .option("--jobs <n>", "processes, as many as there are cores; 0: in this one", countOf(1024, 0))
    .addOption(
      new Option("--shard <i/n>", "every n-th seed, from the i-th on, i from 1")
        .argParser(shardOf)
        .default([1, 1], "1/1"),
    )
    .option("--budget <time>", "begin no seed later than this: 90s, 30m, 2h", budgetOf)
    .option("--out <file>", "results, a line per seed; goes on where it ends")
    .option("--json", "the result as JSON, last")
    .addHelpText("after", `\nExit: 0 all held, ${exits}`)
    .action(async (options: SweepOptions) => {
      const {sweep} = await import("./sweep.ts");
      exit(await sweep(options, io));
    });
  add(adding, "shrink <trace>", "the smallest run that still fails the same check, as a scenario and a trace")
    .option("--check <name>", "which, where several fail; the first otherwise")
    .addOption(
      new Option("--budget <time>", "then the smallest so far").argParser(budgetOf).default(60, "60s"),
    )
    .option("--out <file>", "what stands before .json and .trace; beside the trace otherwise")
    .option("--json", "the result as JSON, last")
    .addHelpText("after", "\nExit: 0 it is smaller or was the smallest, 2 bad usage or input.")
    .action(async (file: string, options: ShrinkOptions) => {
      const {shrinkFile} = await import("./shrink.ts");
      exit(await shrinkFile(file, options, io));
    });
  add(adding, "merge <files...>", "the results of a sweep's shards as one, and which seeds never ran")
    .option("--out <file>", "write them as one file")
    .option("--json", "the result as JSON, last")
    .addHelpText("after", `\nExit: 0 all held, ${exits}`)
    .action(async (files: string[], options: MergeOptions) => {
      const {merge} = await import("./sweep.ts");
      exit(merge(files, options, io));
    });
}

function addInspect(adding: Adding): void {
  const {io, exit} = adding;
  add(adding, "inspect <what>", "what stands on a member's disk: of a trace, a scenario or its file")
    .option("--member <name>", "whose, such as n1")
    .option("--disk", "its files, the log's records, the backend's pages and records")
    .option("--key <key>", "with --disk: the way of a read, from the key index to the page")
    .option(
      "--at <moment>",
      "after an event such as n1→n3#17 (names of events stand in run --log), after a step by its id, or at a time such as 500ms; instead of at the end",
      eventOf,
    )
    .option("--seed <seed>", "instead of the scenario's own")
    .option("--variant <name>", "with one of the scenario's overlays, such as control")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExit: 0 shown, 1 the run is not what the trace says, 2 bad usage or input.")
    .action(async (what: string, options: InspectOptions) => {
      const {inspect} = await import("./inspect.ts");
      exit(await inspect(what, options, io));
    });
}

function addConsole(adding: Adding): void {
  const {io, exit} = adding;
  add(
    adding,
    "console [scenario]",
    "etcdctl, line by line, against a fresh cluster, or against that of a scenario or its file",
  )
    .option("--seed <seed>", "instead of the scenario's own")
    .option("--members <n>", "of a fresh cluster: 1 to 31", countOf(31))
    .option("--spares <n>", "servers down until added: member add n4, then .restart n4", countOf(30))
    .option("--clients <n>", "of a fresh cluster: 1 to 64", countOf(64))
    .addHelpText(
      "after",
      `
Lines are etcdctl's commands (put a 1, get a -w json, watch a, txn …) and the console's own (.help lists them).
From a pipe: printf 'put a 1\\nget a\\n' | etcdscope console
Exit: the last command's, as etcdctl exits; 2 bad usage or input.`,
    )
    .action(async (what: string | undefined, options: ConsoleOptions) => {
      const {runConsole} = await import("./console.ts");
      exit(await runConsole(what, options, io));
    });
}

function addPage(adding: Adding): void {
  const {io, exit} = adding;
  add(
    adding,
    "open <what>",
    "serves the page and prints the address of a scenario, its file, a trace or a link",
  )
    .option("--seed <seed>", "instead of the scenario's own")
    .option("--variant <name>", "with one of the scenario's overlays, such as control")
    .option("--at <event>", "an event's name, such as n1→n3#17; run --log has them", eventOf)
    .option("--port <n>", "port on this machine; 0 takes a free one", portOf, 0)
    .action(async (what: string, options: OpenOptions) => {
      const {openPage} = await import("./open.ts");
      exit(await openPage(what, options, io));
    });
}

function addAbsent({program}: Adding): void {
  for (const [name, does] of Object.entries(absent)) {
    program
      .command(`${name} [words...]`, {hidden: true})
      .allowUnknownOption()
      .helpOption(false)
      .action(() => {
        throw new UsageError(
          `${name} (${does}) is not there yet, expected one of ${known(program).join(", ")}`,
        );
      });
  }
}

/** The commands that are there. */
function known(program: Command): string[] {
  return program.commands
    .map((one) => one.name())
    .filter((name) => !Object.hasOwn(absent, name) && name !== "help");
}

/** Of the package that this file is in: beside its sources, or above the bundle. */
function versionOfPackage(): string {
  const path = import.meta.url.endsWith(".ts") ? "../package.json" : "../../package.json";
  const {version} = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as {version: string};
  return version;
}

/** `->` is typed more easily than `→`. */
function eventOf(text: string): string {
  return text.replaceAll("->", "→");
}

function seedsIn(text: string): readonly [number, number] {
  const [from, to] = (/^(\d{1,15})\.\.(\d{1,15})$/.exec(text)?.slice(1) ?? []).map(Number);
  if (from !== undefined && to !== undefined && from < to) return [from, to];
  throw new InvalidArgumentError("expected two numbers such as 0..1000, the first one less");
}

function shardOf(text: string): readonly [number, number] {
  const [part, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text)?.slice(1) ?? []).map(Number);
  if (part !== undefined && of !== undefined && part >= 1 && part <= of) return [part, of];
  throw new InvalidArgumentError("expected i/n, i from 1 to n, such as 2/8");
}

function budgetOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1);
  throw new InvalidArgumentError("expected a time such as 90s, 30m or 2h");
}

function countOf(most: number, least = 1): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError(`expected a port from 0 to 65535`);
}

/** An error in one line, without a stack. */
function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text
    .replace(/^error: /, "")
    .replace(/\s+/g, " ")
    .trim();
  if (error instanceof UsageError || error instanceof CommanderError) return line;
  return `internal error: ${line === "" ? String(error) : line}; please report it with the command that was given`;
}
