// Members, their disks, and the messages between them. What happens next is another's choice (schedule.ts); here is what
// each choice does. After each event the touched member is checked, and the cluster.

import type {MemberId} from "../../core/base/quantity.ts";
import {checkState, checkTransition} from "../../core/raft/checks.ts";
import type {ClaimTally} from "../../core/raft/claims.ts";
import {change, decodeConfChange} from "../../core/raft/confChange.ts";
import type {ConfChange} from "../../core/raft/confChange.ts";
import {emptyConfState, isMember} from "../../core/raft/confState.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import type {Entry, Index} from "../../core/raft/entry.ts";
import {noData} from "../../core/raft/entry.ts";
import {genesis} from "../../core/raft/memoryStorage.ts";
import type {Message} from "../../core/raft/message.ts";
import {factsOf} from "../../core/raft/nodeFacts.ts";
import type {NotesOutlet} from "../../core/raft/notes.ts";
import {RawNode} from "../../core/raft/rawNode.ts";
import type {AppendWork} from "../../core/raft/ready.ts";
import type {RaftRules} from "../../core/raft/rules.ts";
import {Disk} from "./disk.ts";
import type {Counters, Feature} from "./features.ts";
import {Host} from "./host.ts";
import type {Luck} from "./luck.ts";
import {Observer} from "./observer.ts";
import type {Settings} from "./settings.ts";

/** More than that, and the network drops the oldest. */
const underWayMax = 60;

export interface Report {
  readonly at: MemberId;
  readonly about: MemberId;
  readonly arrived: boolean;
}

export interface ClusterParts {
  readonly settings: Settings;
  readonly luck: Luck;
  readonly rules: RaftRules;
  readonly features: Counters<Feature>;
  readonly tally?: ClaimTally | undefined;
  readonly notes?: NotesOutlet | undefined;
}

export class Cluster {
  readonly settings: Settings;
  readonly luck: Luck;
  readonly features: Counters<Feature>;
  readonly hosts: readonly Host[];
  readonly observer: Observer;
  /** Under way, oldest first. */
  readonly messages: Message[] = [];
  /** What the transport has yet to tell of snapshots. */
  readonly reports: Report[] = [];
  /** By sender: a bit for each receiver that it does not reach. */
  readonly cuts: number[];
  events = 0;
  private readonly parts: ClusterParts;

  constructor(parts: ClusterParts) {
    this.parts = parts;
    this.settings = parts.settings;
    this.luck = parts.luck;
    this.features = parts.features;
    const {size, conf, startIndex} = this.settings;
    const start = {index: startIndex, term: startIndex === 0 ? 0 : 1, confState: conf, data: noData};
    this.cuts = Array.from({length: size + 1}, () => 0);
    this.hosts = this.settings.configs.map(({id}) => {
      const joins = startIndex > 0 && !isMember(conf, id);
      const disk = new Disk(joins ? genesis(emptyConfState) : start);
      return new Host(id, {disk, node: this.boot(id, disk, startIndex)});
    });
    this.observer = new Observer(this.hosts, start);
  }

  host(id: MemberId): Host {
    const host = this.hosts[id - 1];
    if (host === undefined) throw new Error(`there is no n${id}`);
    return host;
  }

  count(feature: Feature): void {
    this.features.count(feature);
  }

  /** To be called after every call to a host's node. */
  touched(host: Host): void {
    const {node, facts} = host;
    const {tally} = this.parts;
    this.events++;
    checkState(node, tally, facts);
    checkTransition(facts, node, tally);
    if (node.role === "leader") {
      if (facts.role !== "leader") this.count("ledATerm");
    } else if (facts.role === "leader" && facts.term === node.term) this.count("steppedDownInTerm");
    factsOf(node, facts);
    this.observer.after(host);
  }

  // ---- network

  send(message: Message): void {
    if (this.messages.length >= underWayMax) this.lose(0);
    this.messages.push(message);
  }

  lose(position: number): void {
    const message = this.messages.splice(position, 1)[0];
    if (message === undefined) return;
    this.count("dropped");
    this.lost(message);
  }

  isCut({from, to}: Message): boolean {
    return ((this.cuts[from] ?? 0) & (1 << to)) !== 0;
  }

  /** Hands over the message at `position`; the network may keep it, to hand it over once more. */
  deliver(position: number, keep: boolean): void {
    const message = this.messages[position];
    if (message === undefined) return;
    if (!keep) this.messages.splice(position, 1);
    if (this.isCut(message)) {
      this.count("refusedByACut");
      return this.lost(message);
    }
    const host = this.host(message.to);
    if (host.stopped) return;
    host.node.step(message);
    this.touched(host);
    if (message.kind === "InstallSnapshot") {
      this.reports.push({at: message.from, about: message.to, arrived: true});
    }
  }

  private lost(message: Message): void {
    if (message.kind !== "InstallSnapshot") return;
    this.reports.push({at: message.from, about: message.to, arrived: false});
  }

  // ---- a member's own work

  takeReady(host: Host): void {
    const {messages, append, apply, readStates} = host.node.ready();
    for (const read of readStates) {
      if (this.settings.leaseReads) this.count("leaseReadServed");
      else {
        this.observer.served(host, read);
        this.count("readServed");
        if (host.node.role !== "leader") this.count("readServedToFollower");
      }
    }
    host.busy = host.sync;
    if (append !== undefined) host.works.push(append);
    if (apply.length > 0) host.batches.push(apply);
    this.touched(host);
    for (const message of messages) this.send(message);
  }

  /** Does up to `most` operations of the oldest append work, and what may be said once all are done. */
  write(host: Host, most: number): void {
    const work = host.works[0];
    if (work === undefined) return;
    const {disk} = host;
    for (let i = 0; i < most; i++) {
      if (disk.operate(work, host.place)) {
        host.place++;
        continue;
      }
      host.works.shift();
      host.place = 0;
      this.count("workDone");
      this.observer.durableChanged(host);
      return this.release(host, work);
    }
    this.count("workDoneInParts");
    this.observer.durableChanged(host);
    this.events++;
  }

  private release(host: Host, work: AppendWork): void {
    const {node} = host;
    if (!work.mustSync && work.hardState !== undefined) this.count("commitAloneNotSynced");
    if (work.snapshot !== undefined) {
      this.observer.snapshot(host, work.snapshot);
      this.count("snapshotInstalled");
      host.applied = work.snapshot.index;
    }
    for (const message of work.messages) {
      this.observer.says(host, message);
      if (message.to !== host.id) this.send(message);
    }
    if (host.sync) {
      this.events++;
      return;
    }
    for (const message of work.messages) if (message.to === host.id) node.step(message);
    if (work.receipt !== undefined) node.appended(work.receipt);
    this.touched(host);
  }

  /** Applies up to `most` entries of the oldest batch. */
  apply(host: Host, most: number): void {
    const batch = host.batches[0];
    if (batch === undefined) return;
    const {appliesOneByOne} = this.settings;
    for (let i = 0; i < most && host.batchPlace < batch.length; i++) {
      const entry = batch[host.batchPlace++];
      if (entry === undefined) break;
      this.applyEntry(host, entry);
      this.events++;
      if (!appliesOneByOne || host.sync) continue;
      host.node.applied([entry]);
      this.touched(host);
    }
    if (appliesOneByOne) this.count("appliedOneByOne");
    if (host.batchPlace < batch.length) return;
    host.batches.shift();
    host.batchPlace = 0;
    if (host.sync || appliesOneByOne) return;
    host.node.applied(batch);
    this.touched(host);
  }

  advance(host: Host): void {
    host.busy = false;
    host.node.advance();
    this.touched(host);
  }

  private applyEntry(host: Host, entry: Entry): void {
    // A snapshot came meanwhile, and the state machine is beyond this.
    if (entry.index <= host.applied) return;
    this.observer.applied(host, entry, host.applied);
    host.applied = entry.index;
    if (entry.type === "normal") return;
    const asked = decodeConfChange(entry.type, entry.data);
    if (asked === undefined) throw new Error(`entry ${entry.index} is no change of membership`);
    this.observer.configured(host, entry.index, this.applyChange(host, entry, asked));
  }

  /** As etcd's server: a change that the configuration does not allow, by now, is applied as nothing. */
  private applyChange(host: Host, {index}: Entry, asked: ConfChange): ConfState {
    const {node} = host;
    if (node.unstableSnapshot !== undefined) {
      // Raft goes by the snapshot's configuration already, of which this change is a part.
      this.count("changeOlderThanSnapshot");
      const there = change(this.observer.confAt(index - 1), asked);
      return there.ok ? there.value.conf : this.observer.confAt(index - 1);
    }
    const before = node.confState;
    const changed = change(before, asked);
    if (!changed.ok) {
      this.count("changeRefusedWhenApplied");
      return before;
    }
    if (changed.value.renewed.size > 0) this.count("renewed");
    const after = node.applyConfChange(asked);
    this.countChange(host, before, after);
    this.touched(host);
    return after;
  }

  private countChange(host: Host, before: ConfState, after: ConfState): void {
    const wasJoint = before.votersOutgoing.length > 0;
    const isJoint = after.votersOutgoing.length > 0;
    if (isJoint && !wasJoint) this.count("jointEntered");
    if (!isJoint && wasJoint) this.count("jointLeft");
    for (const {id} of this.hosts) {
      const wasMember = isMember(before, id);
      const isNow = isMember(after, id);
      if (wasMember && !isNow) this.count("memberRemoved");
      if (!wasMember && isNow) this.count(after.voters.includes(id) ? "voterAdded" : "learnerAdded");
      if (before.learners.includes(id) && after.voters.includes(id)) this.count("learnerPromoted");
      if (!before.learners.includes(id) && wasMember && after.learners.includes(id))
        this.count("voterDemoted");
    }
    if (host.facts.role === "leader" && isMember(before, host.id) && !isMember(after, host.id)) {
      this.count("leaderRemovedItself");
    }
  }

  // ---- snapshots

  /** Of what the state machine holds now. */
  makeSnapshot(host: Host): void {
    const {disk, applied} = host;
    const {observer} = this;
    if (!disk.make(applied, observer.confAt(applied))) return;
    const made = disk.snapshot();
    if (made !== undefined) observer.snapshot(host, made);
    this.count("snapshotMade");
    this.events++;
  }

  /** Forgets the log up to the latest snapshot but for some entries, and no more than raft knows to be applied. */
  compact(host: Host, behind: number): void {
    const {disk, node} = host;
    const to = Math.min(disk.snapshot()?.index ?? 0, node.lastApplied) - behind;
    if (!disk.compact(to)) return;
    this.count(behind > 0 ? "compactedBehindSnapshot" : "compacted");
    this.touched(host);
  }

  // ---- crashes

  /** The process is gone, and comes back with what its disk kept; the state machine with what it kept of that. */
  crash(host: Host): void {
    const {disk} = host;
    const {unsyncedCount} = disk;
    const kept = this.draw(unsyncedCount);
    if (unsyncedCount > 0) {
      this.count(kept === unsyncedCount ? "crashKeptAll" : kept === 0 ? "crashKeptNothing" : "crashKeptSome");
    }
    if (host.place > 0) this.count("crashWithinWork");
    this.count("crashed");
    disk.crash(kept);
    if (disk.recover()) this.count("termRecoveredFromLog");
    const least = disk.snapshot()?.index ?? 0;
    const most = Math.max(least, host.applied);
    const applied = least + this.draw(most - least);
    if (applied === least) this.count("restartedAtSnapshot");
    else this.count(applied === most ? "restartedAtLastApplied" : "restartedBeyondSnapshot");
    disk.confState = applied === 0 ? disk.firstConfState : this.observer.confAt(applied);
    host.restart(this.boot(host.id, disk, applied), applied);
    checkState(host.node, this.parts.tally);
    this.events++;
    this.observer.restarted(host);
  }

  /** Of 0 to `most`, the two ends as often as all between. */
  private draw(most: number): number {
    const what = this.luck.below(3);
    return what === 0 ? 0 : what === 1 ? most : this.luck.below(most + 1);
  }

  private boot(id: MemberId, disk: Disk, applied: Index): RawNode {
    const {rules, notes, luck} = this.parts;
    const config = this.settings.configs[id - 1];
    if (config === undefined) throw new Error(`n${id} has no configuration`);
    return new RawNode({
      config,
      rules,
      storage: disk,
      draw: (bound) => luck.below(bound),
      applied: applied <= disk.lastIndex ? applied : 0,
      ...(notes === undefined ? {} : {notes}),
    });
  }
}
