// One sentence for what an event did, or, when it did nothing of note, for what the event was. The event list, the
// captions, "why?" and the search all speak with these.

import {recipeOf, recipeOutcomeText, recipeText, toldLine} from "./recipe.ts";
import {unreachable} from "../../core/base/assert.ts";
import type {Outcome} from "../../core/client/io.ts";
import {isJoint, type ConfState} from "../../core/raft/confState.ts";
import type {RoleName} from "../../core/raft/entry.ts";
import type {Response} from "../../core/server/request.ts";
import type {Said} from "../../core/base/said.ts";
import type {Action} from "../../sim/action.ts";
import {restartText} from "../../sim/actionText.ts";
import type {EventRecord, Payload} from "../../sim/event.ts";
import type {Operation} from "../../sim/history/operation.ts";
import type {WorldView} from "../../sim/view.ts";
import type {EventRow} from "../frame.ts";
import {say} from "../words/engine.ts";
import {answerText, isNoSpace, watchText} from "./answer.ts";
import {namesOf} from "./configuration.ts";
import {entryHolds, requestText} from "./holds.ts";
import {linkWords} from "./linkWords.ts";
import {nameOfMember} from "./member.ts";
import {lastAt, type Notable, type Recording, type Spur} from "./recording.ts";
import {messageLine} from "./ring.ts";

/** What sentences are looked up in: the branch at this event or later. */
export interface Context {
  readonly view: Pick<WorldView, "members" | "recipes">;
  readonly recording: Recording;
  readonly operations: readonly Operation[];
}

/** The row of one event. */
export function rowOf(record: EventRecord, context: Context): EventRow {
  const {step, id, at, cause} = record;
  const {notables} = context.recording;
  const notable = notables[lastAt(notables, step, (one) => one.step)];
  const interesting = notable?.step === step && !isAsking(notable);
  const line =
    notable?.step === step
      ? notableLine(notable, context)
      : (lostLine(record) ?? quietLine(record) ?? eventLine(record.payload));
  return {step, id, at, cause, line, interesting};
}

/**
 * Told, but stepping by interesting events does not stop there: a client's question (it stops at the answer), and a log
 * that its leader has made shorter.
 */
export function isAsking({what}: Notable): boolean {
  return what.kind === "invoked" || (what.kind === "snapshot" && !what.received);
}

/** What happened, in one sentence. */
// oxlint-disable-next-line max-lines-per-function -- one case per kind of change
export function notableLine({what, spur}: Notable, context: Context): Said {
  switch (what.kind) {
    case "violated":
      return say("now.violated", {check: what.violation.check}, what.violation.said.refs);
    case "died":
      return (
        what.said ??
        say("now.died", {member: nameOfMember(what.member), message: what.message}, [
          nameOfMember(what.member),
        ])
      );
    case "fault":
      if (spur === "first" && what.action.kind === "restart")
        return say("now.restart.first", {member: what.action.member}, [what.action.member]);
      return actionLine(what.action);
    case "role":
      return roleLine(nameOfMember(what.member), what.role, what.term, spur);
    case "snapshot": {
      const member = nameOfMember(what.member);
      const id = what.received ? "now.snapshotTaken" : "now.snapshotMade";
      return say(id, {member, index: what.index}, [member]);
    }
    case "configuration":
      return configurationLine(nameOfMember(what.member), what.confState);
    case "transfer":
      return transferLine(nameOfMember(what.member), nameOfMember(what.to));
    case "log": {
      const member = nameOfMember(what.member);
      const term = context.view.members[what.member - 1]?.server?.raft.term ?? 0;
      return say("now.truncated", {member, from: what.from, term}, [`entry:${member}/${what.from}`]);
    }
    case "commit": {
      const member = nameOfMember(what.member);
      const entry = context.view.members[what.member - 1]?.server?.raft.entryAt(what.to);
      const text = entry === undefined ? "no-op" : entryHolds(entry);
      return say("now.commits", {member, to: what.to, text}, [`entry:${member}/${what.to}`]);
    }
    case "settled":
      return settledLine(what.client, what.call, what.outcome, context);
    case "watched":
      return watchedLine(what.client, what.call, what.response);
    case "invoked": {
      const line =
        what.recipe === undefined ? lineOfCall(what.client, what.call, context) : recipeText(what.recipe);
      return say("now.invoked", {client: what.client, line}, [`op:${what.client}#${what.call}`]);
    }
    case "told":
      return toldLine(what.told, what.client, recipeOf(what.client, what.call, context));
    case "finished":
      return say(
        "now.finished",
        {
          client: what.client,
          what: recipeOf(what.client, what.call, context),
          text: recipeOutcomeText(what.outcome),
        },
        [what.client],
      );
    case "term":
      return say("now.term", {member: nameOfMember(what.member), term: what.term}, [
        nameOfMember(what.member),
      ]);
    case "apply":
    case "revision":
    case "compact":
    case "lost":
      return say("event.wake", {member: "member" in what ? nameOfMember(what.member) : ""});
    default:
      return unreachable(what);
  }
}

function roleLine(member: string, role: RoleName, term: number, spur: Spur | undefined): Said {
  switch (role) {
    case "leader":
      return say("now.leads", {member, term}, [member]);
    case "candidate":
      if (spur === "told" || spur === "preVotes")
        return say(`now.candidate.${spur}`, {member, term}, [member]);
      return say("now.candidate", {member, term}, [member]);
    case "preCandidate":
      return say("now.preCandidate", {member, term: term + 1}, [member]);
    case "follower":
      if (spur === "noQuorum" || spur === "removed") return say(`now.stepsDown.${spur}`, {member}, [member]);
      return say("now.stepsDown", {member, term}, [member]);
    default:
      return unreachable(role);
  }
}

/** Who decides from now on, as this member has applied it. */
function configurationLine(member: string, conf: ConfState): Said {
  const voters = namesOf(conf.voters);
  if (isJoint(conf)) {
    return say("now.joint", {member, voters, old: namesOf(conf.votersOutgoing)}, [member]);
  }
  if (conf.learners.length === 0) return say("now.configuration", {member, voters}, [member]);
  return say("now.configurationLearners", {member, voters, learners: namesOf(conf.learners)}, [member]);
}

function transferLine(member: string, to: string): Said {
  if (to === "") return say("now.transferGivenUp", {member}, [member]);
  return say("now.transfer", {member, to}, [member, to]);
}

function settledLine(client: string, call: number, outcome: Outcome, context: Context): Said {
  const line = lineOfCall(client, call, context);
  const refs = [`op:${client}#${call}`];
  switch (outcome.kind) {
    case "ok":
      return say("now.settled", {client, line, answer: answerText(outcome.response)}, refs);
    case "failed":
      return say("now.failed", {client, line, error: outcome.error?.message ?? "?"}, refs);
    case "unknown":
      return isNoSpace(outcome)
        ? say("now.noSpace", {client, line, error: outcome.error?.message ?? "?"}, refs)
        : say("now.unknown", {client, line}, refs);
    default:
      return unreachable(outcome);
  }
}

function watchedLine(client: string, call: number, response: Response): Said {
  const refs = [`op:${client}#${call}`];
  const {result} = response;
  if (result.kind !== "watch") return say("now.watched", {client, what: "?", revision: 0}, refs);
  if (result.canceled === true) return say("now.watchCanceled", {client, reason: watchText(result)}, refs);
  const revision = result.events.at(-1)?.kv.modRevision ?? response.header.revision;
  return say("now.watched", {client, what: watchText(result), revision}, [...refs, `rev:${revision}.0`]);
}

/** `put x=1`: what the operation asks. */
export function lineOfCall(client: string, call: number, {recording, operations}: Context): string {
  const operation = recording.operation(client, call, operations);
  return operation === undefined ? `op:${client}#${call}` : requestText(operation.request);
}

/** What is done from outside. */
export function actionLine(action: Action): Said {
  switch (action.kind) {
    case "split":
      return say("now.split", {groups: groupsText(action.groups)}, action.groups.flat());
    case "cut":
      return say(action.oneWay === true ? "now.cutOneWay" : "now.cut", {from: action.from, to: action.to}, [
        action.from,
        action.to,
      ]);
    case "heal":
      if (action.link === undefined) return say("now.heal");
      return say("now.healLink", {from: action.link[0], to: action.link[1]}, action.link);
    case "link":
      return linkLine("now", action);
    case "connection":
      return connectionLine("now", action);
    case "crashAt":
    case "crashAtDisk":
      return armedLine("now", action);
    case "slow": {
      const {member, actor, factor} = action;
      if (factor === 1) return say("now.slowEnds", {member, actor}, [member]);
      return say("now.slow", {member, actor, factor}, [member]);
    }
    case "restart": {
      const {member, with: other} = action;
      if (other === undefined) return say("now.restart", {member}, [member]);
      return say("now.restart.with", {member, what: restartText(other)}, [member]);
    }
    case "crash":
    case "pause":
    case "resume":
    case "timeout":
      return say(`now.${action.kind}`, {member: action.member}, [action.member]);
    case "pauseClient":
      return say("now.pause", {member: action.client}, [action.client]);
    case "resumeClient":
      return say("now.resume", {member: action.client}, [action.client]);
    case "clock":
      return say("now.clock", {who: action.who, percent: action.rate / 10_000}, [action.who]);
    case "jump":
      return say("now.jump", {who: action.who, time: Math.ceil(action.by / 1000)}, [action.who]);
    case "loss":
      return say("now.loss", {percent: action.perMillion / 10_000});
    case "message":
      return messageDeed(action);
    case "disk":
      return diskLine("now", action);
    case "pin":
      return say("now.pin", {stream: action.stream});
    case "client":
      return say("now.invoked", {client: action.client, line: action.op}, [action.client]);
    case "mark":
      return say("event.moment");
    default:
      return unreachable(action);
  }
}

function linkLine(form: "now" | "fault", action: Extract<Action, {kind: "link"}>): Said {
  const {from, to} = action;
  const way = action.oneWay === true ? "→" : "–";
  if ("reset" in action) return say("now.linkReset", {from, to, way}, [from, to]);
  return say(`${form}.link`, {from, to, way, ...linkWords(action.set)}, [from, to]);
}

function connectionLine(
  form: "now" | "fault",
  {client, member, do: deed}: Extract<Action, {kind: "connection"}>,
): Said {
  if (deed === "accept") return say("now.connection.accept", {client, member}, [client, member]);
  return say(`${form}.connection.${deed}`, {client, member}, [client, member]);
}

/** A crash that waits for its moment. */
function armedLine(form: "now" | "fault", action: Extract<Action, {kind: "crashAt" | "crashAtDisk"}>): Said {
  const {member, nth} = action;
  if (action.kind === "crashAt") return say(`${form}.crashAt`, {member, nth, point: action.point}, [member]);
  const {when, what} = action;
  const which = what === undefined ? nth : `${what} ${nth}`;
  return say(`${form}.crashAtDisk.${when}`, {member, nth: which}, [member]);
}

/** A fault of a disk, in a sentence or in short. */
function diskLine(form: "now" | "fault", {member, fault}: Extract<Action, {kind: "disk"}>): Said {
  const {kind, ...numbers} = fault;
  const args = fault.kind === "stall" ? {time: Math.ceil(fault.for / 1000)} : numbers;
  return say(`${form}.disk.${kind}`, {member, ...args}, [member]);
}

function messageDeed(action: Extract<Action, {kind: "message"}>): Said {
  const [from = "", to = ""] = action.event.slice(0, action.event.lastIndexOf("#")).split("→");
  const ids = {
    drop: "now.dropped",
    duplicate: "now.duplicated",
    hold: "now.held",
    release: "now.released",
    delay: "now.delayed",
  } as const;
  return say(ids[action.do], {from, to, what: action.event}, [`msg:${action.event}`]);
}

/** `n1 n2 | n3 n4 n5`. */
export function groupsText(groups: readonly (readonly string[])[]): string {
  return groups.map((group) => group.join(" ")).join(" | ");
}

/** The short form, for a band on the tape and a branch's name. */
export function faultLabel(action: Action): Said {
  switch (action.kind) {
    case "split":
      return say("fault.split", {groups: groupsText(action.groups)}, action.groups.flat());
    case "cut":
      return say(
        action.oneWay === true ? "fault.cutOneWay" : "fault.cut",
        {from: action.from, to: action.to},
        [action.from, action.to],
      );
    case "link":
      return "reset" in action ? actionLine(action) : linkLine("fault", action);
    case "connection":
      return action.do === "accept" ? actionLine(action) : connectionLine("fault", action);
    case "crashAt":
    case "crashAtDisk":
      return armedLine("fault", action);
    case "slow": {
      const {member, actor, factor} = action;
      return factor === 1 ? actionLine(action) : say("fault.slow", {member, actor, factor}, [member]);
    }
    case "crash":
    case "pause":
    case "timeout":
      return say(`fault.${action.kind}`, {member: action.member}, [action.member]);
    case "pauseClient":
      return say("fault.pause", {member: action.client}, [action.client]);
    case "clock":
      return say("fault.clock", {who: action.who, percent: action.rate / 10_000}, [action.who]);
    case "jump":
      return say("fault.jump", {who: action.who, time: Math.ceil(action.by / 1000)}, [action.who]);
    case "loss":
      return say("fault.loss", {percent: action.perMillion / 10_000});
    case "message":
      return say("fault.message", {do: action.do, event: action.event}, [`msg:${action.event}`]);
    case "disk":
      return diskLine("fault", action);
    case "pin":
      return say("fault.pin", {stream: action.stream});
    case "heal":
    case "restart":
    case "resume":
    case "resumeClient":
    case "client":
    case "mark":
      return actionLine(action);
    default:
      return unreachable(action);
  }
}

/** An event by what it is, when it did nothing of note. */
// oxlint-disable-next-line max-lines-per-function -- one case per kind of payload
function eventLine(payload: Payload): Said {
  switch (payload.kind) {
    case "tick":
    case "wake":
      return say(`event.${payload.kind}`, {member: nameOfMember(payload.member)}, [
        nameOfMember(payload.member),
      ]);
    case "turn":
      return say("event.turn", {member: nameOfMember(payload.member), actor: payload.actor}, [
        nameOfMember(payload.member),
      ]);
    case "message":
      return passed(
        "event.message",
        nameOfMember(payload.from),
        nameOfMember(payload.to),
        messageLine(payload.message),
      );
    case "request":
      return passed("event.request", payload.client, nameOfMember(payload.to), requestText(payload.request));
    case "response":
      return passed(
        "event.response",
        nameOfMember(payload.from),
        payload.client,
        answerText(payload.response),
      );
    case "credit": {
      const {client, to, room} = payload;
      return say("event.credit", {client, member: nameOfMember(to), room}, [client, nameOfMember(to)]);
    }
    case "close": {
      const member = nameOfMember(payload.member);
      const [from, to] = payload.toward === "member" ? [payload.client, member] : [member, payload.client];
      return say("event.close", {from, to}, [from, to]);
    }
    case "diskDone":
      return say(
        "event.disk",
        {member: nameOfMember(payload.member), what: payload.what, file: payload.file},
        [nameOfMember(payload.member)],
      );
    case "report": {
      const [member, to] = [nameOfMember(payload.member), nameOfMember(payload.to)];
      return say(`event.report.${payload.what}`, {member, to}, [member, to]);
    }
    case "clientWake":
      return say("event.clientWake", {client: payload.client}, [payload.client]);
    case "script":
      return actionLine(payload.action);
    default:
      return unreachable(payload);
  }
}

/** What changed membership or log without being news: a follower does what its leader did before. */
function quietLine({changes}: EventRecord): Said | undefined {
  for (const change of changes) {
    const member = "member" in change ? nameOfMember(change.member) : "";
    if (change.kind === "configuration") return configurationLine(member, change.confState);
    if (change.kind === "snapshot") return say("now.snapshotMade", {member, index: change.index}, [member]);
  }
  return undefined;
}

/** A message whose event only says that it never arrived. */
function lostLine({id, payload, changes}: EventRecord): Said | undefined {
  const lost = changes.find((change) => change.kind === "lost" && change.event === id);
  if (lost?.kind !== "lost") return undefined;
  const {from, to, why} = lost;
  return say(`event.lost.${why}`, {from, to, what: contentsOf(payload)}, [from, to]);
}

/** What was on the way: a message's kind, a request as it is typed, an answer. */
function contentsOf(payload: Payload): string {
  switch (payload.kind) {
    case "message":
      return payload.message.kind;
    case "request":
      return requestText(payload.request);
    case "response":
      return answerText(payload.response);
    default:
      return payload.kind;
  }
}

function passed(
  id: "event.message" | "event.request" | "event.response",
  from: string,
  to: string,
  what: string,
): Said {
  return say(id, {from, to, what}, [from, to]);
}
