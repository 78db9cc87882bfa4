// What is on its way in a script: messages between members, a member's own that waited for the disk, and what the threads
// for disk and state machine report. One list for all; order changes only by which recipient is served.

import type {MemberId} from "../../core/base/quantity.ts";
import {describeApplied, describeMessage, describeReceipt} from "../../core/raft/describe.ts";
import type {Entry} from "../../core/raft/entry.ts";
import {messageNames} from "../../core/raft/etcdNames.ts";
import type {Message} from "../../core/raft/message.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {AppendReceipt} from "../../core/raft/ready.ts";
import type {Snapshot} from "../../core/raft/snapshot.ts";
import type {StepResult} from "../../core/raft/stepResult.ts";
import {accepted} from "../../core/raft/stepResult.ts";

export type Letter =
  | {readonly kind: "message"; readonly to: MemberId; readonly message: Message}
  | {
      readonly kind: "appended";
      readonly to: MemberId;
      readonly receipt: AppendReceipt;
      readonly snapshot: Snapshot | undefined;
    }
  | {readonly kind: "applied"; readonly to: MemberId; readonly entries: readonly Entry[]};

/** All that `type=` may name: also what never travels here. */
export const letterTypes: ReadonlySet<string> = new Set([
  ...Object.values(messageNames),
  "MsgHup",
  "MsgBeat",
  "MsgUnreachable",
  "MsgSnapStatus",
  "MsgCheckQuorum",
  "MsgForgetLeader",
  "MsgStorageAppend",
  "MsgStorageAppendResp",
  "MsgStorageApply",
  "MsgStorageApplyResp",
]);

export function letterOf(message: Message): Letter {
  return {kind: "message", to: message.to, message};
}

export function describeLetter(letter: Letter): string {
  if (letter.kind === "message") return describeMessage(letter.message);
  if (letter.kind === "appended") return describeReceipt(letter.to, letter.receipt, letter.snapshot);
  return describeApplied(letter.to, letter.entries);
}

/** Hands a letter to its recipient. */
export function handOver(letter: Letter, node: RawNode): StepResult {
  if (letter.kind === "message") return node.step(letter.message);
  if (letter.kind === "appended") node.appended(letter.receipt);
  else node.applied(letter.entries);
  return accepted;
}

export interface Wanted {
  readonly to: MemberId;
  /** Only these; all if undefined. */
  readonly type: string | undefined;
  /** To be lost: what never leaves the member is none of it. */
  readonly drop: boolean;
}

export class Mail {
  private letters: Letter[] = [];

  post(letter: Letter): void {
    this.letters.push(letter);
  }

  has(to: MemberId): boolean {
    return this.letters.some((letter) => letter.to === to);
  }

  /** Takes out what is wanted, in order. */
  take({to, type, drop}: Wanted): readonly Letter[] {
    const taken: Letter[] = [];
    const rest: Letter[] = [];
    for (const letter of this.letters) {
      const matches =
        letter.to === to && !(drop && isLocal(letter)) && (type === undefined || type === typeOf(letter));
      (matches ? taken : rest).push(letter);
    }
    this.letters = rest;
    return taken;
  }
}

function isLocal(letter: Letter): boolean {
  return letter.kind !== "message" || letter.message.from === letter.message.to;
}

function typeOf(letter: Letter): string {
  if (letter.kind === "message") return messageNames[letter.message.kind];
  return letter.kind === "appended" ? "MsgStorageAppendResp" : "MsgStorageApplyResp";
}
