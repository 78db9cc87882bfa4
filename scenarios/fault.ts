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

/** What each fault does, in a sentence or two; its words in quotes are the step's parameters. */
export const faultDocs: {readonly [K in DiskFaultKind]: string} = {
  loseUnsynced: "At the next crash nothing survives that was not synced: no write, no size, no name.",
  tearUnsynced: "At the next crash some sectors of every write that was not synced survive and some do not.",
  loseNames:
    "At the next crash every name is as the last sync of the folder left it; what was written is drawn as ever.",
  slow: "From now on everything takes `factor` times as long.",
  stall: "For so long (`for`) nothing is done, neither what is on its way nor what is asked for meanwhile.",
  full: "From now on there is room for `room` bytes more (0): what would need more fails and changes nothing.",
  syncFails:
    'The next sync of `file` (any) fails, and no later one covers what it should have: of that the disk `keeps` "nothing" or "half".',
  rot: "One `bit` (0) of the `sector` (0) of `file` flips, and stays so.",
  unreadable:
    "Whoever reads the `sector` (0) of `file` gets an error: a server that boots cannot, until the disk is mended.",
  misdirect:
    "The next write of `file` lands at the `sector` (0) of `into` (the same file), and not where it should.",
  syncLies: "From now on a sync answers that it is done, and nothing is durable.",
  syncedLost: "At the next crash `file` is as it was before its last `syncs` (1) syncs.",
  backup: "Puts a copy of what is durable aside. Nothing goes wrong yet.",
  olderDisk: "The copy put aside is put back: at the next crash, or at once if the member is down.",
  wipe: "The disk is replaced by an empty one: at the next crash, or at once if the member is down.",
  mend: "Ends what is in force: what lies tells the truth, what is slow or full is not any more, every sector can be read.",
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
