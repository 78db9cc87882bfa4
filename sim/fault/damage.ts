// Damaged disks in a plan. What a member finds out stops it: the others go on, so as many voters may be damaged as they can
// do without, counted over the whole plan (members ever damaged). What it does not find out is survived by no cluster, not even on one
// member, since a promise may rest on that one: such plans show which promise breaks.

import type {Action} from "../action.ts";
import type {DiskFault} from "../disk/fault.ts";
import type {Config} from "../run.ts";
import type {Luck} from "./luck.ts";
import {doubled, windows} from "./windows.ts";
import type {Planned, Times, Window} from "./windows.ts";

export type DamageKind = "rot" | "unreadable" | "syncFails" | "full";
export type BetrayalKind = "syncLies" | "syncedLost" | "misdirect" | "olderDisk" | "wipe";

/** Found out by the member: it stops, some of these until its disk is mended, rot for good. */
export const damageKinds: readonly DamageKind[] = ["rot", "unreadable", "syncFails", "full"];

/** Not found out: not survivable. */
export const betrayalKinds: readonly BetrayalKind[] = [
  "syncLies",
  "syncedLost",
  "misdirect",
  "olderDisk",
  "wipe",
];

/** The log, the store, snapshots: what stands there when the time comes. */
const files = ["*wal", "db", "*.snap"] as const;

/** Enough to mean any sector, since sectors are counted around the file's end. */
const anySector = 1_000_000;

/** Damage to the disks of a minority of the voters, the same ones throughout. */
export function damages(
  luck: Luck,
  config: Config,
  kinds: readonly DamageKind[],
  times: Times,
): readonly Planned[] {
  const sound = Array.from({length: config.members}, (_, i) => i + 1);
  const spared = Math.floor(config.members / 2) + 1;
  const planned: Planned[] = [];
  while (kinds.length > 0 && sound.length > spared) {
    const [id] = sound.splice(luck.below("damage/members", sound.length), 1);
    const member = `n${id}`;
    const name = `damage/${member}`;
    planned.push(
      ...windows(luck, name, kinds, doubled(times), (kind) => damage(luck, `${name}/${kind}`, member, kind)),
    );
  }
  return planned;
}

/** A disk that lies to one voter. */
export function betrayals(
  luck: Luck,
  config: Config,
  kinds: readonly BetrayalKind[],
  times: Times,
): readonly Planned[] {
  if (kinds.length === 0) return [];
  const member = `n${1 + luck.below("betrayal/member", config.members)}`;
  return windows(luck, "betrayal", kinds, doubled(times), (kind) =>
    betrayal(luck, `betrayal/${kind}`, member, kind),
  );
}

function damage(luck: Luck, stream: string, member: string, kind: DamageKind): Window {
  const on = (fault: DiskFault): Action => ({kind: "disk", member, fault});
  const again: readonly Action[] = [
    {kind: "crash", member},
    {kind: "restart", member},
  ];
  const mended: readonly Action[] = [on({kind: "mend"}), {kind: "restart", member}];
  switch (kind) {
    case "rot": {
      const file = luck.of(stream, files);
      const [sector, bit] = [luck.below(stream, anySector), luck.below(stream, 4096)];
      // Found at the next boot, and for good.
      return {do: [on({kind, file, sector, bit}), ...again], undo: []};
    }
    case "unreadable": {
      const file = luck.of(stream, files);
      return {do: [on({kind, file, sector: luck.below(stream, anySector)}), ...again], undo: mended};
    }
    case "syncFails":
      return {do: [on({kind, file: "*", keeps: luck.of(stream, ["nothing", "half"])})], undo: mended};
    case "full":
      return {do: [on({kind, room: luck.below(stream, 8192)})], undo: mended};
  }
}

function betrayal(luck: Luck, stream: string, member: string, kind: BetrayalKind): Window {
  const on = (fault: DiskFault): Action => ({kind: "disk", member, fault});
  const crash: Action = {kind: "crash", member};
  const restart: Action = {kind: "restart", member};
  switch (kind) {
    case "syncLies":
      return {do: [on({kind})], undo: [crash, on({kind: "mend"}), restart]};
    case "syncedLost":
      return {do: [on({kind, file: "*wal", syncs: 1 + luck.below(stream, 8)}), crash], undo: [restart]};
    case "misdirect": {
      const into = luck.of(stream, ["*wal", "db"]);
      const sector = luck.below(stream, anySector);
      const stray = on({kind, file: "*wal", into, sector});
      return {do: [stray], undo: [crash, on({kind: "mend"}), restart]};
    }
    case "olderDisk":
      return {do: [on({kind: "backup"})], undo: [on({kind}), crash, restart]};
    case "wipe":
      return {do: [on({kind}), crash], undo: [restart]};
  }
}
