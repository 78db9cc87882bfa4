// What can be done to a member's process besides stopping it: crashes that wait for their moment, actors that take their
// time, a restart as somebody else. Whether it applies, and doing it.

import {InvariantViolation} from "../../core/base/assert.ts";
import {pointsOf} from "../../core/server/io.ts";
import type {Action, RestartWith} from "../action.ts";
import {areWithin, isWithin, nthBounds, raftBounds, slowBounds, storeBounds} from "../bounds.ts";
import type {Make, Member} from "../process.ts";
import type {ArmedCrash} from "../view.ts";
import type {Inapplicable} from "./actions.ts";
import {findMember, memberNamed} from "./named.ts";
import type {World} from "./world.ts";

type Of<K extends Action["kind"]> = Extract<Action, {kind: K}>;

export function armProblem(world: World, action: Of<"crashAt" | "crashAtDisk">): Inapplicable | undefined {
  if (findMember(world, action.member) === undefined) return "unknownName";
  if (!isWithin(action.nth, nthBounds)) return "badNumber";
  if (action.kind === "crashAtDisk") return undefined;
  return world.run.config.pausePoints.includes(action.point) ? undefined : "noPausePoint";
}

export function arm(member: Member, action: Of<"crashAt" | "crashAtDisk">): void {
  member.armed = [...member.armed, armed(action)];
}

function armed(action: Of<"crashAt" | "crashAtDisk">): ArmedCrash {
  if (action.kind === "crashAt") return {kind: "point", point: action.point, left: action.nth};
  const {when, what, nth: left} = action;
  return {kind: "disk", when, left, ...(what === undefined ? {} : {what})};
}

export function slowProblem(world: World, {member, actor, factor}: Of<"slow">): Inapplicable | undefined {
  if (findMember(world, member) === undefined) return "unknownName";
  if (!isWithin(factor, slowBounds)) return "badNumber";
  const {pausePoints} = world.run.config;
  // Who never pauses has no turn that could take long.
  return pointsOf[actor].some((point) => pausePoints.includes(point)) ? undefined : "noPausePoint";
}

export function slowDown(member: Member, {actor, factor}: Of<"slow">): void {
  const slow = new Map(member.slowActors);
  if (factor === 1) slow.delete(actor);
  else slow.set(actor, factor);
  member.slowActors = slow;
}

export function remakeProblem(
  world: World,
  {member: name, with: other = {}}: Of<"restart">,
): Inapplicable | undefined {
  const {raft = {}, store = {}} = other;
  if (!areWithin(raft, raftBounds) || !areWithin(store, storeBounds)) return "badNumber";
  const member = memberNamed(world, name);
  const make = remade(world, member, other);
  if (make === undefined) return "unknownName";
  const {config} = make;
  // Files are read by pages, and snapshots are files: all members have pages of one size, for good.
  const isSamePage = config.pageBytes === member.config.pageBytes;
  const isSound =
    config.heartbeatTicks < config.electionTicks && (config.checkQuorum || config.leaseReads !== true);
  return isSamePage && isSound ? undefined : "badNumber";
}

/** What the member boots as, with what a restart changes. Undefined: a version that is not known. */
export function remade(world: World, {make}: Member, other: RestartWith | undefined): Make | undefined {
  if (other === undefined) return make;
  const config = {...make.config, ...other.raft, ...other.store};
  if (other.versions === undefined) return {...make, config};
  try {
    return {config, versions: other.versions, version: world.versions(other.versions)};
  } catch (error) {
    if (error instanceof InvariantViolation) return undefined;
    throw error;
  }
}
