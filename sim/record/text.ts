// A text that is read, written and appended to.

import type {Model} from "../check/search.ts";
import type {Call} from "./call.ts";
import {Numbering} from "./object.ts";
import type {ObjectOp, Recorded} from "./object.ts";

export interface TextState {
  readonly text: string;
  readonly hashA: number;
  readonly hashB: number;
}

export interface TextOp extends ObjectOp {
  readonly text: string;
  /** Of a read: until when something may be written with which its answer begins; 0: nothing is. */
  readonly newUntil: number;
}

const empty: TextState = {text: "", hashA: 1, hashB: 2};

const model: Model<TextState, TextOp> = {
  initial: empty,
  step(state, {call: {kind}, text}) {
    if (kind === "read") return text === state.text ? state : undefined;
    if (kind === "write") return appended(empty, text);
    return text === "" ? state : appended(state, text);
  },
  // What is there only grows, but where something new is written.
  forecloses: ({text: current}, {text, newUntil}, since) => newUntil < since && !text.startsWith(current),
  hash: ({hashA, hashB}) => [hashA, hashB],
};

export function textOf(calls: readonly Call[]): Recorded<TextState, TextOp> {
  const effects = new Numbering();
  const writes = calls.filter(({kind}) => kind === "write");
  const ops = calls.map((call): TextOp => {
    const {kind, invoked, returned, outcome} = call;
    const text = contentOf(call);
    const beginnings = kind === "read" ? writes.filter((write) => text.startsWith(contentOf(write))) : [];
    const newUntil = beginnings.reduce((last, write) => Math.max(last, write.returned ?? Infinity), 0);
    const pure = kind === "read" && outcome === "done";
    const effect = effects.of(`${kind} ${text}`);
    const [certain, blind] = [kind !== "read", kind === "write"];
    return {call, text, newUntil, invoked, returned, pure, certain, blind, effect};
  });
  return {model, ops, starts: startsOf};
}

function contentOf({value}: Call): string {
  return typeof value === "string" ? value : "";
}

function appended({text, hashA, hashB}: TextState, more: string): TextState {
  let [a, b] = [hashA, hashB];
  for (let i = 0; i < more.length; i++) {
    a = Math.imul(a ^ more.charCodeAt(i), 0x9e3779b1);
    b = Math.imul(b ^ more.charCodeAt(i), 0x85ebca77);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return {text: text + more, hashA: a, hashB: b};
}

/** What was read, without some of what was appended; and something that nobody read. */
function startsOf(ops: readonly TextOp[], most: number): readonly TextState[] {
  const ends = new Set(
    ops.flatMap(({call: {kind}, text}) => (kind === "append" && text !== "" ? [text] : [])),
  );
  const texts = new Set(["\0"]);
  const add = (text: string): void => void (texts.size <= most && texts.add(text));
  for (const {call, text} of ops) if (call.kind === "read") add(text);
  for (const text of texts)
    for (const end of ends) if (text.endsWith(end)) add(text.slice(0, text.length - end.length));
  return [...texts].map((text) => appended(empty, text));
}
