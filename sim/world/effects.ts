// What members and clients want done, done: messages and responses leave for their links, disk operations for the disk,
// paused actors for their next turn.

import {unreachable} from "../../core/base/assert.ts";
import type {ClientEffect, RecipeOutcome} from "../../core/client/io.ts";
import type {Said} from "../../core/base/said.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Effect} from "../../core/server/io.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {Response} from "../../core/server/request.ts";
import type {DiskOp} from "../../core/storage/disk.ts";
import {Disk} from "../disk/disk.ts";
import type {Payload} from "../event.ts";
import {drawBetween} from "../network/network.ts";
import type {Place} from "../network/network.ts";
import {wireBytes} from "../network/size.ts";
import type {Member} from "../process.ts";
import {digestClientEffect, digestEffect} from "./chain.ts";
import {clientOfStream, streamKey} from "./connections.ts";
import type {Connection, StreamKey} from "./connections.ts";
import {fileLane} from "./lanes.ts";
import {mayComeTwice} from "./payload.ts";
import type {ClientSite} from "./site.ts";
import type {World} from "./world.ts";

/**
 * Carries out what a member wants. Returns why it refuses to go on, if it does, or that it crashes at a point where that
 * was armed: what it wanted besides and was not carried out yet never is. Effects are independent of each other.
 */
export function perform(
  world: World,
  member: Member,
  effects: readonly Effect[],
): Said | "crashed" | undefined {
  let refusal: Said | undefined;
  for (const effect of effects) {
    digestEffect(effect, world.chain);
    switch (effect.kind) {
      case "send":
        sendMessage(world, effect.message);
        break;
      case "disk":
        submit(world, member, effect.op, effect.do);
        break;
      case "pause": {
        const {lane, stream} = member.birth.lanes.actors[effect.actor];
        const turn = drawBetween(world.draws, stream, world.run.config.clock.apply);
        const due = world.now + turn * member.slownessOf(effect.actor);
        world.put(lane, due, {kind: "turn", member: member.id, actor: effect.actor});
        if (member.armed.length > 0 && member.comesTo(effect.at)) return "crashed";
        break;
      }
      case "respond":
        respond(world, member, effect.stream, effect.id, effect.response);
        break;
      case "exit":
        refusal = effect.reason;
        break;
      default:
        unreachable(effect);
    }
  }
  return refusal;
}

export function performClient(world: World, site: ClientSite, effects: readonly ClientEffect[]): void {
  for (const effect of effects) {
    digestClientEffect(effect, world.chain);
    switch (effect.kind) {
      case "open":
        world.connections.open(site.index, effect.stream, effect.to);
        break;
      case "send": {
        const {stream, id, request, metadata} = effect;
        const connection = world.connections.get(streamKey(site.index, stream));
        if (connection === undefined || !connection.clientOpen) break;
        const payload = {
          kind: "request",
          client: site.name,
          to: connection.member,
          stream,
          id,
          request,
          ...(metadata === undefined ? {} : {metadata}),
          sent: world.now,
        } as const;
        sendOverStream(world, connection, "member", request.kind, payload);
        break;
      }
      case "close": {
        const connection = world.connections.get(streamKey(site.index, effect.stream));
        if (connection === undefined || !connection.clientOpen) break;
        world.connections.change(connection.key, {clientOpen: false});
        sendClose(world, connection, "member");
        break;
      }
      case "watched":
        world.history.watched(site.name, effect.call, world.moment, effect.response);
        site.seen.watched(effect.response);
        world.note({kind: "watched", client: site.name, call: effect.call, response: effect.response});
        break;
      case "settled":
        world.history.settled(site.name, effect.call, world.moment, effect.outcome);
        if (effect.outcome.kind === "ok") answered(world, site, effect.call, effect.outcome.response);
        world.note({kind: "settled", client: site.name, call: effect.call, outcome: effect.outcome});
        break;
      case "invoked": {
        const {call, parent, request} = effect;
        world.history.invoked({client: site.name, call, parent, request, invoked: world.moment});
        world.note({kind: "invoked", client: site.name, call});
        break;
      }
      case "told":
        world.history.told(site.name, effect.call, world.moment, effect.told);
        world.note({kind: "told", client: site.name, call: effect.call, told: effect.told});
        break;
      case "finished":
        world.history.finished(site.name, effect.call, world.moment, effect.outcome);
        finished(world, site, effect.call, effect.outcome);
        world.note({kind: "finished", client: site.name, call: effect.call, outcome: effect.outcome});
        break;
      default:
        unreachable(effect);
    }
  }
}

function answered(world: World, {name, seen}: ClientSite, call: number, response: Response): void {
  const operation = world.history.find(name, call);
  if (operation !== undefined) seen.answered(operation.request, response, operation.as);
}

function finished(world: World, {name, seen}: ClientSite, call: number, outcome: RecipeOutcome): void {
  const operation = world.history.findRecipe(name, call);
  if (operation !== undefined) seen.finished(operation.recipe, outcome, operation.as);
}

/** The client took a watch response: now and then it gives room back. */
export function giveCredit(world: World, key: StreamKey): void {
  const connection = world.connections.get(key);
  if (connection === undefined || !connection.clientOpen) return;
  const room = world.connections.take(key);
  if (room === 0) return;
  const {client, stream} = clientOfStream(key);
  const payload = {kind: "credit", client, to: connection.member, stream, room, sent: world.now} as const;
  sendOverStream(world, connection, "member", "credit", payload);
}

/** The news that a stream ended leaves for one of its ends. */
export function sendClose(world: World, connection: Connection, toward: "member" | "client"): void {
  const {client, stream} = clientOfStream(connection.key);
  const payload = {
    kind: "close",
    client,
    member: connection.member,
    stream,
    toward,
    sent: world.now,
  } as const;
  sendOverStream(world, connection, toward, "close", payload);
}

/** Both ends of a broken stream are told, if its link carries both ways. */
export function tellBroken(world: World, connection: Connection): void {
  const [a, b] = [world.placeOfClient(connection.client), world.placeOfMember(connection.member)];
  if (world.network.blockedAt(a, b) || world.network.blockedAt(b, a)) return;
  world.connections.change(connection.key, {closing: true});
  if (connection.clientOpen) sendClose(world, connection, "client");
  if (connection.memberOpen) sendClose(world, connection, "member");
  if (!connection.clientOpen && !connection.memberOpen) world.connections.delete(connection.key);
}

/** Tells the ends of broken connections over links that carry again. */
export function closeBroken(world: World): void {
  for (const one of world.connections.filter(({broken, closing}) => broken && !closing))
    tellBroken(world, one);
}

/** The transport tells the sender what became of a snapshot, which only then sends on (etcd rafthttp/snapshot_sender.go). */
export function reportSnapshot(world: World, {from, to}: PeerMessage, arrived: boolean): void {
  const {lane, stream} = world.member(from).birth.lanes.report;
  const latency = world.network.latency(world.placeOfMember(to), world.placeOfMember(from));
  const due = world.now + drawBetween(world.draws, stream, latency);
  const what = arrived ? "snapshotDone" : "snapshotFailed";
  world.put(lane, due, {kind: "report", member: from, to, what});
}

function sendMessage(world: World, message: PeerMessage): void {
  const {from, to} = message;
  // A configuration may name a server that this world does not have.
  if (to > world.members.length) return;
  const [a, b] = [world.placeOfMember(from), world.placeOfMember(to)];
  world.messages++;
  const payload = {kind: "message", from, to, message, sent: world.now} as const;
  travel(world, a, b, message.kind, payload, !world.run.config.network.reorder);
}

function respond(world: World, member: Member, key: StreamKey, id: number, response: Response): void {
  const connection = world.connections.get(key);
  if (connection === undefined || !connection.clientOpen) return;
  const {client, stream} = clientOfStream(key);
  const payload = {kind: "response", client, from: member.id, stream, id, response, sent: world.now} as const;
  sendOverStream(world, connection, "client", response.result.kind, payload);
}

function sendOverStream(
  world: World,
  connection: Connection,
  toward: "member" | "client",
  kind: string,
  payload: Payload,
): void {
  const [client, member] = [world.placeOfClient(connection.client), world.placeOfMember(connection.member)];
  const [from, to] = toward === "member" ? [client, member] : [member, client];
  const isOver = connection.broken && payload.kind !== "close";
  travel(world, from, to, kind, payload, true, isOver ? (connection.isReset ? "reset" : "cut") : undefined);
}

/** Puts something on a link. What a cut, a full queue or chance takes is known now; it is lost when it would arrive. */
function travel(
  world: World,
  from: Place,
  to: Place,
  kind: string,
  payload: Payload,
  inOrder: boolean,
  over?: "cut" | "reset",
): void {
  const {latency, chance} = world.network.travel(world.draws, from, to, kind);
  const stopped = over ?? (world.network.blockedAt(from, to) ? "cut" : undefined);
  const why = stopped ?? (chance === "lost" ? "loss" : undefined);
  give(world, {from, to, payload, latency, why, inOrder: inOrder && chance !== "reordered"});
  if (chance === "duplicated" && why === undefined && mayComeTwice(payload))
    sendCopy(world, from, to, payload);
}

/** It comes once more, with a latency of its own. */
export function sendCopy(world: World, from: Place, to: Place, payload: Payload): void {
  const {network, draws} = world;
  const stream = draws.stream(`duplicate/${world.lanes.name(world.linkLane(from, to))}`);
  const latency = drawBetween(draws, stream, network.latency(from, to));
  const inOrder = !world.run.config.network.reorder;
  give(world, {from, to, payload, latency, why: undefined, inOrder});
}

interface Given {
  readonly from: Place;
  readonly to: Place;
  readonly payload: Payload;
  readonly latency: Micros;
  readonly why: "cut" | "reset" | "loss" | undefined;
  readonly inOrder: boolean;
}

/** What chance takes leaves the sender like everything else; what a cut or a stream's end takes does not. */
function give(world: World, {from, to, payload, latency, why, inOrder}: Given): void {
  const {network, now} = world;
  const lane = world.linkLane(from, to);
  const hasLeft = why === undefined || why === "loss";
  const leaves =
    hasLeft && network.isLimited(from, to) ? network.leave(from, to, now, wireBytes(payload)) : now;
  if (leaves === undefined) return world.put(lane, now + latency, payload, inOrder, {why: "queue", at: now});
  const due = leaves + latency;
  if (why === undefined) return world.put(lane, due, payload, inOrder);
  return world.put(lane, due, payload, inOrder, {why, at: leaves + Math.floor(latency / 2)});
}

/** Operations of one file are done one after the other. */
function submit(world: World, member: Member, op: number, what: DiskOp): void {
  member.disk.submit(op, what);
  const file = Disk.laneOf(what);
  const {lane, write, sync} = fileLane(member.birth.lanes, member.name, file, world.lanes, world.draws);
  const {disk} = world.run.config;
  const slow = what.kind === "sync" || what.kind === "syncDir";
  const latency = drawBetween(world.draws, slow ? sync : write, slow ? disk.sync : disk.write);
  const start = Math.max(world.now, world.agenda.lastDueOf(lane), member.disk.stalledUntil);
  world.put(lane, start + latency * member.disk.slowness, {
    kind: "diskDone",
    member: member.id,
    op,
    file,
    what: what.kind,
  });
}
