// What is asked of a cluster that is left alone: all members that may run do, have applied the same, and hold the same; and a
// joint configuration that is to be left by itself (§6) was left.

import {Hasher} from "../../core/base/hasher.ts";
import {harmOf} from "../disk/fault.ts";
import type {MemberView, WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {say} from "./words.ts";

/** The name of the operations that a member is asked for when all is whole again. */
export function lastPut(member: string): string {
  return `last/${member}`;
}

/** What keeps the members from being alike; undefined: nothing does. O(state). */
export function difference(view: WorldView): Violation["said"] | undefined {
  const members = view.members.filter(({id}) => !wasRemoved(view, id));
  const down = members.find((member) => member.server === undefined && mayRun(member));
  if (down !== undefined) return say("soundIsDown", {member: nameOf(down)}, [nameOf(down)]);
  const running = members.filter(({server}) => server !== undefined);
  const idle = running.find((member) => !answers(view, member));
  if (idle !== undefined) return say("noPutDone", {member: nameOf(idle)}, [nameOf(idle)]);
  const joint = running.find(({server}) => server?.raft.confState.autoLeave === true);
  if (joint !== undefined) return say("stillJoint", {member: nameOf(joint)}, [nameOf(joint)]);
  const [first, ...others] = running;
  const other = others.find((member) => first !== undefined && contentOf(member) !== contentOf(first));
  if (first === undefined || other === undefined) return undefined;
  const [a, b] = [nameOf(first), nameOf(other)];
  return say("notAlike", {a, first: appliedBy(first), b, second: appliedBy(other)}, [a, b]);
}

/** A voter does a put that it is asked for. Learners refuse, and need only hold the same. */
function answers({run: {config}, operations}: WorldView, member: MemberView): boolean {
  if (member.id > config.members) return true;
  const name = lastPut(nameOf(member));
  return operations.some(({as, outcome}) => as === name && outcome?.kind === "ok");
}

/** It is no member any more, as some member has applied: it stops, and is asked for nothing. */
function wasRemoved(view: WorldView, id: number): boolean {
  return view.members.some(({server}) => server?.membership.removed.includes(id) === true);
}

/** It was ever started; and a sector that could not be read can be again, while a bit that flipped stays so, and what was lost is. */
function mayRun({disk, incarnation}: MemberView): boolean {
  return incarnation > 0 && disk.harms.every(({kind}) => harmOf[kind] === "stops" || kind === "unreadable");
}

function appliedBy({server}: MemberView): number {
  return server?.appliedIndex ?? 0;
}

function contentOf({server}: MemberView): string {
  if (server === undefined) return "";
  const into = new Hasher();
  server.store.digest(into);
  const {index, digest} = server.lastApplied;
  return `${index} ${digest} ${into.hash()}`;
}

function nameOf({id}: MemberView): string {
  return `n${id}`;
}

/** Once faults have ended every member that may run catches up, and a client is answered. */
export class Convergence implements Checker {
  readonly name = "Convergence";
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new Convergence();
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | undefined {
    this.count++;
    const said = difference(view);
    return said && {check: this.name, said, evidence: view.last ? [view.last.id] : [], step: view.step};
  }
}
