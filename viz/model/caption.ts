// The caption: what happens now, and what to look at. A scenario's own words win; else the engine tells the latest
// change of note. Never empty.

import {unreachable} from "../../core/base/assert.ts";
import type {Said} from "../../core/base/said.ts";
import type {Request} from "../../core/server/request.ts";
import type {Action} from "../../sim/action.ts";
import type {CaptionView, Windows} from "../frame.ts";
import {say} from "../words/engine.ts";
import {notableLine} from "./line.ts";
import {leaderOf, majorityOf, membersOf, reachedBy, type MemberState} from "./member.ts";
import type {Moment} from "./moment.ts";
import {lastAt, type Notable} from "./recording.ts";

/** How many election timeouts without news until the engine speaks of the quiet instead. */
const quietTimeouts = 2;

export function buildCaption(moment: Moment, _windows: Windows): CaptionView {
  const own = ownCaption(moment);
  const {told} = moment;
  if (told === undefined) return {now: {said: own.now}, look: {said: own.look}};
  const {now, look, beat, veil, focus, answer} = told;
  // The engine's own second line belongs to its own first: under another it may contradict, or answer a question.
  const safe = say(veil.length > 0 ? "look.ask" : moment.ended ? "look.ended" : "look.scripted");
  return {now, look: look ?? {said: safe}, beat, veil, focus, ...(answer === undefined ? {} : {answer})};
}

interface Own {
  readonly now: Said;
  readonly look: Said;
}

function ownCaption(moment: Moment): Own {
  if (moment.ended) return {now: say("now.ended"), look: say("look.ended")};
  const members = membersOf(moment);
  const {notables} = moment.recording;
  const latest = notables[lastAt(notables, moment.cursor.step, ({step}) => step)];
  if (latest === undefined) return {now: say("now.start", {count: members.length}), look: say("look.start")};
  return (
    quiet(moment, latest, members) ?? {
      now: notableLine(latest, moment),
      look: lookAt(latest, moment, members),
    }
  );
}

/** When nothing of note has happened for a while and somebody leads. */
function quiet(moment: Moment, latest: Notable, members: readonly MemberState[]): Own | undefined {
  const {raft, clock} = moment.view.run.config;
  const leader = leaderOf(members);
  if (leader === undefined || latest.what.kind === "violated") return undefined;
  if (moment.at - latest.at < quietTimeouts * raft.electionTicks * clock.tick) return undefined;
  const revision = leader.server?.store.currentRevision ?? 1;
  return {
    now: say("now.quiet", {leader: leader.name, term: leader.term}, [leader.name]),
    look: say("look.quiet", {commit: leader.commitIndex, revision}, [
      `entry:${leader.name}/${leader.commitIndex}`,
    ]),
  };
}

function lookAt({what}: Notable, moment: Moment, members: readonly MemberState[]): Said {
  switch (what.kind) {
    case "violated":
      return what.violation.said;
    case "fault":
      return lookAtFault(what.action, moment, members);
    case "role":
      return lookAtRole(what.member, what.role, members);
    case "log":
      return say("look.truncated");
    case "commit":
      return say("look.commits");
    case "settled":
      if (what.outcome.kind === "ok")
        return say("look.settled", {revision: what.outcome.response.header.revision});
      return say(what.outcome.kind === "failed" ? "look.failed" : "look.unknown");
    case "watched":
      return lookAtWatched(what.response.result);
    case "invoked":
      return lookAtRequest(moment.recording.operation(what.client, what.call, moment.operations)?.request);
    case "term":
      return say("look.term");
    case "died":
    case "apply":
    case "revision":
    case "compact":
    case "lost":
      return lookAtReach(moment, members);
    default:
      return unreachable(what);
  }
}

function lookAtRole(
  id: number,
  role: "follower" | "candidate" | "leader",
  members: readonly MemberState[],
): Said {
  const member = members.find((one) => one.id === id);
  if (role === "follower" || member === undefined) return say("look.stepsDown");
  if (role === "candidate") {
    const votes = member.server?.raft.votes() ?? [];
    const granted = votes.filter((vote) => vote.granted).length;
    return say("look.votes", {member: member.name, granted, needed: majorityOf(members.length)}, [
      member.name,
    ]);
  }
  const old = members.find((one) => one.role === "leader" && one.term < member.term);
  if (old !== undefined) return say("look.twoLeaders", {old: old.name, term: old.term}, [old.name]);
  return say("look.leads");
}

function lookAtFault(action: Action, moment: Moment, members: readonly MemberState[]): Said {
  switch (action.kind) {
    case "heal":
    case "restart":
    case "resume":
    case "timeout":
    case "loss":
    case "message":
      return say(`look.${action.kind}`);
    default:
      return lookAtReach(moment, members);
  }
}

/** Whether whoever leads can still commit. With two leaders the one that cannot is the thing to see. */
function lookAtReach(moment: Moment, members: readonly MemberState[]): Said {
  const count = members.length;
  const needed = majorityOf(count);
  let found: Said | undefined;
  for (const member of members) {
    if (member.role !== "leader") continue;
    const reach = reachedBy(member, members, moment.view.network).length;
    const said = say(
      reach < needed ? "look.minority" : "look.majority",
      {leader: member.name, reach, count},
      [member.name],
    );
    if (reach < needed) return said;
    found ??= said;
  }
  return found ?? say("look.nobody", {needed, count});
}

function lookAtWatched(result: {
  readonly kind: string;
  readonly canceled?: boolean;
  readonly compactRevision?: number;
}): Said {
  if (result.canceled !== true) return say("look.watched");
  return say("look.watchCanceled", {revision: result.compactRevision ?? 0});
}

function lookAtRequest(request: Request | undefined): Said {
  if (request?.kind === "watchCreate") return say("look.watching");
  return say(request?.kind === "range" || request?.kind === "status" ? "look.asked" : "look.invoked");
}
