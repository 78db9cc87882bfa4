// Members, disks and one list of messages under way. Every choice is the caller's: what is delivered, in which order,
// what is synced when, who crashes. `settle` makes the ordinary choices until nothing is left to do. After each event
// the touched member is checked: its own claims (checks.ts) and the cluster's (Figure 3).

import type {MemberId} from "../../../core/base/quantity.ts";
import {present} from "../../../core/base/assert.ts";
import {checkState, checkTransition, factsOf} from "../../../core/raft/checks.ts";
import type {NodeFacts} from "../../../core/raft/checks.ts";
import type {RaftConfig} from "../../../core/raft/config.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import {MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import type {Message} from "../../../core/raft/message.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import type {AppendWork, ReadState} from "../../../core/raft/ready.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";
import {bytes, config, log, seededDraw} from "./notation.ts";
import {Safety} from "./safety.ts";

export interface ClusterOptions {
  readonly size: number;
  /** Each member's log to start with, as {@link log} takes it. */
  readonly logs?: readonly string[];
  /** The term all start in; else each starts in that of its last entry. */
  readonly term?: number;
  /** Rules of all members, or by member id. */
  readonly rules?: Partial<RaftRules> | ((id: MemberId) => Partial<RaftRules>);
  readonly config?: Partial<RaftConfig>;
  readonly draw?: (bound: number) => number;
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

  constructor(options: ClusterOptions) {
    this.options = options;
    this.draw = options.draw ?? seededDraw(0);
    this.members = Array.from({length: options.size}, (_, i) => {
      const storage = new MemoryStorage();
      const entries = log(options.logs?.[i] ?? "");
      storage.append(entries);
      storage.setHardState({term: options.term ?? entries.at(-1)?.term ?? 0, votedFor: 0, commit: 0});
      return new Member(i + 1, storage, (disk) => this.boot(i + 1, disk));
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
    checkState(member.node);
    checkTransition(member.facts, member.node);
    member.facts = factsOf(member.node);
    this.safety.observe(member.node, this.members);
  }

  /** Takes one Ready: messages go out, append work queues up, entries are applied. */
  takeReady(id: MemberId): void {
    const member = this.member(id);
    this.act(id, (node) => {
      const {messages, append, apply, readStates} = node.ready();
      this.messages.push(...messages);
      if (append !== undefined) member.works.push(append);
      for (const entry of apply) {
        member.applied.push(entry);
        this.safety.applied(id, entry);
      }
      const last = apply.at(-1);
      if (last !== undefined) node.applied(last.index);
      for (const read of readStates) {
        member.readStates.push(read);
        this.safety.readServed(id, read);
      }
    });
  }

  /** Does the oldest append work, syncs if it must, and only then sends what waited for it. */
  write(id: MemberId): void {
    const member = this.member(id);
    const work = member.works.shift();
    if (work === undefined) return;
    if (work.hardState !== undefined) member.storage.setHardState(work.hardState);
    member.storage.append(work.entries);
    if (work.mustSync) member.synced = member.storage.fork();
    this.messages.push(...work.messages);
    this.act(id, (node) => node.appended(work.receipt));
  }

  /** Delivers the message at `position` in the list, unless its link is cut. */
  deliver(position: number, keep = false): void {
    const message = present(this.messages[position], `message ${position}`);
    if (!keep) this.messages.splice(position, 1);
    if (this.cuts.has(`${message.from}→${message.to}`)) return;
    this.act(message.to, (node) => node.step(message));
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

  readIndex(id: MemberId, context: number): void {
    this.safety.readAsked(id, context);
    this.act(id, (node) => node.readIndex(context));
  }

  /** Stops a member and starts it again from what was synced, or, if the disk was kind, from all that was written. */
  restart(id: MemberId, left: "synced" | "written" = "synced"): void {
    const member = this.member(id);
    member.works.length = 0;
    member.storage = (left === "synced" ? member.synced : member.storage).fork();
    member.synced = member.storage.fork();
    member.node = this.boot(id, member.storage);
    member.applied = [];
    member.facts = factsOf(member.node);
    this.safety.restarted(id);
  }

  cut(a: MemberId, b: MemberId): void {
    this.cuts.add(`${a}→${b}`);
    this.cuts.add(`${b}→${a}`);
  }

  isolate(id: MemberId): void {
    for (const other of this.members) if (other.id !== id) this.cut(id, other.id);
  }

  heal(): void {
    this.cuts.clear();
  }

  /** Ready, disk and network, oldest first, until nothing is left to do; the network loses what `loses` says. */
  settle(loses: (message: Message) => boolean = () => false): void {
    for (let quiet = false; !quiet;) {
      quiet = true;
      for (const {id, node, works} of this.members) {
        if (!node.hasReady() && works.length === 0) continue;
        quiet = false;
        if (node.hasReady()) this.takeReady(id);
        while (works.length > 0) this.write(id);
      }
      for (let count = this.messages.length; count > 0; count--) {
        quiet = false;
        const [oldest] = this.messages;
        if (oldest !== undefined && loses(oldest)) this.messages.shift();
        else this.deliver(0);
      }
    }
  }

  elect(id: MemberId): void {
    this.campaign(id);
    this.settle();
  }

  private boot(id: MemberId, storage: MemoryStorage): RawNode {
    const {rules = {}, size} = this.options;
    const own = typeof rules === "function" ? rules(id) : rules;
    return new RawNode({
      config: config(id, size, this.options.config),
      rules: {...raftRules, ...own},
      storage,
      draw: this.draw,
    });
  }
}
