// Little notations that keep a case on one line, and one member alone with what it says.

import type {MemberId} from "../../../core/base/quantity.ts";
import type {RaftConfig} from "../../../core/raft/config.ts";
import type {Entry, EntryId, HardState, Index, Term} from "../../../core/raft/entry.ts";
import {MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import type {AppendEntriesResponse, Message, MessageKind} from "../../../core/raft/message.ts";
import type {NotesOutlet} from "../../../core/raft/notes.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import type {ReadState} from "../../../core/raft/ready.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";

export const electionTicks = 10;

/** `log("1 1 4")`: entries 1/1, 2/1 and 3/4, each with its own name as data. */
export function log(terms: string): readonly Entry[] {
  const list = terms.split(" ").filter((term) => term !== "");
  return list.map((term, i) => entry({index: i + 1, term: Number(term)}));
}

export function entry({index, term}: EntryId): Entry {
  return {index, term, data: bytes(`${index}/${term}`)};
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The terms of a node's log: the inverse of {@link log}. */
export function termsOf(node: RawNode): string {
  const terms: Term[] = [];
  for (let index = node.firstIndex; index <= node.lastIndex; index++) terms.push(node.termAt(index) ?? -1);
  return terms.join(" ");
}

export function config(id: MemberId, size: number, more: Partial<RaftConfig> = {}): RaftConfig {
  const voters = Array.from({length: size}, (_, i) => i + 1);
  return {id, voters, electionTicks, heartbeatTicks: 1, inflightMax: 256, messageBytesMax: 1 << 20, ...more};
}

/** A counter's answers, so that timeouts differ yet are fixed. */
export function countingDraw(from = 0): (bound: number) => number {
  let count = from;
  return (bound) => count++ % bound;
}

/** `length` numbers from a seed: a small generator of the tests' own (xorshift). */
export function* numbers(seed: number, length: number): Generator<number, undefined> {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 1;
  }
}

/** Draws without a pattern: with one, two members may tie for ever. */
export function seededDraw(seed: number): (bound: number) => number {
  const luck = numbers(seed, Infinity);
  return (bound) => (luck.next().value ?? 0) % bound;
}

export interface AloneOptions {
  readonly id?: MemberId;
  readonly size?: number;
  readonly log?: string;
  readonly hard?: Partial<HardState>;
  readonly rules?: Partial<RaftRules>;
  readonly config?: Partial<RaftConfig>;
  readonly draw?: (bound: number) => number;
  readonly notes?: NotesOutlet;
}

/** One member of a cluster of `size`, whose others are played by the test. */
export class Alone {
  readonly storage = new MemoryStorage();
  readonly node: RawNode;
  readonly applied: Entry[] = [];
  readonly readStates: ReadState[] = [];

  constructor(options: AloneOptions = {}) {
    const {id = 1, size = 3, log: terms = "", hard = {}, draw = countingDraw()} = options;
    const entries = log(terms);
    this.storage.append(entries);
    this.storage.setHardState({term: entries.at(-1)?.term ?? 0, votedFor: 0, commit: 0, ...hard});
    this.node = new RawNode({
      config: config(id, size, options.config),
      rules: {...raftRules, ...options.rules},
      storage: this.storage,
      draw,
      notes: options.notes,
    });
  }

  /** Does all that the node wants done, at once; returns what it said. */
  drain(): readonly Message[] {
    const said: Message[] = [];
    while (this.node.hasReady()) {
      const {messages, append, apply, readStates} = this.node.ready();
      said.push(...messages);
      this.readStates.push(...readStates);
      if (append !== undefined) {
        if (append.hardState !== undefined) this.storage.setHardState(append.hardState);
        this.storage.append(append.entries);
        said.push(...append.messages);
        this.node.appended(append.receipt);
      }
      this.applied.push(...apply);
      const last = apply.at(-1);
      if (last !== undefined) this.node.applied(last.index);
    }
    return said;
  }

  /** Takes messages and says what follows from them. */
  take(...messages: readonly Message[]): readonly Message[] {
    for (const message of messages) this.node.step(message);
    return this.drain();
  }

  ticks(count: number): readonly Message[] {
    for (let i = 0; i < count; i++) this.node.tick();
    return this.drain();
  }

  /** Wins an election with the votes of all others; returns the first appends. */
  lead(): readonly Message[] {
    this.node.campaign();
    this.drain();
    const {
      id,
      term,
      config: {voters},
    } = this.node;
    return this.take(...voters.filter((voter) => voter !== id).map((from) => granted({from, to: id, term})));
  }

  propose(...commands: readonly string[]): readonly Message[] {
    this.node.propose(commands.map(bytes));
    return this.drain();
  }
}

interface Addressed {
  readonly from: MemberId;
  readonly to: MemberId;
  readonly term: Term;
}

export function granted(address: Addressed): Message {
  return {kind: "RequestVoteResponse", ...address, voteGranted: true};
}

export function refusedVote(address: Addressed): Message {
  return {kind: "RequestVoteResponse", ...address, voteGranted: false};
}

export function holds(address: Addressed, index: Index): AppendEntriesResponse {
  return {kind: "AppendEntriesResponse", ...address, success: true, index, hintIndex: 0, hintTerm: 0};
}

/** `append({from, to, term}, "1 1 4", 1)`: entries of log("1 1 4") after the first. */
export function append(address: Addressed, terms: string, after: Index, leaderCommit = 0): Message {
  const entries = log(terms);
  const prevLogTerm = entries[after - 1]?.term ?? 0;
  return {
    kind: "AppendEntries",
    ...address,
    prevLogIndex: after,
    prevLogTerm,
    entries: entries.slice(after),
    leaderCommit,
  };
}

export function only<K extends MessageKind>(
  messages: readonly Message[],
  kind: K,
): readonly Extract<Message, {kind: K}>[] {
  return messages.filter((message): message is Extract<Message, {kind: K}> => message.kind === kind);
}
