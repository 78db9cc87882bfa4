// The language of etcdctl, one line per command: what scenarios, recorded scripts and the page's console speak.
//
//   put k v [--prev-kv]
//   get k [end] [--prefix] [--from-key] [--rev N] [--limit N] [--consistency s] [--order O] [--sort-by T] [--keys-only] [--count-only]
//   del k [end] [--prefix] [--from-key] [--prev-kv]
//   txn mod("x")=2 value("y")="a" : put x 5 ; del y : get x          compares : success : failure
//   watch k [end] [--prefix] [--rev N] [--prev-kv] [--filter noput]
//   compact N · defrag · status · alarm list|disarm · cancel <call>
//   member add|remove|promote n4 [--learner] · member list · move-leader n3
//   member reconfigure [v4 l5 r1] [--transition auto|implicit|explicit]     ours: several changes at once; none leaves a joint one
//
// A nested transaction stands in parentheses: `txn : ( txn … ) ; put x 1 :`. Whatever has blanks, quotes or bytes that
// are no text is quoted (scanner.ts). Errors are one line: what, where, and what was expected.

import type {Key} from "../base/key.ts";
import {bytesOfKey, prefixEnd, unbounded} from "../base/key.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {RangeRequest} from "../mvcc/kv.ts";
import type {Request} from "../server/request.ts";
import type {Arguments, Usage} from "./arguments.ts";
import {readArguments, readInteger} from "./arguments.ts";
import type {Piece} from "./scanner.ts";
import {piecesOf} from "./scanner.ts";
import {readMemberCommand} from "./memberCommand.ts";
import type {RecipeRequest} from "./recipes/recipe.ts";
import {readTxn} from "./txnCommand.ts";

export {formatCommand} from "./formatCommand.ts";

export type ClientCommand =
  | {readonly kind: "request"; readonly request: Request}
  /** Stop the client's call of that number. */
  | {readonly kind: "cancel"; readonly call: number}
  | {readonly kind: "recipe"; readonly recipe: RecipeRequest};

export const sortOrders = {ASCEND: "ascend", DESCEND: "descend"} as const;
export const sortTargets = {
  CREATE: "create",
  KEY: "key",
  MODIFY: "mod",
  VALUE: "value",
  VERSION: "version",
} as const;

const ranged = {"--prefix": "switch", "--from-key": "switch"} as const;

const usages = {
  put: {
    form: "put <key> <value> [--prev-kv]",
    least: 2,
    most: 2,
    flags: {"--prev-kv": "switch"},
    absent: {"--lease": "leases are not there yet"},
  },
  get: {
    form: "get <key> [end] [--prefix] [--from-key] [--rev N] [--limit N] [--consistency l|s] [--order O] [--sort-by T] [--keys-only] [--count-only]",
    least: 1,
    most: 2,
    flags: {
      ...ranged,
      "--rev": "integer",
      "--limit": "integer",
      "--consistency": ["l", "s"],
      "--order": Object.keys(sortOrders),
      "--sort-by": Object.keys(sortTargets),
      "--keys-only": "switch",
      "--count-only": "switch",
    },
  },
  del: {
    form: "del <key> [end] [--prefix] [--from-key] [--prev-kv]",
    least: 1,
    most: 2,
    flags: {...ranged, "--prev-kv": "switch"},
  },
  watch: {
    form: "watch <key> [end] [--prefix] [--from-key] [--rev N] [--prev-kv] [--filter noput|nodelete|noput,nodelete]",
    least: 1,
    most: 2,
    flags: {
      ...ranged,
      "--rev": "integer",
      "--prev-kv": "switch",
      "--filter": ["noput", "nodelete", "noput,nodelete", "nodelete,noput"],
    },
  },
  compact: {form: "compact <revision>", least: 1, most: 1, flags: {}},
  defrag: {form: "defrag", least: 0, most: 0, flags: {}},
  status: {form: "status", least: 0, most: 0, flags: {}},
  "alarm list": {form: "alarm list", least: 0, most: 0, flags: {}},
  "alarm disarm": {form: "alarm disarm", least: 0, most: 0, flags: {}},
  "member add": {form: "member add <member> [--learner]", least: 1, most: 1, flags: {"--learner": "switch"}},
  "member remove": {form: "member remove <member>", least: 1, most: 1, flags: {}},
  "member promote": {form: "member promote <member>", least: 1, most: 1, flags: {}},
  "member list": {form: "member list", least: 0, most: 0, flags: {}},
  "member reconfigure": {
    form: "member reconfigure [v4 l5 r1 …] [--transition auto|implicit|explicit]",
    least: 0,
    most: 31,
    flags: {"--transition": ["auto", "implicit", "explicit"]},
  },
  "move-leader": {form: "move-leader <member>", least: 1, most: 1, flags: {}},
  cancel: {form: "cancel <call>", least: 1, most: 1, flags: {}},
} satisfies Record<string, Usage>;

type Name = keyof typeof usages;

/** Commands that are all said with their name. */
const bare = {
  defrag: {kind: "defragment"},
  status: {kind: "status"},
  "alarm list": {kind: "alarmList"},
  "alarm disarm": {kind: "alarmDisarm"},
} as const satisfies Partial<Record<Name, Request>>;

const synonyms: ReadonlyMap<string, Name> = new Map([
  ["compaction", "compact"],
  ["delete", "del"],
]);

/** Reads one line. Absent flags give absent fields. */
export function parseCommand(line: string): Result<ClientCommand, string> {
  const pieces = piecesOf(line);
  if (!pieces.ok) return pieces;
  const name = pieces.value[0]?.raw ?? "";
  if (name === "cancel") return parseCancel(pieces.value.slice(1));
  const request = parseRequest(line, pieces.value);
  return request.ok ? ok({kind: "request", request: request.value}) : request;
}

/** The request that the pieces of `line` spell; also those of one operation within a transaction. */
export function parseRequest(line: string, pieces: readonly Piece[]): Result<Request, string> {
  const first = pieces[0];
  if (first === undefined) return failed(`the command is empty; expected one of: ${commandNames}`);
  if (first.raw === "txn") return readTxn(line, pieces.slice(1), parseRequest);
  // etcdctl's words for members and alarms come in pairs.
  const words = first.raw === "member" || first.raw === "alarm" ? 2 : 1;
  const spelt = words === 2 ? `${first.raw} ${pieces[1]?.raw ?? ""}`.trimEnd() : first.raw;
  const name = synonyms.get(spelt) ?? spelt;
  if (!isName(name) || name === "cancel") {
    return failed(`unknown command "${spelt}" at column ${first.column}; expected one of: ${commandNames}`);
  }
  const usage: Usage = usages[name];
  const found = readArguments(pieces.slice(words), usage);
  if (!found.ok) return failed(`${name}: ${found.error}`);
  const request = makeRequest(name, found.value);
  return request.ok ? request : failed(`${name}: ${request.error}; expected: ${usage.form}`);
}

const commandNames = [...Object.keys(usages), "txn"].join(", ");

function isName(name: string): name is Name {
  return Object.hasOwn(usages, name);
}

function parseCancel(pieces: readonly Piece[]): Result<ClientCommand, string> {
  const call = pieces.length === 1 ? readInteger(pieces[0]?.raw ?? "") : undefined;
  if (call === undefined) return failed(`cancel: expected the number of a call: ${usages.cancel.form}`);
  return ok({kind: "cancel", call});
}

function makeRequest(name: Exclude<Name, "cancel">, found: Arguments): Result<Request, string> {
  if (name in bare) return ok(bare[name as keyof typeof bare]);
  if (name === "put") return ok(makePut(found));
  if (name === "compact") {
    const revision = readInteger(found.at(0));
    return revision === undefined
      ? failed(`"${found.at(0)}" is no revision`)
      : ok({kind: "compact", revision});
  }
  if (name.startsWith("member ") || name === "move-leader") return readMemberCommand(name, found);
  const range = readRange(found);
  if (!range.ok) return range;
  if (name === "get") return ok({kind: "range", ...range.value, ...readOptions(found)});
  const prevKv = found.has("--prev-kv") ? {prevKv: true} : {};
  if (name === "del") return ok({kind: "deleteRange", ...range.value, ...prevKv});
  const startRevision = found.integer("--rev");
  const filters = (found.text("--filter") ?? "")
    .split(",")
    .filter((filter) => filter === "noput" || filter === "nodelete");
  return ok({
    kind: "watchCreate",
    ...range.value,
    ...(startRevision === 0 ? {} : {startRevision}),
    ...prevKv,
    ...(filters.length === 0 ? {} : {filters}),
  });
}

function makePut(found: Arguments): Request {
  return {
    kind: "put",
    key: found.at(0),
    value: bytesOfKey(found.at(1)),
    ...(found.has("--prev-kv") ? {prevKv: true} : {}),
  };
}

/** An empty key with --prefix or --from-key means the least key, as in etcdctl. */
function readRange(found: Arguments): Result<{readonly key: Key; readonly rangeEnd?: Key}, string> {
  const ways = [found.positional.length > 1, found.has("--prefix"), found.has("--from-key")].filter(
    Boolean,
  ).length;
  if (ways > 1) return failed("an end, --prefix and --from-key exclude each other");
  const key = found.at(0);
  const open = found.has("--prefix") || found.has("--from-key");
  if (open && key === "") return ok({key: unbounded, rangeEnd: unbounded});
  const rangeEnd = found.has("--prefix") ? prefixEnd(key) : found.has("--from-key") ? unbounded : found.at(1);
  return ok({key, ...(rangeEnd === "" ? {} : {rangeEnd})});
}

function readOptions(found: Arguments): Partial<RangeRequest> {
  const limit = found.integer("--limit");
  const revision = found.integer("--rev");
  const sortOrder = sortOrders[found.text("--order") as keyof typeof sortOrders];
  const sortTarget = sortTargets[found.text("--sort-by") as keyof typeof sortTargets];
  return {
    ...(limit === 0 ? {} : {limit}),
    ...(revision === 0 ? {} : {revision}),
    ...(sortOrder === undefined ? {} : {sortOrder}),
    ...(sortTarget === undefined || sortTarget === "key" ? {} : {sortTarget}),
    ...(found.text("--consistency") === "s" ? {serializable: true} : {}),
    ...(found.has("--keys-only") ? {keysOnly: true} : {}),
    ...(found.has("--count-only") ? {countOnly: true} : {}),
  };
}
