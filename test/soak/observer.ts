// The cluster watched from outside while it runs: the eight invariants of etcd's TLA+ specification, Raft's Figure 3, and
// that reads are linearizable. O(what changed), and it allocates next to nothing.
//
// Members of one soak share entry objects, also over restarts: two entries are the same if they are the same object.
//
//   committed   by index: the entry, and the term T of the leader that was the first to know it committed
//   c           the highest index that is known to be committed, and C, the configuration of the leader that committed it
//
// Quorum Log: a majority of each half of C holds c, and, as Log Matching is watched too, all before c. That goes on for
// ever, for nobody loses what is committed. Of the newest configuration that anybody has applied, every quorum has a
// member that holds c: its own commit may still be under way, but quorums of neighbours in the row of configurations meet.
// A member's own older configuration is not asked: with two changes behind it, its quorums need not hold anything (they
// may not decide anything either, which Election Safety sees to).
//
// More Up To Date: a log that ends in (term, index) not below (T, c) holds c. The specification compares with the log of
// any member that knows c committed; that is too much to ask: a member that has just been sent the log up to c, and no
// entry of T yet, may have an older end than a log of before T without c (Figure 8). It would lose its vote to it, but
// the others of the quorum would not.

import type {MemberId} from "../../core/base/quantity.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import {isSameConfState} from "../../core/raft/confState.ts";
import type {Entry, Index, Term} from "../../core/raft/entry.ts";
import type {Message} from "../../core/raft/message.ts";
import type {ReadState} from "../../core/raft/ready.ts";
import type {Snapshot} from "../../core/raft/snapshot.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {Disk} from "./disk.ts";

export const clusterClaims = [
  "Election Safety",
  "Leader Has The Longest Log",
  "Log Matching",
  "Leader Completeness",
  "Committed Logs Agree",
  "Leaders Commit First",
  "State Machine Safety",
  "Configurations Agree",
  "Snapshot Is Committed",
  "Quorum Log",
  "More Up To Date",
  "Committed Is Durable",
  "Said Is Durable",
  "Leader Is Durable",
  "Linearizable Reads",
] as const;

export type ClusterClaim = (typeof clusterClaims)[number];

const place = Object.fromEntries(clusterClaims.map((name, i) => [name, i])) as Record<ClusterClaim, number>;
const electionSafety = place["Election Safety"];
const longestLog = place["Leader Has The Longest Log"];
const logMatching = place["Log Matching"];
const leaderCompleteness = place["Leader Completeness"];
const committedAgree = place["Committed Logs Agree"];
const leadersFirst = place["Leaders Commit First"];
const stateMachine = place["State Machine Safety"];
const configurations = place["Configurations Agree"];
const snapshots = place["Snapshot Is Committed"];
const quorumLog = place["Quorum Log"];
const upToDate = place["More Up To Date"];
const durable = place["Committed Is Durable"];
const said = place["Said Is Durable"];
const leaderDurable = place["Leader Is Durable"];
const reads = place["Linearizable Reads"];

/** A broken claim about the cluster. */
export class Broken extends Error {
  override readonly name = "Broken";
}

export interface Observed {
  readonly id: MemberId;
  readonly node: RawNode;
  readonly disk: Disk;
}

/** What was seen of one member's log, to find out what changed. */
class Seen {
  readonly entries: (Entry | undefined)[] = [];
  first: Index = 1;
  last: Index = 0;
  lastTerm: Term = 0;
  commit: Index = 0;
  leads: Term = 0;
  /** Whether it holds the highest committed entry, in its log and for certain. */
  holds = false;
  holdsDurably = false;
}

export class Observer {
  /** By place in {@link clusterClaims}: how often it could have failed. */
  readonly exercised = new Float64Array(clusterClaims.length);
  /** Highest index known to be committed. */
  highest: Index;
  private highestTerm: Term = 0;
  private highestConf: ConfState;
  private readonly members: readonly Observed[];
  private readonly seen: readonly Seen[];
  private readonly leaders: MemberId[] = [];
  private readonly committed: (Entry | undefined)[] = [];
  private readonly committedIn: Term[] = [];
  /** By index: one entry per term, and the term before each. */
  private readonly known: (Entry[] | undefined)[] = [];
  private readonly knownBefore: (Term[] | undefined)[] = [];
  /** Configurations, and the index whose application began each. */
  private readonly confs: ConfState[];
  private readonly confIndexes: Index[];
  private readonly asked: Index[] = [];
  private readonly startIndex: Index;
  private readonly startTerm: Term;

  constructor(members: readonly Observed[], start: Snapshot) {
    this.members = members;
    this.seen = members.map(() => new Seen());
    this.startIndex = start.index;
    this.startTerm = start.term;
    this.highest = start.index;
    this.highestConf = start.confState;
    this.confs = [start.confState];
    this.confIndexes = [start.index];
    for (const [i, {node}] of members.entries()) {
      const seen = this.at(i);
      seen.first = node.firstIndex;
      seen.last = node.lastIndex;
      seen.lastTerm = node.termAt(seen.last) ?? 0;
      seen.commit = node.commitIndex;
    }
    this.recount();
  }

  get currentConf(): ConfState {
    return this.confs[this.confs.length - 1] ?? this.highestConf;
  }

  /** After an event that touched `member`. */
  after(member: Observed): void {
    const {node, id} = member;
    const seen = this.at(id - 1);
    const {lastIndex, commitIndex} = node;
    const logChanged =
      lastIndex !== seen.last ||
      node.firstIndex !== seen.first ||
      node.entryAt(lastIndex) !== (lastIndex >= seen.first ? seen.entries[lastIndex] : undefined);
    if (logChanged) this.takeLog(member, seen);
    const leads = node.role === "leader" ? node.term : 0;
    if (leads !== seen.leads) {
      seen.leads = leads;
      if (leads > 0) this.led(member, seen);
    }
    if (commitIndex !== seen.commit) this.takeCommit(member, seen);
    if (!logChanged) return;
    this.takeHolding(member, seen);
    this.checkUpToDate(member, seen);
    this.checkLongest(seen);
  }

  /** A member has come back as another node. */
  restarted(member: Observed): void {
    const seen = this.at(member.id - 1);
    seen.leads = 0;
    seen.commit = this.startIndex;
    this.durableChanged(member);
    this.after(member);
    this.takeHolding(member, seen);
  }

  /** Something was synced, or a crash settled what was not. */
  durableChanged({id, disk}: Observed): void {
    const seen = this.at(id - 1);
    const holds = this.isHeldDurably(disk);
    if (holds === seen.holdsDurably) return;
    seen.holdsDurably = holds;
    if (!holds) this.checkQuorum("Committed Is Durable", durable, false);
  }

  /** The state machine of `member`, which stood at `before`, takes `entry`. */
  applied(member: Observed, entry: Entry, before: Index): void {
    this.count(stateMachine);
    if (entry.index !== before + 1)
      fail("State Machine Safety", `n${member.id} applies ${entry.index} after ${before}`);
    if (this.committed[entry.index] !== entry) {
      fail(
        "State Machine Safety",
        `n${member.id} applies ${entry.index}/${entry.term}, which is not what was committed`,
      );
    }
  }

  /** The change of membership at `index` led to `conf`. */
  configured(member: Observed, index: Index, conf: ConfState): void {
    const last = this.confIndexes[this.confIndexes.length - 1] ?? 0;
    if (index > last) {
      this.confIndexes.push(index);
      this.confs.push(conf);
      this.checkQuorum("Quorum Log", quorumLog, true);
      return;
    }
    this.count(configurations);
    if (isSameConfState(this.confAt(index), conf)) return;
    fail("Configurations Agree", `n${member.id} and another made different configurations of entry ${index}`);
  }

  /** The configuration once `index` is applied. */
  confAt(index: Index): ConfState {
    let i = this.confIndexes.length - 1;
    while (i > 0 && (this.confIndexes[i] ?? 0) > index) i--;
    return this.confs[i] ?? this.highestConf;
  }

  /** `member` takes a snapshot from another, or one was made. */
  snapshot(member: Observed, {index, term, confState}: Snapshot): void {
    this.count(snapshots);
    if (term !== this.termCommitted(index) || !isSameConfState(confState, this.confAt(index))) {
      fail(
        "Snapshot Is Committed",
        `n${member.id} has a snapshot at ${index}/${term}, which stands for something else`,
      );
    }
  }

  /** What a member says about its disk must be true when it says it. */
  says({disk, id}: Observed, message: Message): void {
    if (message.kind === "AppendEntriesResponse" && message.success) {
      this.count(said);
      // In a later term its log may have been cut before this leaves. That is as if it had been said before: an old
      // leader that counts it would need a voter of the new one's, whose log it was that decided that vote.
      const term = durableTerm(disk);
      const holds = term > message.term || (term === message.term && message.index <= disk.synced.lastIndex);
      if (!holds) fail("Said Is Durable", `n${id} acknowledges ${message.index} in term ${message.term}`);
    } else if (message.kind === "RequestVoteResponse" && message.voteGranted) {
      this.count(said);
      const {term, votedFor} = disk.syncedHardState;
      const voted = term > message.term || (term === message.term && votedFor === message.to);
      if (!voted) fail("Said Is Durable", `n${id} votes for n${message.to} in term ${message.term}`);
    }
  }

  /** A read is asked for; returns its context. */
  read(): number {
    return this.asked.push(this.highest) - 1;
  }

  served(member: Observed, {context, index}: ReadState): void {
    this.count(reads);
    const least = this.asked[context] ?? Infinity;
    if (index < least) {
      fail(
        "Linearizable Reads",
        `n${member.id} may read at ${index}, though ${least} was committed before it asked`,
      );
    }
  }

  /** Everything once more from the beginning, whatever was said to have changed. */
  recheck(): void {
    for (const member of this.members) {
      const seen = this.at(member.id - 1);
      for (let index = Math.max(seen.first, 1); index <= seen.last; index++) {
        if (member.node.entryAt(index) !== seen.entries[index]) {
          fail("Log Matching", `n${member.id} replaced ${index} and left its last entry`);
        }
        this.see(member, index);
      }
      seen.commit = this.startIndex;
      this.takeCommit(member, seen);
    }
    this.recount();
    this.checkQuorum("Quorum Log", quorumLog, false);
    this.checkQuorum("Committed Is Durable", durable, false);
  }

  private at(i: number): Seen {
    const seen = this.seen[i];
    if (seen === undefined) throw new Error(`there is no n${i + 1}`);
    return seen;
  }

  private count(claim: number): void {
    this.exercised[claim] = (this.exercised[claim] ?? 0) + 1;
  }

  private termCommitted(index: Index): Term | undefined {
    return index === this.startIndex ? this.startTerm : this.committed[index]?.term;
  }

  private takeLog(member: Observed, seen: Seen): void {
    const {node} = member;
    const {firstIndex: first, lastIndex: last} = node;
    if (first > seen.first && first > 1) {
      this.count(snapshots);
      if (node.termAt(first - 1) !== this.termCommitted(first - 1)) {
        fail(
          "Snapshot Is Committed",
          `n${member.id}'s log begins after ${first - 1}, which is not what was committed`,
        );
      }
    }
    let same = Math.min(last, seen.last);
    const least = Math.max(first, seen.first);
    while (same >= least && node.entryAt(same) !== seen.entries[same]) same--;
    for (let index = Math.max(same + 1, first); index <= last; index++) {
      seen.entries[index] = node.entryAt(index);
      this.see(member, index);
    }
    seen.first = first;
    seen.last = last;
    seen.lastTerm = node.termAt(last) ?? 0;
  }

  /** Each entry is compared with the first one seen at its index and term: by induction that is Log Matching. */
  private see({node, id}: Observed, index: Index): void {
    const entry = node.entryAt(index);
    if (entry === undefined) return fail("Log Matching", `n${id} has no entry ${index} in its log`);
    const before = node.termAt(index - 1) ?? 0;
    const entries = (this.known[index] ??= []);
    const befores = (this.knownBefore[index] ??= []);
    for (let i = 0; i < entries.length; i++) {
      if (entries[i]?.term !== entry.term) continue;
      this.count(logMatching);
      if (entries[i] === entry && befores[i] === before) return;
      fail("Log Matching", `n${id} and another differ at ${index}/${entry.term} or before it`);
    }
    entries.push(entry);
    befores.push(before);
  }

  private led({id, node, disk}: Observed, seen: Seen): void {
    this.count(electionSafety);
    const leader = this.leaders[node.term] ?? id;
    if (leader !== id) fail("Election Safety", `n${leader} and n${id} led term ${node.term}`);
    this.leaders[node.term] = id;
    this.count(leaderDurable);
    if (durableTerm(disk) < node.term)
      fail("Leader Is Durable", `n${id} leads term ${node.term}, which it may forget`);
    this.checkComplete(id, seen);
  }

  /** A leader holds whatever was committed in an earlier term. */
  private checkComplete(id: MemberId, seen: Seen): void {
    let index = this.highest;
    while (index > this.startIndex && (this.committedIn[index] ?? 0) >= seen.leads) index--;
    if (index <= this.startIndex) return;
    this.count(leaderCompleteness);
    if (this.isHeld(seen, index)) return;
    fail("Leader Completeness", `n${id} leads term ${seen.leads} without committed entry ${index}`);
  }

  private takeCommit(member: Observed, seen: Seen): void {
    const {node, id} = member;
    const {commitIndex} = node;
    const highest = this.highest;
    for (let index = Math.max(seen.commit + 1, node.firstIndex); index <= commitIndex; index++) {
      const entry = node.entryAt(index);
      const known = this.committed[index];
      if (known === undefined) {
        this.count(leadersFirst);
        if (node.role !== "leader" || entry === undefined) {
          return fail(
            "Leaders Commit First",
            `n${id}, ${node.role}, takes ${index} for committed, which no leader does`,
          );
        }
        this.committed[index] = entry;
        this.committedIn[index] = node.term;
      } else {
        this.count(committedAgree);
        if (known !== entry) {
          fail(
            "Committed Logs Agree",
            `n${id} commits ${index}/${entry?.term ?? 0}, another ${index}/${known.term}`,
          );
        }
      }
    }
    seen.commit = commitIndex;
    if (commitIndex <= highest) return;
    this.highest = commitIndex;
    this.highestTerm = node.term;
    this.highestConf = node.confState;
    this.recount();
    this.checkQuorum("Quorum Log", quorumLog, false);
    this.checkQuorum("Committed Is Durable", durable, false);
    for (const other of this.members) {
      const theirs = this.at(other.id - 1);
      this.checkUpToDate(other, theirs);
      if (theirs.leads > 0) this.checkComplete(other.id, theirs);
    }
  }

  private recount(): void {
    for (const {id, disk} of this.members) {
      const seen = this.at(id - 1);
      seen.holds = this.isHeld(seen, this.highest);
      seen.holdsDurably = this.isHeldDurably(disk);
    }
  }

  private isHeld(seen: Seen, index: Index): boolean {
    return seen.first > index || (index <= seen.last && seen.entries[index] === this.committed[index]);
  }

  private isHeldDurably({synced}: Disk): boolean {
    if (synced.firstIndex > this.highest) return true;
    const entry = synced.entryAt(this.highest);
    return entry !== undefined && entry === this.committed[this.highest];
  }

  private takeHolding(_member: Observed, seen: Seen): void {
    const holds = this.isHeld(seen, this.highest);
    if (holds === seen.holds) return;
    seen.holds = holds;
    if (!holds) this.checkQuorum("Quorum Log", quorumLog, false);
  }

  /** Of the configuration under which c was committed a majority of each half; of the newest one, somebody in every quorum. */
  private checkQuorum(claim: ClusterClaim, count: number, newestOnly: boolean): void {
    if (this.highest <= this.startIndex) return;
    this.count(count);
    const {voters, votersOutgoing} = this.highestConf;
    const held = this.isMajority(voters, count, true) && this.isMajority(votersOutgoing, count, true);
    if (!newestOnly && !held) {
      fail(
        claim,
        `no quorum of voters ${voters.join(" ")} ${votersOutgoing.join(" ")} holds ${this.highest}`,
      );
    }
    const newest = this.currentConf;
    if (
      this.isMajority(newest.voters, count, false) &&
      this.isMajority(newest.votersOutgoing, count, false)
    ) {
      fail(
        claim,
        `a quorum of voters ${newest.voters.join(" ")} ${newest.votersOutgoing.join(" ")} lacks ${this.highest}`,
      );
    }
  }

  private isMajority(voters: readonly MemberId[], claim: number, holding: boolean): boolean {
    let number = 0;
    for (const voter of voters) {
      const seen = this.at(voter - 1);
      if ((claim === durable ? seen.holdsDurably : seen.holds) === holding) number++;
    }
    return voters.length === 0 || 2 * number > voters.length;
  }

  private checkUpToDate({id}: Observed, seen: Seen): void {
    const {lastTerm, last} = seen;
    if (this.highest <= this.startIndex) return;
    if (lastTerm < this.highestTerm || (lastTerm === this.highestTerm && last < this.highest)) return;
    this.count(upToDate);
    if (this.isHeld(seen, this.highest)) return;
    fail(
      "More Up To Date",
      `n${id}'s log ends in ${last}/${lastTerm} and lacks committed entry ${this.highest}`,
    );
  }

  /** Whoever leads a term has all entries of it. */
  private checkLongest({lastTerm, last}: Seen): void {
    const leader = this.leaders[lastTerm];
    if (leader === undefined) return;
    const theirs = this.at(leader - 1);
    if (theirs.leads !== lastTerm) return;
    this.count(longestLog);
    if (last > theirs.last)
      fail("Leader Has The Longest Log", `n${leader} leads term ${lastTerm} up to ${theirs.last} only`);
  }
}

/** The term in which a member would come back. */
function durableTerm({synced, syncedHardState}: Disk): Term {
  return Math.max(syncedHardState.term, synced.termAt(synced.lastIndex) ?? 0);
}

function fail(claim: ClusterClaim, evidence: string): never {
  throw new Broken(`${claim}: ${evidence}`);
}
