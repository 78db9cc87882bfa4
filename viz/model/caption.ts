// The caption: what happens now, and what to look at. A scenario's own words win; else the engine tells the latest
// change of note. Never empty.

import {unreachable} from "../../core/base/assert.ts";
import type {Said} from "../../core/base/said.ts";
import {isJoint, isVoter, type ConfState} from "../../core/raft/confState.ts";
import type {RoleName} from "../../core/raft/entry.ts";
import type {Request} from "../../core/server/request.ts";
import type {Action} from "../../sim/action.ts";
import type {Violation} from "../../sim/check/checker.ts";
import {harmOf} from "../../sim/disk/fault.ts";
import type {CaptionView, Windows} from "../frame.ts";
import {claimWords} from "../words/claims.ts";
import {say} from "../words/engine.ts";
import {isNoSpace} from "./answer.ts";
import {notableLine} from "./line.ts";
import {confStateOf, halvesOf, lackingHalf, namesOf} from "./configuration.ts";
import {leaderOf, membersOf, reachedBy, type MemberState} from "./member.ts";
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
  if (moment.ended) return ending(moment);
  const members = membersOf(moment);
  const {notables} = moment.recording;
  const latest = notables[lastAt(notables, moment.cursor.step, ({step}) => step)];
  if (latest === undefined) return beginning(moment, members);
  if (latest.what.kind === "violated") {
    const {violation} = latest.what;
    return brokenClaim(breaking(violation, moment) ?? violation);
  }
  return (
    quiet(moment, latest, members) ?? {
      now: notableLine(latest, moment),
      look: lookAt(latest, moment, members),
    }
  );
}

/** Who waits for what; of a run with bugs first what they are. */
function beginning({view, story}: Moment, members: readonly MemberState[]): Own {
  const count = members.filter(({started}) => started).length;
  const now = say("now.start", {count});
  const having = Object.entries(view.run.versions).filter(([, bugs]) => bugs.length > 0);
  if (having.length === 0)
    return {now, look: say(story.variant === "fixed" ? "look.start.fixed" : "look.start")};
  const who = having.map(([name]) => name);
  const names = [...new Set(having.flatMap(([, bugs]) => bugs))];
  // A bug's own scenario has its name, and says in its title what it is.
  if (names.length === 1 && names[0] === story.id)
    return {
      now: say("now.bug", {...story.title}),
      look: say(who.length === 1 ? "look.bugOfOne" : "look.bug", {who: who.join(" ")}, who),
    };
  const bugs = having.map(([name, its]) => `${name}: ${its.join(" ")}`).join(", ");
  return {now, look: say("look.bugs", {bugs}, who)};
}

/** Some checks are judged only here: what broke first is told again. */
function ending({reports}: Moment): Own {
  const broken = reports.flatMap(({violation}) => violation ?? []);
  const first = Math.min(...broken.map(({step}) => step));
  const told = broken.find(({step}) => step === first);
  return told === undefined ? {now: say("now.ended"), look: say("look.ended")} : brokenClaim(told);
}

/** Of several that broke at once the first of the checks, as the bar has it. */
function breaking({step}: Violation, {reports}: Moment): Violation | undefined {
  return reports.find(({violation}) => violation?.step === step)?.violation;
}

/** With what the check claims, where there is a sentence for it. */
function brokenClaim({check, said}: Violation): Own {
  const claim = claimWords[check];
  const now =
    claim === undefined
      ? say("now.violated", {check}, said.refs)
      : say("now.violatedClaim", {check, ...claim}, said.refs);
  return {now, look: said};
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

function lookAt({what, spur}: Notable, moment: Moment, members: readonly MemberState[]): Said {
  switch (what.kind) {
    case "violated":
      return what.violation.said;
    case "fault":
      if (spur === "first") return say("look.restart.first");
      return lookAtFault(what.action, moment, members);
    case "role":
      if (spur === "noQuorum" || spur === "removed") return say(`look.stepsDown.${spur}`);
      return lookAtRole(what.member, what.role, members);
    case "log":
      return say("look.truncated");
    case "commit":
      return say("look.commits");
    case "settled":
      if (what.outcome.kind === "ok") {
        if (what.outcome.response.result.kind === "members") return say("look.members");
        return say("look.settled", {revision: what.outcome.response.header.revision});
      }
      if (isNoSpace(what.outcome)) return say("look.noSpace");
      return say(what.outcome.kind === "failed" ? "look.failed" : "look.unknown");
    case "watched":
      return lookAtWatched(what.response.result);
    case "told":
    case "finished":
      return say("look.recipe");
    case "invoked":
      if (what.recipe !== undefined) return say("look.recipe");
      return lookAtRequest(moment.recording.operation(what.client, what.call, moment.operations)?.request);
    case "term":
      return say("look.term");
    case "snapshot":
      return say(what.received ? "look.snapshotTaken" : "look.snapshotMade");
    case "configuration":
      return lookAtConfiguration(what.confState);
    case "transfer":
      return say(what.to === 0 ? "look.transferGivenUp" : "look.transfer");
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

function lookAtRole(id: number, role: RoleName, members: readonly MemberState[]): Said {
  const member = members.find((one) => one.id === id);
  if (role === "follower" || member === undefined) return say("look.stepsDown");
  if (role !== "leader") return lookAtVotes(member, role);
  const old = members.find((one) => one.role === "leader" && one.term < member.term);
  if (old !== undefined) return say("look.twoLeaders", {old: old.name, term: old.term}, [old.name]);
  return say("look.leads");
}

/** How many votes it has and needs: of a joint configuration's halves, each. */
function lookAtVotes(member: MemberState, role: "candidate" | "preCandidate"): Said {
  const granted = new Set(
    member.server?.raft
      .votes()
      .filter((vote) => vote.granted)
      .map((vote) => vote.member),
  );
  const [all, old] = halvesOf(member.confState).map(({voters, needed}) => ({
    granted: voters.filter((voter) => granted.has(voter)).length,
    needed,
  }));
  const counts = {member: member.name, granted: all?.granted ?? 0, needed: all?.needed ?? 0};
  if (old !== undefined) {
    const both = {...counts, grantedOld: old.granted, neededOld: old.needed};
    return say("look.votesJoint", both, [member.name]);
  }
  return say(role === "candidate" ? "look.votes" : "look.preVotes", counts, [member.name]);
}

function lookAtConfiguration(conf: ConfState): Said {
  if (isJoint(conf)) return say(conf.autoLeave ? "look.jointAuto" : "look.joint");
  const [{needed, voters} = {needed: 0, voters: []}] = halvesOf(conf);
  const id = conf.learners.length === 0 ? "look.configuration" : "look.configurationLearners";
  return say(id, {needed, count: voters.length});
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
    case "disk":
      return say(`look.disk.${harmOf[action.fault.kind]}`);
    default:
      return lookAtReach(moment, members);
  }
}

/** Whether whoever leads can still commit. With two leaders the one that cannot is the thing to see. */
function lookAtReach(moment: Moment, members: readonly MemberState[]): Said {
  let found: Said | undefined;
  for (const member of members) {
    if (member.role !== "leader") continue;
    const {decides, said} = reachOf(member, members, moment);
    if (!decides) return said;
    found ??= said;
  }
  if (found !== undefined) return found;
  const conf = confStateOf(members);
  const {voters, votersOutgoing} = conf;
  if (isJoint(conf)) return say("look.nobodyJoint", {voters: namesOf(voters), old: namesOf(votersOutgoing)});
  return say("look.nobody", {needed: halvesOf(conf)[0]?.needed ?? 0, count: voters.length});
}

function reachOf(
  leader: MemberState,
  members: readonly MemberState[],
  moment: Moment,
): {readonly decides: boolean; readonly said: Said} {
  const conf = leader.confState;
  const reached = new Set(reachedBy(leader, members, moment.view.network).map(({id}) => id));
  const lacking = lackingHalf(conf, (voter) => reached.has(voter));
  const {name} = leader;
  if (isJoint(conf)) {
    const said =
      lacking === undefined
        ? say("look.majorityJoint", {leader: name}, [name])
        : say("look.minorityJoint", {leader: name, voters: namesOf(lacking.voters)}, [name]);
    return {decides: lacking === undefined, said};
  }
  const reach = [...reached].filter((id) => isVoter(conf, id)).length;
  const args = {leader: name, reach, count: conf.voters.length};
  return {
    decides: lacking === undefined,
    said: say(lacking === undefined ? "look.majority" : "look.minority", args, [name]),
  };
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
  switch (request?.kind) {
    case "watchCreate":
      return say("look.watching");
    case "range":
      return say("look.asked");
    case "status":
    case "alarmList":
    case "memberList":
      return say("look.ownState");
    case "memberAdd":
    case "memberRemove":
    case "memberPromote":
    case "reconfigure":
      return say("look.membership");
    case "moveLeader":
      return say("look.moveLeader");
    case "defragment":
      return say("look.defragment");
    case "alarmDisarm":
      return say("look.alarmDisarm");
    default:
      return say("look.invoked");
  }
}
