// What a schedule is played with: everything that is drawn once, from the seed alone.

import type {MemberId} from "../../core/base/quantity.ts";
import {integerMax} from "../../core/base/quantity.ts";
import type {RaftConfig} from "../../core/raft/config.ts";
import {raftDefaults} from "../../core/raft/config.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import {confState} from "../../core/raft/confState.ts";
import type {Luck} from "./luck.ts";

/** What may be done in one event. */
export const actions = [
  "deliver",
  "work",
  "tick",
  "propose",
  "read",
  "campaign",
  "duplicate",
  "drop",
  "transfer",
  "forget",
  "change",
  "unreachable",
  "report",
  "compact",
  "crash",
  "cut",
  "coup",
  "heal",
  "calm",
] as const;

export type Action = (typeof actions)[number];

/** How often each, before the seed bends it. */
const usual: Readonly<Record<Action, number>> = {
  deliver: 160,
  work: 160,
  tick: 48,
  propose: 24,
  read: 16,
  campaign: 2,
  duplicate: 6,
  drop: 6,
  transfer: 2,
  forget: 2,
  change: 7,
  unreachable: 3,
  report: 5,
  compact: 7,
  crash: 4,
  cut: 4,
  coup: 1,
  heal: 3,
  calm: 5,
};

const always: ReadonlySet<Action> = new Set<Action>(["deliver", "work", "tick", "propose", "heal", "calm"]);

export interface Settings {
  readonly size: number;
  readonly conf: ConfState;
  readonly configs: readonly RaftConfig[];
  /** Voters begin with a snapshot at this index and nobody else with anything; 0: all begin with an empty log and know who votes. */
  readonly startIndex: number;
  /** Without asyncStorageWrites: whether messages are taken between a Ready and its `advance`, as etcd's Node does. */
  readonly interleaved: boolean;
  /** Each entry is acknowledged as applied by itself, not its whole batch. */
  readonly appliesOneByOne: boolean;
  /** How fast each member's clock goes. */
  readonly clocks: readonly number[];
  readonly clockSum: number;
  /** Actions, as often as they are to be drawn. */
  readonly draws: readonly Action[];
  /** Whose disk takes its time; 0: nobody's. */
  readonly slowDisk: MemberId;
  /** Largest payload of a proposal. */
  readonly dataMax: number;
  /** How many of 8 deliveries take the oldest message. */
  readonly orderly: number;
  readonly leaseReads: boolean;
  /** Whether the schedule ends with a healed cluster that must commit. */
  readonly heals: boolean;
}

export function drawSettings(luck: Luck): Settings {
  const size = 3 + luck.below(5);
  const voters = Math.max(1, Math.min(size, luck.once(1, 10) ? 1 : luck.once(1, 8) ? 2 : 3 + luck.below(3)));
  const ids = Array.from({length: size}, (_, i) => i + 1);
  const learners = luck.once(1, 3) ? ids.slice(voters, voters + 1) : [];
  const common = drawConfig(luck);
  const mixed = luck.once(1, 5);
  const configs = ids.map((id) => ({...(mixed ? mix(luck, common) : common), id}));
  const clocks = ids.map(() => (luck.once(1, 2) ? 4 : 1 + luck.below(8)));
  return {
    size,
    conf: confState(ids.slice(0, voters), learners),
    configs,
    startIndex: luck.once(1, 3) ? 3 + luck.below(3) : 0,
    interleaved: luck.once(1, 2),
    appliesOneByOne: luck.once(1, 2),
    clocks,
    clockSum: clocks.reduce((sum, speed) => sum + speed, 0),
    draws: drawActions(luck),
    slowDisk: luck.once(1, 3) ? 1 + luck.below(size) : 0,
    dataMax: luck.pick([0, 4, 12, 40]),
    orderly: luck.pick([8, 7, 6, 4, 0]),
    leaseReads: common.readOnly === "leaseBased",
    heals: luck.once(1, 4) && !mayStrand(configs),
  };
}

/** Each of the optional actions is left out, usual, or frequent. */
function drawActions(luck: Luck): readonly Action[] {
  const draws: Action[] = [];
  for (const action of actions) {
    const bend = always.has(action) ? 1 : luck.pick([0, 0.5, 1, 1, 2, 4]);
    const times = Math.ceil(usual[action] * bend);
    for (let i = 0; i < times; i++) draws.push(action);
  }
  return draws;
}

function drawConfig(luck: Luck): RaftConfig {
  const electionTicks = 3 + luck.below(8);
  const checkQuorum = luck.once(1, 2);
  const messageBytesMax = luck.pick([0, 12, 30, 100, integerMax]);
  const inflightBytesMax = luck.pick([0, 0, Math.max(messageBytesMax, 1 + luck.below(60))]);
  return {
    ...raftDefaults,
    id: 1,
    electionTicks,
    heartbeatTicks: 1 + luck.below(Math.min(3, electionTicks - 1)),
    preVote: luck.once(1, 2),
    checkQuorum,
    readOnly: checkQuorum && luck.once(1, 5) ? "leaseBased" : "safe",
    disableProposalForwarding: luck.once(1, 4),
    stepDownOnRemoval: luck.once(1, 2),
    asyncStorageWrites: luck.once(5, 8),
    inflightMax: luck.pick([1, 2, 3, 5, 256]),
    messageBytesMax,
    inflightBytesMax: messageBytesMax === integerMax ? luck.pick([0, integerMax]) : inflightBytesMax,
    uncommittedBytesMax: luck.pick([0, 0, 20, 80]),
    applyingBytesMax: luck.pick([0, 1, 20, 60, 1000]),
  };
}

/** A member of a cluster that is being reconfigured: some flags are its own. */
function mix(luck: Luck, common: RaftConfig): RaftConfig {
  const checkQuorum = common.readOnly === "leaseBased" || luck.once(1, 2);
  return {
    ...common,
    checkQuorum,
    preVote: luck.once(1, 2),
    asyncStorageWrites: luck.once(1, 2),
    stepDownOnRemoval: luck.once(1, 2),
    disableProposalForwarding: luck.once(1, 4),
  };
}

/**
 * Whether a member may campaign in ever higher terms that nobody looks at: others go by a leader's lease, and it does not
 * answer that leader's lower term. As in etcd; those who turn on checkQuorum everywhere are spared it.
 */
function mayStrand(configs: readonly RaftConfig[]): boolean {
  const leases = configs.some(({checkQuorum}) => checkQuorum);
  return leases && configs.some(({checkQuorum, preVote}) => !checkQuorum && !preVote);
}

export function isMixed({configs}: Settings): boolean {
  return configs.some(({asyncStorageWrites}) => asyncStorageWrites !== configs[0]?.asyncStorageWrites);
}

export function nameOf(member: MemberId): string {
  return `n${member}`;
}
