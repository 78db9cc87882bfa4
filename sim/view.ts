// What may be seen of a world from outside: checks, facts, the page. Read-only by type; nothing here may be kept across
// events, except entries, key values and messages, which are never written after birth.

import type {MemberId, Micros} from "../core/base/quantity.ts";
import type {ServerConfig} from "../core/server/config.ts";
import type {Actor, Point} from "../core/server/io.ts";
import type {Sight} from "../core/client/operand.ts";
import type {Server} from "../core/server/server.ts";
import type {DiskOp, DiskOpKind, DiskReader} from "../core/storage/disk.ts";
import type {Clock} from "./clock.ts";
import type {DiskFault, Struck} from "./disk/fault.ts";
import type {EventRecord, Pending} from "./event.ts";
import type {RevisionsView} from "./history/revisions.ts";
import type {AppliedEntry, LeaseEntry} from "./history/appliedLog.ts";
import type {Operation, RecipeOperation} from "./history/operation.ts";
import type {LinkQuality} from "./network/quality.ts";
import type {Run} from "./run.ts";

export interface WorldView {
  readonly run: Run;
  readonly now: Micros;
  /** Events taken so far. */
  readonly step: number;
  /** By how much an event was overtaken at most, by a schedule: what is due may come that much later. 0 in time's order. */
  readonly overtaken: Micros;
  /** The event taken last. */
  readonly last: EventRecord | undefined;
  /** Ascending ids: member n stands at n−1. */
  readonly members: readonly MemberView[];
  /** Clients' names: c1, c2 … */
  readonly clients: readonly string[];
  /** Those that are paused. */
  readonly pausedClients: readonly string[];
  /** What the operands of a client's lines stand for just now (core/client/operand.ts). */
  seenBy(client: string): Sight;
  readonly network: NetworkView;
  /** All operations of all clients, in order of invocation. Grows; an operation object is replaced when it changes. */
  readonly operations: readonly Operation[];
  /** What the store did, revision by revision. */
  readonly revisions: RevisionsView;
  /** Grants and revocations of leases, as they were applied. */
  readonly leaseLog: readonly LeaseEntry[];
  /** Every entry that was applied, in order; undefined when some were missed. */
  readonly appliedLog: readonly AppliedEntry[] | undefined;
  /** The recipes that clients were asked for, in order of invocation. */
  readonly recipes: readonly RecipeOperation[];
  /** Every event that waits, by (due, seq). A fresh array. */
  pending(): readonly Pending[];
}

export interface MemberView {
  readonly id: MemberId;
  readonly clock: Pick<Clock, "read" | "rate">;
  readonly status: "up" | "paused" | "crashed";
  /** Counts boots from 1. */
  readonly incarnation: number;
  /** Absent while crashed. A failed assertion crashes the member too. */
  readonly server: Server | undefined;
  readonly disk: DiskView;
  /** What it was told at its last boot, or will be at the next. */
  readonly config: ServerConfig;
  /** Its version: names of bugs; none: sound. */
  readonly versions: readonly string[];
  /** Crashes that wait for their moment, in the order in which they were armed. */
  readonly armed: readonly ArmedCrash[];
  /** Actors whose turns take so many times as long. */
  readonly slowActors: ReadonlyMap<Actor, number>;
}

/** It crashes when it comes there for the `left`th time. */
export type ArmedCrash =
  | {readonly kind: "point"; readonly point: Point; readonly left: number}
  | {
      readonly kind: "disk";
      readonly when: "before" | "after";
      readonly left: number;
      readonly what?: DiskOpKind;
    };

/** Of what is read, what is durable: what a crash now would leave at least. Reading throws where a sector is unreadable. */
export interface DiskView extends DiskReader {
  /** Of all files, as if all that was asked for were done. */
  readonly bytes: number;
  /** What a crash cannot take, if the disk is sound. */
  readonly durableBytes: number;
  /** Operations on their way. */
  readonly queue: number;
  /** In force: standing, or waiting for the next crash, sync or write. */
  readonly faults: readonly DiskFault[];
  /** All that came and could harm the member (`harmOf`), from the beginning. */
  readonly harms: readonly Struck[];
  /** The first fault that can lose or change what was durable: from then on the member counts as damaged. */
  readonly damagedBy: Struck | undefined;
  /** What the last crash did to what was not durable; undefined: there was none. */
  readonly lastCrash: CrashLoss | undefined;
  /** By name, as if all that was asked for were done. A fresh array. */
  files(): readonly FileView[];
  /** What is on its way, as asked for. A fresh array. */
  queued(): readonly QueuedView[];
}

/** What became of the operations that no sync covered. */
export interface CrashLoss {
  /** Operations that were on their way, syncs among them. */
  readonly underway: number;
  /** Writes and changes of size that are there as asked for, in part, or not at all. */
  readonly kept: number;
  readonly torn: number;
  readonly lost: number;
  /** Changes of names that are undone. */
  readonly namesLost: number;
}

export interface FileView {
  readonly name: string;
  readonly bytes: number;
  readonly durableBytes: number;
  /** Bytes of writes that no sync covers. */
  readonly dirtyBytes: number;
  /** Whether a crash leaves it its name. */
  readonly isDurable: boolean;
}

export interface QueuedView {
  readonly op: number;
  /** "." for syncDir. */
  readonly file: string;
  readonly what: DiskOp["kind"];
}

export interface NetworkView {
  /** Whether what `from` (n1, c1) sends now cannot reach `to`. */
  blocked(from: string, to: string): boolean;
  /** The groups of the split in force, if any. */
  readonly groups: readonly (readonly string[])[];
  /** Directed cuts in force, apart from a split. */
  readonly cuts: readonly (readonly [string, string])[];
  /** Directed links of which something was set by hand. */
  readonly links: readonly LinkView[];
  /** Clients and the members that refuse them. */
  readonly refusals: readonly (readonly [string, string])[];
}

export interface LinkView {
  readonly from: string;
  readonly to: string;
  /** What differs from the configuration because it was set. */
  readonly set: Partial<LinkQuality>;
}
