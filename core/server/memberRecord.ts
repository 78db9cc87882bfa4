// What the cluster knows of its members: names, addresses, who is a learner, and who was removed for ever. It follows
// from the log alone, so all members have the same; it goes with the store into the backend file and into snapshots
// (etcd server/etcdserver/api/membership, server/storage/schema/membership.go).
//
//   bucket members           hex of the id ▶ JSON {"id","peerURLs","isLearner","name","clientURLs"}, what is empty left out
//   bucket members_removed   hex of the id ▶ "removed"
//   bucket meta              confState ▶ JSON {"voters","learners","voters_outgoing","learners_next","auto_leave"}
//
// Who is a member and who votes is said by raft's configuration; the record follows it (`followed`), so that the two cannot
// come apart (etcd #18347, #19557: a promotion that only one of them heard of).

import {bytesOfKey, keyFromText, textOfBytes} from "../base/key.ts";
import type {Key, Value} from "../base/key.ts";
import type {MemberId} from "../base/quantity.ts";
import {confState, emptyConfState, isLearner, isMember, membersOf} from "../raft/confState.ts";
import type {ConfState} from "../raft/confState.ts";
import type {Backend} from "../storage/backend.ts";
import {memberInfo, peerUrlOf} from "./cluster.ts";
import type {MemberInfo} from "./request.ts";
import {serverRules} from "./rules.ts";
import type {MemberChange, ServerRules} from "./rules.ts";

export interface Membership {
  /** Raft's configuration, as of the last applied entry. */
  readonly conf: ConfState;
  /** Ascending. */
  readonly members: readonly MemberInfo[];
  /** Ids that never return, ascending. */
  readonly removed: readonly MemberId[];
}

/** Nothing stands in the file. */
export const noMembership: Membership = {conf: emptyConfState, members: [], removed: []};

/** What a cluster begins with: members that are known to have started. */
export function foundation(members: readonly MemberId[], learners: readonly MemberId[]): Membership {
  const conf = confState(members, learners);
  return {conf, members: membersOf(conf).map((id) => memberInfo(id, isLearner(conf, id))), removed: []};
}

export function memberOf({members}: Membership, id: MemberId): MemberInfo | undefined {
  return members.find(({member}) => member === id);
}

/** A member that has told its name has started. */
export function isStarted({name}: MemberInfo): boolean {
  return name !== "";
}

/** The record under another configuration. Who is new has not started; `peerUrls`: where it is found, if that was said. */
export function followed(before: Membership, conf: ConfState, peerUrls?: readonly string[]): Membership {
  const members = membersOf(conf).map((id): MemberInfo => {
    const asLearner = isLearner(conf, id);
    const known = memberOf(before, id);
    if (known !== undefined) return known.isLearner === asLearner ? known : {...known, isLearner: asLearner};
    return {
      member: id,
      name: "",
      peerUrls: peerUrls ?? [peerUrlOf(id)],
      clientUrls: [],
      isLearner: asLearner,
    };
  });
  const gone = before.members.map(({member}) => member).filter((id) => !isMember(conf, id));
  const removed = gone.length === 0 ? before.removed : [...before.removed, ...gone].sort((a, b) => a - b);
  return {conf, members, removed};
}

/** With what is given of one member changed; the same record if it is none. All else of it stays (etcd #21694). */
export function updated(
  before: Membership,
  id: MemberId,
  change: MemberChange,
  rules: Pick<ServerRules, "memberAfter"> = serverRules,
): Membership {
  if (memberOf(before, id) === undefined) return before;
  const members = before.members.map((one) => (one.member === id ? rules.memberAfter(one, change) : one));
  return {...before, members};
}

/** Whether one of the addresses is that of a member, or of another one than `except`. */
export function isTaken(
  {members}: Membership,
  peerUrls: readonly string[],
  except: MemberId | undefined,
): boolean {
  return members.some((one) => one.member !== except && one.peerUrls.some((url) => peerUrls.includes(url)));
}

/** Whether they are addresses, at least one: `http://host:port`, nothing behind it. etcd: types.NewURLs. */
export function areUrls(urls: readonly string[]): boolean {
  return urls.length > 0 && urls.every((url) => isPrintableAscii.test(url) && isUrl.test(url));
}

const isUrl = /^https?:\/\/(\[[0-9a-fA-F:.]+\]|[^/:[\]]+):\d{1,5}$/;
/** The log has room for no other letters (membership.ts, encodeContext). */
const isPrintableAscii = /^[!-~]+$/;

// ---- in the backend file

/** Writes what changed from `before`, which stands in the file, to `after`. */
export function writeMembership(
  backend: Backend,
  before: Membership,
  after: Membership,
  rules: Pick<ServerRules, "mustWriteMember"> = serverRules,
): void {
  for (const one of after.members)
    if (rules.mustWriteMember(memberOf(before, one.member), one))
      backend.put("members", keyOf(one.member), encodeMember(one));
  for (const {member} of before.members)
    if (memberOf(after, member) === undefined) backend.delete("members", keyOf(member));
  for (const id of after.removed)
    if (!before.removed.includes(id)) backend.put("members_removed", keyOf(id), removedMark);
  for (const id of before.removed)
    if (!after.removed.includes(id)) backend.delete("members_removed", keyOf(id));
  if (after.conf !== before.conf) backend.put("meta", "confState", encodeConf(after.conf));
}

/** What stands in the file, {@link noMembership} if nothing does; undefined if it is none of ours. */
export function readMembership(backend: Backend): Membership | undefined {
  const members: MemberInfo[] = [];
  const removed: MemberId[] = [];
  let isSound = true;
  backend.scan("members", "", (key, value) => {
    const member = decodeMember(value);
    if (member === undefined || keyOf(member.member) !== key) isSound = false;
    else members.push(member);
    return isSound;
  });
  backend.scan("members_removed", "", (key) => {
    const id = parseInt(key, 16);
    if (!Number.isSafeInteger(id) || keyOf(id) !== key) isSound = false;
    else removed.push(id);
    return isSound;
  });
  const bytes = backend.get("meta", "confState");
  const conf = bytes === undefined ? emptyConfState : decodeConf(bytes);
  if (!isSound || conf === undefined) return undefined;
  members.sort((a, b) => a.member - b.member);
  const ids = membersOf(conf);
  if (ids.length !== members.length || members.some(({member}, i) => member !== ids[i])) return undefined;
  return {conf, members, removed: removed.sort((a, b) => a - b)};
}

const removedMark: Value = bytesOfKey("removed");

function keyOf(member: MemberId): Key {
  return member.toString(16);
}

/** As etcd's JSON has them: Go writes no empty field that says `omitempty`. */
interface MemberJson {
  readonly id: number;
  readonly peerURLs: readonly string[];
  readonly isLearner?: true;
  readonly name?: string;
  readonly clientURLs?: readonly string[];
}

function encodeMember({member, name, peerUrls, clientUrls, isLearner: asLearner}: MemberInfo): Value {
  const json: MemberJson = {
    id: member,
    peerURLs: peerUrls,
    ...(asLearner ? {isLearner: true} : {}),
    ...(name === "" ? {} : {name}),
    ...(clientUrls.length === 0 ? {} : {clientURLs: clientUrls}),
  };
  return bytesOf(json);
}

function decodeMember(value: Value): MemberInfo | undefined {
  const json = parsed(value) as Partial<MemberJson> | undefined;
  if (json === undefined || typeof json.id !== "number" || !areTexts(json.peerURLs)) return undefined;
  const {name = "", clientURLs = []} = json;
  if (typeof name !== "string" || !areTexts(clientURLs)) return undefined;
  return {
    member: json.id,
    name,
    peerUrls: json.peerURLs,
    clientUrls: clientURLs,
    isLearner: json.isLearner === true,
  };
}

function encodeConf({voters, learners, votersOutgoing, learnersNext, autoLeave}: ConfState): Value {
  return bytesOf({
    voters,
    ...(learners.length === 0 ? {} : {learners}),
    ...(votersOutgoing.length === 0 ? {} : {voters_outgoing: votersOutgoing}),
    ...(learnersNext.length === 0 ? {} : {learners_next: learnersNext}),
    auto_leave: autoLeave,
  });
}

function decodeConf(value: Value): ConfState | undefined {
  const json = parsed(value);
  if (json === undefined) return undefined;
  const [voters, votersOutgoing, learners, learnersNext] = [
    json["voters"],
    json["voters_outgoing"] ?? [],
    json["learners"] ?? [],
    json["learners_next"] ?? [],
  ];
  if (!areIds(voters) || !areIds(votersOutgoing) || !areIds(learners) || !areIds(learnersNext))
    return undefined;
  return {voters, votersOutgoing, learners, learnersNext, autoLeave: json["auto_leave"] === true};
}

function bytesOf(json: object): Value {
  return bytesOfKey(keyFromText(JSON.stringify(json)));
}

function parsed(value: Value): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(textOfBytes(value));
    return typeof json === "object" && json !== null ? {...json} : undefined;
  } catch {
    return undefined;
  }
}

function areTexts(found: unknown): found is readonly string[] {
  return Array.isArray(found) && found.every((one) => typeof one === "string");
}

function areIds(found: unknown): found is readonly MemberId[] {
  return (
    Array.isArray(found) && found.every((one, i) => Number.isSafeInteger(one) && one > (found[i - 1] ?? 0))
  );
}
