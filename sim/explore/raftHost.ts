// A bare raft node whose storage is done in one step: what a Ready asks for is written, said and applied before anything
// else happens. So a crash loses what is volatile (role, votes, what leaders know of the others) and nothing more.

import {unreachable} from "../../core/base/assert.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import {raftDefaults} from "../../core/raft/config.ts";
import type {RaftConfig} from "../../core/raft/config.ts";
import {confState} from "../../core/raft/confState.ts";
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
  private node: RawNode;
  private sent: Message[] = [];

  private constructor(
    id: MemberId,
    options: RaftHostOptions,
    {storage, node}: {storage: MemoryStorage; node: RawNode},
  ) {
    this.id = id;
    this.options = options;
    this.storage = storage;
    this.node = node;
  }

  static create(id: MemberId, options: RaftHostOptions): RaftHost {
    const voters = Array.from({length: options.members}, (_, i) => i + 1);
    const storage = new MemoryStorage(genesis(confState(voters)));
    return new RaftHost(id, options, {storage, node: boot(id, options, storage)});
  }

  get raft(): RawNode {
    return this.node;
  }

  fork(): RaftHost {
    const storage = this.storage.fork();
    return new RaftHost(this.id, this.options, {storage, node: this.node.fork(storage, noLuck)});
  }

  take(deed: Deed): readonly Message[] {
    this.sent = [];
    this.begin(deed);
    this.goOn();
    return this.sent;
  }

  /** The storage holds what the node holds: nothing is on its way to it. */
  digest(into: Hasher): void {
    this.node.digest(into);
  }

  private begin(deed: Deed): void {
    const {node} = this;
    switch (deed.kind) {
      case "message":
        if (isRaftMessage(deed.message)) node.step(deed.message);
        return;
      case "timeout":
        return node.campaign();
      case "heartbeat":
        node.tick();
        return node.forgetTicks();
      case "request":
        node.propose([command]);
        return;
      case "crash":
        this.node = boot(this.id, this.options, this.storage);
        return;
      case "disk":
        return;
      default:
        return unreachable(deed);
    }
  }

  private goOn(): void {
    const {node} = this;
    while (node.hasReady()) {
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

function boot(id: MemberId, {rules, raft}: RaftHostOptions, storage: MemoryStorage): RawNode {
  return new RawNode({config: {...raftDefaults, ...raft, id}, rules, storage, draw: noLuck});
}
