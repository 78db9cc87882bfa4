// What the words of a directive mean: ids, numbers, switches, changes of membership.

import type {SingleChange, SingleChangeType} from "../../core/raft/confChange.ts";
import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Directive} from "./dataDriven.ts";
import {ScriptError} from "./dataDriven.ts";

/** The bare words, as numbers. */
export function idsOf(directive: Directive): readonly number[] {
  return directive.arguments.filter(({values}) => values.length === 0).map(({key}) => numberIn(key));
}

/** The first word, as a number. */
export function firstNumber(directive: Directive): number {
  return numberIn(wordAt(directive, 0));
}

/** The bare word at that place. */
export function wordAt({arguments: given, command}: Directive, place: number): string {
  const argument = given[place];
  if (argument === undefined || argument.values.length > 0)
    throw new ScriptError(`${command}: expected a word as argument ${place + 1}`);
  return argument.key;
}

/** The only value of `key`. */
export function valueOf({arguments: given, command}: Directive, key: string): string {
  const value = given.find((argument) => argument.key === key)?.values[0];
  if (value === undefined) throw new ScriptError(`${command}: expected ${key}=…`);
  return value;
}

export function numberIn(word: string): number {
  const value = Number(word);
  if (!/^\d+$/.test(word) || !Number.isSafeInteger(value))
    throw new ScriptError(`expected a number, not "${word}"`);
  return value;
}

/** Go's spellings. */
const yes: ReadonlySet<string> = new Set(["1", "t", "T", "true", "True", "TRUE"]);
const no: ReadonlySet<string> = new Set(["0", "f", "F", "false", "False", "FALSE"]);

export function switchIn(word: string): boolean {
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  throw new ScriptError(`expected true or false, not "${word}"`);
}

const changeTypes: Readonly<Record<string, SingleChangeType>> = {
  v: "addVoter",
  l: "addLearner",
  r: "remove",
  u: "update",
};

/** `v3 l4 r5 u6`; none in an empty text. */
export function changesIn(input: string): Result<readonly SingleChange[], string> {
  const changes: SingleChange[] = [];
  if (input.trim() === "") return ok(changes);
  for (const word of input.trim().split(" ")) {
    if (word.length < 2) return failed(`unknown token ${word}`);
    const type = changeTypes[word.charAt(0)];
    if (type === undefined) return failed(`unknown input: ${word}`);
    const digits = word.slice(1);
    if (!/^\d+$/.test(digits)) return failed(`strconv.ParseUint: parsing "${digits}": invalid syntax`);
    changes.push({type, member: Number(digits)});
  }
  return ok(changes);
}
