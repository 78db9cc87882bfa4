// Raft's five safety properties (Figure 3), watched from outside, and that reads are not stale. Plain and slow: whole
// logs are compared by term and data.

import type {MemberId} from "../../../core/base/quantity.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import {isSameConfState} from "../../../core/raft/confState.ts";
import type {Entry, Index, Term} from "../../../core/raft/entry.ts";
import type {RawNode} from "../../../core/raft/rawNode.ts";
import type {ReadState} from "../../../core/raft/ready.ts";
import type {Snapshot} from "../../../core/raft/snapshot.ts";

export class Broken extends Error {
  readonly claim: string;

  constructor(claim: string, evidence: string) {
    super(`${claim}: ${evidence}`);
    this.claim = claim;
  }
}

interface Watched {
  readonly node: RawNode;
}

export class Safety {
  private readonly leaders = new Map<Term, MemberId>();
  /** Entries that some member held as committed, by index. */
  private readonly committed = new Map<Index, {readonly entry: Entry; readonly in: Term}>();
  private readonly lastApplied = new Map<MemberId, Index>();
  /** Configurations by the entry whose application led to them. */
  private readonly configurations = new Map<Index, ConfState>();
  private readonly asked = new Map<string, Index>();
  private highestCommit: Index = 0;

  /** After an event that touched `node`. */
  observe(node: RawNode, members: readonly Watched[]): void {
    this.commitsAgree(node);
    if (node.role === "leader") {
      this.oneLeaderPerTerm(node);
      this.leaderIsComplete(node);
    }
    for (const other of members) if (other.node !== node) logsMatch(node, other.node);
  }

  applied(member: MemberId, entry: Entry): void {
    const last = this.lastApplied.get(member) ?? 0;
    if (entry.index !== last + 1)
      throw new Broken("state machine safety", `n${member} applied ${entry.index} after ${last}`);
    this.lastApplied.set(member, entry.index);
    const known = this.committed.get(entry.index);
    if (known === undefined || !sameEntry(known.entry, entry)) {
      throw new Broken(
        "state machine safety",
        `n${member} applied ${entry.index}/${entry.term}, not what was committed`,
      );
    }
  }

  /** A member went over to a configuration when it applied the entry at `index`, or took a snapshot there. */
  configured(member: MemberId, index: Index, conf: ConfState): void {
    const known = this.configurations.get(index) ?? conf;
    if (!isSameConfState(known, conf)) {
      throw new Broken("state machine safety", `n${member} has another configuration at ${index}`);
    }
    this.configurations.set(index, known);
  }

  /** A snapshot took the place of a member's state. */
  restored(member: MemberId, {index, term, confState}: Snapshot): void {
    const known = this.committed.get(index);
    if (known?.entry.term !== term) {
      throw new Broken(
        "state machine safety",
        `n${member} took a snapshot at ${index}/${term}, not committed`,
      );
    }
    this.lastApplied.set(member, index);
    if (this.configurations.has(index)) this.configured(member, index, confState);
  }

  restarted(member: MemberId, lastApplied: Index): void {
    this.lastApplied.set(member, lastApplied);
  }

  readAsked(member: MemberId, context: number): void {
    this.asked.set(`${member}/${context}`, this.highestCommit);
  }

  readServed(member: MemberId, {context, index}: ReadState): void {
    const least = this.asked.get(`${member}/${context}`);
    if (least === undefined || index < least) {
      throw new Broken(
        "linearizable reads",
        `n${member} may read at ${index}, though ${least ?? "nothing"} was committed before it asked`,
      );
    }
  }

  private oneLeaderPerTerm(node: RawNode): void {
    const leader = this.leaders.get(node.term) ?? node.id;
    if (leader !== node.id)
      throw new Broken("election safety", `n${leader} and n${node.id} led term ${node.term}`);
    this.leaders.set(node.term, leader);
  }

  private commitsAgree(node: RawNode): void {
    // What was compacted was compared before; a snapshot must stand for what is committed, too.
    const before = node.firstIndex - 1;
    const standsFor = this.committed.get(before);
    if (standsFor !== undefined && standsFor.entry.term !== node.termAt(before)) {
      throw new Broken("state machine safety", `n${node.id} begins after ${before}/${node.termAt(before)}`);
    }
    for (let index = node.firstIndex; index <= node.commitIndex; index++) {
      const entry = node.entryAt(index);
      const known = this.committed.get(index);
      if (entry === undefined)
        throw new Broken("state machine safety", `n${node.id} lost committed entry ${index}`);
      if (known === undefined) this.committed.set(index, {entry, in: node.term});
      else if (!sameEntry(known.entry, entry)) {
        throw new Broken(
          "state machine safety",
          `n${node.id} committed ${index}/${entry.term}, another ${index}/${known.entry.term}`,
        );
      }
    }
    this.highestCommit = Math.max(this.highestCommit, node.commitIndex);
  }

  private leaderIsComplete(node: RawNode): void {
    for (const [index, known] of this.committed) {
      if (known.in >= node.term || index < node.firstIndex) continue;
      const entry = node.entryAt(index);
      if (entry === undefined || !sameEntry(known.entry, entry)) {
        throw new Broken(
          "leader completeness",
          `n${node.id} leads term ${node.term} without committed entry ${index}/${known.entry.term}`,
        );
      }
    }
  }
}

/** Log Matching: where terms agree, everything up to there agrees. */
function logsMatch(a: RawNode, b: RawNode): void {
  const first = Math.max(a.firstIndex, b.firstIndex);
  let index = Math.min(a.lastIndex, b.lastIndex);
  while (index >= first && a.termAt(index) !== b.termAt(index)) index--;
  for (; index >= first; index--) {
    const left = a.entryAt(index);
    const right = b.entryAt(index);
    if (left === undefined || right === undefined || !sameEntry(left, right)) {
      throw new Broken("log matching", `n${a.id} and n${b.id} differ at ${index} but agree later`);
    }
  }
}

function sameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.term !== b.term || a.index !== b.index || a.type !== b.type || a.data.length !== b.data.length)
    return false;
  return a.data.every((byte, i) => byte === b.data[i]);
}
