// Raft's five safety properties (Figure 3), watched from outside, and that reads are not stale. Plain and slow: whole
// logs are compared by term and data.

import type {MemberId} from "../../../core/base/quantity.ts";
import type {Entry, Index, Term} from "../../../core/raft/entry.ts";
import type {RawNode} from "../../../core/raft/rawNode.ts";
import type {ReadState} from "../../../core/raft/ready.ts";

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

  restarted(member: MemberId): void {
    this.lastApplied.delete(member);
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
    for (let index = 1; index <= node.commitIndex; index++) {
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
      if (known.in >= node.term) continue;
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
  let index = Math.min(a.lastIndex, b.lastIndex);
  while (index > 0 && a.termAt(index) !== b.termAt(index)) index--;
  for (; index > 0; index--) {
    const left = a.entryAt(index);
    const right = b.entryAt(index);
    if (left === undefined || right === undefined || !sameEntry(left, right)) {
      throw new Broken("log matching", `n${a.id} and n${b.id} differ at ${index} but agree later`);
    }
  }
}

function sameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.term !== b.term || a.index !== b.index || a.data.length !== b.data.length) return false;
  return a.data.every((byte, i) => byte === b.data[i]);
}
