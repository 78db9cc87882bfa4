// Alarms: what a member cannot go on with and all must know of. They are raised and disarmed through the log, so that every
// member has the same ones (etcd server/etcdserver/api/v3alarm): a backend file over its quota, a store that differs.
//
//   bucket alarm   protobuf etcdserverpb.AlarmMember ▶ nothing
//                    1 memberID, a varint · 2 alarm, a varint: 1 NOSPACE, 2 CORRUPT

import {Reader, Writer} from "../base/codec.ts";
import {bytesOfKey, keyOfBytes} from "../base/key.ts";
import type {Key} from "../base/key.ts";
import {noMember} from "../base/quantity.ts";
import type {MemberId} from "../base/quantity.ts";
import type {Backend} from "../storage/backend.ts";
import type {AlarmActivateRequest, AlarmDisarmRequest} from "./request.ts";

/** etcd's AlarmType. CORRUPT: the member's store differs from the others'. */
export type AlarmType = "NOSPACE" | "CORRUPT";

/** An alarm that stands. */
export interface Alarm {
  /** Whose. */
  readonly member: MemberId;
  readonly alarm: AlarmType;
}

/** Goes through the log. To deactivate is to end those of that member and that kind; absent: of all of them. */
export type AlarmRequest =
  | {readonly kind: "alarm"; readonly action: "activate"; readonly alarm: Alarm}
  | {
      readonly kind: "alarm";
      readonly action: "deactivate";
      readonly member?: MemberId;
      readonly alarm?: AlarmType;
    };

/** What the log is to hold for what a client asks. */
export function alarmRequest(asked: AlarmActivateRequest | AlarmDisarmRequest): AlarmRequest {
  const {member, alarm} = asked;
  if (asked.kind === "alarmActivate")
    return {kind: "alarm", action: "activate", alarm: {member: asked.member, alarm: asked.alarm}};
  return {
    kind: "alarm",
    action: "deactivate",
    ...(member === undefined ? {} : {member}),
    ...(alarm === undefined ? {} : {alarm}),
  };
}

/** As in protobuf; 0 is none. */
export const alarmNumbers = {NOSPACE: 1, CORRUPT: 2} as const satisfies Record<AlarmType, number>;

const tags = {member: 0x08, alarm: 0x10} as const;

/** As etcdctl prints it. */
export function alarmText({member, alarm}: Alarm): string {
  return `memberID:${member} alarm:${alarm}`;
}

/** Whether puts are refused. */
export function isOutOfSpace(alarms: readonly Alarm[]): boolean {
  return alarms.some(({alarm}) => alarm === "NOSPACE");
}

/** Whether nothing of keys and leases is to be believed: everything about them is refused. */
export function isCorrupt(alarms: readonly Alarm[]): boolean {
  return alarms.some(({alarm}) => alarm === "CORRUPT");
}

/** The alarms with one more, by member; the same list if it stands already. */
export function withAlarm(alarms: readonly Alarm[], one: Alarm): readonly Alarm[] {
  if (alarms.some(({member, alarm}) => member === one.member && alarm === one.alarm)) return alarms;
  return [...alarms, one].sort(
    (a, b) => a.member - b.member || alarmNumbers[a.alarm] - alarmNumbers[b.alarm],
  );
}

export function writeAlarm(backend: Backend, alarm: Alarm): void {
  backend.put("alarm", keyOf(alarm), new Uint8Array());
}

export function deleteAlarm(backend: Backend, alarm: Alarm): void {
  backend.delete("alarm", keyOf(alarm));
}

/** The alarms that stand in the file, by member; undefined if something else stands there. */
export function readAlarms(backend: Backend): readonly Alarm[] | undefined {
  let alarms: readonly Alarm[] | undefined = [];
  backend.scan("alarm", "", (key) => {
    const alarm = alarmOf(key);
    alarms = alarm && alarms && withAlarm(alarms, alarm);
    return alarms !== undefined;
  });
  return alarms;
}

function keyOf({member, alarm}: Alarm): Key {
  const into = new Writer();
  into.byte(tags.member);
  into.uint(member);
  into.byte(tags.alarm);
  into.uint(alarmNumbers[alarm]);
  return keyOfBytes(into.finish());
}

function alarmOf(key: Key): Alarm | undefined {
  const from = new Reader(bytesOfKey(key));
  from.byte();
  const member = from.uint();
  from.byte();
  const number = from.byte();
  const alarm: Alarm = {member, alarm: number === alarmNumbers.CORRUPT ? "CORRUPT" : "NOSPACE"};
  // CORRUPT of no member: the members differ, and no majority says who is right.
  const isSomeones = alarm.member !== noMember || alarm.alarm === "CORRUPT";
  return isSomeones && keyOf(alarm) === key ? alarm : undefined;
}
