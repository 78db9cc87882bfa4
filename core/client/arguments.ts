// The arguments and flags of one command, taken out of its pieces by a table of what it allows. Flags are etcdctl's:
// `--prefix`, `--rev 3` or `--rev=3`. A quoted piece is never a flag, nor is anything behind a lone `--`.

import type {Key} from "../base/key.ts";
import {bytesOfKey, textOfBytes} from "../base/key.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Piece} from "./scanner.ts";
import {Scanner} from "./scanner.ts";

export type FlagKind = "switch" | "integer" | "text" | readonly string[];

/** What a command allows. */
export interface Usage {
  /** How it is written: the end of every error. */
  readonly form: string;
  /** Fewest and most arguments. */
  readonly least: number;
  readonly most: number;
  /** By name: a switch, an integer, a byte string (quoted like an argument), or one of some words. */
  readonly flags: Readonly<Record<string, FlagKind>>;
  /** etcdctl's flags that are refused by name, and why. */
  readonly absent?: Readonly<Record<string, string>>;
}

/** What was found. */
export class Arguments {
  readonly positional: readonly Key[];
  private readonly flags: ReadonlyMap<string, string>;

  constructor(positional: readonly Key[], flags: ReadonlyMap<string, string>) {
    this.positional = positional;
    this.flags = flags;
  }

  /** The argument in that place; "" if it was not given. */
  at(place: number): Key {
    return this.positional[place] ?? "";
  }

  has(flag: string): boolean {
    return this.flags.has(flag);
  }

  /** 0 if it was not given. */
  integer(flag: string): number {
    return Number(this.flags.get(flag) ?? 0);
  }

  /** As it stands there; a "text" flag as a byte string. */
  text(flag: string): string | undefined {
    return this.flags.get(flag);
  }

  /** `--peer-urls=a,b`, as text. */
  list(flag: string): readonly string[] {
    const all = textOfBytes(bytesOfKey(this.text(flag) ?? ""));
    return all.split(",").filter((one) => one !== "");
  }
}

/** Sorts the pieces behind the command's name. */
export function readArguments(pieces: readonly Piece[], usage: Usage): Result<Arguments, string> {
  const positional: Key[] = [];
  const flags = new Map<string, string>();
  let isOver = false;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i];
    if (piece === undefined) break;
    if (piece.raw === "--" && !isOver) {
      isOver = true;
      continue;
    }
    if (isOver || !isFlag(piece)) {
      const argument = readPiece(piece);
      if (!argument.ok) return argument;
      positional.push(argument.value);
      continue;
    }
    const flag = readFlag(piece, pieces[i + 1], usage);
    if (!flag.ok) return flag;
    const {name, value, tookNext} = flag.value;
    if (value !== undefined) flags.set(name, value);
    if (tookNext) i++;
  }
  if (positional.length < usage.least) return failed(`an argument is missing; expected: ${usage.form}`);
  if (positional.length > usage.most) return failed(`one argument too many; expected: ${usage.form}`);
  return ok(new Arguments(positional, flags));
}

/** `-x` is one too, if only to be refused: etcdctl has `-i`, `-l` and `-h`. A negative number is none. */
function isFlag({raw}: Piece): boolean {
  return raw.startsWith("--") || /^-[A-Za-z]/.test(raw);
}

/** `value` undefined: switched off. */
export interface Flag {
  readonly name: string;
  readonly value: string | undefined;
  /** Its value was the next piece. */
  readonly tookNext: boolean;
}

/** A flag, with its value perhaps from the next piece. */
export function readFlag(
  piece: Piece,
  next: Piece | undefined,
  {flags, absent, form}: Pick<Usage, "flags" | "absent" | "form">,
): Result<Flag, string> {
  const [name = "", inline] = splitFlag(piece.raw);
  const at = `${name} at column ${piece.column}`;
  const kind = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (kind === undefined) {
    const why = absent !== undefined && Object.hasOwn(absent, name) ? absent[name] : undefined;
    return failed(`${why === undefined ? `unknown flag ${at}` : `${at}: ${why}`}; expected: ${form}`);
  }
  if (kind === "switch") {
    if (inline !== undefined && inline !== "true" && inline !== "false")
      return failed(`${at} takes no value; expected: ${form}`);
    return ok({name, value: inline === "false" ? undefined : "", tookNext: false});
  }
  const given: Piece | undefined =
    inline === undefined ? next : {raw: inline, column: piece.column + name.length + 1};
  const tookNext = inline === undefined;
  if (kind === "text") {
    if (given === undefined) return failed(`${at}: expected a value, found the end of the line`);
    const value = given.raw === "" ? ok("") : readPiece(given);
    return value.ok ? ok({name, value: value.value, tookNext}) : value;
  }
  const problem = checkValue(given?.raw, kind);
  if (problem !== undefined) return failed(`${at}: ${problem}`);
  return ok({name, value: given?.raw ?? "", tookNext});
}

/** The whole piece as one byte string. */
export function readPiece(piece: Piece): Result<Key, string> {
  const scanner = new Scanner(piece.raw, piece.column);
  const argument = scanner.argument();
  if (!argument.ok || scanner.done) return argument;
  return failed(`column ${scanner.column}: expected a blank behind the quote, found ${scanner.rest}`);
}

/** An integer that a number holds exactly. */
export function readInteger(text: string): number | undefined {
  const value = /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

function splitFlag(raw: string): readonly string[] {
  const at = raw.indexOf("=");
  return at < 0 ? [raw] : [raw.slice(0, at), raw.slice(at + 1)];
}

function checkValue(value: string | undefined, kind: "integer" | readonly string[]): string | undefined {
  const found = value === undefined ? "the end of the line" : `"${value}"`;
  if (kind === "integer") {
    return value === undefined || readInteger(value) === undefined
      ? `expected an integer, found ${found}`
      : undefined;
  }
  return value === undefined || !kind.includes(value)
    ? `expected ${kind.join(" or ")}, found ${found}`
    : undefined;
}
