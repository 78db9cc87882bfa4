// What a raft node is told at birth. Who is in the cluster is not told: it is in the storage (confState.ts).

import {assert} from "../base/assert.ts";
import {integerMax} from "../base/quantity.ts";
import type {MemberId} from "../base/quantity.ts";

export interface RaftConfig {
  readonly id: MemberId;
  /** Ticks without news of a leader before a follower campaigns; the node draws from [electionTicks, 2·electionTicks − 1]. */
  readonly electionTicks: number;
  /** Ticks between a leader's heartbeats; less than electionTicks. */
  readonly heartbeatTicks: number;
  /** Ask before campaigning, so that a member that cannot win does not disturb. thesis §9.6. */
  readonly preVote: boolean;
  /** A leader without answers from a quorum for electionTicks steps down, and while one is heard of nobody else is voted for. thesis §6.2, §4.2.3. */
  readonly checkQuorum: boolean;
  /** `leaseBased` answers reads at once, trusting clocks and the vote lease. It can return stale data: see the README. */
  readonly readOnly: "safe" | "leaseBased";
  /** A follower refuses proposals instead of handing them to the leader. */
  readonly disableProposalForwarding: boolean;
  /** Lets changes of membership into the log that look wrong to the leader's applied configuration. */
  readonly disableConfChangeValidation: boolean;
  /** A leader that applies its own removal or demotion becomes a follower. thesis §4.2.2. */
  readonly stepDownOnRemoval: boolean;
  /** Hand out work with receipts, instead of one Ready at a time that ends with `advance`. */
  readonly asyncStorageWrites: boolean;
  /** Largest number of AppendEntries on the way to one follower in state replicate. */
  readonly inflightMax: number;
  /** Largest sum of payload bytes on the way to one follower in state replicate (may be passed by one message); 0: no limit. */
  readonly inflightBytesMax: number;
  /** Largest sum of encoded entry bytes in one AppendEntries; one entry is always sent. */
  readonly messageBytesMax: number;
  /** Largest sum of payload bytes that are proposed and not committed; a proposal into an empty tail is always taken. 0: no limit. */
  readonly uncommittedBytesMax: number;
  /** Largest sum of encoded entry bytes handed out to be applied and not acknowledged. 0: as messageBytesMax. */
  readonly applyingBytesMax: number;
}

/** What a node does unless told otherwise: as etcd's library, without limits. */
export const raftDefaults: Omit<RaftConfig, "id"> = {
  electionTicks: 10,
  heartbeatTicks: 1,
  preVote: false,
  checkQuorum: false,
  readOnly: "safe",
  disableProposalForwarding: false,
  disableConfChangeValidation: false,
  stepDownOnRemoval: false,
  asyncStorageWrites: true,
  inflightMax: 256,
  inflightBytesMax: 0,
  messageBytesMax: integerMax,
  uncommittedBytesMax: 0,
  applyingBytesMax: 0,
};

/** Fails on a configuration that no node can run with. etcd: Config.validate. */
export function validateConfig(config: RaftConfig): void {
  const {id, electionTicks, heartbeatTicks, inflightMax, inflightBytesMax, messageBytesMax} = config;
  assert(Number.isSafeInteger(id) && id > 0, `an id is a positive integer, not ${id}`);
  assert(heartbeatTicks >= 1, `heartbeatTicks is at least 1, not ${heartbeatTicks}`);
  assert(
    electionTicks > heartbeatTicks,
    `electionTicks ${electionTicks} must be greater than heartbeatTicks ${heartbeatTicks}`,
  );
  assert(inflightMax >= 1, `inflightMax is at least 1, not ${inflightMax}`);
  assert(messageBytesMax >= 0, `messageBytesMax is at least 0, not ${messageBytesMax}`);
  assert(
    inflightBytesMax === 0 || inflightBytesMax >= messageBytesMax,
    `inflightBytesMax ${inflightBytesMax} is 0 or at least messageBytesMax ${messageBytesMax}`,
  );
  assert(
    config.uncommittedBytesMax >= 0,
    `uncommittedBytesMax is at least 0, not ${config.uncommittedBytesMax}`,
  );
  assert(config.applyingBytesMax >= 0, `applyingBytesMax is at least 0, not ${config.applyingBytesMax}`);
  assert(config.readOnly === "safe" || config.checkQuorum, "readOnly leaseBased needs checkQuorum");
}
