// Names and addresses of members, and of the cluster: they follow from the members' numbers, since in a simulated world
// nobody has others.

import {Hasher} from "../base/hasher.ts";
import type {MemberId} from "../base/quantity.ts";
import type {MemberInfo} from "./request.ts";

/** Of the etcd whose semantics are followed. */
export const etcdVersion = "3.8.0-alpha.0";

export function nameOf(member: MemberId): string {
  return `n${member}`;
}

export function peerUrlOf(member: MemberId): string {
  return `http://${nameOf(member)}:2380`;
}

export function clientUrlOf(member: MemberId): string {
  return `http://${nameOf(member)}:2379`;
}

/** A member that has started, at its own addresses. */
export function memberInfo(member: MemberId, isLearner = false): MemberInfo {
  return {
    member,
    name: nameOf(member),
    peerUrls: [peerUrlOf(member)],
    clientUrls: [clientUrlOf(member)],
    isLearner,
  };
}

/** Of the members that the cluster began with: a safe integer. etcd: SHA-1 of the sorted ids, its first 8 bytes. */
export function clusterIdOf(members: readonly MemberId[]): number {
  const hasher = new Hasher();
  for (const member of members) hasher.int(member);
  const [a, b] = hasher.lanes();
  return (a >>> 11) * 4294967296 + (b >>> 0);
}
