// The processes of a world, members and clients: started, stopped, and handed the inputs that events bring. What they
// want done in return is done by effects.ts; when they want to be woken is noted here.

import {InvariantViolation, present} from "../../core/base/assert.ts";
import {worded} from "../../core/base/said.ts";
import type {Said} from "../../core/base/said.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {ClientInput} from "../../core/client/io.ts";
import type {Input} from "../../core/server/io.ts";
import type {Server} from "../../core/server/server.ts";
import {say, serverWords} from "../../core/server/words.ts";
import {firstTick, trueRate} from "../clock.ts";
import type {Clock} from "../clock.ts";
import {ReadError} from "../disk/fault.ts";
import type {Payload} from "../event.ts";
import {Member} from "../process.ts";
import {perform, performClient, sendClose} from "./effects.ts";
import type {LaneIndex} from "./lanes.ts";
import {clientOf, isOwn, targetOf} from "./payload.ts";
import type {Waiting} from "./queue.ts";
import type {ClientSite} from "./site.ts";
import type {World} from "./world.ts";

export function boot(world: World, member: Member): void {
  world.touched = member.id;
  const end = start(world, member);
  if (end !== undefined) return die(world, member, end);
  const due = firstTick(world.draws, member.name, world.now, tickPeriod(world, member));
  world.put(member.birth.lanes.clock, due, {kind: "tick", member: member.id}, false);
  armMember(world, member);
}

/**
 * The process is gone: with it its clock, its actors' turns and what it waited for of the disk. One that is down loses only
 * what was armed for its next life.
 */
export function crash(world: World, member: Member): void {
  world.touched = member.id;
  if (member.status === "crashed") {
    member.armed = [];
    return;
  }
  unpark(world, member);
  member.crash(world.draws);
  world.agenda.queue.removeAll(({payload}) => isOwn(payload) && targetOf(payload) === member.id);
  const open = world.connections.filter(({member: of, memberOpen}) => of === member.id && memberOpen);
  for (const one of open) {
    world.connections.change(one.key, {memberOpen: false, closing: true});
    if (one.clientOpen) sendClose(world, one, "client");
  }
}

/** Stopped by its operating system: what arrives waits. */
export function pause(world: World, member: Member): void {
  world.touched = member.id;
  member.status = "paused";
  member.parked = world.agenda.queue.removeAll(({payload}) => targetOf(payload) === member.id);
}

export function resume(world: World, member: Member): void {
  world.touched = member.id;
  unpark(world, member);
}

export function pauseClient(world: World, site: ClientSite): void {
  site.paused = true;
  site.parked = world.agenda.queue.removeAll(({payload}) => clientOf(payload) === site.name);
}

export function resumeClient(world: World, site: ClientSite): void {
  site.paused = false;
  for (const event of site.parked) world.agenda.queue.push(event);
  site.parked = [];
}

/** The process goes by another clock from now on: the wake that it waits for comes when that one says so. */
export function setClock(world: World, who: Member | ClientSite, clock: Clock): void {
  who.clock = clock;
  if (who instanceof Member) armMember(world, who);
  else armClient(world, who);
}

/** Between two ticks of a member, in the world's time. */
export function tickPeriod(world: World, {clock}: Member): Micros {
  const {tick} = world.run.config.clock;
  return clock.rate === trueRate ? tick : Math.max(1, Math.floor((tick * trueRate) / clock.rate));
}

/** Hands an input to a member and carries out what it wants. A failed assertion ends the member, not the run. */
export function touch(world: World, member: Member, input: Input): void {
  if (member.server === undefined) return;
  world.touched = member.id;
  const end = hand(world, member, input);
  if (end !== undefined) die(world, member, end);
  member.observe(world.changes);
  if (member.server !== undefined) record(world, member.server);
  armMember(world, member);
}

/** Puts on record what the member did, if it was the first to do it. */
function record(world: World, server: Server): void {
  const {history, changes} = world;
  if (changes.length === 0) return;
  history.revisions.note(server.store, world.now);
  for (const change of changes)
    if (change.kind === "apply") history.applied.note(change.member, server, change, world.moment);
}

export function touchClient(world: World, site: ClientSite, input: ClientInput): void {
  performClient(world, site, site.machine.handle(input, site.clock.read(world.now)));
  armClient(world, site);
}

function armClient(world: World, site: ClientSite): void {
  const lane = present(world.wakes[site.index], "the lane of", site.name);
  const deadline = site.machine.deadline();
  const due = deadline === undefined ? undefined : site.clock.when(deadline);
  site.timer = alarm(world, site.timer, due, lane, site.wakes);
}

/** Why a member cannot go on: it stops by itself, or a crash that was armed comes. */
type End =
  | "crashed"
  | {
      readonly message: string;
      /** What it says itself. Absent: an assertion failed. */
      readonly said?: Said;
    };

/** Hands over an input and carries out what the member wants. Undefined: it goes on. */
function hand(world: World, member: Member, input: Input): End | undefined {
  if (member.server === undefined) return undefined;
  try {
    const said = perform(world, member, member.server.handle(input, member.clock.read(world.now)));
    return endOf(said);
  } catch (error) {
    return endBy(member, error);
  }
}

/** Starts a server and carries out what it wants. Undefined: it goes on. */
function start(world: World, member: Member): End | undefined {
  try {
    const said = perform(world, member, member.boot(world.draws, world));
    return endOf(said);
  } catch (error) {
    return endBy(member, error);
  }
}

function endOf(said: Said | "crashed" | undefined): End | undefined {
  return said === undefined || said === "crashed" ? said : refusal(said);
}

/** What an error of a member's means for it. */
function endBy({name}: Member, error: unknown): End {
  if (error instanceof InvariantViolation) return {message: error.message};
  if (error instanceof ReadError) {
    const {file, sector} = error;
    return refusal(say("storage/unreadable", {member: name, file, sector}, [name]));
  }
  throw error;
}

function refusal(said: Said): End {
  return {message: worded(serverWords, said, "en"), said};
}

/** It stopped by itself, unless a crash was armed. */
function die(world: World, member: Member, end: End): void {
  if (end === "crashed") return crashNow(world, member);
  world.note({kind: "died", member: member.id, ...end});
  crash(world, member);
}

/** A crash that was armed comes, and is told like one by hand. */
export function crashNow(world: World, member: Member): void {
  world.note({kind: "fault", action: {kind: "crash", member: member.name}});
  crash(world, member);
}

function unpark(world: World, member: Member): void {
  member.status = "up";
  for (const event of member.parked) world.agenda.queue.push(event);
  member.parked = [];
}

function armMember(world: World, member: Member): void {
  const deadline = member.server?.deadline();
  const due = deadline === undefined ? undefined : member.clock.when(deadline);
  member.timer = alarm(world, member.timer, due, member.birth.lanes.wake, member.wakes);
}

/** The wake that is wanted now: the one that waits, if it is for that time. */
function alarm(
  world: World,
  waits: Waiting | undefined,
  deadline: Micros | undefined,
  lane: LaneIndex,
  payload: Payload,
): Waiting | undefined {
  if (deadline === undefined) return undefined;
  // One that a schedule overtook keeps its place: else every event that touches its owner would put it off again, also
  // where that for which it was meant is over and something else is due as well.
  if (waits !== undefined && world.overtaken > 0 && waits.due < world.now && deadline <= world.now)
    return waits;
  const due = Math.max(deadline, world.now);
  return waits?.due === due ? waits : world.agenda.wake(lane, {due, cause: world.step, payload});
}
