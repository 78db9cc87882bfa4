// What may happen in a space of members and messages, and the letters that messages are kept as.

import type {MemberId} from "../../core/base/quantity.ts";
import {noMember} from "../../core/base/quantity.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import {termOf} from "../../core/server/peer.ts";
import type {Deed} from "./host.ts";

/** What there is a budget of: so many times in one run. */
export const budgets = ["drop", "duplicate", "crash", "request", "heartbeat"] as const;

export type Budget = (typeof budgets)[number];

export type ActionKind = Budget | "deliver" | "timeout" | "disk";

/** One object for each, so that identity tells them apart. */
export interface Action {
  readonly kind: ActionKind;
  /** Whom it happens to; `noMember` for a message that is lost. */
  readonly member: MemberId;
  readonly letter: Letter | undefined;
  /** The place in {@link budgets} of what it spends; −1 if nothing. */
  readonly spends: number;
  /** What its member is handed; undefined if none is. */
  readonly deed: Deed | undefined;
}

export function makeAction(kind: ActionKind, member: MemberId, letter?: Letter): Action {
  const spends = (budgets as readonly ActionKind[]).indexOf(kind);
  return {kind, member, letter, spends, deed: deedOf(kind, letter)};
}

function deedOf(kind: ActionKind, letter: Letter | undefined): Deed | undefined {
  if (kind === "drop") return undefined;
  if (kind === "deliver" || kind === "duplicate")
    return letter === undefined ? undefined : {kind: "message", message: letter.message};
  return {kind};
}

/** A message, kept once however often it is on its way. */
export class Letter {
  readonly message: PeerMessage;
  readonly term: number;
  readonly a: number;
  readonly b: number;
  /** From whom to whom, as one number. */
  readonly way: number;
  /** Of this and its renamings, two lanes each. */
  lanes = new Int32Array(0);
  readonly deliver: Action;
  readonly drop: Action;
  /** It arrives, and stays on its way. */
  readonly duplicate: Action;
  /** By renaming. */
  twins: readonly Letter[] = [];

  constructor(message: PeerMessage, [a, b]: readonly [number, number]) {
    this.message = message;
    this.term = termOf(message);
    this.a = a;
    this.b = b;
    this.way = message.to * 65_536 + message.from;
    this.deliver = makeAction("deliver", message.to, this);
    this.drop = makeAction("drop", noMember, this);
    this.duplicate = makeAction("duplicate", message.to, this);
  }
}

/** By receiver, sender, and what it says. */
export function compareLetters(x: Letter, y: Letter): number {
  return x.way - y.way || x.a - y.a || x.b - y.b;
}

/** In order, each as often as it is on its way. */
export function without(letters: readonly Letter[], letter: Letter): readonly Letter[] {
  const rest = letters.slice();
  rest.splice(letters.indexOf(letter), 1);
  return rest;
}

export function withSent(letters: readonly Letter[], sent: readonly Letter[]): readonly Letter[] {
  if (sent.length === 0) return letters;
  const all = letters.slice();
  for (const letter of sent) {
    let at = all.length;
    for (; at > 0; at--) {
      const before = all[at - 1];
      if (before === undefined || compareLetters(before, letter) <= 0) break;
    }
    all.splice(at, 0, letter);
  }
  return all;
}
