// The recipes' words: what a client may be asked beyond single requests (etcd client/v3/concurrency and
// client/v3/experimental/recipes), what comes of it, and what it tells on its way. Plain data.
//
// `of` and `session` name an earlier recipe call of the same client. Every recipe that holds keys holds them under the
// lease of a session: that of the call named by `session`, else one of its own with time to live `ttl` in seconds
// (default 60). It is kept alive in the background, also when the recipe is done, until it is closed or lost; a session
// of its own is closed together with what was held (unlock, resign, deregister, leave).

import type {Key, Value} from "../../base/key.ts";
import type {LeaseId, Micros, Revision} from "../../base/quantity.ts";

/** Under which lease a recipe holds its keys. */
interface Held {
  /** Seconds. Not with `session`. */
  readonly ttl?: number;
  /** The call of a `session` (or of any recipe that has one), to share it. */
  readonly session?: number;
}

export const isolations = [
  "serializableSnapshot",
  "serializable",
  "repeatableReads",
  "readCommitted",
] as const;

/** stm.ts says what each promises. */
export type Isolation = (typeof isolations)[number];

/** One step of a transaction's body. `add`: the key's decimal number (absent: 0) plus `by`, read and written through the transaction. */
export type StmOp =
  | {readonly kind: "get"; readonly key: Key}
  | {readonly kind: "put"; readonly key: Key; readonly value: Value}
  | {readonly kind: "del"; readonly key: Key}
  | {readonly kind: "add"; readonly key: Key; readonly by: number};

export type RecipeRequest =
  | ({readonly kind: "session"} & Pick<Held, "ttl">)
  /** Stops keeping the session alive; `close` also revokes its lease, so that all its keys go at once. */
  | {readonly kind: "orphan" | "close"; readonly of: number}
  | ({readonly kind: "lock"; readonly name: Key} & Held)
  | ({readonly kind: "tryLock"; readonly name: Key} & Held)
  /** For reading together with others, for writing alone. */
  | ({readonly kind: "rlock" | "wlock"; readonly name: Key} & Held)
  /** Of a call of one of those four. */
  | {readonly kind: "unlock"; readonly of: number}
  /** Whether the key of that lock, campaign or registration is still the one it made: what fences its holder. */
  | {readonly kind: "isOwner"; readonly of: number}
  | ({readonly kind: "campaign"; readonly name: Key; readonly value: Value} & Held)
  | {readonly kind: "proclaim"; readonly of: number; readonly value: Value}
  | {readonly kind: "resign"; readonly of: number}
  | {readonly kind: "leader"; readonly name: Key}
  /** Tells each leader, until it is cancelled. */
  | {readonly kind: "observe"; readonly name: Key}
  | {
      readonly kind: "stm";
      /** Default "serializableSnapshot". */
      readonly isolation?: Isolation;
      /** Only these keys are fetched ahead, in one request. */
      readonly prefetch?: readonly Key[];
      readonly ops: readonly StmOp[];
      /** Micros between the body's end and the commit, for experiments. */
      readonly hold?: Micros;
    }
  /** With a priority (0..65535) into a priority queue. */
  | {readonly kind: "enqueue"; readonly queue: Key; readonly value: Value; readonly priority?: number}
  /** Waits until there is one. */
  | {readonly kind: "dequeue"; readonly queue: Key; readonly priority?: boolean}
  | {readonly kind: "barrierHold" | "barrierRelease" | "barrierWait"; readonly name: Key}
  | ({readonly kind: "enter"; readonly name: Key; readonly count: number} & Held)
  | {readonly kind: "leave"; readonly of: number}
  | ({
      readonly kind: "register";
      readonly service: Key;
      readonly id: Key;
      readonly address: Value;
    } & Held)
  | {readonly kind: "deregister"; readonly of: number}
  /** Tells the list of instances whenever it changes, until it is cancelled. */
  | {readonly kind: "discover"; readonly service: Key}
  /** Primary or standby of a service, until it is cancelled: the primary writes `value` every `beat` micros (default 1 s). */
  | {
      readonly kind: "standby";
      readonly service: Key;
      readonly value: Value;
      readonly ttl?: number;
      readonly beat?: Micros;
    }
  /** Lock `name`, read the counter `key`, wait `hold` micros, write one more, unlock. */
  | {
      readonly kind: "critical";
      readonly name: Key;
      readonly key: Key;
      readonly ttl?: number;
      readonly hold?: Micros;
      /** The write is refused unless the lock is still held. */
      readonly fenced?: boolean;
    };

export type RecipeKind = RecipeRequest["kind"];

/** The request of that kind. */
export type RecipeOf<K extends RecipeKind> = Extract<RecipeRequest, {readonly kind: K}>;

/** A key that is held: it stands while the lease does. `revision`, the one that created it, is the fencing token. */
export interface Holding {
  readonly key: Key;
  readonly revision: Revision;
  readonly lease: LeaseId;
}

export interface Instance {
  readonly id: Key;
  readonly address: Value;
  /** That created its registration. */
  readonly revision: Revision;
}

/** Of the recipes that hold a key until another gives it back. */
export type HoldingResult = {
  readonly kind: "lock" | "tryLock" | "rlock" | "wlock" | "campaign" | "enter" | "register";
} & Holding;

export type RecipeResult =
  | HoldingResult
  | {readonly kind: "session"; readonly lease: LeaseId; readonly ttl: number}
  | {readonly kind: "isOwner"; readonly isOwner: boolean}
  | {readonly kind: "leader"; readonly key: Key; readonly value: Value; readonly revision: Revision}
  | {
      readonly kind: "stm";
      /** What its gets and adds found in the attempt that was committed, in order. */
      readonly reads: readonly {readonly key: Key; readonly value?: Value}[];
      /** Of the commit. */
      readonly revision: Revision;
      readonly attempts: number;
    }
  | {readonly kind: "enqueue"; readonly key: Key; readonly revision: Revision}
  | {readonly kind: "dequeue"; readonly key: Key; readonly value: Value}
  | {
      readonly kind: "critical";
      /** The lock's key and token. */
      readonly key: Key;
      readonly token: Revision;
      readonly read: number;
      /** Absent: the write was refused, since the lock was not held any more. */
      readonly wrote?: number;
      readonly refused: boolean;
    }
  /** The rest only say that they were done. */
  | {
      readonly kind:
        | "orphan"
        | "close"
        | "unlock"
        | "proclaim"
        | "resign"
        | "barrierHold"
        | "barrierRelease"
        | "barrierWait"
        | "leave"
        | "deregister";
    };

/** Why a session's lease is not kept alive any more, though nobody asked for that. */
export type LossReason =
  /** A member answered that there is no such lease. */
  | "expired"
  /** Nobody answered for the lease's time to live, by the client's clock. */
  | "silent"
  /** The member knows no leader, and the client rather stops then (requireLeader). */
  | "noLeader";

/** News of a recipe on its way, or of what it holds. */
export type Told =
  /** It stands behind that key and waits for its deletion (a queue or a barrier: for a put). */
  | {readonly kind: "waits"; readonly key: Key}
  /** It holds its key. */
  | ({readonly kind: "holds"} & Holding)
  /** Its session is gone, as far as the client can know; also after the recipe finished. */
  | {readonly kind: "lost"; readonly lease: LeaseId; readonly reason: LossReason}
  | {readonly kind: "leader"; readonly key: Key; readonly value: Value; readonly revision: Revision}
  /** By id. */
  | {readonly kind: "instances"; readonly instances: readonly Instance[]; readonly revision: Revision}
  | {readonly kind: "primary"; readonly key: Key; readonly token: Revision}
  | {readonly kind: "standby"};
