// A file that is there whole or not at all: written under another name, synced, renamed, the directory synced.

import type {DiskStep} from "./disk.ts";
import {asideSuffix} from "./files.ts";

/** What brings `file` into being, in place of what has its name; `aside`: the name that it has until it is whole. */
export function writeWhole(
  file: string,
  bytes: Uint8Array,
  aside = file + asideSuffix,
): readonly [write: DiskStep, rename: DiskStep, syncName: DiskStep] {
  return [
    [
      // What a crash left of an earlier one.
      {kind: "truncate", file: aside, size: 0},
      {kind: "write", file: aside, at: 0, bytes},
      {kind: "sync", file: aside},
    ],
    [{kind: "rename", file: aside, to: file}],
    [{kind: "syncDir"}],
  ];
}
