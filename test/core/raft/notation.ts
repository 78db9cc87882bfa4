// Little notations that keep a case on one line, and one member alone with what it says.

import {present} from "../../../core/base/assert.ts";
import type {MemberId} from "../../../core/base/quantity.ts";
import {decodeConfChange} from "../../../core/raft/confChange.ts";
import type {ConfChange} from "../../../core/raft/confChange.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import {confState, votersOf} from "../../../core/raft/confState.ts";
import type {RaftConfig} from "../../../core/raft/config.ts";
import {raftDefaults} from "../../../core/raft/config.ts";
import type {Entry, EntryId, HardState, Index, RoleName, Term} from "../../../core/raft/entry.ts";
import {MemoryStorage, genesis} from "../../../core/raft/memoryStorage.ts";
import type {AppendEntriesResponse, Message, MessageKind} from "../../../core/raft/message.ts";
import type {NotesOutlet} from "../../../core/raft/notes.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import type {AppendWork, ReadState, Ready} from "../../../core/raft/ready.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";

export const electionTicks = 10;

/** `log("1 1 4")`: entries 1/1, 2/1 and 3/4, each with its own name as data. */
export function log(terms: string): readonly Entry[] {
  const list = terms.split(" ").filter((term) => term !== "");
  return list.map((term, i) => entry({index: i + 1, term: Number(term)}));
}

export function entry({index, term}: EntryId): Entry {
  return {index, term, type: "normal", data: bytes(`${index}/${term}`)};
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The terms of a log, as a node or a disk holds it: the inverse of {@link log}. */
export function termsOf(held: Pick<RawNode, "firstIndex" | "lastIndex" | "termAt">): string {
  const terms: Term[] = [];
  for (let index = held.firstIndex; index <= held.lastIndex; index++) terms.push(held.termAt(index) ?? -1);
  return terms.join(" ");
}

/** Members 1 to `count`. */
export function members(count: number): readonly MemberId[] {
  return Array.from({length: count}, (_, i) => i + 1);
}

export function config(id: MemberId, more: Partial<RaftConfig> = {}): RaftConfig {
  return {...raftDefaults, id, electionTicks, messageBytesMax: 1 << 20, ...more};
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

/** Puts on the disk what a Ready wants there. */
export function persist({hardState, snapshot, entries}: AppendWork, storage: MemoryStorage): void {
  if (snapshot !== undefined) storage.applySnapshot(snapshot);
  storage.append(entries);
  if (hardState !== undefined) storage.setHardState(hardState);
}

/** An append work became durable: the node takes its messages to itself, then the receipt; what others are told is returned. */
export function acknowledge({messages, receipt}: AppendWork, node: RawNode): readonly Message[] {
  for (const message of messages) if (message.to === node.id) node.step(message);
  if (receipt !== undefined) node.appended(receipt);
  return messages.filter(({to}) => to !== node.id);
}

/** The change of membership in an entry; undefined in a command. */
export function changeIn({type, data}: Entry): ConfChange | undefined {
  return type === "normal" ? undefined : present(decodeConfChange(type, data), "a change of membership");
}

/** What a store does with entries: a change of membership is given back to the node. */
export function applyEntries(entries: readonly Entry[], node: RawNode): void {
  for (const one of entries) {
    const change = changeIn(one);
    if (change !== undefined) node.applyConfChange(change);
  }
}

export interface AloneOptions {
  readonly id?: MemberId;
  /** Voters 1 to `size`, unless there is a `conf`. */
  readonly size?: number;
  readonly conf?: ConfState;
  readonly log?: string;
  readonly hard?: Partial<HardState>;
  readonly rules?: Partial<RaftRules>;
  readonly config?: Partial<RaftConfig>;
  readonly draw?: (bound: number) => number;
  readonly notes?: NotesOutlet;
}

/** One member of a cluster, whose others are played by the test. */
export class Alone {
  readonly storage: MemoryStorage;
  readonly node: RawNode;
  readonly applied: Entry[] = [];
  readonly readStates: ReadState[] = [];

  constructor(options: AloneOptions = {}) {
    const {id = 1, size = 3, log: terms = "", hard = {}, draw = countingDraw()} = options;
    const entries = log(terms);
    this.storage = new MemoryStorage(genesis(options.conf ?? confState(members(size))));
    this.storage.append(entries);
    this.storage.setHardState({term: entries.at(-1)?.term ?? 0, votedFor: 0, commit: 0, ...hard});
    this.node = new RawNode({
      config: config(id, options.config),
      rules: {...raftRules, ...options.rules},
      storage: this.storage,
      draw,
      notes: options.notes,
    });
  }

  /** Does all that the node wants done, at once; returns what it said. */
  drain(): readonly Message[] {
    const said: Message[] = [];
    while (this.node.hasReady()) said.push(...this.handle(this.node.ready()));
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
    let said = this.drain();
    const {id, confState: conf} = this.node;
    const others = votersOf(conf).filter((voter) => voter !== id);
    if (this.node.role === "preCandidate") {
      const term = this.node.term + 1;
      said = this.take(...others.map((from) => grantedPreVote({from, to: id, term})));
    }
    const {term} = this.node;
    if (this.node.role !== "candidate") return said;
    return this.take(...others.map((from) => granted({from, to: id, term})));
  }

  propose(...commands: readonly string[]): readonly Message[] {
    this.node.propose(commands.map(bytes));
    return this.drain();
  }

  private handle({messages, append, apply, readStates}: Ready): readonly Message[] {
    const {node} = this;
    const {asyncStorageWrites} = node.config;
    const said = messages.slice();
    this.readStates.push(...readStates);
    if (append !== undefined) {
      persist(append, this.storage);
      said.push(
        ...(asyncStorageWrites
          ? acknowledge(append, node)
          : append.messages.filter(({to}) => to !== node.id)),
      );
    }
    this.applied.push(...apply);
    applyEntries(apply, node);
    if (!asyncStorageWrites) node.advance();
    else if (apply.length > 0) node.applied(apply);
    return said;
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

export function grantedPreVote(address: Addressed): Message {
  return {kind: "PreVoteResponse", ...address, voteGranted: true};
}

export function refusedVote(address: Addressed): Message {
  return {kind: "RequestVoteResponse", ...address, voteGranted: false};
}

/** Asks for a vote with a log that ends in `lastLogIndex`/`lastLogTerm`. */
export function asks(address: Addressed, lastLogIndex: Index, lastLogTerm: Term, transfer = false): Message {
  return {kind: "RequestVote", ...address, lastLogIndex, lastLogTerm, transfer};
}

export function asksPreVote(address: Addressed, lastLogIndex: Index, lastLogTerm: Term): Message {
  return {kind: "PreVote", ...address, lastLogIndex, lastLogTerm};
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

export function heartbeat(address: Addressed, commit: Index = 0, readPosition = 0): Message {
  return {kind: "Heartbeat", ...address, commit, readPosition};
}

export function answersHeartbeat(address: Addressed, readPosition = 0): Message {
  return {kind: "HeartbeatResponse", ...address, readPosition};
}

export function timeoutNow(address: Addressed): Message {
  return {kind: "TimeoutNow", ...address};
}

/** One member in a role, of three unless the options say otherwise. */
export function aloneAs(role: RoleName, options: AloneOptions = {}): Alone {
  const preVote = role === "preCandidate";
  const alone = new Alone({...options, config: {preVote, ...options.config}});
  if (role === "leader") alone.lead();
  else if (role !== "follower") alone.node.campaign();
  alone.drain();
  return alone;
}

export const roles = ["follower", "preCandidate", "candidate", "leader"] as const;

export function only<K extends MessageKind>(
  messages: readonly Message[],
  kind: K,
): readonly Extract<Message, {kind: K}>[] {
  return messages.filter((message): message is Extract<Message, {kind: K}> => message.kind === kind);
}
