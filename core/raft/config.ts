// What a raft node is told at birth.

import {assert} from "../base/assert.ts";
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

/** Fails on a configuration that no node can run with. etcd: Config.validate. */
export function validateConfig({
  id,
  voters,
  electionTicks,
  heartbeatTicks,
  inflightMax,
  messageBytesMax,
}: RaftConfig): void {
  assert(voters.includes(id), `n${id} is no voter among ${voters.join(", ")}`);
  for (let i = 0; i < voters.length; i++) {
    const before = voters[i - 1] ?? 0;
    assert((voters[i] ?? 0) > before, `voters are positive ids in ascending order, not ${voters.join(", ")}`);
  }
  assert(heartbeatTicks >= 1, `heartbeatTicks is at least 1, not ${heartbeatTicks}`);
  assert(
    electionTicks > heartbeatTicks,
    `electionTicks ${electionTicks} must be greater than heartbeatTicks ${heartbeatTicks}`,
  );
  assert(inflightMax >= 1, `inflightMax is at least 1, not ${inflightMax}`);
  assert(messageBytesMax >= 0, `messageBytesMax is at least 0, not ${messageBytesMax}`);
}
