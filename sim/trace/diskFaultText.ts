// Faults of a disk as JSON, every number within its bounds.

import {faultBounds} from "../disk/fault.ts";
import type {DiskFault, DiskFaultKind} from "../disk/fault.ts";
import {integer, literal, object, refuse, text} from "./decode.ts";
import type {Decoder} from "./decode.ts";

const file = text('a file such as "db", or the end of names such as "*.wal"', /^[^\n]+$/, 100);
const number = (key: keyof typeof faultBounds): Decoder<number> =>
  integer(faultBounds[key].least, faultBounds[key].most);
const sector = number("sector");

const faults: {readonly [K in DiskFaultKind]: Decoder<DiskFault & {readonly kind: K}>} = {
  loseUnsynced: object({kind: literal("loseUnsynced")}),
  tearUnsynced: object({kind: literal("tearUnsynced")}),
  loseNames: object({kind: literal("loseNames")}),
  slow: object({kind: literal("slow"), factor: number("factor")}),
  stall: object({kind: literal("stall"), for: number("for")}),
  full: object({kind: literal("full"), room: number("room")}),
  syncFails: object({kind: literal("syncFails"), file, keeps: literal("nothing", "half")}),
  rot: object({kind: literal("rot"), file, sector, bit: number("bit")}),
  unreadable: object({kind: literal("unreadable"), file, sector}),
  misdirect: object({kind: literal("misdirect"), file, into: file, sector}),
  syncLies: object({kind: literal("syncLies")}),
  syncedLost: object({kind: literal("syncedLost"), file, syncs: number("syncs")}),
  backup: object({kind: literal("backup")}),
  olderDisk: object({kind: literal("olderDisk")}),
  wipe: object({kind: literal("wipe")}),
  mend: object({kind: literal("mend")}),
};

/** One fault, by its kind. */
export const diskFaultDecoder: Decoder<DiskFault> = (value, path) => {
  const kind: unknown =
    typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  const known = (Object.entries(faults) as [DiskFaultKind, Decoder<DiskFault>][]).find(
    ([one]) => one === kind,
  );
  if (known === undefined) return refuse(`${path}.kind`, kind, `one of ${Object.keys(faults).join(", ")}`);
  return known[1](value, path);
};
