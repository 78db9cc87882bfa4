// The language of etcdctl, one line per command: what scenarios, recorded scripts and consoles speak. Each family of
// commands has a file of its own (kvCommand.ts, watchCommand.ts, leaseCommand.ts, memberCommand.ts, maintenanceCommand.ts,
// authCommand.ts); what is ours and not etcdctl's:
//
//   txn mod("x")=2 value("y")="a" : put x 5 ; del y : get x          compares : success : failure
//   cancel <call> · progress                                          etcdctl has them inside of `watch -i`
//   member add n4 · move-leader n3                                    a member by its name, besides its id in hex
//   member reconfigure [v4 l5 r1] [--transition auto|implicit|explicit]     several changes at once; none leaves a joint one
//   status · endpoint hash · alarm activate · auth login · watch --filter … what etcd's API has and etcdctl does not
//
// Recipes (lock, elect, stm, queues …) have their lines in recipeCommand.ts.
//
// A nested transaction stands in parentheses: `txn : ( txn … ) ; put x 1 :`. Whatever has blanks, quotes or bytes that
// are no text is quoted (scanner.ts). Errors are one line: what, where, and what was expected.

import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Request} from "../server/request.ts";
import {Arguments, readArguments, readInteger} from "./arguments.ts";
import {authCommands} from "./authCommand.ts";
import type {CommandUsage, Family} from "./family.ts";
import type {Globals} from "./globals.ts";
import {takeGlobals} from "./globals.ts";
import {kvCommands} from "./kvCommand.ts";
import {leaseCommands} from "./leaseCommand.ts";
import {maintenanceCommands} from "./maintenanceCommand.ts";
import {memberCommands} from "./memberCommand.ts";
import type {Piece} from "./scanner.ts";
import {piecesOf} from "./scanner.ts";
import {readRecipe, recipeFormOf, recipeNames} from "./recipeCommand.ts";
import type {RecipeRequest} from "./recipes/recipe.ts";
import {readTxn} from "./txnCommand.ts";
import {watchCommands} from "./watchCommand.ts";

export {formatCommand} from "./formatCommand.ts";
export {formatRecipe} from "./recipeCommand.ts";

/** A line that asks something. */
export interface RequestCommand {
  readonly kind: "request";
  /** The command's words, without synonyms: `lease grant`. */
  readonly name: string;
  readonly request: Request;
  /** What else was said, for whoever prints or repeats it: `--once`, `--detail`, a file's name. */
  readonly said: Arguments;
  readonly globals: Globals;
}

export type ClientCommand =
  | RequestCommand
  /** Stop the client's call of that number. */
  | {readonly kind: "cancel"; readonly call: number}
  | {readonly kind: "recipe"; readonly recipe: RecipeRequest; readonly globals?: Globals};

const usages: Family = {
  ...kvCommands,
  ...watchCommands,
  ...leaseCommands,
  ...memberCommands,
  ...maintenanceCommands,
  ...authCommands,
};

const synonyms: ReadonlyMap<string, string> = new Map([
  ["compaction", "compact"],
  ["delete", "del"],
]);

/** First words of commands that have two. */
const groups: ReadonlySet<string> = new Set(
  Object.keys(usages).flatMap((name) => (name.includes(" ") ? (name.split(" ")[0] ?? []) : [])),
);

const nothingSaid = new Arguments([], new Map());
const cancelForm = "cancel <call>";

/** Reads one line. Absent flags give absent fields. */
export function parseCommand(line: string): Result<ClientCommand, string> {
  const all = piecesOf(line);
  if (!all.ok) return all;
  if (all.value[0]?.raw === "cancel") return parseCancel(all.value.slice(1));
  const taken = takeGlobals(all.value);
  if (!taken.ok) return taken;
  const {pieces, globals} = taken.value;
  if (pieces[0]?.raw === "txn") {
    const txn = readTxn(line, pieces.slice(1), parseRequest);
    return txn.ok ? ok({kind: "request", name: "txn", request: txn.value, said: nothingSaid, globals}) : txn;
  }
  const recipe = readRecipe(pieces);
  if (recipe !== undefined) return recipe.ok ? recipeCommand(recipe.value, globals) : recipe;
  const spelt = readSpelt(pieces);
  if (!spelt.ok) return spelt;
  const {name, request, said} = spelt.value;
  return ok({kind: "request", name, request, said, globals});
}

/** The request that the pieces of `line` spell; also those of one operation within a transaction. */
export function parseRequest(line: string, pieces: readonly Piece[]): Result<Request, string> {
  if (pieces[0]?.raw === "txn") return readTxn(line, pieces.slice(1), parseRequest);
  const spelt = readSpelt(pieces);
  return spelt.ok ? ok(spelt.value.request) : spelt;
}

/** Every command there is, by its words. */
export const commandNames: readonly string[] = [...Object.keys(usages), "cancel", "txn", ...recipeNames];

/** How a command is written. */
export function formOf(name: string): string | undefined {
  return usageOf(name)?.form ?? recipeFormOf(name);
}

/** Nothing that a recipe asks later would carry what was said of who asks. */
function recipeCommand(recipe: RecipeRequest, globals: Globals): Result<ClientCommand, string> {
  const flag = globals.user !== undefined ? "--user" : globals.token !== undefined ? "--auth-jwt-token" : "";
  return flag === ""
    ? ok({kind: "recipe", recipe, globals})
    : failed(`${flag} goes with a single command; a recipe asks as its client does`);
}

function readSpelt(
  pieces: readonly Piece[],
): Result<Pick<RequestCommand, "name" | "request" | "said">, string> {
  const first = pieces[0];
  if (first === undefined) return failed(`the command is empty; ${expected("")}`);
  const isPair = groups.has(first.raw) && usageOf(first.raw) === undefined;
  const spelt = isPair ? `${first.raw} ${pieces[1]?.raw ?? ""}`.trimEnd() : first.raw;
  const name = synonyms.get(spelt) ?? spelt;
  const usage = usageOf(name);
  if (usage === undefined)
    return failed(`unknown command "${spelt}" at column ${first.column}; ${expected(first.raw)}`);
  const found = readArguments(pieces.slice(isPair ? 2 : 1), usage);
  if (!found.ok) return failed(`${name}: ${found.error}`);
  const request = usage.read(found.value);
  return request.ok
    ? ok({name, request: request.value, said: found.value})
    : failed(`${name}: ${request.error}; expected: ${usage.form}`);
}

/** What may stand where `word` does: of a group its commands, else the first words of etcdctl's; recipes are too many. */
function expected(word: string): string {
  const ofGroup = commandNames.filter((name) => name.startsWith(`${word} `));
  const firsts = [...Object.keys(usages), "cancel", "txn"].map((name) => name.split(" ")[0]);
  const words = ofGroup.length > 0 ? ofGroup : [...new Set(firsts), "or a recipe such as lock"];
  return `expected one of: ${words.join(", ")}`;
}

function usageOf(name: string): CommandUsage | undefined {
  return Object.hasOwn(usages, name) ? usages[name] : undefined;
}

function parseCancel(pieces: readonly Piece[]): Result<ClientCommand, string> {
  const call = pieces.length === 1 ? readInteger(pieces[0]?.raw ?? "") : undefined;
  if (call === undefined) return failed(`cancel: expected the number of a call: ${cancelForm}`);
  return ok({kind: "cancel", call});
}
