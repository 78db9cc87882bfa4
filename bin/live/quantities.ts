// etcd's 64-bit numbers in ours, and back: lease ids as hex digits, revisions as numbers that saturate, and members' ids,
// which are drawn from all of 64 bits, as small numbers of our own.

import {integerMax} from "../../core/base/quantity.ts";
import type {LeaseId, MemberId} from "../../core/base/quantity.ts";

/** An int64 in decimal digits: what the wire's reader gives and its writer takes. */
export type Int64 = string;

/** "" is 0, none. */
export function int64OfLease(lease: LeaseId): Int64 {
  return lease === "" ? "0" : BigInt.asIntN(64, BigInt(`0x${lease}`)).toString();
}

export function leaseOfInt64(id: Int64): LeaseId {
  return id === "0" ? "" : BigInt.asUintN(64, BigInt(id)).toString(16).padStart(16, "0");
}

/** The nearest safe integer. */
export function numberOf(digits: Int64): number {
  return Math.max(-integerMax, Math.min(integerMax, Number(digits)));
}

/** Which number stands for which of the cluster's 64-bit member ids. Numbers are given in the order of first sight, from 1. */
export class MemberIds {
  private readonly numbers = new Map<string, MemberId>();
  private readonly ids: string[] = ["0"];

  /** While it meets its endpoints one by one: who is only spoken of (as the leader) gets no number before it answers itself. */
  meeting = false;

  /** Of somebody who is spoken of; 0 while that one may yet answer itself. */
  spokenOf(id: string): MemberId {
    return this.meeting ? (this.numbers.get(id) ?? 0) : this.numberOf(id);
  }

  /** The number of an id; "0" is nobody, 0. */
  numberOf(id: string): MemberId {
    if (id === "0") return 0;
    let number = this.numbers.get(id);
    if (number === undefined) {
      number = this.ids.push(id) - 1;
      this.numbers.set(id, number);
    }
    return number;
  }

  /** The id behind a number; a number that stands for none is taken as it is, so that the server can refuse it. */
  idOf(number: MemberId): string {
    return this.ids[number] ?? String(number);
  }
}
