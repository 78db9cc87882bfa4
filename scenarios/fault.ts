// The step that lets something go wrong with a disk: its shapes, one for each kind of fault, and the fault that it places.

import {unreachable} from "../core/base/assert.ts";
import {faultBounds} from "../sim/disk/fault.ts";
import type {DiskFault, DiskFaultKind} from "../sim/disk/fault.ts";
import type {FaultStep} from "./format.ts";
import {integer, text, timeShape} from "./shape.ts";
import type {Shape, Shapes} from "./shape.ts";
import {microsOf} from "./time.ts";

const file = text('a file, or the end of names: "db", "*.wal"');

function number(key: keyof typeof faultBounds): Shape {
  const {least, most} = faultBounds[key];
  return integer(least, most);
}

type ParametersOf<K extends DiskFaultKind, S = FaultStep> = S extends {readonly fault: infer F}
  ? K extends F
    ? Omit<S, "fault" | "on">
    : never
  : never;

/** What a step with this fault says besides; what may be absent ends in `?`. */
export const faultParameters: {readonly [K in DiskFaultKind]: Shapes<ParametersOf<K>>} = {
  loseUnsynced: {},
  tearUnsynced: {},
  loseNames: {},
  slow: {factor: number("factor")},
  stall: {for: timeShape},
  full: {"room?": number("room")},
  syncFails: {
    "file?": file,
    "keeps?": {enum: ["nothing", "half"], expected: '"nothing" or "half"'},
  },
  rot: {file, "sector?": number("sector"), "bit?": number("bit")},
  unreadable: {file, "sector?": number("sector")},
  misdirect: {file, "into?": file, "sector?": number("sector")},
  syncLies: {},
  syncedLost: {file, "syncs?": number("syncs")},
  backup: {},
  olderDisk: {},
  wipe: {},
  mend: {},
};

/** The fault that a step places. */
export function faultOf(step: FaultStep): DiskFault {
  switch (step.fault) {
    case "slow":
      return {kind: step.fault, factor: step.factor};
    case "stall":
      return {kind: step.fault, for: microsOf(step.for)};
    case "full":
      return {kind: step.fault, room: step.room ?? 0};
    case "syncFails":
      return {kind: step.fault, file: step.file ?? "*", keeps: step.keeps ?? "nothing"};
    case "rot":
      return {kind: step.fault, file: step.file, sector: step.sector ?? 0, bit: step.bit ?? 0};
    case "unreadable":
      return {kind: step.fault, file: step.file, sector: step.sector ?? 0};
    case "misdirect": {
      const {file: from, into = from, sector = 0} = step;
      return {kind: step.fault, file: from, into, sector};
    }
    case "syncedLost":
      return {kind: step.fault, file: step.file, syncs: step.syncs ?? 1};
    case "loseUnsynced":
    case "tearUnsynced":
    case "loseNames":
    case "syncLies":
    case "backup":
    case "olderDisk":
    case "wipe":
    case "mend":
      return {kind: step.fault};
    default:
      return unreachable(step);
  }
}
