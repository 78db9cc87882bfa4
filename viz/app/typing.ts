// What a person types at the console before it is sent: lines typed before, completion of names, a transaction line by
// line. Knows nothing of the page; console.ts draws it.

import {commandNames, formOf} from "../../core/client/command.ts";
import type {TxnShown} from "../../core/client/txnLines.ts";
import {TxnLines} from "../../core/client/txnLines.ts";
import {dotForms} from "../../sim/console/dots.ts";
import {readLine} from "../../sim/console/line.ts";

/** What Tab makes of a line: the line itself when there is nothing to add, and what may follow. */
export interface Completion {
  readonly line: string;
  /** A command's form, or the names that fit; "" when there are none. */
  readonly hint: string;
}

const names: readonly string[] = [...new Set([...commandNames, ...Object.keys(dotForms)])].sort();

/** As a shell completes, up to where the names part; a command that is all there gives its form. */
export function completion(line: string): Completion {
  const [front = "", said = ""] = split(line);
  const typed = names.findLast((name) => said === name || said.startsWith(`${name} `));
  const fits = names.filter((name) => name.startsWith(said));
  if (said !== "" && fits.length > 1) {
    const common = fits.reduce((one, other) => one.slice(0, sharedLength(one, other)));
    return {line: front + common, hint: fits.join(" · ")};
  }
  const only = fits[0] ?? typed;
  if (said === "" || only === undefined) return {line, hint: ""};
  return {line: fits.length === 1 ? `${front}${only} ` : line, hint: usageOf(only)};
}

/** `@c2 ` and the like, and the command behind. */
function split(line: string): readonly string[] {
  return (/^(\s*(?:@c\d+\s+)?(?:etcdctl\s+)?)(.*)$/.exec(line) ?? []).slice(1);
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

function usageOf(name: string): string {
  if (Object.hasOwn(dotForms, name)) return dotForms[name as keyof typeof dotForms];
  return formOf(name) ?? name;
}

/** A transaction that is typed part by part. */
interface Txn {
  readonly lines: readonly string[];
  readonly parts: TxnLines;
}

export class Typing {
  private history: readonly string[] = [];
  /** Place in the history; its length is the line that is typed now. */
  private place = 0;
  private draft = "";
  private txn: Txn | undefined;

  /** Of a transaction: what was typed of it so far, with what it asks for. Else nothing. */
  get begun(): readonly (TxnShown | {readonly kind: "typed"; readonly text: string})[] {
    if (this.txn === undefined) return [];
    const {lines, parts} = this.txn;
    return [{kind: "typed", text: lines[0] ?? ""}, ...parts.shown];
  }

  get isTxn(): boolean {
    return this.txn !== undefined;
  }

  /** A line is entered: what is to be sent; undefined: nothing yet. */
  enter(line: string): string | undefined {
    if (line.trim() !== "" && this.history.at(-1) !== line) this.history = [...this.history, line];
    this.place = this.history.length;
    this.draft = "";
    if (this.txn !== undefined) return this.more(this.txn, line);
    const {kind} = readLine(line);
    if (kind === "txn") this.txn = {lines: [line.trim()], parts: new TxnLines()};
    return kind === "nothing" || kind === "txn" ? undefined : line.trim();
  }

  /** Gives up the transaction that is typed; false when there is none. */
  abandon(): boolean {
    const had = this.isTxn;
    this.txn = undefined;
    return had;
  }

  /** The line typed before, or after; `now` is what stands there. */
  recall(by: -1 | 1, now: string): string {
    if (this.place === this.history.length) this.draft = now;
    this.place = Math.max(0, Math.min(this.history.length, this.place + by));
    return this.history[this.place] ?? this.draft;
  }

  private more(txn: Txn, line: string): string | undefined {
    const lines = [...txn.lines, line];
    txn.parts.take(line);
    if (!txn.parts.isComplete) {
      this.txn = {lines, parts: txn.parts};
      return undefined;
    }
    this.txn = undefined;
    return lines.join("\n");
  }
}
