// What can be done to a world from outside. Names are resolved: `n2`, `c1`, never "the leader".

import type {Micros} from "../core/base/quantity.ts";
import type {DiskFault} from "./disk/fault.ts";
import type {EventId} from "./run.ts";

export type Action =
  /** Nothing from `from` reaches `to`; both ways unless `oneWay`. What is on the way is lost too (as when a cable is pulled). */
  | {readonly kind: "cut"; readonly from: string; readonly to: string; readonly oneWay?: boolean}
  /** Only within a group do messages pass. Whoever is named in none stays connected to all. */
  | {readonly kind: "split"; readonly groups: readonly (readonly string[])[]}
  /** Undoes cuts and splits: all of them, or those between two. */
  | {readonly kind: "heal"; readonly link?: readonly [string, string]}
  | {readonly kind: "crash" | "restart" | "pause" | "resume"; readonly member: string}
  /** The same for a client: what arrives waits, its time passes without it. */
  | {readonly kind: "pauseClient" | "resumeClient"; readonly client: string}
  /** The clock of a member or client runs at another rate from now on: micros per second of true time. */
  | {readonly kind: "clock"; readonly who: string; readonly rate: number}
  /** It jumps ahead. */
  | {readonly kind: "jump"; readonly who: string; readonly by: Micros}
  /** Its election timer runs out now. */
  | {readonly kind: "timeout"; readonly member: string}
  /** A client asks, in the language of etcdctl (core/client/command.ts). `as` names the operation for expectations. */
  | {
      readonly kind: "client";
      readonly client: string;
      readonly op: string;
      readonly as?: string;
      readonly to?: string;
    }
  /**
   * One message on the way, by the event that would deliver it. A forwarded proposal cannot be duplicated: nothing in
   * Raft tells its second coming from another proposal, so a sound cluster would apply a put twice; etcd's transport
   * (TCP) never does that.
   */
  | {
      readonly kind: "message";
      readonly event: EventId;
      readonly do: "drop" | "duplicate" | "hold" | "release";
    }
  | {readonly kind: "message"; readonly event: EventId; readonly do: "delay"; readonly by: Micros}
  /** From now on, between members. */
  | {readonly kind: "loss"; readonly perMillion: number}
  /** Something goes wrong with a member's disk, or it is mended (disk/fault.ts). */
  | {readonly kind: "disk"; readonly member: string; readonly fault: DiskFault}
  /** Changes nothing: a step that only waited. It names a moment, and what the scenario bound there. */
  | {readonly kind: "mark"}
  /** One draw fixed by hand. */
  | {readonly kind: "pin"; readonly stream: string; readonly n: number; readonly value: number};

export type ActionKind = Action["kind"];
