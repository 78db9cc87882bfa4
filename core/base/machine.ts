// A machine takes one input and returns what should happen (law 3). The server, the bare raft node and the client are
// machines: synchronous, with no clock, no luck and no I/O of their own.

import type {Hasher} from "./hasher.ts";
import type {Micros} from "./quantity.ts";

export interface Machine<Input, Effect> {
  /** Takes one input at `now`, by this member's own monotonic clock. The effects are independent of each other. */
  handle(input: Input, now: Micros): readonly Effect[];
  /** When it wants a wake, if it does. Asked after every `handle`. */
  deadline(): Micros | undefined;
  /** An independent twin; structure is shared, behaviour is not. */
  fork(): this;
  /** Canonical: equal behaviour, equal bytes. Ids sorted, no statistics, no absolute time. */
  digest(into: Hasher): void;
}
