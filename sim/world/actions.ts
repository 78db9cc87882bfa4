// What can be done to a world from outside: whether it applies, and doing it. One row per kind of action; to add one,
// add it to action.ts and to the two switches here.

import {unreachable} from "../../core/base/assert.ts";
import type {Action} from "../action.ts";
import {leastRate, mostRate} from "../clock.ts";
import {isWithinBounds} from "../disk/fault.ts";
import {closeBroken, sendCopy} from "./effects.ts";
import {memberOf, parseEventId} from "./lanes.ts";
import {changeConnection, changeLink, connectionProblem, linkProblem} from "./linkActions.ts";
import {arm, armProblem, remade, remakeProblem, slowDown, slowProblem} from "./memberActions.ts";
import {findMember, knows, memberNamed, place, processNamed} from "./named.ts";
import {endsOf, mayComeTwice} from "./payload.ts";
import {
  boot,
  crash,
  pause,
  pauseClient,
  resume,
  resumeClient,
  setClock,
  touch,
  touchClient,
} from "./processes.ts";
import type {Waiting} from "./queue.ts";
import type {World} from "./world.ts";

type Of<K extends Action["kind"]> = Extract<Action, {kind: K}>;

/** Why an action does not apply. Whoever shows it words it. */
export type Inapplicable =
  | "unknownName"
  | "unknownFile"
  | "badCommand"
  | "unknownMessage"
  | "notNow"
  | "notIdempotent"
  | "badNumber"
  | "alreadyDrawn"
  /** A client's connection is a stream: it loses, swaps and doubles nothing. */
  | "ofStream"
  /** The run's configuration lists no such pause point, so nobody ever comes there. */
  | "noPausePoint";

/** Undefined: it applies. */
export function inapplicable(world: World, action: Action): Inapplicable | undefined {
  switch (action.kind) {
    case "cut":
      return knows(world, action.from, action.to) && action.from !== action.to ? undefined : "unknownName";
    case "split":
      return knows(world, ...action.groups.flat()) ? undefined : "unknownName";
    case "heal":
      return action.link === undefined || knows(world, ...action.link) ? undefined : "unknownName";
    case "link":
      return linkProblem(world, action);
    case "connection":
      return connectionProblem(world, action);
    case "crash":
    case "pause":
    case "resume":
    case "timeout":
      return memberProblem(world, action.kind, action.member);
    case "restart":
      return memberProblem(world, action.kind, action.member) ?? remakeProblem(world, action);
    case "crashAt":
    case "crashAtDisk":
      return armProblem(world, action);
    case "slow":
      return slowProblem(world, action);
    case "pauseClient":
    case "resumeClient": {
      if (!world.clients.includes(action.client)) return "unknownName";
      return world.site(action.client).paused === (action.kind === "resumeClient") ? undefined : "notNow";
    }
    case "clock":
      if (!knows(world, action.who)) return "unknownName";
      return action.rate >= leastRate && action.rate <= mostRate ? undefined : "badNumber";
    case "jump":
      if (!knows(world, action.who)) return "unknownName";
      return action.by > 0 ? undefined : "badNumber";
    case "client":
      return clientProblem(world, action);
    case "message":
      return messageProblem(world, action);
    case "loss":
      return action.perMillion >= 0 && action.perMillion <= 1_000_000 ? undefined : "badNumber";
    case "disk":
      return diskProblem(world, action);
    case "pin":
      if (action.n < 1 || action.value < 0) return "badNumber";
      return action.n > world.draws.count(action.stream) ? undefined : "alreadyDrawn";
    case "mark":
      return undefined;
    default:
      return unreachable(action);
  }
}

/** Does what applies. */
export function act(world: World, action: Action): void {
  if (action.kind !== "client" && action.kind !== "pin" && action.kind !== "mark")
    world.note({kind: "fault", action});
  switch (action.kind) {
    case "cut":
      world.network.cutLink(place(world, action.from), place(world, action.to), action.oneWay ?? false);
      return world.loseBlocked();
    case "split":
      world.network.split(action.groups);
      return world.loseBlocked();
    case "heal":
      if (action.link === undefined) world.network.healAll();
      else world.network.healLink(place(world, action.link[0]), place(world, action.link[1]));
      return closeBroken(world);
    case "link":
      return changeLink(world, action);
    case "connection":
      return changeConnection(world, action);
    case "crash":
      return crash(world, memberNamed(world, action.member));
    case "restart": {
      const member = memberNamed(world, action.member);
      member.make = remade(world, member, action.with) ?? member.make;
      return boot(world, member);
    }
    case "crashAt":
    case "crashAtDisk":
      return arm(memberNamed(world, action.member), action);
    case "slow":
      return slowDown(memberNamed(world, action.member), action);
    case "pause":
      return pause(world, memberNamed(world, action.member));
    case "resume":
      return resume(world, memberNamed(world, action.member));
    case "timeout":
      return touch(world, memberNamed(world, action.member), {kind: "timeout"});
    case "pauseClient":
      return pauseClient(world, world.site(action.client));
    case "resumeClient":
      return resumeClient(world, world.site(action.client));
    case "clock": {
      const process = processNamed(world, action.who);
      return setClock(world, process, process.clock.atRate(world.now, action.rate));
    }
    case "jump": {
      const process = processNamed(world, action.who);
      return setClock(world, process, process.clock.ahead(world.now, action.by));
    }
    case "client":
      return askClient(world, action);
    case "message":
      return handleMessage(world, action);
    case "loss":
      return world.network.lose(action.perMillion);
    case "disk":
      return strikeDisk(world, action);
    case "pin":
      world.draws.pin({stream: action.stream, n: action.n, value: action.value});
      return;
    case "mark":
      return;
    default:
      return unreachable(action);
  }
}

function memberProblem(
  world: World,
  kind: Of<"crash" | "restart" | "pause" | "resume" | "timeout">["kind"],
  name: string,
): Inapplicable | undefined {
  const member = findMember(world, name);
  if (member === undefined) return "unknownName";
  const fits: Readonly<Record<typeof kind, boolean>> = {
    // A crash of a member that is down takes back what is armed for its next life.
    crash: member.status !== "crashed" || member.armed.length > 0,
    restart: member.status === "crashed",
    pause: member.status === "up",
    resume: member.status === "paused",
    // A leader has no election timer.
    timeout: member.status === "up" && member.server?.raft.role !== "leader",
  };
  return fits[kind] ? undefined : "notNow";
}

function diskProblem(world: World, {member: name, fault}: Of<"disk">): Inapplicable | undefined {
  const member = findMember(world, name);
  if (member === undefined) return "unknownName";
  return isWithinBounds(fault) ? member.disk.refuses(fault, member.status === "crashed") : "badNumber";
}

/** A stall also holds up what is on its way. */
function strikeDisk(world: World, {member: name, fault}: Of<"disk">): void {
  const {id, disk, status} = memberNamed(world, name);
  disk.strike(fault, {now: world.now, isDown: status === "crashed"});
  if (fault.kind === "stall") world.postponeDisk(id, disk.stalledUntil);
}

function clientProblem(world: World, action: Of<"client">): Inapplicable | undefined {
  const known = world.clients.includes(action.client);
  if (!known || (action.to !== undefined && findMember(world, action.to) === undefined)) return "unknownName";
  const site = world.site(action.client);
  if (site.paused) return "notNow";
  return site.read(action.op).ok ? undefined : "badCommand";
}

/** Between members everything can be done to a message; a client's stream keeps its order, so there it can only be lost. */
function messageProblem(world: World, action: Of<"message">): Inapplicable | undefined {
  const found = findMessage(world, action.event);
  if (found === undefined || found.fate !== undefined) return "unknownMessage";
  const {kind} = found.payload;
  const ofStream = kind === "request" || kind === "response" || kind === "credit";
  if (kind !== "message") return ofStream && action.do === "drop" ? undefined : "notNow";
  if (action.do === "delay" && action.by < 0) return "badNumber";
  if (action.do === "duplicate" && !mayComeTwice(found.payload)) return "notIdempotent";
  const held = found.held === true;
  if (action.do === "release") return held ? undefined : "notNow";
  return held && action.do !== "drop" ? "notNow" : undefined;
}

/** What the line's operands stand for is what this client has seen by now; the history has it, the script keeps the line. */
function askClient(world: World, action: Of<"client">): void {
  const site = world.site(action.client);
  const parsed = site.read(action.op);
  if (!parsed.ok) return;
  if (parsed.value.kind === "cancel")
    return touchClient(world, site, {kind: "cancel", call: parsed.value.call});
  const call = site.machine.nextCall;
  const as = action.as === undefined ? {} : {as: action.as};
  const head = {client: site.name, call, ...as, invoked: world.moment};
  if (parsed.value.kind === "recipe") {
    const {recipe} = parsed.value;
    site.seen.asked(call, recipe, action.as);
    world.history.invokedRecipe({...head, recipe});
    world.note({kind: "invoked", client: site.name, call, recipe});
    return touchClient(world, site, {kind: "recipe", call, recipe});
  }
  const {request} = parsed.value;
  const {token} = parsed.value.globals;
  site.seen.asked(call, request, action.as);
  world.history.invoked({...head, request, ...(token === undefined ? {} : {token})});
  world.note({kind: "invoked", client: site.name, call});
  const to = action.to === undefined ? undefined : memberOf(action.to);
  const metadata = token === undefined ? {} : {metadata: {token}};
  touchClient(world, site, {kind: "call", call, request, ...(to === undefined ? {} : {to}), ...metadata});
}

function handleMessage(world: World, action: Of<"message">): void {
  const found = findMessage(world, action.event);
  if (found === undefined) return;
  switch (action.do) {
    case "drop": {
      world.remove(found);
      const {held: _, ...rest} = found;
      return world.push({
        ...rest,
        due: Math.max(found.due, world.now),
        fate: {why: "dropped", at: world.now},
      });
    }
    case "duplicate": {
      const {from = "", to = ""} = endsOf(found.payload) ?? {};
      return sendCopy(world, place(world, from), place(world, to), found.payload);
    }
    case "hold":
      world.remove(found);
      world.agenda.held = [...world.agenda.held, {...found, held: true}];
      return;
    case "release":
      return release(world, found);
    case "delay":
      world.remove(found);
      return world.push({...found, due: found.due + action.by});
    default:
      return unreachable(action);
  }
}

/** It arrives at once, unless its link carries no more. */
function release(world: World, found: Waiting): void {
  world.remove(found);
  const {held: _, ...rest} = found;
  world.push({...rest, due: world.now, seq: world.agenda.nextSeq()});
  world.loseBlocked();
}

function findMessage(world: World, event: string): Waiting | undefined {
  const name = parseEventId(event);
  return name === undefined ? undefined : world.findMessage(name.lane, name.ordinal);
}
