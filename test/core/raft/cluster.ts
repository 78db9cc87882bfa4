// Members, disks and one list of messages under way. Every choice is the caller's: what is delivered, in which order,
// what is synced when, who crashes. `settle` makes the ordinary choices until nothing is left to do. After each event
// the touched member is checked: its own claims (checks.ts) and the cluster's (Figure 3).

import type {MemberId} from "../../../core/base/quantity.ts";
import {present} from "../../../core/base/assert.ts";
import {checkState, checkTransition, factsOf} from "../../../core/raft/checks.ts";
import type {NodeFacts} from "../../../core/raft/checks.ts";
import type {ConfChange} from "../../../core/raft/confChange.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import {confState} from "../../../core/raft/confState.ts";
import type {RaftConfig} from "../../../core/raft/config.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import {noData} from "../../../core/raft/entry.ts";
import {MemoryStorage, genesis} from "../../../core/raft/memoryStorage.ts";
import type {Message} from "../../../core/raft/message.ts";
import type {NotesOutlet} from "../../../core/raft/notes.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import type {AppendWork, ReadState} from "../../../core/raft/ready.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";
import {acknowledge, bytes, changeIn, config, log, members, persist, seededDraw} from "./notation.ts";
import {Safety} from "./safety.ts";

export interface ClusterOptions {
  /** Members 1 to `size`; all of them vote, unless there is a `conf`. */
  readonly size: number;
  /** The configuration that all of them begin with, be they in it or not. */
  readonly conf?: ConfState;
  /** Each member's log to start with, as {@link log} takes it. */
  readonly logs?: readonly string[];
  /** The term all start in, or each; else each starts in that of its last entry. */
  readonly term?: number | readonly number[];
  /** Rules of all members, or by member id. */
  readonly rules?: Partial<RaftRules> | ((id: MemberId) => Partial<RaftRules>);
  readonly config?: Partial<RaftConfig> | ((id: MemberId) => Partial<RaftConfig>);
  readonly draw?: (bound: number) => number;
  readonly notes?: NotesOutlet;
  /** False: only Figure 3's claims about the cluster are checked, which come later than those about one member. */
  readonly memberClaims?: boolean;
}

export class Member {
  readonly id: MemberId;
  node: RawNode;
  /** What the node reads: written, though perhaps not synced. */
  storage: MemoryStorage;
  /** What a crash leaves for certain. */
  synced: MemoryStorage;
  /** Append works not done yet, oldest first. */
  readonly works: AppendWork[] = [];
  readonly readStates: ReadState[] = [];
  /** Entries that its store was given and did not apply yet, while it is stalled. */
  readonly waiting: Entry[] = [];
  stalled = false;
  /** Since it was started. */
  applied: Entry[] = [];
  facts: NodeFacts;

  constructor(id: MemberId, storage: MemoryStorage, boot: (storage: MemoryStorage) => RawNode) {
    this.id = id;
    this.storage = storage;
    this.synced = storage.fork();
    this.node = boot(storage);
    this.facts = factsOf(this.node);
  }
}

export class Cluster {
  readonly members: readonly Member[];
  readonly safety = new Safety();
  /** Under way, oldest first. */
  messages: Message[] = [];
  private readonly options: ClusterOptions;
  private readonly draw: (bound: number) => number;
  private readonly cuts = new Set<string>();
  /** What a member was given at a restart, over its configuration of the beginning. */
  private readonly reconfigured = new Map<MemberId, Partial<RaftConfig>>();

  constructor(options: ClusterOptions) {
    this.options = options;
    this.draw = options.draw ?? seededDraw(0);
    const start = genesis(options.conf ?? confState(members(options.size)));
    this.members = members(options.size).map((id, i) => {
      const storage = new MemoryStorage(start);
      const entries = log(options.logs?.[i] ?? "");
      const term = typeof options.term === "object" ? options.term[i] : options.term;
      storage.append(entries);
      storage.setHardState({term: term ?? entries.at(-1)?.term ?? 0, votedFor: 0, commit: 0});
      return new Member(id, storage, (disk) => this.boot(id, disk));
    });
  }

  member(id: MemberId): Member {
    return present(this.members[id - 1], `n${id}`);
  }

  node(id: MemberId): RawNode {
    return this.member(id).node;
  }

  /** Runs `act` on a member's node, and checks what came of it. */
  act(id: MemberId, act: (node: RawNode) => void): void {
    const member = this.member(id);
    act(member.node);
    if (this.options.memberClaims !== false) {
      checkState(member.node);
      checkTransition(member.facts, member.node);
      member.facts = factsOf(member.node);
    }
    this.safety.observe(member.node, this.members);
  }

  /** Takes one Ready: messages go out, append work queues up, entries are applied. Without asynchronous writes all of it is done. */
  takeReady(id: MemberId): void {
    const member = this.member(id);
    const {asyncStorageWrites} = member.node.config;
    this.act(id, (node) => {
      const ready = node.ready();
      this.messages.push(...ready.messages);
      if (asyncStorageWrites) {
        if (ready.append !== undefined) member.works.push(ready.append);
      } else if (ready.append !== undefined) {
        this.persist(member, ready.append);
        this.messages.push(...ready.append.messages.filter(({to}) => to !== id));
      }
      for (const read of ready.readStates) {
        member.readStates.push(read);
        this.safety.readServed(id, read);
      }
      if (member.stalled) member.waiting.push(...ready.apply);
      else this.apply(member, ready.apply);
      if (!asyncStorageWrites) node.advance();
    });
  }

  /** Does the oldest append work, syncs if it must, and only then sends what waited for it. */
  write(id: MemberId): void {
    const member = this.member(id);
    const work = member.works.shift();
    if (work === undefined) return;
    this.persist(member, work);
    this.act(id, (node) => this.messages.push(...acknowledge(work, node)));
  }

  /** Delivers the message at `position` in the list, unless its link is cut. */
  deliver(position: number, keep = false): void {
    const message = present(this.messages[position], `message ${position}`);
    if (!keep) this.messages.splice(position, 1);
    if (this.cuts.has(`${message.from}→${message.to}`)) return;
    this.act(message.to, (node) => node.step(message));
  }

  /** A message that nobody in the cluster sent, or one that comes again. */
  deliverTo(id: MemberId, message: Message): void {
    this.act(id, (node) => node.step(message));
  }

  campaign(id: MemberId): void {
    this.act(id, (node) => node.campaign());
  }

  tick(id: MemberId, count = 1): void {
    for (let i = 0; i < count; i++) this.act(id, (node) => node.tick());
  }

  propose(id: MemberId, ...commands: readonly string[]): void {
    this.act(id, (node) => node.propose(commands.map(bytes)));
  }

  proposeChange(id: MemberId, change: ConfChange): void {
    this.act(id, (node) => node.proposeConfChange(change));
  }

  transfer(from: MemberId, to: MemberId): void {
    this.act(from, (node) => node.transferLeader(to));
  }

  readIndex(id: MemberId, context: number): void {
    this.safety.readAsked(id, context);
    this.act(id, (node) => node.readIndex(context));
  }

  /** The member's store applies nothing until it is resumed. Only with asynchronous writes. */
  stall(id: MemberId): void {
    this.member(id).stalled = true;
  }

  resume(id: MemberId): void {
    const member = this.member(id);
    member.stalled = false;
    this.act(id, () => this.apply(member, member.waiting.splice(0)));
  }

  /** `leader 2`, `follower 2`: what each is, and its term. */
  roles(): readonly string[] {
    return this.members.map(({node}) => `${node.role} ${node.term}`);
  }

  /** Keeps a snapshot of what the member has applied, and forgets its log up to `index`. */
  compact(id: MemberId, index = this.node(id).lastApplied): void {
    const member = this.member(id);
    const {node, storage} = member;
    // The configuration is ahead of what was applied while a received snapshot is on its way to the disk.
    if (node.unstableSnapshot !== undefined) return;
    storage.createSnapshot(node.lastApplied, node.confState, noData);
    storage.compact(index);
    member.synced = storage.fork();
  }

  /** Stops a member and starts it again from what was synced, or, if the disk was kind, from all that was written. */
  restart(id: MemberId, left: "synced" | "written" = "synced", more: Partial<RaftConfig> = {}): void {
    const member = this.member(id);
    member.works.length = 0;
    member.waiting.length = 0;
    member.storage = (left === "synced" ? member.synced : member.storage).fork();
    member.synced = member.storage.fork();
    this.reconfigured.set(id, {...this.reconfigured.get(id), ...more});
    member.node = this.boot(id, member.storage);
    member.applied = [];
    member.facts = factsOf(member.node);
    this.safety.restarted(id, member.node.lastApplied);
  }

  /** Nothing gets from `from` to `to`. */
  cutOneWay(from: MemberId, to: MemberId): void {
    this.cuts.add(`${from}→${to}`);
  }

  cut(a: MemberId, b: MemberId): void {
    this.cutOneWay(a, b);
    this.cutOneWay(b, a);
  }

  isolate(id: MemberId): void {
    for (const other of this.members) if (other.id !== id) this.cut(id, other.id);
  }

  heal(): void {
    this.cuts.clear();
  }

  /** Ready, disk and network, oldest first, until nothing is left to do; the network loses what `loses` says. */
  settle(loses?: (message: Message) => boolean): void {
    for (let rounds = 0; this.round(loses); rounds++) {
      if (rounds === 1000) throw new Error("the cluster never becomes quiet");
    }
  }

  /** Everything that can be done now, once; false if there was nothing. */
  round(loses: (message: Message) => boolean = () => false): boolean {
    let busy = false;
    for (const {id, node, works} of this.members) {
      if (!node.hasReady() && works.length === 0) continue;
      busy = true;
      if (node.hasReady()) this.takeReady(id);
      while (works.length > 0) this.write(id);
    }
    for (let count = this.messages.length; count > 0; count--) {
      busy = true;
      const [oldest] = this.messages;
      if (oldest !== undefined && loses(oldest)) this.messages.shift();
      else this.deliver(0);
    }
    return busy;
  }

  elect(id: MemberId): void {
    this.campaign(id);
    this.settle();
  }

  private boot(id: MemberId, storage: MemoryStorage): RawNode {
    const {rules = {}, config: given = {}, notes} = this.options;
    const own = typeof rules === "function" ? rules(id) : rules;
    const more = typeof given === "function" ? given(id) : given;
    return new RawNode({
      config: config(id, {...more, ...this.reconfigured.get(id)}),
      rules: {...raftRules, ...own},
      storage,
      draw: this.draw,
      notes,
      // The configuration in storage is that of its snapshot.
      applied: storage.snapshot()?.index ?? 0,
    });
  }

  private persist(member: Member, work: AppendWork): void {
    persist(work, member.storage);
    if (work.snapshot !== undefined) this.safety.restored(member.id, work.snapshot);
    if (work.mustSync || work.snapshot !== undefined) member.synced = member.storage.fork();
  }

  private apply({id, node, applied}: Member, entries: readonly Entry[]): void {
    for (const entry of entries) {
      applied.push(entry);
      this.safety.applied(id, entry);
      const change = changeIn(entry);
      if (change !== undefined) this.safety.configured(id, entry.index, node.applyConfChange(change));
    }
    if (entries.length > 0 && node.config.asyncStorageWrites) node.applied(entries);
  }
}
