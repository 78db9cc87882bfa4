// What a raft node is told at birth.

import type {MemberId} from "../base/quantity.ts";

export interface RaftConfig {
  readonly id: MemberId;
  /** All voters, ascending; `id` among them. */
  readonly voters: readonly MemberId[];
  /** Ticks without news of a leader before a follower campaigns; the node draws from [electionTicks, 2·electionTicks − 1]. */
  readonly electionTicks: number;
  /** Ticks between a leader's heartbeats; less than electionTicks. */
  readonly heartbeatTicks: number;
  /** Largest number of AppendEntries on the way to one follower in state replicate. */
  readonly inflightMax: number;
  /** Largest sum of entry sizes in one AppendEntries; one entry is always sent. Bytes. */
  readonly messageBytesMax: number;
}
