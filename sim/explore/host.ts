// One member of a space, as a machine with time and disk taken away: it is handed a deed, does all that follows from it at
// once, and says what it sends. raftHost.ts and serverHost.ts are the two kinds.

import type {Hasher} from "../../core/base/hasher.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {PeerMessage} from "../../core/server/peer.ts";

/** What happens to a member. */
export type Deed =
  | {readonly kind: "message"; readonly message: PeerMessage}
  /** Its election timer runs out; a leader's heartbeat is due; a client asks it. */
  | {readonly kind: "timeout" | "heartbeat" | "request"}
  /**
   * The oldest operation of its disk is done. Or the process is gone, with all that is not durable, and at once comes
   * back with what is: to stay down for a while leads nowhere else, for who is down hears nothing and does nothing, and
   * to those that are up that may happen too.
   */
  | {readonly kind: "disk" | "crash"};

export interface Host {
  readonly id: MemberId;
  readonly raft: RawNode;
  /** Counts lives, as far as it makes a difference to how the state machine goes on. */
  readonly incarnation: number;
  /** Operations on their way to the disk, that are done one by one. */
  readonly diskQueue: number;
  fork(): Host;
  /** Returns what is sent to others. Throws when it stops on an assertion. */
  take(deed: Deed): readonly PeerMessage[];
  /** Equal for those that go on equally. */
  digest(into: Hasher): void;
}
