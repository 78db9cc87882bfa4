// What a schedule may make happen, counted: a soak in which something never happened says nothing about it.

/** Counted in every schedule. */
export const features = [
  // settings
  "syncSchedule",
  "asyncSchedule",
  "mixedSchedule",
  "stepsBetweenReadyAndAdvance",
  "preVote",
  "checkQuorum",
  "leaseReads",
  "noProposalForwarding",
  "stepDownOnRemoval",
  "beginsWithASnapshot",
  "slowDisk",
  "singleVoter",
  "appliedOneByOne",
  // network
  "deliveredInOrder",
  "deliveredOutOfOrder",
  "duplicated",
  "dropped",
  "cutBothWays",
  "cutOneWay",
  "leaderCutOff",
  "healed",
  "refusedByACut",
  "unreachableReported",
  // clocks
  "ticked",
  "tickedAtOnce",
  "campaignedByHand",
  // disks
  "workDone",
  "workDoneInParts",
  "commitAloneNotSynced",
  "crashed",
  "crashKeptNothing",
  "crashKeptSome",
  "crashKeptAll",
  "crashWithinWork",
  "termRecoveredFromLog",
  "restartedAtSnapshot",
  "restartedBeyondSnapshot",
  "restartedAtLastApplied",
  // clients
  "proposed",
  "proposalRefused",
  "proposalsInOne",
  "readAsked",
  "readServed",
  "readServedToFollower",
  "leaseReadServed",
  // leadership
  "ledATerm",
  "steppedDownInTerm",
  "transferAsked",
  "transferAskedOfFollower",
  "forgotLeader",
  // membership
  "changeOldForm",
  "changeSimple",
  "changeJointAuto",
  "changeJointImplicit",
  "changeJointExplicit",
  "changeLeave",
  "changeRefusedWhenApplied",
  "changeOlderThanSnapshot",
  "jointEntered",
  "jointLeft",
  "learnerAdded",
  "learnerPromoted",
  "voterDemoted",
  "voterAdded",
  "memberRemoved",
  "leaderRemovedItself",
  "renewed",
  // snapshots
  "snapshotMade",
  "compacted",
  "compactedBehindSnapshot",
  "snapshotInstalled",
  "snapshotReportedArrived",
  "snapshotReportedFailed",
  "snapshotReportLost",
  "snapshotReportedWrongly",
  // the end
  "healedAtTheEnd",
  "committedEverywhere",
  "heldUpByRemoved",
] as const;

export type Feature = (typeof features)[number];

/** Counters by name, in the order of a list of names. */
export class Counters<Name extends string> {
  readonly names: readonly Name[];
  private readonly counts: Float64Array;
  private readonly places: ReadonlyMap<string, number>;

  constructor(names: readonly Name[]) {
    this.names = names;
    this.counts = new Float64Array(names.length);
    this.places = new Map(names.map((name, place) => [name, place]));
  }

  count(name: Name, times = 1): void {
    const place = this.places.get(name);
    if (place === undefined) throw new Error(`nobody counts ${name}`);
    this.counts[place] = (this.counts[place] ?? 0) + times;
  }

  of(name: Name): number {
    return this.counts[this.places.get(name) ?? -1] ?? 0;
  }

  add(more: Readonly<Record<string, number>>): void {
    for (const [name, times] of Object.entries(more)) {
      const place = this.places.get(name);
      if (place !== undefined) this.counts[place] = (this.counts[place] ?? 0) + times;
    }
  }

  toRecord(): Record<Name, number> {
    return Object.fromEntries(this.names.map((name, place) => [name, this.counts[place] ?? 0])) as Record<
      Name,
      number
    >;
  }
}
