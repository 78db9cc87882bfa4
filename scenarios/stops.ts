// Which members stopped by themselves and are down still: on a failed assertion, or because they did not go on with the
// disk that they had. Read from the events.

import type {MemberId} from "../core/base/quantity.ts";
import type {Change, EventRecord} from "../sim/event.ts";
import type {EventId} from "../sim/run.ts";
import {memberName} from "../sim/world/lanes.ts";

export interface Stop {
  readonly member: string;
  /** The event in which it stopped. */
  readonly at: EventId;
  /** A sentence in English: `n1 stops: …`. */
  readonly says: string;
}

/** What a member says that stops; for an assertion, which knows no members, it is said here. */
export function stopText({member, message, said}: Extract<Change, {readonly kind: "died"}>): string {
  return said === undefined
    ? `${memberName(member)} stops: an assertion of its own failed: ${message}`
    : message;
}

export class Stops {
  private readonly byMember = new Map<MemberId, Stop>();

  /** To be told every event once. */
  tell({id, payload, changes}: EventRecord): void {
    if (payload.kind === "script" && payload.action.kind === "restart") {
      const {member} = payload.action;
      for (const [key, stop] of this.byMember) if (stop.member === member) this.byMember.delete(key);
    }
    // Whoever is started may stop in the same event.
    for (const change of changes) {
      if (change.kind !== "died") continue;
      const {member} = change;
      this.byMember.set(member, {member: memberName(member), at: id, says: stopText(change)});
    }
  }

  of(member: MemberId): Stop | undefined {
    return this.byMember.get(member);
  }

  /** In the order of the members. */
  get all(): readonly Stop[] {
    return [...this.byMember].sort(([a], [b]) => a - b).map(([, stop]) => stop);
  }
}
