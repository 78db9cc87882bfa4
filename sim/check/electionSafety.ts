import type {Hasher} from "../../core/base/hasher.ts";
import {noMember} from "../../core/base/quantity.ts";
import type {EventId} from "../run.ts";
import type {Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import type {RaftClaim, RaftEvent, RaftView} from "./raftClaim.ts";
import {say} from "./words.ts";

/** At most one leader can be elected in a given term. Raft §5.2, Figure 3. */
export class ElectionSafety implements RaftClaim {
  readonly name = "Election Safety";
  readonly interest = {touching: true} as const;
  /** By term: who led it, and the event in which that was seen first. */
  private readonly led: ({readonly member: number; readonly event: EventId} | undefined)[] = [];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new ElectionSafety();
    for (const [term, leader] of this.led.entries()) twin.led[term] = leader;
    twin.count = this.count;
    return twin as this;
  }

  digest(into: Hasher): void {
    into.int(this.led.length);
    for (const leader of this.led) into.int(leader?.member ?? noMember);
  }

  after(view: RaftView, event: RaftEvent, touched: number | undefined): Violation | undefined {
    if (touched === undefined) return undefined;
    const raft = view.members[touched - 1]?.server?.raft;
    if (raft?.role !== "leader") return undefined;
    const known = this.led[raft.term];
    if (known?.member === touched) return undefined;
    this.count++;
    if (known === undefined) {
      this.led[raft.term] = {member: touched, event: event.id};
      return undefined;
    }
    const said = say("twoLeaders", {a: nameOf(known.member), b: nameOf(touched), term: raft.term}, [
      nameOf(known.member),
      nameOf(touched),
    ]);
    return {check: this.name, said, evidence: [known.event, event.id], step: event.step};
  }
}
