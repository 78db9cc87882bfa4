// What can be done to a world from outside. Names are resolved: `n2`, `c1`, never "the leader".

import type {Micros} from "../core/base/quantity.ts";
import type {Actor, Point} from "../core/server/io.ts";
import type {DiskOpKind} from "../core/storage/disk.ts";
import type {DiskFault} from "./disk/fault.ts";
import type {LinkQuality} from "./network/quality.ts";
import type {Config, EventId} from "./run.ts";

/** Of a restart: what is another from now on, on this member alone. What is absent stays as it is. */
export interface RestartWith {
  /** A version: names of bugs in the museum. */
  readonly versions?: readonly string[];
  /** Other flags. */
  readonly raft?: Partial<Config["raft"]>;
  readonly store?: Partial<Config["store"]>;
}

export type Action =
  /** Nothing from `from` reaches `to`; both ways unless `oneWay`. What is on the way is lost too (as when a cable is pulled). */
  | {readonly kind: "cut"; readonly from: string; readonly to: string; readonly oneWay?: boolean}
  /** Only within a group do messages pass. Whoever is named in none stays connected to all. */
  | {readonly kind: "split"; readonly groups: readonly (readonly string[])[]}
  /** Undoes cuts and splits: all of them, or those between two. */
  | {readonly kind: "heal"; readonly link?: readonly [string, string]}
  /**
   * From now on what is sent fares so on this link, both ways unless `oneWay`; what is not said stays as it is. Between a
   * client and a member only latency, bandwidth and queue can be set: a stream loses and swaps nothing by itself.
   */
  | {
      readonly kind: "link";
      readonly from: string;
      readonly to: string;
      readonly oneWay?: boolean;
      readonly set: Partial<LinkQuality>;
    }
  /** The link is again as the run's configuration has it. */
  | {
      readonly kind: "link";
      readonly from: string;
      readonly to: string;
      readonly oneWay?: boolean;
      readonly reset: true;
    }
  /**
   * All connections between the two. "reset": they end, what is on the way is lost, and both ends are told. "refuse": until
   * "accept", whatever the client asks of the member, on a connection new or old, is answered by the connection's end.
   */
  | {
      readonly kind: "connection";
      readonly client: string;
      readonly member: string;
      readonly do: "reset" | "refuse" | "accept";
    }
  | {readonly kind: "crash" | "pause" | "resume"; readonly member: string}
  | {readonly kind: "restart"; readonly member: string; readonly with?: RestartWith}
  /** It crashes when it comes to the point for the nth time from now. A crash of any kind disarms it; armed while the member is down, it waits for its next life. */
  | {readonly kind: "crashAt"; readonly member: string; readonly point: Point; readonly nth: number}
  /**
   * It crashes at the nth completion of a disk operation (of the kind `what`, if that is said) from now: before that is done,
   * or after, before it is told. Disarmed likewise.
   */
  | {
      readonly kind: "crashAtDisk";
      readonly member: string;
      readonly nth: number;
      readonly when: "before" | "after";
      readonly what?: DiskOpKind;
    }
  /** From now on the actor's turns take so many times as long, also in later lives; 1 ends it. */
  | {readonly kind: "slow"; readonly member: string; readonly actor: Actor; readonly factor: number}
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
