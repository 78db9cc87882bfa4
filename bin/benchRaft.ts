// Loops over bare Raft nodes, for the benchmarks: no world, no server, only RawNode, its storage and what it says.

import {raftDefaults} from "../core/raft/config.ts";
import {confState} from "../core/raft/confState.ts";
import {genesis, MemoryStorage} from "../core/raft/memoryStorage.ts";
import type {AppendEntries, Message} from "../core/raft/message.ts";
import {RawNode} from "../core/raft/rawNode.ts";
import {raftRules} from "../core/raft/rules.ts";
import {tidiedHeap, tidy} from "./benchMeter.ts";

interface Node {
  readonly node: RawNode;
  readonly storage: MemoryStorage;
}

const payload = new Uint8Array(100);
const small = new TextEncoder().encode("foo");

function newNode(id: number, voters: readonly number[], asyncStorageWrites: boolean): Node {
  const storage = new MemoryStorage(genesis(confState(voters)));
  const config = {...raftDefaults, id, asyncStorageWrites};
  return {storage, node: new RawNode({config, rules: raftRules, storage, draw: () => id})};
}

/** Three nodes, every message delivered at once; returns how many messages `proposals` took. */
export function threeNodes(proposals: number): number {
  const voters = [1, 2, 3];
  const nodes = voters.map((id) => newNode(id, voters, true));
  let messages = 0;
  const queue: Message[] = [];
  const settle = (): void => {
    for (let busy = true; busy;) {
      busy = false;
      for (const one of nodes) while (one.node.hasReady()) busy = takeReady(one, queue);
      for (const message of queue.splice(0)) {
        busy = true;
        messages++;
        nodes[message.to - 1]?.node.step(message);
      }
    }
  };
  nodes[0]?.node.campaign();
  settle();
  for (let i = 0; i < proposals; i++) {
    nodes[0]?.node.propose([payload]);
    settle();
  }
  return messages;
}

function takeReady({node, storage}: Node, queue: Message[]): true {
  const {messages, append, apply} = node.ready();
  for (const message of messages) queue.push(message);
  if (append !== undefined) {
    storage.append(append.entries);
    if (append.hardState !== undefined) storage.setHardState(append.hardState);
    for (const message of append.messages) {
      if (message.to === node.id) node.step(message);
      else queue.push(message);
    }
    if (append.receipt !== undefined) node.appended(append.receipt);
  }
  if (apply.length > 0) node.applied(apply);
  return true;
}

/** A leader of one or two voters takes proposals one by one, each until it is applied. The other voter holds all it is sent. */
export function proposalLoop(voters: 1 | 2, proposals: number): number {
  const one = newLeader(voters);
  for (let i = 0; i < proposals; i++) {
    one.node.propose([small]);
    stabilize(one);
  }
  return proposals;
}

function newLeader(voters: 1 | 2): Node {
  const one = newNode(1, voters === 1 ? [1] : [1, 2], false);
  one.node.campaign();
  stabilize(one);
  return one;
}

function stabilize({node, storage}: Node): void {
  while (node.hasReady()) {
    const {messages, append} = node.ready();
    if (append !== undefined) {
      storage.append(append.entries);
      for (const message of append.messages) answer(node, message);
    }
    for (const message of messages) answer(node, message);
    node.advance();
  }
}

function answer(node: RawNode, message: Message): void {
  const {from: to, to: from, term} = message;
  if (message.kind === "RequestVote") {
    node.step({kind: "RequestVoteResponse", from, to, term, voteGranted: true});
  } else if (message.kind === "AppendEntries" && message.entries.length > 0) {
    const index = lastOf(message);
    node.step({
      kind: "AppendEntriesResponse",
      from,
      to,
      term,
      success: true,
      index,
      hintIndex: 0,
      hintTerm: 0,
    });
  }
}

function lastOf({prevLogIndex, entries}: AppendEntries): number {
  return prevLogIndex + entries.length;
}

/** Bytes of heap that one proposal takes: all that is allocated on its way, and what is left of it afterwards. */
export function memoryPerProposal(voters: 1 | 2): {readonly allocated: number; readonly kept: number} {
  const grown = (proposals: number, afterwards: () => void): number => {
    const one = newLeader(voters);
    const before = tidiedHeap();
    for (let i = 0; i < proposals; i++) {
      one.node.propose([small]);
      stabilize(one);
    }
    afterwards();
    // Also keeps the node from being collected before it was measured.
    return Math.round((process.memoryUsage().heapUsed - before) / (one.node.lastIndex - 1));
  };
  // Of few, nothing is collected on the way; of many, what is left is more than noise.
  return {allocated: grown(2000, () => {}), kept: grown(50_000, tidy)};
}
