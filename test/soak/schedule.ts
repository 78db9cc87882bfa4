// One schedule: settings and a row of events, all from one seed. Event i draws from (seed, i) alone, so that a schedule
// from which events are left out is one too: that is how a failure is made smaller.

import {noMember} from "../../core/base/quantity.ts";
import type {ClaimTally} from "../../core/raft/claims.ts";
import type {NotesOutlet} from "../../core/raft/notes.ts";
import type {RaftRules} from "../../core/raft/rules.ts";
import {raftRules} from "../../core/raft/rules.ts";
import {Cluster} from "./cluster.ts";
import {changeAt, proposalAt} from "./clients.ts";
import type {Counters, Feature} from "./features.ts";
import type {Host} from "./host.ts";
import {requireProgress} from "./liveness.ts";
import {Luck} from "./luck.ts";
import {drawSettings, isMixed} from "./settings.ts";
import type {Action, Settings} from "./settings.ts";

export const scheduleLength = 560;

export interface ScheduleOptions {
  readonly seed: number;
  readonly features: Counters<Feature>;
  /** How many events are drawn. */
  readonly length?: number;
  /** Which of them happen; all, if it is not told. */
  readonly keep?: readonly number[] | undefined;
  readonly rules?: Partial<RaftRules>;
  readonly tally?: ClaimTally | undefined;
  readonly notes?: NotesOutlet | undefined;
  /** Told before each event. */
  readonly onEvent?: (event: number, action: Action, cluster: Cluster) => void;
}

/** Plays a schedule; throws when something is broken. */
export function playSchedule(options: ScheduleOptions): Cluster {
  const {seed, features, length = scheduleLength, keep, rules, tally, notes, onEvent} = options;
  const luck = new Luck();
  luck.begin(seed, -1);
  const settings = drawSettings(luck);
  const cluster = new Cluster({settings, luck, features, tally, notes, rules: {...raftRules, ...rules}});
  countSettings(settings, features);
  const player = new Player(cluster);
  const count = keep?.length ?? length;
  for (let i = 0; i < count; i++) {
    const event = keep === undefined ? i : (keep[i] ?? 0);
    luck.begin(seed, event);
    const action = player.draw();
    onEvent?.(event, action, cluster);
    player.play(action);
  }
  cluster.observer.recheck();
  if (settings.heals) {
    luck.begin(seed, -2);
    requireProgress(cluster);
  }
  return cluster;
}

function countSettings(settings: Settings, features: Counters<Feature>): void {
  const [first] = settings.configs;
  if (first === undefined) return;
  const mixed = isMixed(settings);
  features.count(mixed ? "mixedSchedule" : first.asyncStorageWrites ? "asyncSchedule" : "syncSchedule");
  if (settings.interleaved && (mixed || !first.asyncStorageWrites))
    features.count("stepsBetweenReadyAndAdvance");
  if (first.preVote) features.count("preVote");
  if (first.checkQuorum) features.count("checkQuorum");
  if (settings.leaseReads) features.count("leaseReads");
  if (first.disableProposalForwarding) features.count("noProposalForwarding");
  if (first.stepDownOnRemoval) features.count("stepDownOnRemoval");
  if (settings.slowDisk > 0) features.count("slowDisk");
  if (settings.startIndex > 0) features.count("beginsWithASnapshot");
  if (settings.conf.voters.length === 1) features.count("singleVoter");
}

/** In a quiet time only these happen, and messages arrive in order. */
const quiet: readonly Action[] = [
  "deliver",
  "deliver",
  "deliver",
  "work",
  "work",
  "work",
  "tick",
  "propose",
  "read",
];

class Player {
  private readonly cluster: Cluster;
  private readonly luck: Luck;
  /** Events that are left of a quiet time. */
  private calm = 40;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.luck = cluster.luck;
  }

  draw(): Action {
    if (this.calm === 0) return this.luck.pick(this.cluster.settings.draws);
    this.calm--;
    return this.luck.pick(quiet);
  }

  // oxlint-disable-next-line max-lines-per-function -- one case per action
  play(action: Action): void {
    switch (action) {
      case "deliver":
        return this.deliver();
      case "work":
        return this.work();
      case "tick":
        return this.tick();
      case "propose":
        return this.propose();
      case "read":
        return this.read();
      case "campaign":
        return this.act("campaignedByHand", (host) => host.node.campaign());
      case "duplicate":
        return this.duplicate();
      case "drop":
        return this.cluster.lose(this.anyMessage());
      case "transfer":
        return this.transfer();
      case "forget":
        return this.act("forgotLeader", (host) => host.node.forgetLeader());
      case "change":
        return this.change();
      case "unreachable":
        return this.unreachable();
      case "report":
        return this.report();
      case "compact":
        return this.compact();
      case "crash":
        return this.crash();
      case "cut":
        return this.cut();
      case "coup":
        return this.coup();
      case "heal":
        this.cluster.cuts.fill(0);
        return this.cluster.count("healed");
      case "calm":
        this.calm = 10 + this.luck.below(60);
        if (this.luck.once(1, 2)) this.cluster.cuts.fill(0);
    }
  }

  private anyHost(): Host {
    return this.luck.pick(this.cluster.hosts);
  }

  /** A host that may be spoken to now. Without interleaving, one in the middle of a Ready may not. */
  private freeHost(): Host | undefined {
    const host = this.anyHost();
    return this.mayTake(host) ? host : undefined;
  }

  private mayTake(host: Host): boolean {
    return !host.busy || this.cluster.settings.interleaved;
  }

  /** Mostly one that leads, if any does. */
  private leadingHost(): Host | undefined {
    if (this.luck.once(1, 4)) return this.freeHost();
    const {hosts} = this.cluster;
    const from = this.luck.below(hosts.length);
    for (let i = 0; i < hosts.length; i++) {
      const host = hosts[(from + i) % hosts.length];
      if (host?.node.role === "leader" && this.mayTake(host)) return host;
    }
    return this.freeHost();
  }

  private act(feature: Feature, act: (host: Host) => void): void {
    const host = this.freeHost();
    if (host === undefined) return;
    act(host);
    this.cluster.touched(host);
    this.cluster.count(feature);
  }

  private anyMessage(): number {
    return this.luck.below(Math.max(1, this.cluster.messages.length));
  }

  private deliver(): void {
    const {cluster, luck} = this;
    const {messages, settings} = cluster;
    if (messages.length === 0) return this.work();
    const inOrder = this.calm > 0 || luck.once(settings.orderly, 8);
    const position = inOrder ? 0 : this.anyMessage();
    this.hand(position, false, inOrder);
  }

  private hand(position: number, keep: boolean, inOrder: boolean): void {
    const {cluster} = this;
    const message = cluster.messages[position];
    if (message === undefined) return;
    const host = cluster.host(message.to);
    if (!this.mayTake(host)) return this.workOf(host);
    cluster.count(keep ? "duplicated" : inOrder ? "deliveredInOrder" : "deliveredOutOfOrder");
    cluster.deliver(position, keep);
  }

  private duplicate(): void {
    this.hand(this.anyMessage(), true, false);
  }

  private work(): void {
    const {hosts} = this.cluster;
    const from = this.luck.below(hosts.length);
    for (let i = 0; i < hosts.length; i++) {
      const host = hosts[(from + i) % hosts.length];
      if (host?.hasWork === true) return this.workOf(host);
    }
    this.tick();
  }

  /** One of the things that a host has to do. */
  private workOf(host: Host): void {
    const {cluster, luck} = this;
    const {works, batches} = host;
    const most = luck.once(1, 3) ? 1 + luck.below(3) : 1000;
    if (host.sync) {
      if (works.length > 0) return cluster.write(host, most);
      if (batches.length > 0) return cluster.apply(host, most);
      if (host.busy) return cluster.advance(host);
      if (host.node.hasReady()) cluster.takeReady(host);
      return;
    }
    const first = luck.below(3);
    const waits = host.id === cluster.settings.slowDisk && this.calm === 0 && luck.once(9, 10);
    for (let i = 0; i < 3; i++) {
      const what = (first + i) % 3;
      if (what === 0 && host.node.hasReady()) return cluster.takeReady(host);
      if (what === 1 && works.length > 0 && !waits) return cluster.write(host, most);
      if (what === 2 && batches.length > 0) return cluster.apply(host, most);
    }
  }

  private tick(): void {
    const {cluster, luck} = this;
    const {clocks, clockSum} = cluster.settings;
    let at = luck.below(clockSum);
    let id = 0;
    while (at >= 0) at -= clocks[id++] ?? 1;
    const host = cluster.host(id);
    if (!this.mayTake(host)) return this.workOf(host);
    const {electionTicks} = host.node.config;
    // Time goes by faster for those who hear of no leader: nothing else would happen.
    const {leader} = host.node;
    const idle = leader === noMember || ((cluster.cuts[leader] ?? 0) & (1 << id)) !== 0;
    const most = idle ? electionTicks : this.calm === 0 && luck.once(1, 8) ? 2 * electionTicks : 1;
    const ticks = 1 + luck.below(most);
    for (let i = 0; i < ticks; i++) {
      host.node.tick();
      cluster.touched(host);
    }
    cluster.count(ticks > 1 ? "tickedAtOnce" : "ticked");
  }

  private propose(): void {
    const {cluster, luck} = this;
    const host = this.leadingHost();
    if (host === undefined) return;
    const count = luck.once(1, 4) ? 1 + luck.below(4) : 1;
    const proposals = Array.from({length: count}, () => proposalAt(luck.below(cluster.settings.dataMax + 1)));
    const {ok} = host.node.propose(proposals);
    cluster.touched(host);
    cluster.count(ok ? "proposed" : "proposalRefused");
    if (count > 1) cluster.count("proposalsInOne");
  }

  private read(): void {
    const {cluster} = this;
    const host = this.leadingHost();
    if (host === undefined) return;
    host.node.readIndex(cluster.observer.read());
    cluster.touched(host);
    cluster.count("readAsked");
  }

  private transfer(): void {
    const {cluster, luck} = this;
    const host = this.leadingHost();
    if (host === undefined) return;
    cluster.count(host.node.role === "leader" ? "transferAsked" : "transferAskedOfFollower");
    host.node.transferLeader(1 + luck.below(cluster.hosts.length));
    cluster.touched(host);
  }

  private change(): void {
    const {cluster, luck} = this;
    const host = this.leadingHost();
    if (host === undefined) return;
    const [feature, asked] = changeAt(luck, cluster.hosts.length, host.node.confState);
    host.node.proposeConfChange(asked);
    cluster.touched(host);
    cluster.count(feature);
  }

  private unreachable(): void {
    const {cluster, luck} = this;
    const host = this.leadingHost();
    if (host === undefined) return;
    host.node.reportUnreachable(1 + luck.below(cluster.hosts.length));
    cluster.touched(host);
    cluster.count("unreachableReported");
  }

  /** What the transport tells of a snapshot; that may be lost, or wrong. */
  private report(): void {
    const {cluster, luck} = this;
    const report = cluster.reports.shift();
    if (report === undefined) return;
    const host = cluster.host(report.at);
    if (luck.once(1, 8) || !this.mayTake(host)) return cluster.count("snapshotReportLost");
    const wrong = luck.once(1, 8);
    const arrived = report.arrived !== wrong;
    if (wrong) cluster.count("snapshotReportedWrongly");
    cluster.count(arrived ? "snapshotReportedArrived" : "snapshotReportedFailed");
    host.node.reportSnapshot(report.about, arrived ? "arrived" : "failed");
    cluster.touched(host);
  }

  /** The state machine makes a snapshot of itself, and the log before it may go, or a part of that. */
  private compact(): void {
    const {cluster, luck} = this;
    const host = this.leadingHost();
    if (host === undefined) return;
    cluster.makeSnapshot(host);
    cluster.compact(host, luck.once(1, 3) ? luck.below(4) : 0);
  }

  /** A leader is cut off and does not know it, while another member campaigns, and things go quietly from there. */
  private coup(): void {
    const {cluster, luck} = this;
    const {cuts, hosts} = cluster;
    const old = this.leadingHost();
    const next = this.freeHost();
    if (old === undefined || next === undefined || old === next) return;
    for (const {id} of hosts) {
      if (id === old.id) continue;
      cuts[old.id] = (cuts[old.id] ?? 0) | (1 << id);
      cuts[id] = (cuts[id] ?? 0) | (1 << old.id);
    }
    const ticks = luck.below(2 * next.node.config.electionTicks);
    for (let i = 0; i < ticks; i++) {
      next.node.tick();
      cluster.touched(next);
    }
    next.node.campaign();
    cluster.touched(next);
    cluster.count("leaderCutOff");
    this.calm = 20 + luck.below(60);
  }

  /** Mostly of one whose disk has not yet settled everything, if there is one. */
  private crash(): void {
    const {cluster, luck} = this;
    const {hosts} = cluster;
    if (luck.once(2, 3)) {
      const from = luck.below(hosts.length);
      for (let i = 0; i < hosts.length; i++) {
        const host = hosts[(from + i) % hosts.length];
        if (host !== undefined && host.disk.unsyncedCount > 0) return cluster.crash(host);
      }
    }
    cluster.crash(this.anyHost());
  }

  private cut(): void {
    const {cluster, luck} = this;
    const {cuts, hosts} = cluster;
    const {id} = luck.once(1, 2) ? (this.leadingHost() ?? this.anyHost()) : this.anyHost();
    const bothWays = luck.once(1, 2);
    const all = luck.once(1, 2);
    const other = 1 + luck.below(hosts.length);
    for (let peer = 1; peer <= hosts.length; peer++) {
      if (peer === id || (!all && peer !== other)) continue;
      cuts[id] = (cuts[id] ?? 0) | (1 << peer);
      if (bothWays) cuts[peer] = (cuts[peer] ?? 0) | (1 << id);
    }
    cluster.count(bothWays ? "cutBothWays" : "cutOneWay");
  }
}
