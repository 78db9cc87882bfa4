// What a run may be seen to do, by name: a fixed catalogue, of which each behaviour has a place. What never came in a sweep,
// the sweep says nothing about.
//
//   role/candidate→leader · message/AppendEntries/follower/refused · note/logCut/truncated · pause/beforeCommit
//   turn/apply · lost/cut · fault/crash · fault/disk/rot · call/put/unknown · recipe/lock/done

import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {RecipeKind} from "../../core/client/recipes/recipe.ts";
import type {RoleName} from "../../core/raft/entry.ts";
import type {RaftNote} from "../../core/raft/notes.ts";
import {actors, points} from "../../core/server/io.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {Request} from "../../core/server/request.ts";
import type {ActionKind} from "../action.ts";
import {diskFaultKinds} from "../disk/fault.ts";
import type {Change} from "../event.ts";

/** Of a message that arrived: acted upon, answered with a refusal, or of no use to this receiver. */
export const effects = ["taken", "refused", "ignored"] as const;
export type Effect = (typeof effects)[number];

export const roles = [
  "follower",
  "preCandidate",
  "candidate",
  "leader",
] as const satisfies readonly RoleName[];

const all = roles;

/** Which receivers can do what with a message. */
const messages: Readonly<Record<PeerMessage["kind"], Partial<Record<Effect, readonly RoleName[]>>>> = {
  RequestVote: {taken: all, refused: all, ignored: all},
  RequestVoteResponse: {taken: all, ignored: all},
  // One of an older term is refused, too (etcd's raft.go, Step).
  PreVote: {taken: all, refused: all},
  PreVoteResponse: {taken: all, ignored: all},
  AppendEntries: {taken: all, refused: all, ignored: all},
  AppendEntriesResponse: {taken: all, ignored: all},
  Heartbeat: {taken: all, ignored: all},
  HeartbeatResponse: {taken: all, ignored: all},
  InstallSnapshot: {taken: all, refused: all, ignored: all},
  TimeoutNow: {taken: all, ignored: all},
  TransferLeader: {taken: all, ignored: all},
  Propose: {taken: all, refused: all, ignored: all},
  ReadIndex: {taken: all, refused: all, ignored: all},
  ReadIndexResponse: {taken: all, ignored: all},
  Forward: {taken: all},
  Forwarded: {taken: all},
};

/** The changes of role that Raft's rules have (Figure 4, and thesis §9.6 for pre-candidates). */
const turnsOfRole = [
  "follower→preCandidate",
  "follower→candidate",
  "preCandidate→follower",
  "preCandidate→candidate",
  "candidate→follower",
  "candidate→preCandidate",
  "candidate→leader",
  "leader→follower",
] as const;

/** Kinds of notes, and what tells two of a kind apart. "traced" is for validation, and not asked for. */
const notes: Readonly<Record<Exclude<RaftNote["kind"], "traced">, readonly string[]>> = {
  booted: [],
  becameFollower: [],
  becameCandidate: [],
  becamePreCandidate: [],
  becameLeader: [],
  electionStarted: [],
  campaignRefused: ["leading", "unpromotable", "pendingChange"],
  voteRequested: [],
  voteCast: [],
  voteLeased: [],
  voteCounted: [],
  quorumLost: [],
  leaderForgotten: [],
  forgetRefused: [],
  termSeen: [],
  messageDropped: ["staleTerm", "notForMe", "unknownSender", "noProgress", "wrongRole", "noLeader"],
  proposalDropped: ["noLeader", "notForwarded", "transferring", "removed", "uncommittedLimit"],
  timeoutNowTaken: [],
  transfer: [
    "started",
    "toLearner",
    "toItself",
    "alreadyToSame",
    "previousAborted",
    "timeoutNowAtOnce",
    "timeoutNowAfterAppend",
    "noLeader",
  ],
  readDropped: [],
  readPostponed: [],
  readConfirmed: [],
  appendRefused: [],
  logConflict: [],
  logCut: ["replaced", "truncated"],
  committed: [],
  receiptIgnored: [],
  receiptObsolete: ["missing", "inSnapshot", "mismatched"],
  refusalTaken: [],
  nextIndexDecreased: [],
  progressChanged: [],
  unreachable: [],
  snapshotSent: [],
  snapshotNotSent: ["inactive", "unavailable"],
  snapshotStarted: [],
  snapshotRestored: [],
  snapshotRecovered: [],
  snapshotReported: [],
  snapshotIgnored: ["old", "forwarded", "notMember"],
  configurationChanged: [],
  changeIgnored: ["pending", "mustLeaveJoint", "notJoint"],
  autoLeave: [],
};

/** A fault of a disk counts by its own kind; what is no fault, not at all. */
const faults = {
  cut: true,
  split: true,
  heal: true,
  link: true,
  connection: true,
  crash: true,
  pause: true,
  resume: true,
  restart: true,
  crashAt: true,
  crashAtDisk: true,
  slow: true,
  pauseClient: true,
  resumeClient: true,
  clock: true,
  jump: true,
  timeout: true,
  message: true,
  loss: true,
  disk: false,
  client: false,
  mark: false,
  pin: false,
} as const satisfies Readonly<Record<ActionKind, boolean>>;

const requests = {
  range: true,
  put: true,
  deleteRange: true,
  txn: true,
  compact: true,
  watchCreate: true,
  watchCancel: true,
  watchProgress: true,
  leaseGrant: true,
  leaseRevoke: true,
  leaseKeepAlive: true,
  leaseTimeToLive: true,
  leaseList: true,
  authEnable: true,
  authDisable: true,
  authStatus: true,
  authenticate: true,
  userAdd: true,
  userDelete: true,
  userGet: true,
  userList: true,
  userChangePassword: true,
  userGrantRole: true,
  userRevokeRole: true,
  roleAdd: true,
  roleDelete: true,
  roleGet: true,
  roleList: true,
  roleGrantPermission: true,
  roleRevokePermission: true,
  status: true,
  memberAdd: true,
  memberUpdate: true,
  memberRemove: true,
  memberPromote: true,
  memberList: true,
  reconfigure: true,
  moveLeader: true,
  defragment: true,
  alarmList: true,
  alarmActivate: true,
  alarmDisarm: true,
  hashKv: true,
  hash: true,
  snapshot: true,
} as const satisfies Readonly<Record<Request["kind"], true>>;

const recipes = {
  session: true,
  orphan: true,
  close: true,
  lock: true,
  tryLock: true,
  rlock: true,
  wlock: true,
  unlock: true,
  isOwner: true,
  campaign: true,
  proclaim: true,
  resign: true,
  leader: true,
  observe: true,
  stm: true,
  enqueue: true,
  dequeue: true,
  barrierHold: true,
  barrierRelease: true,
  barrierWait: true,
  enter: true,
  leave: true,
  register: true,
  deregister: true,
  discover: true,
  standby: true,
  critical: true,
} as const satisfies Readonly<Record<RecipeKind, true>>;

type Lost = Extract<Change, {readonly kind: "lost"}>["why"];
const losses = {
  cut: true,
  loss: true,
  dropped: true,
  queue: true,
  reset: true,
  down: true,
  refused: true,
} as const satisfies Readonly<Record<Lost, true>>;

const outcomes = {ok: true, failed: true, unknown: true} satisfies Record<Outcome["kind"], true>;
const endings = {done: true, failed: true, unknown: true} satisfies Record<RecipeOutcome["kind"], true>;

const names: string[] = [];

/** Of each, its place in the catalogue. */
export type Places = ReadonlyMap<string, number>;

function placesOf(under: string, of: readonly string[]): Places {
  return new Map(of.map((name) => [name, names.push(`${under}/${name}`) - 1]));
}

function byOutcome(
  under: string,
  of: readonly string[],
  ends: readonly string[],
): ReadonlyMap<string, Places> {
  return new Map(of.map((name) => [name, placesOf(`${under}/${name}`, ends)]));
}

/** By kind: for each role the effects, one after another; −1: it cannot be. */
function messagePlaces(): ReadonlyMap<string, Int32Array> {
  return new Map(
    Object.entries(messages).map(([kind, can]) => {
      const places = roles.flatMap((role) =>
        effects.map((effect) =>
          can[effect]?.includes(role) === true ? names.push(`message/${kind}/${role}/${effect}`) - 1 : -1,
        ),
      );
      return [kind, Int32Array.from(places)];
    }),
  );
}

/** Of a note whose kind says it all; "" is that kind's place. */
function notePlaces(): ReadonlyMap<string, Places> {
  return new Map(
    Object.entries(notes).map(([kind, ways]) => {
      if (ways.length > 0) return [kind, placesOf(`note/${kind}`, ways)];
      return [kind, new Map([["", names.push(`note/${kind}`) - 1]])];
    }),
  );
}

export const places = {
  role: placesOf("role", turnsOfRole),
  message: messagePlaces(),
  note: notePlaces(),
  pause: placesOf("pause", points),
  turn: placesOf("turn", actors),
  lost: placesOf("lost", Object.keys(losses)),
  fault: placesOf(
    "fault",
    Object.entries(faults).flatMap(([kind, is]) => (is ? [kind] : [])),
  ),
  diskFault: placesOf("fault/disk", diskFaultKinds),
  call: byOutcome("call", Object.keys(requests), Object.keys(outcomes)),
  recipe: byOutcome("recipe", Object.keys(recipes), Object.keys(endings)),
} as const;

/** All behaviours, by place. */
export const behaviours: readonly string[] = names;
