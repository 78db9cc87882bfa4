// What an alarm says of a member.

import type {MemberId} from "../../core/base/quantity.ts";
import type {Store} from "../../core/mvcc/store.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * Who is called corrupt holds another history than some other member (etcd's AlarmType CORRUPT): for as long as the alarm stands
 * the cluster answers nobody. Not judged of alarms that a client raised, nor once something happened to a disk.
 */
export class AlarmsAreTrue implements Checker {
  readonly name = "Alarms Are True";
  readonly interest = {changes: ["apply"]} as const;
  private judged: readonly MemberId[] = [];
  private count = 0;

  /** Entries that were applied where members compare their stores: each might have been an alarm. */
  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new AlarmsAreTrue();
    twin.judged = this.judged;
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    for (const change of event.changes) {
      if (change.kind !== "apply") continue;
      if (compares(view)) this.count++;
      for (const {member, alarm} of view.members[change.member - 1]?.server?.alarms ?? []) {
        if (alarm !== "CORRUPT" || this.judged.includes(member)) continue;
        this.judged = [...this.judged, member];
        if (!isJudgeable(view) || !this.isFalse(member, view)) continue;
        const said = say("alarmFalse", {member: nameOf(member)}, [nameOf(member)]);
        return {check: this.name, said, evidence: [event.id], step: event.step};
      }
    }
    return undefined;
  }

  /** Whether its history is that of every other member that can be compared, and one can. */
  private isFalse(member: MemberId, {members}: WorldView): boolean {
    const mine = members[member - 1]?.server?.store;
    if (mine === undefined) return false;
    const alike = members
      .filter(({id}) => id !== member)
      .map(({server}) => server && sameHistory(mine, server.store))
      .filter((same) => same !== undefined);
    return alike.length > 0 && alike.every((same) => same);
  }
}

function compares({run: {config}}: WorldView): boolean {
  return config.store.corruptCheckEvery > 0 || config.store.compactHashCheckEvery > 0;
}

function isJudgeable({members, operations}: WorldView): boolean {
  return (
    members.every(({disk}) => disk.harms.length === 0) &&
    operations.every(({request}) => request.kind !== "alarmActivate")
  );
}

/** Undefined: they were not compacted alike. */
function sameHistory(one: Store, other: Store): boolean | undefined {
  if (one.compactRevision !== other.compactRevision) return undefined;
  const revision = Math.min(one.currentRevision, other.currentRevision);
  const [mine, theirs] = [one.hashKv(revision), other.hashKv(revision)];
  return mine.ok && theirs.ok ? mine.value.hash === theirs.value.hash : undefined;
}
