// The one-line form of a transaction: `txn <compares> : <success> : <failure>`, operations apart by `;`. A lone `:`,
// `;`, `(` or `)` is punctuation; as a key or value it is quoted. etcdctl reads the same three parts over many lines.

import type {Key} from "../base/key.ts";
import {bytesOfKey} from "../base/key.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Compare, CompareResult, RequestOp, TxnRequest} from "../mvcc/kv.ts";
import type {Request} from "../server/request.ts";
import {readInteger} from "./arguments.ts";
import {readLease} from "./family.ts";
import type {Piece} from "./scanner.ts";
import {Scanner} from "./scanner.ts";

const form = 'txn <compares> : <success> : <failure>, as in: txn mod("x")=2 : put x 5 ; del y : get x';

/** etcdctl's names, long and short. */
const targets: ReadonlyMap<string, Compare["target"]["kind"]> = new Map([
  ["version", "version"],
  ["ver", "version"],
  ["create", "create"],
  ["c", "create"],
  ["mod", "mod"],
  ["m", "mod"],
  ["value", "value"],
  ["val", "value"],
  ["lease", "lease"],
]);
const results: readonly CompareResult[] = ["!=", "=", "<", ">"];

/** Reads one operation from its pieces. */
type ReadRequest = (line: string, pieces: readonly Piece[]) => Result<Request, string>;

/** The transaction whose pieces, behind the word `txn`, these are. */
export function readTxn(
  line: string,
  pieces: readonly Piece[],
  readRequest: ReadRequest,
): Result<TxnRequest, string> {
  const parts = split(pieces, ":");
  if (!parts.ok) return parts;
  const [compares = [], success, failure = [], tooMuch] = parts.value;
  if (success === undefined) return failed(`txn: no ":" behind the compares; expected: ${form}`);
  if (tooMuch !== undefined) return failed(`txn: more than three parts; expected: ${form}`);
  const compare = readCompares(line, compares);
  if (!compare.ok) return failed(`txn: ${compare.error}`);
  const done = readOps(line, success, readRequest);
  if (!done.ok) return failed(`txn: ${done.error}`);
  const otherwise = readOps(line, failure, readRequest);
  if (!otherwise.ok) return failed(`txn: ${otherwise.error}`);
  return ok({kind: "txn", compare: compare.value, success: done.value, failure: otherwise.value});
}

/** The pieces between separators that stand outside of all parentheses. */
function split(pieces: readonly Piece[], separator: string): Result<readonly (readonly Piece[])[], string> {
  const parts: Piece[][] = [[]];
  const open: number[] = [];
  for (const piece of pieces) {
    if (piece.raw === "(") open.push(piece.column);
    if (piece.raw === ")" && open.pop() === undefined) {
      return failed(`txn: the ")" at column ${piece.column} closes nothing; expected: ${form}`);
    }
    if (piece.raw === separator && open.length === 0) parts.push([]);
    else parts.at(-1)?.push(piece);
  }
  if (open.length > 0) return failed(`txn: the "(" at column ${open.at(-1)} is not closed; expected a ")"`);
  return ok(parts);
}

function readOps(
  line: string,
  pieces: readonly Piece[],
  readRequest: ReadRequest,
): Result<readonly RequestOp[], string> {
  if (pieces.length === 0) return ok([]);
  const parts = split(pieces, ";");
  if (!parts.ok) return parts;
  const ops: RequestOp[] = [];
  for (const part of parts.value) {
    const op = readOp(line, part, pieces, readRequest);
    if (!op.ok) return op;
    ops.push(op.value);
  }
  return ok(ops);
}

function readOp(
  line: string,
  part: readonly Piece[],
  all: readonly Piece[],
  readRequest: ReadRequest,
): Result<RequestOp, string> {
  const first = part[0];
  if (first === undefined)
    return failed(`an operation is missing beside a ";" from column ${all[0]?.column ?? 1} on`);
  const nested = first.raw === "(" && part.at(-1)?.raw === ")";
  if (first.raw === "txn")
    return failed(`the txn at column ${first.column} stands bare; expected it in parentheses`);
  const request = readRequest(line, nested ? part.slice(1, -1) : part);
  if (!request.ok) return request;
  const {kind} = request.value;
  if (kind === "put" || kind === "range" || kind === "deleteRange" || kind === "txn")
    return ok(request.value);
  return failed(
    `"${first.raw}" at column ${first.column} cannot stand in a transaction; expected put, get, del or ( txn … )`,
  );
}

function readCompares(line: string, pieces: readonly Piece[]): Result<readonly Compare[], string> {
  const first = pieces[0];
  const last = pieces.at(-1);
  if (first === undefined || last === undefined) return ok([]);
  const scanner = new Scanner(line.slice(first.column - 1, last.column - 1 + last.raw.length), first.column);
  const compares: Compare[] = [];
  for (scanner.skipBlanks(); !scanner.done; scanner.skipBlanks()) {
    const compare = readCompare(scanner);
    if (!compare.ok) return compare;
    compares.push(compare.value);
  }
  return ok(compares);
}

/** `mod("x") = 2`: blanks around the sign, quotes around key and number as one likes. Ours: `mod("x","y")`, of a range. */
function readCompare(scanner: Scanner): Result<Compare, string> {
  const {column} = scanner;
  const name = scanner.argument("(");
  if (!name.ok) return name;
  const kind = targets.get(name.value);
  if (kind === undefined || !scanner.take("(")) {
    return failed(
      `no compare at column ${column}: "${name.value}"; expected version(k), create(k), mod(k), value(k) or lease(k)`,
    );
  }
  const key = scanner.argument(",)");
  if (!key.ok) return key;
  const end = scanner.take(",") ? scanner.argument(")") : undefined;
  if (end?.ok === false) return end;
  if (!scanner.take(")")) return failed(`column ${scanner.column}: expected ")", found ${scanner.rest}`);
  scanner.skipBlanks();
  const result = results.find((sign) => scanner.take(sign));
  if (result === undefined)
    return failed(`column ${scanner.column}: expected =, !=, < or >, found ${scanner.rest}`);
  scanner.skipBlanks();
  const valueColumn = scanner.column;
  const value = scanner.argument();
  if (!value.ok) return value;
  const range = end === undefined || end.value === "" ? {} : {rangeEnd: end.value};
  return withValue({key: key.value, ...range, result}, kind, value.value, valueColumn);
}

function withValue(
  compare: Omit<Compare, "target">,
  kind: Compare["target"]["kind"],
  text: Key,
  column: number,
): Result<Compare, string> {
  if (kind === "value") return ok({...compare, target: {kind, value: bytesOfKey(text)}});
  if (kind === "lease") {
    const lease = readLease(text);
    return lease === undefined
      ? failed(`column ${column}: expected a lease's hex digits, found "${text}"`)
      : ok({...compare, target: {kind, value: lease}});
  }
  const value = readInteger(text);
  if (value === undefined) return failed(`column ${column}: expected an integer, found "${text}"`);
  return ok({...compare, target: {kind, value}});
}
