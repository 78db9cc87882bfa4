// What a history can show that no order of its transactions explains, by the names that the field gives it (Adya 1999;
// Kingsbury & Alvaro, Elle, 2020), and the weakest of the usual models that rules it out.

import type {Said} from "../../core/base/said.ts";
import type {Dependency} from "./dependencies.ts";

/** Seen in a read, or two. */
type Shown =
  | "internal"
  | "duplicate-elements"
  | "garbage-read"
  | "incompatible-order"
  | "G1a"
  | "G1b"
  | "lost-update";

/** By what a cycle is made of, in ascending order of how hard it is to avoid. */
export const cycleNames = ["G0", "G1c", "G-single", "G2-item"] as const;
export type CycleName = (typeof cycleNames)[number];

/** Only the order in which a process asked, or real time, closes the cycle. */
export const suffixes = ["", "-process", "-realtime"] as const;
export type Suffix = (typeof suffixes)[number];

export type AnomalyName = Shown | `${CycleName}${Suffix}`;

export interface Anomaly {
  readonly name: AnomalyName;
  /** Worded in words.ts. */
  readonly said: Said;
  /** Places of those that it is made of; of a cycle in its order. */
  readonly transactions: readonly number[];
  /** Of a cycle: each leads to the next, the last to the first. */
  readonly cycle: readonly Dependency[];
  /** How often it was found; of cycles 1. */
  readonly times: number;
}

/** What an anomaly rules out, with all that is stronger. */
export const rulesOut = {
  "duplicate-elements": "read uncommitted",
  G0: "read uncommitted",
  "garbage-read": "read committed",
  "incompatible-order": "read committed",
  G1a: "read committed",
  G1b: "read committed",
  G1c: "read committed",
  internal: "read atomic",
  "lost-update": "snapshot isolation",
  "G-single": "snapshot isolation",
  "G2-item": "serializability",
  "G0-process": "session serializability",
  "G1c-process": "session serializability",
  "G-single-process": "session serializability",
  "G2-item-process": "session serializability",
  "G0-realtime": "strict serializability",
  "G1c-realtime": "strict serializability",
  "G-single-realtime": "strict serializability",
  "G2-item-realtime": "strict serializability",
} as const satisfies Record<AnomalyName, string>;

export const anomalyNames = Object.keys(rulesOut) as readonly AnomalyName[];
