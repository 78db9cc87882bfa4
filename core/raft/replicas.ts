// Whom a leader replicates to: one progress for each member of the configuration, kept while that changes.

import type {Changed} from "./confChange.ts";
import {isLearner, membersOf} from "./confState.ts";
import type {Index} from "./entry.ts";
import type {InflightLimits} from "./inflights.ts";
import {Inflights} from "./inflights.ts";
import {Progress} from "./progress.ts";
import type {Raft} from "./raft.ts";

/** What a leader begins with: it has yet to find out where the others' logs agree with its own. */
export function newProgress(raft: Raft): Progress[] {
  const {id, conf} = raft;
  const nextIndex = raft.log.lastIndex + 1;
  return membersOf(conf).map((member) => {
    const inflights = new Inflights(limitsOf(raft));
    const start = {nextIndex, inflights, isLearner: isLearner(conf, member), recentActive: member === id};
    const progress = new Progress(member, start);
    if (member !== id) return progress;
    progress.matchIndex = nextIndex - 1;
    progress.becomeReplicate();
    return progress;
  });
}

/**
 * What a leader whose log ends at `lastIndex` goes on with. Who stays goes on where it was; who is new begins, and counts
 * as active so that it has time to answer. etcd: confchange.go, initProgress.
 */
export function continued(
  before: readonly Progress[],
  {conf, renewed}: Changed,
  {lastIndex, limits}: {readonly lastIndex: Index; readonly limits: InflightLimits},
): Progress[] {
  const nextIndex = Math.max(lastIndex, 1);
  return membersOf(conf).map((member) => {
    const learner = isLearner(conf, member);
    const known = renewed.has(member) ? undefined : before.find((one) => one.member === member);
    if (known === undefined) {
      const inflights = new Inflights(limits);
      return new Progress(member, {nextIndex, inflights, isLearner: learner, recentActive: true});
    }
    known.isLearner = learner;
    return known;
  });
}

export function limitsOf({config}: Raft): InflightLimits {
  return {max: config.inflightMax, bytesMax: config.inflightBytesMax};
}
