import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** No member stops on an assertion of its own, nor refuses to go on, unless something happened to its disk or it was removed. */
export class MemberAssertions implements Checker {
  readonly name = "Member Assertions";
  readonly interest = {touching: true, changes: ["died"]} as const;
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new MemberAssertions();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    if (touched !== undefined) this.count++;
    for (const change of event.changes) {
      // Who was removed has nothing more to do.
      if (change.kind !== "died" || change.said?.id === "server/removed") continue;
      if (change.said !== undefined && view.members[change.member - 1]?.disk.harms.length !== 0) continue;
      const said = say("memberDied", {member: nameOf(change.member), message: change.message}, [
        nameOf(change.member),
      ]);
      return {check: this.name, said, evidence: [event.id], step: event.step};
    }
    return undefined;
  }
}
