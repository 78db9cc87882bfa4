// etcdctl's commands on keys: put, get, del, compact. (etcdctl/ctlv3/command/{put,get,del,compaction}_command.go)

import {bytesOfKey} from "../base/key.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {PutRequest, RangeRequest} from "../mvcc/kv.ts";
import type {Request} from "../server/request.ts";
import type {Arguments} from "./arguments.ts";
import {readInteger} from "./arguments.ts";
import type {Family} from "./family.ts";
import {ranged, readLease, readRange, switches} from "./family.ts";

export const sortOrders = {ASCEND: "ascend", DESCEND: "descend"} as const;
export const sortTargets = {
  CREATE: "create",
  KEY: "key",
  MODIFY: "mod",
  VALUE: "value",
  VERSION: "version",
} as const;

/** The flags of a range request that are integers, by its fields. */
export const rangeIntegers = {
  revision: "--rev",
  limit: "--limit",
  minModRevision: "--min-mod-rev",
  maxModRevision: "--max-mod-rev",
  minCreateRevision: "--min-create-rev",
  maxCreateRevision: "--max-create-rev",
} as const;

export const kvCommands = {
  put: {
    form: "put <key> <value> [--lease ID] [--prev-kv] [--ignore-value] [--ignore-lease]",
    least: 1,
    most: 2,
    flags: {"--lease": "text", "--prev-kv": "switch", "--ignore-value": "switch", "--ignore-lease": "switch"},
    read: readPut,
  },
  get: {
    form: "get <key> [end] [--prefix] [--from-key] [--rev N] [--limit N] [--consistency l|s] [--order O] [--sort-by T] [--keys-only] [--count-only] [--print-value-only] [--min-mod-rev N] [--max-mod-rev N] [--min-create-rev N] [--max-create-rev N]",
    least: 1,
    most: 2,
    flags: {
      ...ranged,
      "--rev": "integer",
      "--limit": "integer",
      "--min-mod-rev": "integer",
      "--max-mod-rev": "integer",
      "--min-create-rev": "integer",
      "--max-create-rev": "integer",
      "--consistency": ["l", "s"],
      "--order": Object.keys(sortOrders),
      "--sort-by": Object.keys(sortTargets),
      "--keys-only": "switch",
      "--count-only": "switch",
      "--print-value-only": "switch",
    },
    absent: {"--stream": "an answer is one message here, however large"},
    read: readGet,
  },
  del: {
    form: "del <key> [end] [--prefix] [--from-key] [--range] [--prev-kv]",
    least: 1,
    most: 2,
    flags: {...ranged, "--range": "switch", "--prev-kv": "switch"},
    read: (found) => {
      const range = readRange(found);
      return range.ok
        ? ok({kind: "deleteRange", ...range.value, ...switches(found, {prevKv: "--prev-kv"})})
        : range;
    },
  },
  compact: {
    form: "compact <revision> [--physical]",
    least: 1,
    most: 1,
    flags: {"--physical": "switch"},
    read: (found) => {
      const revision = readInteger(found.at(0));
      return revision === undefined
        ? failed(`"${found.at(0)}" is no revision`)
        : ok({kind: "compact", revision, ...switches(found, {physical: "--physical"})});
    },
  },
} as const satisfies Family;

function readPut(found: Arguments): Result<Request, string> {
  const keeps = found.has("--ignore-value");
  if (keeps && found.positional.length > 1) return failed("--ignore-value keeps the value, so none is given");
  if (!keeps && found.positional.length < 2) return failed("an argument is missing");
  const text = found.text("--lease");
  const lease = text === undefined ? "" : readLease(text);
  if (lease === undefined) return failed(`--lease: "${text}" is no lease's ID in hex`);
  const put: PutRequest = {
    kind: "put",
    key: found.at(0),
    value: bytesOfKey(found.at(1)),
    ...(lease === "" ? {} : {lease}),
    ...switches(found, {
      prevKv: "--prev-kv",
      ignoreValue: "--ignore-value",
      ignoreLease: "--ignore-lease",
    }),
  };
  return ok(put);
}

function readGet(found: Arguments): Result<Request, string> {
  const range = readRange(found);
  return range.ok ? ok({kind: "range", ...range.value, ...readOptions(found)}) : range;
}

function readOptions(found: Arguments): Partial<RangeRequest> {
  const sortOrder = sortOrders[found.text("--order") as keyof typeof sortOrders];
  const sortTarget = sortTargets[found.text("--sort-by") as keyof typeof sortTargets];
  const integers: {-readonly [Field in keyof typeof rangeIntegers]?: number} = {};
  for (const field of Object.keys(rangeIntegers) as (keyof typeof rangeIntegers)[]) {
    const value = found.integer(rangeIntegers[field]);
    if (value !== 0) integers[field] = value;
  }
  return {
    ...integers,
    ...(sortOrder === undefined ? {} : {sortOrder}),
    ...(sortTarget === undefined || sortTarget === "key" ? {} : {sortTarget}),
    ...(found.text("--consistency") === "s" ? {serializable: true} : {}),
    ...switches(found, {keysOnly: "--keys-only", countOnly: "--count-only"}),
  };
}
