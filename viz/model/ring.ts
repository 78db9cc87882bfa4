// The ring: members, clients and what flies between them. A flight carries its times, so that the page draws any moment
// of it; a lost one ends where it was lost.

import {describePeerMessage, termOf} from "../../core/server/peer.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {Pending} from "../../sim/event.ts";
import type {RecipeOperation} from "../../sim/history/operation.ts";
import {isJoint, type ConfState} from "../../core/raft/confState.ts";
import type {ClientMark, FlightMark, FollowerView, MemberMark, RingView, Windows} from "../frame.ts";
import {answerText} from "./answer.ts";
import {
  configurationView,
  configured,
  confStateOf,
  halvesOf,
  lackingHalf,
  standingIn,
} from "./configuration.ts";
import {requestText} from "./holds.ts";
import {membersOf, nameOfMember, reachedBy, type MemberState} from "./member.ts";
import {say} from "../words/engine.ts";
import {linkWords} from "./linkWords.ts";
import type {Moment} from "./moment.ts";
import {keyText} from "./text.ts";

/** Most flights shown at once: beyond, the ring is unreadable anyway, and a frame stays small. */
const flightsMax = 120;

/** Beads on one message. */
const beadsMax = 5;

export function buildRing(moment: Moment, _windows: Windows): RingView {
  const members = membersOf(moment);
  const {network} = moment.view;
  const conf = confStateOf(members);
  const transfers = members
    .filter(({transferee}) => transferee !== 0)
    .map(({name, transferee}) => ({from: name, to: nameOfMember(transferee)}));
  return {
    members: members.map((member) => ({
      ...markOf(member, members, conf, moment),
      ...handsOf(member.name, transfers),
    })),
    configuration: configurationView(configured(members)?.name ?? "", conf),
    transfers,
    clients: moment.view.clients.map((name) => clientOf(name, moment)),
    flights: flightsOf(moment),
    groups: network.groups,
    cuts: network.cuts.map(([from, to]) => ({from, to})),
    refusals: network.refusals.map(([client, member]) => ({client, member})),
    bad: network.links.map(({from, to, set}) => ({from, to, how: say("link.how", {...linkWords(set)})})),
  };
}

function markOf(
  member: MemberState,
  members: readonly MemberState[],
  conf: ConfState,
  moment: Moment,
): MemberMark {
  const {id, name, status, started, role, term, server, confState} = member;
  const {commitIndex, lastApplied, firstIndex, lastIndex, durableIndex} = member;
  const raft = status === "crashed" ? undefined : server?.raft;
  return {
    name,
    status,
    started,
    ...bugsOf(moment.view.members[id - 1]?.versions),
    standing: standingIn(conf, id),
    halves: halvesWith(id, conf),
    role,
    term,
    leader: nameOfMember(member.leader),
    votedFor: nameOfMember(member.votedFor),
    votes: votesOf(member),
    timer: raft?.ticksToElection ?? {elapsed: 0, timeout: 0},
    commitIndex,
    lastApplied,
    firstIndex,
    lastIndex,
    durableIndex,
    revision: server?.store.currentRevision ?? 1,
    takingSnapshot: raft?.unstableSnapshot?.index ?? 0,
    configuration: configurationView(name, confState),
    followers: followersOf(member),
    leases: leasesOf(member, moment),
    ...(role === "leader" ? {majority: status === "up" && hasMajority(member, members, moment)} : {}),
  };
}

/** Most leases, and keys of one, that are shown. */
const leasesMax = 8;
const leaseKeysMax = 4;

/** A crashed member's are what it had applied: nobody counts there. */
function leasesOf({id: member, server, status}: MemberState, {view}: Moment): MemberMark["leases"] {
  const now = view.members[member - 1]?.clock.read(view.now) ?? view.now;
  const leases = server?.lessor.view(now).slice(0, leasesMax) ?? [];
  return leases.map(({lease, ttl, remaining, keys}) => ({
    id: lease,
    ttl,
    ...(remaining === undefined || status === "crashed" ? {} : {remaining: Math.max(0, remaining)}),
    keys: keys.slice(0, leaseKeysMax).map(keyText),
  }));
}

function bugsOf(names: readonly string[] | undefined): {readonly bugs?: readonly string[]} {
  return names === undefined || names.length === 0 ? {} : {bugs: names};
}

function handsOf(name: string, transfers: RingView["transfers"]): Pick<MemberMark, "hands"> {
  if (transfers.some(({from}) => from === name)) return {hands: "over"};
  return transfers.some(({to}) => to === name) ? {hands: "to"} : {};
}

/** Whether this leader reaches a majority of its own configuration's voters. */
function hasMajority(member: MemberState, members: readonly MemberState[], moment: Moment): boolean {
  const reached = new Set(reachedBy(member, members, moment.view.network).map(({id}) => id));
  return lackingHalf(member.confState, (voter) => reached.has(voter)) === undefined;
}

function halvesWith(id: number, conf: ConfState): MemberMark["halves"] {
  if (!isJoint(conf)) return [];
  return [
    ...(conf.votersOutgoing.includes(id) ? (["old"] as const) : []),
    ...(conf.voters.includes(id) ? (["new"] as const) : []),
  ];
}

/** The answers that a candidate has, by the halves of its configuration: who votes in both stands in both. */
function votesOf({status, server, confState}: MemberState): MemberMark["votes"] {
  const votes = status === "crashed" ? [] : (server?.raft.votes() ?? []);
  const joint = isJoint(confState);
  return halvesOf(confState).flatMap(({voters}, i) =>
    votes
      .filter(({member}) => voters.includes(member))
      .map(({member, granted}) => ({
        from: nameOfMember(member),
        granted,
        ...(joint ? {half: i === 0 ? ("new" as const) : ("old" as const)} : {}),
      })),
  );
}

function followersOf(leader: MemberState): readonly FollowerView[] {
  return leader
    .progress()
    .filter(({member}) => member !== leader.id)
    .map((view) => ({
      name: nameOfMember(view.member),
      state: view.state,
      match: view.matchIndex,
      next: view.nextIndex,
      learner: view.isLearner,
      active: view.recentActive,
      paused: view.paused,
      snapshot: view.pendingSnapshot,
    }));
}

function clientOf(name: string, moment: Moment): ClientMark {
  const waiting: string[] = [];
  const watching: string[] = [];
  let last: ClientMark["last"];
  // From the newest back: what a client still waits for is near the end, and a few are enough to show.
  const {operations} = moment.view;
  for (let i = operations.length - 1; i >= 0 && i >= operations.length - 200 && waiting.length < 3; i--) {
    const operation = operations[i];
    if (operation?.client !== name) continue;
    const line = requestText(operation.request);
    if (operation.returned !== undefined) last ??= {line, outcome: operation.outcome?.kind ?? "unknown"};
    else (operation.request.kind === "watchCreate" ? watching : waiting).unshift(line);
  }
  const servers = waiting.length + watching.length === 0 ? [] : serversOf(name, moment);
  const held = heldBy(name, moment);
  return {
    name,
    waiting,
    watching,
    servers,
    ...(moment.view.pausedClients.includes(name) ? {paused: true} : {}),
    ...bugsOf(moment.view.run.versions[name]),
    ...(held === undefined ? {} : {holds: held}),
    ...(last === undefined ? {} : {last}),
  };
}

/** By what it was told last: its lease may have run out without its knowing. Only the newest recipes are looked at. */
function heldBy(client: string, {view: {recipes}}: Moment): string | undefined {
  const one = recipes
    .slice(-20)
    .findLast(
      ({client: whose, told}) => whose === client && told.some(({told: news}) => news.kind === "holds"),
    );
  if (one === undefined || !("name" in one.recipe) || isOver(one, recipes)) return undefined;
  return keyText(one.recipe.name);
}

/** A lock's recipe is done once it has the lock; it is over when that is given back, or its lease known to be lost. */
function isOver(one: RecipeOperation, recipes: readonly RecipeOperation[]): boolean {
  if (one.told.some(({told}) => told.kind === "lost")) return true;
  const {outcome, recipe, client, call} = one;
  if (outcome !== undefined && (outcome.kind !== "done" || recipe.kind === "critical")) return true;
  return recipes.some(
    ({client: whose, recipe: other, outcome: done}) =>
      whose === client &&
      "of" in other &&
      other.of === call &&
      other.kind !== "isOwner" &&
      done?.kind === "done",
  );
}

/** The members that something of the client's is on its way to or from, and the one it asked last. */
function serversOf(client: string, moment: Moment): readonly string[] {
  const ids = new Set<number>();
  for (const {payload} of moment.view.pending()) {
    if (payload.kind === "request" && payload.client === client) ids.add(payload.to);
    if (payload.kind === "response" && payload.client === client) ids.add(payload.from);
  }
  const asked = moment.recording.askedBy(client, moment.cursor.step);
  if (asked !== undefined) ids.add(asked);
  return [...ids].sort((a, b) => a - b).map(nameOfMember);
}

function flightsOf(moment: Moment): readonly FlightMark[] {
  const flights: FlightMark[] = [];
  for (const pending of moment.view.pending()) {
    if (flights.length === flightsMax) return flights;
    const flight = flightOf(pending);
    if (flight !== undefined) flights.push(flight);
  }
  return flights;
}

function flightOf(pending: Pending): FlightMark | undefined {
  const {payload} = pending;
  const held = pending.held === true;
  const base = {
    event: `${pending.lane}#${pending.ordinal}`,
    held,
    // A message that was lost keeps its place until it would have arrived: the page shows where it was lost.
    ...(pending.fate !== undefined ? {dies: pending.fate.at} : held ? {} : {arrives: pending.due}),
    entries: [],
    more: 0,
    term: 0,
  };
  switch (payload.kind) {
    case "message":
      return {...base, ...messageMark(payload.message), sent: payload.sent};
    case "request": {
      const {client, to, request, sent} = payload;
      const line = requestText(request);
      return {...base, from: client, to: nameOfMember(to), kind: request.kind, response: false, sent, line};
    }
    case "response": {
      const {client, from, response, sent} = payload;
      const {kind} = response.result;
      const positive = kind !== "error";
      return {
        ...base,
        from: nameOfMember(from),
        to: client,
        kind,
        response: true,
        positive,
        sent,
        line: answerText(response),
      };
    }
    // Streams' own business (a window that opens, an end) is told in the list of events, not drawn.
    default:
      return undefined;
  }
}

/** What a message's glyph shows. */
export function messageMark(
  message: PeerMessage,
): Pick<
  FlightMark,
  "from" | "to" | "kind" | "term" | "response" | "positive" | "entries" | "more" | "snapshot" | "line"
> {
  const entries = message.kind === "AppendEntries" ? message.entries : [];
  return {
    from: nameOfMember(message.from),
    to: nameOfMember(message.to),
    kind: message.kind,
    term: termOf(message),
    response: message.kind.endsWith("Response") || message.kind === "Forwarded",
    ...positiveOf(message),
    entries: entries.slice(0, beadsMax).map((entry) => entry.term),
    more: Math.max(0, entries.length - beadsMax),
    ...(message.kind === "InstallSnapshot" ? {snapshot: message.snapshot.index} : {}),
    line: messageLines(message),
  };
}

/** Without its ends, which are drawn: `MsgApp Term:2 Log:1/5 Commit:5 Entries:[2/6 EntryNormal put x=1]`. */
function messageLines(message: PeerMessage): string {
  return describePeerMessage(message).replace(/^\S+ /, "");
}

/** The same on one line. */
export function messageLine(message: PeerMessage): string {
  return messageLines(message).replace(/\s*\n\s*/g, " ");
}

function positiveOf(message: PeerMessage): {readonly positive?: boolean} {
  if (message.kind === "RequestVoteResponse" || message.kind === "PreVoteResponse")
    return {positive: message.voteGranted};
  if (message.kind === "AppendEntriesResponse") return {positive: message.success};
  return {};
}
