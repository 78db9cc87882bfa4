// A family of etcdctl's commands: each with what it allows and how a request is made of it. command.ts puts them together.

import type {Key} from "../base/key.ts";
import {prefixEnd, unbounded} from "../base/key.ts";
import type {LeaseId} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Request} from "../server/request.ts";
import type {Arguments, Usage} from "./arguments.ts";

export interface CommandUsage extends Usage {
  /** The request that the arguments spell, or what is wrong with them. */
  read(found: Arguments): Result<Request, string>;
}

/** By the command's words: `lease grant`. */
export type Family = Readonly<Record<string, CommandUsage>>;

/** Flags of whatever speaks of a range. */
export const ranged = {"--prefix": "switch", "--from-key": "switch"} as const;

/** A command that is all said with its name. */
export function bare(form: string, request: Request): CommandUsage {
  return {form, least: 0, most: 0, flags: {}, read: () => ok(request)};
}

/** The key at `place`, its end behind it. An empty key with --prefix or --from-key means the least key, as in etcdctl. */
export function readRange(
  found: Arguments,
  place = 0,
): Result<{readonly key: Key; readonly rangeEnd?: Key}, string> {
  const ways = [found.positional.length > place + 1, found.has("--prefix"), found.has("--from-key")];
  if (ways.filter(Boolean).length > 1) return failed("an end, --prefix and --from-key exclude each other");
  const key = found.at(place);
  const open = found.has("--prefix") || found.has("--from-key");
  if (open && key === "") return ok({key: unbounded, rangeEnd: unbounded});
  const rangeEnd = found.has("--prefix")
    ? prefixEnd(key)
    : found.has("--from-key")
      ? unbounded
      : found.at(place + 1);
  return ok({key, ...(rangeEnd === "" ? {} : {rangeEnd})});
}

/** A lease as etcdctl takes it: hex digits, leading zeros or none. "" is 0: none. */
export function readLease(text: string): LeaseId | undefined {
  if (!/^[0-9a-fA-F]{1,16}$/.test(text)) return undefined;
  return /^0+$/.test(text) ? "" : text.toLowerCase().padStart(16, "0");
}

/** As {@link readLease}, with the error that names it. */
export function leaseOf(text: string): Result<LeaseId, string> {
  const lease = readLease(text);
  return lease === undefined ? failed(`"${text}" is no lease's ID in hex`) : ok(lease);
}

/** The switches among these that are on, as fields of a request. */
export function switches<F extends string>(
  found: Arguments,
  fields: Readonly<Record<F, string>>,
): {readonly [Field in F]?: true} {
  const on: {[Field in F]?: true} = {};
  for (const field of Object.keys(fields) as F[]) if (found.has(fields[field])) on[field] = true;
  return on;
}
