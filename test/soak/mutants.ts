// Wrong rules, and wrong parts, each of which a soak must catch.

import {Inflights} from "../../core/raft/inflights.ts";
import {Log} from "../../core/raft/log.ts";
import {Progress} from "../../core/raft/progress.ts";
import {ReadOnly} from "../../core/raft/readOnly.ts";
import type {RaftRules} from "../../core/raft/rules.ts";
import {Unstable} from "../../core/raft/unstable.ts";

export interface Mutant {
  readonly name: string;
  readonly rules?: Partial<RaftRules>;
  /** Caught in few seeds, or only by a run that is made for it: not for a test of a few seconds. */
  readonly rarely?: true;
  /** Puts something wrong in the place of a part; returns what puts it right again. */
  readonly plant?: () => () => void;
}

const ruleMutants: readonly Mutant[] = [
  {name: "quorumSize: half of the voters", rules: {quorumSize: (voters) => Math.max(1, voters >> 1)}},
  {name: "canGrantVote: a second vote in a term", rules: {canGrantVote: ({upToDate}) => upToDate}},
  {
    name: "canGrantVote: for any log",
    rules: {canGrantVote: ({votedFor, candidate}) => votedFor === 0 || votedFor === candidate},
  },
  {name: "isUpToDate: any log", rules: {isUpToDate: () => true}},
  {
    name: "isUpToDate: the longer log",
    rarely: true,
    rules: {isUpToDate: (theirs, ours) => theirs.index >= ours.index},
  },
  {name: "isUpToDate: the term alone", rules: {isUpToDate: (theirs, ours) => theirs.term >= ours.term}},
  {
    name: "isLeased: for ever",
    rarely: true,
    rules: {isLeased: ({leader, checkQuorum}) => checkQuorum && leader !== 0},
  },
  {name: "refusalOfChange: never", rules: {refusalOfChange: () => undefined}},
  {
    name: "refusalOfChange: many under way",
    rules: {
      refusalOfChange: ({joint, leaves}) =>
        joint && !leaves ? "mustLeaveJoint" : !joint && leaves ? "notJoint" : undefined,
    },
  },
  {name: "mayCampaignWithPendingChange: yes", rules: {mayCampaignWithPendingChange: () => true}},
  {name: "fitsOurLog: anything that is there", rules: {fitsOurLog: ({ourTerm}) => ourTerm !== undefined}},
  {
    name: "fitsOurLog: an older term too",
    rarely: true,
    rules: {fitsOurLog: ({ourTerm = -1, prevLogTerm}) => ourTerm >= prevLogTerm},
  },
  {name: "mustReplace: never", rules: {mustReplace: () => false}},
  {name: "mustReplace: always", rules: {mustReplace: () => true}},
  {
    name: "acknowledgedIndex: its whole log",
    rarely: true,
    rules: {acknowledgedIndex: ({lastIndex}) => lastIndex},
  },
  {name: "followerCommit: what the leader says", rules: {followerCommit: ({leaderCommit}) => leaderCommit}},
  {name: "mayCommit: of any term", rules: {mayCommit: () => true}},
  {name: "mustSync: never", rules: {mustSync: () => false}},
  {name: "mustSync: not for a vote", rules: {mustSync: (_before, _after, entries) => entries.length > 0}},
  {
    name: "mustSync: not for entries",
    rules: {mustSync: (before, after) => before.term !== after.term || before.votedFor !== after.votedFor},
  },
  {name: "mustWaitForSync: nothing", rules: {mustWaitForSync: () => false}},
  {
    name: "mustWaitForSync: not an acknowledgement",
    rules: {mustWaitForSync: (kind) => kind.startsWith("RequestVote")},
  },
  {name: "mustWaitForSync: not a vote", rules: {mustWaitForSync: (kind) => kind === "AppendEntriesResponse"}},
  {
    name: "mustWaitForSync: as etcd, not a request for votes",
    rules: {
      mustWaitForSync: (kind) =>
        kind !== "RequestVote" && kind.endsWith("Response") && kind !== "HeartbeatResponse",
    },
  },
  {name: "mayTrustReceipt: any", rarely: true, rules: {mayTrustReceipt: () => true}},
  {name: "heartbeatCommit: the leader's own", rules: {heartbeatCommit: ({commitIndex}) => commitIndex}},
  {name: "mayTakeReads: at once", rules: {mayTakeReads: () => true}},
  {name: "mayServeRead: unasked", rarely: true, rules: {mayServeRead: () => true}},
];

/** Replaces a method; the wrong one is given the right one. */
function replaced<T extends object, Name extends keyof T>(
  prototype: T,
  name: Name,
  wrong: (right: T[Name]) => T[Name],
): () => void {
  const right = prototype[name];
  prototype[name] = wrong(right);
  return () => {
    prototype[name] = right;
  };
}

const partMutants: readonly Mutant[] = [
  {
    name: "progress: a match that may fall",
    plant: () =>
      replaced(
        Progress.prototype,
        "maybeUpdate",
        (right) =>
          function (this: Progress, index) {
            const took = right.call(this, index);
            this.matchIndex = index;
            return took;
          },
      ),
  },
  {
    name: "progress: a snapshot counts as arrived when it is sent",
    plant: () =>
      replaced(
        Progress.prototype,
        "becomeSnapshot",
        (right) =>
          function (this: Progress, index) {
            right.call(this, index);
            this.matchIndex = index;
          },
      ),
  },
  {
    name: "progress: a failed snapshot counts as arrived, and as acknowledged",
    rarely: true,
    plant: () =>
      replaced(
        Progress.prototype,
        "becomeProbe",
        (right) =>
          function (this: Progress) {
            const snapshot = this.state === "snapshot" ? this.pendingSnapshot : 0;
            right.call(this);
            this.matchIndex = Math.max(this.matchIndex, snapshot);
            this.nextIndex = Math.max(this.nextIndex, this.matchIndex + 1);
          },
      ),
  },
  {
    name: "progress: a refusal moves next below match",
    rarely: true,
    plant: () =>
      replaced(
        Progress.prototype,
        "maybeDecreaseTo",
        (right) =>
          function (this: Progress, refused, hint) {
            const took = right.call(this, refused, hint);
            if (took) this.nextIndex = Math.max(1, Math.min(refused, hint + 1));
            return took;
          },
      ),
  },
  {
    name: "progress: a window that is not cleared when probing begins",
    plant: () =>
      replaced(
        Inflights.prototype,
        "clear",
        () =>
          function () {
            // Left as it is.
          },
      ),
  },
  {
    name: "inflights: freed from the wrong end",
    plant: () =>
      replaced(
        Inflights.prototype,
        "freeTo",
        (right) =>
          function (this: Inflights, index) {
            right.call(this, index - 1);
          },
      ),
  },
  {
    name: "log: a snapshot that leaves the commit index",
    plant: () =>
      replaced(
        Log.prototype,
        "restore",
        (right) =>
          function (this: Log, snapshot) {
            const before = this.commitIndex;
            right.call(this, snapshot);
            Reflect.get(this, "state").commitIndex = before;
          },
      ),
  },
  {
    name: "unstable: a snapshot over which old entries stay",
    rarely: true,
    plant: () =>
      replaced(
        Unstable.prototype,
        "restore",
        (right) =>
          function (this: Unstable, snapshot) {
            const entries: unknown[] = Reflect.get(this, "entries").slice();
            right.call(this, snapshot);
            Reflect.set(this, "entries", entries);
          },
      ),
  },
  {
    name: "unstable: a receipt for other entries (ABA)",
    rarely: true,
    plant: () =>
      replaced(
        Unstable.prototype,
        "stableTo",
        (right) =>
          function (this: Unstable, id) {
            return right.call(this, {index: id.index, term: this.termAt(id.index) ?? id.term});
          },
      ),
  },
  {
    name: "unstable: what was cut off stays in progress",
    plant: () =>
      replaced(
        Unstable.prototype,
        "truncateAndAppend",
        (right) =>
          function (this: Unstable, entries) {
            const to: number = Reflect.get(this, "inProgressTo");
            const how = right.call(this, entries);
            Reflect.set(this, "inProgressTo", Math.min(to, this.lastIndex + 1));
            return how;
          },
      ),
  },
  {
    name: "log: an entry left out of what is handed out",
    plant: () =>
      replaced(
        Log.prototype,
        "takeApplyWork",
        (right) =>
          function (this: Log, allowUnstable) {
            const work = right.call(this, allowUnstable);
            return work.length > 2 ? work.slice(1) : work;
          },
      ),
  },
  {
    name: "reads: a position counted twice",
    rarely: true,
    plant: () =>
      replaced(
        ReadOnly.prototype,
        "acknowledge",
        (right) =>
          function (this: ReadOnly, member, position) {
            right.call(this, member, position + 1);
          },
      ),
  },
];

export const mutants: readonly Mutant[] = [...ruleMutants, ...partMutants];
