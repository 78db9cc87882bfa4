// A bare raft node whose storage is done in one step: what a Ready asks for is written, said and applied before anything
// else happens. So a crash loses what is volatile (role, votes, what leaders know of the others) and nothing more.

import {Hasher} from "../../core/base/hasher.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import {raftDefaults} from "../../core/raft/config.ts";
import type {RaftConfig} from "../../core/raft/config.ts";
import {confState} from "../../core/raft/confState.ts";
import {digestEntry} from "../../core/raft/digest.ts";
import {genesis, MemoryStorage} from "../../core/raft/memoryStorage.ts";
import type {Message} from "../../core/raft/message.ts";
import {RawNode} from "../../core/raft/rawNode.ts";
import type {AppendWork} from "../../core/raft/ready.ts";
import type {RaftRules} from "../../core/raft/rules.ts";
import {isRaftMessage} from "../../core/server/peer.ts";
import type {Deed, Host} from "./host.ts";

export interface RaftHostOptions {
  readonly members: number;
  readonly rules: RaftRules;
  readonly raft?: Partial<Omit<RaftConfig, "id">>;
}

/** What a client asks for: all ask for the same. */
const command = Uint8Array.of(1);

/** A timeout is not waited for but chosen, so how long it would be must make no difference. */
const noLuck = (): number => 0;

export class RaftHost implements Host {
  readonly id: MemberId;
  readonly incarnation = 1;
  readonly diskQueue = 0;
  private readonly options: RaftHostOptions;
  private readonly storage: MemoryStorage;
  private node: RawNode | undefined;
  private sent: Message[] = [];

  private constructor(
    id: MemberId,
    options: RaftHostOptions,
    {storage, node}: {storage: MemoryStorage; node: RawNode | undefined},
  ) {
    this.id = id;
    this.options = options;
    this.storage = storage;
    this.node = node;
  }

  static create(id: MemberId, options: RaftHostOptions): RaftHost {
    const voters = Array.from({length: options.members}, (_, i) => i + 1);
    const storage = new MemoryStorage(genesis(confState(voters)));
    const host = new RaftHost(id, options, {storage, node: undefined});
    host.take({kind: "restart"});
    return host;
  }

  get raft(): RawNode | undefined {
    return this.node;
  }

  fork(): RaftHost {
    const storage = this.storage.fork();
    return new RaftHost(this.id, this.options, {storage, node: this.node?.fork(storage, noLuck)});
  }

  take(deed: Deed): readonly Message[] {
    this.sent = [];
    this.begin(deed);
    this.goOn();
    return this.sent;
  }

  digest(into: Hasher): void {
    into.int(this.id);
    into.bool(this.node !== undefined);
    if (this.node !== undefined) return this.node.digest(into);
    const {storage} = this;
    const {term, votedFor, commit} = storage.initialState().hardState;
    for (const number of [term, votedFor, commit, storage.lastIndex]) into.int(number);
    for (let index = storage.firstIndex; index <= storage.lastIndex; index++) {
      const entry = storage.entryAt(index);
      if (entry !== undefined) digestEntry(entry, into);
    }
  }

  private begin(deed: Deed): void {
    const {node} = this;
    switch (deed.kind) {
      case "message":
        if (isRaftMessage(deed.message)) node?.step(deed.message);
        return;
      case "timeout":
        return node?.campaign();
      case "heartbeat":
        node?.tick();
        return node?.forgetTicks();
      case "request":
        node?.propose([command]);
        return;
      case "crash":
        this.node = undefined;
        return;
      case "restart": {
        const {rules, raft} = this.options;
        const config = {...raftDefaults, ...raft, id: this.id};
        this.node = new RawNode({config, rules, storage: this.storage, draw: noLuck});
        return;
      }
      case "disk":
        return;
    }
  }

  private goOn(): void {
    const {node} = this;
    while (node?.hasReady() === true) {
      const {messages, append, apply} = node.ready();
      this.sent.push(...messages);
      if (append !== undefined) this.append(node, append);
      if (apply.length > 0) node.applied(apply);
    }
  }

  private append(node: RawNode, {hardState, entries, messages, receipt}: AppendWork): void {
    if (hardState !== undefined) this.storage.setHardState(hardState);
    this.storage.append(entries);
    for (const message of messages) {
      if (message.to === this.id) node.step(message);
      else this.sent.push(message);
    }
    if (receipt !== undefined) node.appended(receipt);
  }
}
