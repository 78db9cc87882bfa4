// Reading values that somebody else wrote. A decoder takes a value and its path, and returns it typed or throws
// `Unreadable`, which names the path, what stood there and what was expected. `readable` turns that into a result; no
// error leaves it.

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";

export type Decoder<T> = (value: unknown, path: string) => T;

/** Caught by {@link readable} alone. */
class Unreadable extends Error {}

/** Says what is wrong and stops the decoding. */
export function refuse(path: string, value: unknown, expected: string): never {
  throw new Unreadable(`${path}: ${shown(value)}, expected ${expected}`);
}

/** Runs a decoder; the error is one line. */
export function readable<T>(decode: () => T): Result<T, string> {
  try {
    return ok(decode());
  } catch (error) {
    if (error instanceof Unreadable) return failed(error.message);
    throw error;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** A whole number in [least, most]. */
export function integer(least: number, most: number): Decoder<number> {
  return (value, path) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
      ? value
      : refuse(path, value, `a whole number from ${least} to ${most}`);
}

export function text(expected: string, pattern: RegExp, most = 4096): Decoder<string> {
  return (value, path) =>
    typeof value === "string" && value.length <= most && pattern.test(value)
      ? value
      : refuse(path, value, expected);
}

export const boolean: Decoder<boolean> = (value, path) =>
  typeof value === "boolean" ? value : refuse(path, value, "true or false");

export function literal<const T extends string | number>(...values: readonly T[]): Decoder<T> {
  return (value, path) =>
    values.find((one) => one === value) ??
    refuse(path, value, values.map((one) => JSON.stringify(one)).join(" or "));
}

export function list<T>(item: Decoder<T>, least = 0, most = 1_000_000): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      return refuse(path, value, `a list of ${least} to ${most}`);
    }
    return value.map((one: unknown, i) => item(one, `${path}[${i}]`));
  };
}

export function pair<T>(item: Decoder<T>): Decoder<readonly [T, T]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== 2) return refuse(path, value, "a list of two");
    return [item(value[0], `${path}[0]`), item(value[1], `${path}[1]`)];
  };
}

/** An object of any names to `item`. */
export function record<T>(name: RegExp, item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path) => {
    const found: Record<string, T> = {};
    for (const [key, one] of entriesOf(value, path)) {
      if (!name.test(key)) refuse(`${path}.${key}`, one, `names like ${name.source}`);
      found[key] = item(one, `${path}.${key}`);
    }
    return found;
  };
}

/** May be absent. */
export function optional<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (value === undefined ? undefined : decode(value, path));
}

/** What an object of decoders reads: a field that may be undefined may be absent. */
type Read<D> = D extends Decoder<infer T> ? T : never;
type Optional<D> = {
  [K in keyof D as undefined extends Read<D[K]> ? K : never]?: Exclude<Read<D[K]>, undefined>;
};
type Required<D> = {[K in keyof D as undefined extends Read<D[K]> ? never : K]: Read<D[K]>};
export type Decoded<D> = {readonly [K in keyof (Optional<D> & Required<D>)]: (Optional<D> & Required<D>)[K]};

/** A closed object: an unknown key is an error that names the known ones. */
export function object<D extends Readonly<Record<string, Decoder<unknown>>>>(fields: D): Decoder<Decoded<D>> {
  return (value, path) => {
    const given = new Map(entriesOf(value, path));
    for (const [key, one] of given) {
      if (!Object.hasOwn(fields, key))
        refuse(`${path}.${key}`, one, `no such key; known are ${Object.keys(fields).join(", ")}`);
    }
    const found: Record<string, unknown> = {};
    for (const [key, decode] of Object.entries(fields)) {
      const one = decode(given.get(key), `${path}.${key}`);
      if (one !== undefined) found[key] = one;
    }
    return found as Decoded<D>;
  };
}

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(path, value, "an object");
  return Object.entries(value);
}
