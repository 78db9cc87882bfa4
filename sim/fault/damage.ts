// Damaged disks in a plan. What a member finds out stops it: the others go on, so as many voters may be damaged as they can
// do without, counted over the whole plan (members ever damaged). What it does not find out is survived by no cluster, not even on one
// member, since a promise may rest on that one: such plans show which promise breaks.

import type {Action} from "../action.ts";
import {pastSyncs} from "../disk/fault.ts";
import type {DiskFault} from "../disk/fault.ts";
import {votersOf} from "./names.ts";
import {doubled, during, windows} from "./windows.ts";
import type {Drawing, Planned, Window} from "./windows.ts";

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
export function damages({luck, config, weights, times}: Drawing<DamageKind>): readonly Planned[] {
  if (weights.size === 0) return [];
  const sound = [...votersOf(config)];
  const planned: Planned[] = [];
  for (let left = sparedOf(config.members); left > 0; left--) {
    const [member = ""] = sound.splice(luck.below("damage/members", sound.length), 1);
    planned.push(
      ...windows(luck.within(`damage/${member}`), weights, damageKinds, doubled(times), (kind, window) =>
        damage(kind, window, member),
      ),
    );
  }
  return planned;
}

/** A disk that lies to one voter. */
export function betrayals({luck, config, weights, times}: Drawing<BetrayalKind>): readonly Planned[] {
  const voters = votersOf(config);
  const member = voters[luck.below("betrayal/member", voters.length)] ?? "";
  return windows(luck.within("betrayal"), weights, betrayalKinds, doubled(times), (kind, window) =>
    betrayal(kind, window, member),
  );
}

/** How many of so many voters the others can do without. */
export function sparedOf(voters: number): number {
  return voters - (Math.floor(voters / 2) + 1);
}

function damage(kind: DamageKind, window: Window, member: string): readonly Planned[] {
  const {luck} = window;
  const on = (fault: DiskFault): Action => ({kind: "disk", member, fault});
  const again: readonly Action[] = [
    {kind: "crash", member},
    {kind: "restart", member},
  ];
  const mended: readonly Action[] = [on({kind: "mend"}), {kind: "restart", member}];
  switch (kind) {
    case "rot": {
      const file = luck.of("file", files);
      const [sector, bit] = [luck.below("sector", anySector), luck.below("bit", 4096)];
      // Found at the next boot, and for good.
      return during(window, [on({kind, file, sector, bit}), ...again], []);
    }
    case "unreadable": {
      const file = luck.of("file", files);
      return during(window, [on({kind, file, sector: luck.below("sector", anySector)}), ...again], mended);
    }
    case "syncFails":
      return during(window, [on({kind, file: "*", keeps: luck.of("keeps", ["nothing", "half"])})], mended);
    case "full":
      return during(window, [on({kind, room: luck.below("room", 8192)})], mended);
  }
}

function betrayal(kind: BetrayalKind, window: Window, member: string): readonly Planned[] {
  const {luck} = window;
  const on = (fault: DiskFault): Action => ({kind: "disk", member, fault});
  const crash: Action = {kind: "crash", member};
  const restart: Action = {kind: "restart", member};
  switch (kind) {
    case "syncLies":
      return during(window, [on({kind})], [crash, on({kind: "mend"}), restart]);
    case "syncedLost":
      return during(
        window,
        [on({kind, file: "*wal", syncs: 1 + luck.below("syncs", pastSyncs)}), crash],
        [restart],
      );
    case "misdirect": {
      const into = luck.of("into", ["*wal", "db"]);
      const sector = luck.below("sector", anySector);
      const stray = on({kind, file: "*wal", into, sector});
      return during(window, [stray], [crash, on({kind: "mend"}), restart]);
    }
    case "olderDisk":
      return during(window, [on({kind: "backup"})], [on({kind}), crash, restart]);
    case "wipe":
      return during(window, [on({kind}), crash], [restart]);
  }
}
