// Operands: what a line says of answers that are not there yet when it is written. They stand for what this client has
// seen by then in its own answers (seen.ts), so that a closed loop is data, and goes on making sense when another line of
// the script is taken out.
//
//   get x                                                        the answer shows x at modRevision 7
//   txn mod(x)={modRevisionOf:x} : put x "{valueOf:x},b" :       is asked as   txn mod(x)=7 : put x "a,b" :
//
//   operand                         stands for                                                   never seen
//   {revision} {revision-5}         the newest revision in a header; never less than 1           1, an empty store's
//   {revision*50%}                  half as many
//   {listRevision} {listRevision+1} the revision that its last answer about a range showed       1
//   {modRevisionOf:k}               of the key, as of the newest state in which it saw it        0, not there
//   {valueOf:k}                     likewise                                                     the empty value
//   {nextKey}                       the key right behind the last one of such an answer          the least key
//   {lease} {leaseOf:name}          granted last; by the call `as` name, or the recipe of it     0, none
//   {callOf:name}                   its last call of that `as`, recipe's name or watch's key     999999999, no call
//   {tokenOf:user}                  that it was given last as that user (`auth login`)           none, no token
//
// A value or key beside other text stands in quotes together with it. Text that looks like an operand is written with
// `\x7b` for the brace; formatCommand does. Lines typed at a console are resolved when they are typed.

import type {Key} from "../base/key.ts";
import {keyFromText} from "../base/key.ts";
import type {LeaseId, Revision} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import {parseCommand} from "./command.ts";
import type {ClientCommand} from "./command.ts";
import {operandPattern, quote, text} from "./quote.ts";

/** What operands are resolved from. */
export interface Sight {
  /** 0: no header was seen. */
  readonly revision: Revision;
  readonly listRevision: Revision;
  readonly nextKey: Key | undefined;
  readonly lease: LeaseId;
  modRevisionOf(key: Key): Revision;
  valueOf(key: Key): Key;
  leaseOf(name: Key): LeaseId;
  callOf(name: Key): number | undefined;
  tokenOf(user: Key): string | undefined;
}

/** A client that was never answered. */
export const blind: Sight = {
  revision: 0,
  listRevision: 0,
  nextKey: undefined,
  lease: "",
  modRevisionOf: () => 0,
  valueOf: () => "",
  leaseOf: () => "",
  callOf: () => undefined,
  tokenOf: () => undefined,
};

const leastKey = "\0";
const noCall = 999_999_999;
const noToken = "none";

/** What stands for an operand; a byte string may need quotes. */
interface Meaning {
  readonly text: string;
  readonly isBytes?: true;
}

const named: ReadonlyMap<string, (of: Sight, argument: string) => Meaning> = new Map([
  ["modRevisionOf", (of, key): Meaning => ({text: `${of.modRevisionOf(keyFromText(key))}`})],
  ["valueOf", (of, key): Meaning => ({text: of.valueOf(keyFromText(key)), isBytes: true})],
  ["leaseOf", (of, name): Meaning => ({text: hex(of.leaseOf(keyFromText(name)))})],
  ["callOf", (of, name): Meaning => ({text: `${of.callOf(keyFromText(name)) ?? noCall}`})],
  ["tokenOf", (of, user): Meaning => ({text: of.tokenOf(keyFromText(user)) ?? noToken})],
]);
const forms = [
  "revision",
  "listRevision",
  "nextKey",
  "lease",
  ...[...named.keys()].map((name) => `${name}:…`),
];

/** A line of a script, read: its operands stand for what `of` shows. Without it: whether it can be read at all. */
export function parseScripted(line: string, of: Sight = blind): Result<ClientCommand, string> {
  const resolved = resolveOperands(line, of);
  return resolved.ok ? parseCommand(resolved.value) : resolved;
}

/** Whether what is asked by this line depends on what the client has seen. */
export function hasOperands(line: string): boolean {
  return line.includes("{") && operandPattern.test(line);
}

/** The line with its operands taken out: what else stands in braces. */
export function withoutOperands(line: string): string {
  return line.replaceAll(new RegExp(operandPattern, "g"), "");
}

/** The line with what its operands stand for in their place. */
export function resolveOperands(line: string, of: Sight): Result<string, string> {
  if (!hasOperands(line)) return ok(line);
  let resolved = "";
  let from = 0;
  for (const found of line.matchAll(new RegExp(operandPattern, "g"))) {
    const [whole] = found;
    const end = found.index + whole.length;
    const meaning = meaningOf(found, of);
    if (meaning === undefined)
      return failed(
        `unknown operand ${whole} at column ${found.index + 1}; expected one of: ${forms.map((form) => `{${form}}`).join(", ")}; as text it begins with \\x7b in quotes`,
      );
    const place = placeOf(line, found.index, end);
    if (place === "beside" && meaning.isBytes === true)
      return failed(
        `${whole} at column ${found.index + 1} stands beside other text; expected quotes around both`,
      );
    resolved += line.slice(from, found.index) + written(meaning, place);
    from = end;
  }
  return ok(resolved + line.slice(from));
}

function meaningOf(
  [, ofStore, change = "+0", simple, name = "", argument = ""]: RegExpMatchArray,
  of: Sight,
): Meaning | undefined {
  if (ofStore !== undefined) {
    const base = ofStore === "revision" ? of.revision : of.listRevision;
    return {text: `${changed(Math.max(1, base), change)}`};
  }
  if (simple === "lease") return {text: hex(of.lease)};
  if (simple === "nextKey") return {text: of.nextKey ?? leastKey, isBytes: true};
  return named.get(name)?.(of, argument);
}

/** `+2`, `-5`, or `*50%`: as far from the beginning. */
function changed(revision: Revision, change: string): Revision {
  const isPart = change.startsWith("*");
  const whole = isPart
    ? Math.floor((revision * Number(change.slice(1, -1))) / 100)
    : revision + Number(change);
  return Math.max(1, whole);
}

/** Where an operand stands: within quotes, as an argument of its own, or beside other bare text. */
type Place = "quoted" | "alone" | "beside";

function placeOf(line: string, start: number, end: number): Place {
  let quoted = false;
  for (let i = 0; i < start; i++) {
    if (line[i] === '"') quoted = !quoted;
    else if (line[i] === "\\" && quoted) i++;
  }
  if (quoted) return "quoted";
  const around = `${line[start - 1] ?? " "}${line[end] ?? " "}`;
  // Also in a compare: mod({nextKey}), mod(a,{nextKey}), value(x)={valueOf:y}.
  return /^[\s=(][\s)]$|^\(,$|^,\)$/.test(around) ? "alone" : "beside";
}

function written({text: bytes, isBytes}: Meaning, place: Place): string {
  if (isBytes === undefined) return bytes;
  return place === "quoted" ? quote(bytes).slice(1, -1) : bytes === "" ? '""' : text(bytes);
}

function hex(lease: LeaseId): string {
  return lease === "" ? "0" : lease;
}
