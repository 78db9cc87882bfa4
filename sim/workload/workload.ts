// What clients ask of a cluster, as data. A load is a table of questions with weights; a question is one or more lines of
// etcdctl, each asked when the one before was answered. What a line says of answers that are yet to come are operands
// (core/client/operand.ts); what is drawn anew for each question are placeholders:
//
//   {key} {other}        one of the load's keys, and another one
//   {value}              unique in the run: the client's name and the question's number, lengthened by `padding`
//   {client} {n}         who asks, and its how many-th question of this load it is, from 1
//   {draw:9} {draw:2..9} a number from 0 to 9, from 2 to 9
//
// A placeholder stands for the same everywhere in its question. `txn mod({key})={modRevisionOf:{key}} : …` has both kinds.

import type {Micros} from "../../core/base/quantity.ts";
import type {Between} from "../run.ts";

export interface Workload {
  readonly loads: readonly Load[];
  /** No question begins later; those that have begun are asked to their end. */
  readonly until: Micros;
  /** How long the run goes on after `until`. Absent: not at all. */
  readonly linger?: Micros;
  /** `answered`: it may end as soon as all is answered. `time`: only then, since some questions wait for ever. */
  readonly ends: "answered" | "time";
}

export interface Load {
  readonly by: By;
  /** The member that is asked. Absent: whichever the client talks to. */
  readonly to?: string;
  readonly pace: Pace;
  readonly asks: readonly Ask[];
  /** Absent: drawn by weight. */
  readonly order?: "inTurn";
  /** For `{key}` and `{other}`. */
  readonly keys?: readonly string[];
  /** Values are lengthened by up to so many bytes. */
  readonly padding?: number;
  /** Questions of each client. Absent: no limit. */
  readonly most?: number;
  /** Watches that each client keeps open; with so many, questions with one are not drawn. Absent: no limit. */
  readonly watches?: number;
  /** How many questions with that `limit` may be on their way at once, of all clients together. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Asked next after a question that did not succeed. */
  readonly afterFailure?: readonly Line[];
  /** What must hold because of what is asked. */
  readonly claims?: readonly LoadClaim[];
}

/** Who asks: all, the first or the last of them, all but the last, every `of`-th from the `nth` on (0: the first), or these. */
export type By =
  | "all"
  | "first"
  /** Nobody, where there is but one. */
  | "last"
  | "allButLast"
  | {readonly nth: number; readonly of: number}
  | readonly string[];

export type Pace =
  /** The next question `think` after the last was answered. */
  | {readonly kind: "closed"; readonly think: Between}
  /** Questions at drawn times, whatever is answered; with `waiting` of them unanswered one is not asked. */
  | {readonly kind: "open"; readonly every: Between; readonly waiting: number};

export interface Ask {
  readonly weight: number;
  readonly lines: readonly [Line, ...Line[]];
  /** A name in `limits`. */
  readonly limit?: string;
}

/** Something to ask, or micros to wait. */
export type Line = string | {readonly wait: Between};

/** See sim/check/loadClaims.ts. */
export type LoadClaim =
  | {readonly claim: "sum"; readonly prefix: string; readonly is: number}
  | {readonly claim: "append"; readonly prefix: string}
  | {readonly claim: "queue"; readonly queue: string};

/** The clients that ask, of those that there are. */
export function clientsOf(by: By, clients: readonly string[]): readonly string[] {
  if (typeof by === "object") {
    if (!("nth" in by)) return by.filter((client) => clients.includes(client));
    return clients.filter((_, place) => place % by.of === by.nth);
  }
  const several = clients.length > 1;
  if (by === "first") return clients.slice(0, 1);
  if (by === "last") return several ? clients.slice(-1) : [];
  return by === "allButLast" && several ? clients.slice(0, -1) : clients;
}

/** Whether its answers go on for ever, so that nobody waits for the last. */
export function isEndless(line: string): boolean {
  return /^\s*(watch|observe|discover|standby)\s/.test(line);
}

/** Whether the question opens a watch. */
export function opensWatch({lines}: Pick<Ask, "lines">): boolean {
  return lines.some((line) => typeof line === "string" && isEndless(line));
}
