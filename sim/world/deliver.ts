// What taking an event does, kind by kind: the input is handed to the one member or client that it is for, or it is
// lost, and says so.

import {present, unreachable} from "../../core/base/assert.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import {nextTick} from "../clock.ts";
import type {Change, Payload} from "../event.ts";
import {streamKey} from "./connections.ts";
import {giveCredit, reportSnapshot, sendClose, tellBroken} from "./effects.ts";
import {eventId} from "./lanes.ts";
import {endsOf} from "./payload.ts";
import {crashNow, tickPeriod, touch, touchClient} from "./processes.ts";
import type {Waiting} from "./queue.ts";
import type {World} from "./world.ts";

type Of<K extends Payload["kind"]> = Extract<Payload, {kind: K}>;

/** Hands the event to whom it is for. Script events are the world's own affair. */
export function deliver(world: World, event: Waiting): void {
  const {payload} = event;
  if (event.fate !== undefined) return lose(world, event, event.fate.why);
  switch (payload.kind) {
    case "tick":
      return tick(world, event, payload.member);
    case "wake":
      return touch(world, world.member(payload.member), {kind: "wake"});
    case "turn":
      return touch(world, world.member(payload.member), {kind: "turn", actor: payload.actor});
    case "diskDone":
      return diskDone(world, payload);
    case "report":
      return touch(world, world.member(payload.member), {kind: "report", to: payload.to, what: payload.what});
    case "message":
      return message(world, event, payload);
    case "request":
      return request(world, event, payload);
    case "response":
      return response(world, event, payload);
    case "credit":
      return credit(world, event, payload);
    case "close":
      return payload.toward === "member" ? closeAtMember(world, payload) : closeAtClient(world, payload);
    case "clientWake":
      return touchClient(world, world.site(payload.client), {kind: "wake"});
    case "script":
      return;
    default:
      return unreachable(payload);
  }
}

function tick(world: World, event: Waiting, id: MemberId): void {
  const member = world.member(id);
  const due = nextTick(event.due, world.now, tickPeriod(world, member));
  // A clock is not caused by its last tick, but by the boot that started it.
  world.put(event.laneIndex, due, event.payload, true, undefined, member.bootStep);
  touch(world, member, {kind: "tick"});
}

function diskDone(world: World, {member: id, op, what}: Of<"diskDone">): void {
  const member = world.member(id);
  const crashes = member.armed.length === 0 ? undefined : member.completesOnDisk(what);
  if (crashes === "before") return crashNow(world, member);
  const outcome = member.disk.complete(op);
  if (crashes === "after") return crashNow(world, member);
  if (outcome === undefined) return;
  touch(world, member, {kind: "diskDone", op, ...(outcome === "done" ? {} : {error: outcome})});
}

function message(world: World, event: Waiting, {from, to, message: what}: Of<"message">): void {
  const member = world.member(to);
  if (member.server === undefined) return lose(world, event, "down");
  touch(world, member, {kind: "message", from, message: what});
  if (what.kind === "InstallSnapshot") reportSnapshot(world, what, true);
}

/** A request binds its stream to the member's present life; one of an earlier life is refused, as by a fresh kernel. */
function request(
  world: World,
  event: Waiting,
  {client, to, stream, id, request: what, metadata}: Of<"request">,
): void {
  const member = world.member(to);
  const key = streamKey(world.site(client).index, stream);
  const connection = world.connections.get(key);
  const stale =
    connection === undefined ||
    (connection.incarnation !== 0 && connection.incarnation !== member.incarnation);
  if (member.server === undefined || stale) {
    lose(world, event, "down");
    return;
  }
  if (connection.gapAtMember) return lose(world, event, "cut");
  if (world.network.refuses(world.placeOfClient(world.site(client).index), world.placeOfMember(to)))
    return lose(world, event, "refused");
  const isBound = connection.memberOpen && connection.incarnation === member.incarnation;
  if (!isBound) world.connections.change(key, {incarnation: member.incarnation, memberOpen: true});
  touch(world, member, {
    kind: "request",
    stream: key,
    id,
    request: what,
    ...(metadata === undefined ? {} : {metadata}),
  });
}

function response(world: World, event: Waiting, {client, stream, id, response: what}: Of<"response">): void {
  const site = world.site(client);
  const key = streamKey(site.index, stream);
  const connection = world.connections.get(key);
  if (connection?.clientOpen !== true) return;
  if (connection.gapAtClient) return lose(world, event, "cut");
  touchClient(world, site, {kind: "response", stream, id, response: what});
  if (what.result.kind === "watch") giveCredit(world, key);
}

/** Like a request, it means nothing to another life of the member than the one that its stream is bound to. */
function credit(world: World, event: Waiting, {client, to, stream, room}: Of<"credit">): void {
  const member = world.member(to);
  const key = streamKey(world.site(client).index, stream);
  const connection = world.connections.get(key);
  if (member.server === undefined || connection?.incarnation !== member.incarnation)
    return lose(world, event, "down");
  if (connection.gapAtMember) return lose(world, event, "cut");
  touch(world, member, {kind: "streamReady", stream: key, room});
}

function closeAtMember(world: World, {client, member: id, stream}: Of<"close">): void {
  const member = world.member(id);
  const key = streamKey(world.site(client).index, stream);
  const connection = world.connections.get(key);
  if (connection === undefined) return;
  if (!connection.clientOpen || connection.broken) world.connections.change(key, {memberOpen: false});
  if (!connection.clientOpen) world.connections.delete(key);
  if (connection.memberOpen && connection.incarnation === member.incarnation) {
    touch(world, member, {kind: "streamClosed", stream: key});
  }
}

function closeAtClient(world: World, {client, stream}: Of<"close">): void {
  const site = world.site(client);
  const key = streamKey(site.index, stream);
  const connection = world.connections.get(key);
  if (connection === undefined) return;
  if (connection.memberOpen) world.connections.change(key, {clientOpen: false});
  else world.connections.delete(key);
  if (!connection.clientOpen) return;
  // Refused as a connection, it carried nothing; what was lost on the way may have been on a link that lied.
  const unused = connection.incarnation === 0 && !connection.broken;
  touchClient(world, site, {kind: "closed", stream, ...(unused ? {unused} : {})});
}

/**
 * Notes the loss. A stream that loses a message is broken. A member that is down answers with the stream's end, and so
 * does one that refuses the client; if it knows the stream, it is told too. Of a reset both ends were told before.
 */
function lose(world: World, event: Waiting, why: Extract<Change, {kind: "lost"}>["why"]): void {
  const {payload} = event;
  const ends = endsOf(payload);
  if (ends === undefined) return;
  world.note({kind: "lost", event: eventId(event.lane, event.ordinal), ...ends, why});
  if (payload.kind === "message" && payload.message.kind === "InstallSnapshot") {
    reportSnapshot(world, payload.message, false);
  }
  if (!("stream" in payload)) return;
  const key = streamKey(world.site(payload.client).index, payload.stream);
  const connection = world.connections.get(key);
  if (connection === undefined || why === "reset") return;
  if (why === "down" || (why === "refused" && connection.incarnation === 0)) {
    if (connection.clientOpen && !connection.closing) sendClose(world, connection, "client");
    world.connections.change(key, {closing: true});
    return;
  }
  const gap = payload.kind === "response" ? {gapAtClient: true} : {gapAtMember: true};
  // What comes behind the first loss is no news, while that is on its way.
  const closing = connection.broken && connection.closing && payload.kind !== "close";
  world.connections.change(key, {broken: true, closing, ...gap});
  if (!closing) tellBroken(world, present(world.connections.get(key), "stream", key));
}
