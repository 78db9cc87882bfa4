// In which order the elements of each list were appended, as the reads show it: a list only grows, so the longest one that
// was read begins with every other. What a single read shows already that cannot be is found on the way.
//
//   c1  append x 1                    longest read of x   1 2 3        written by c1 c2 c1
//   c2  append x 2, read x 1 2        c2 saw, of others   1            what it appended itself is left out
//   c1  append x 3
//   c3  read x 1 2 3

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Said} from "../../core/base/said.ts";
import type {Anomaly, AnomalyName} from "./anomaly.ts";
import type {Transaction} from "./transaction.ts";
import {say} from "./words.ts";

export type List = readonly string[];

export interface Writer {
  /** Its place. */
  readonly by: number;
  /** It appended nothing to that list afterwards. */
  readonly isLast: boolean;
}

/** One list. */
export interface Versions {
  readonly key: string;
  /** The longest read. */
  readonly order: List;
  readonly writers: ReadonlyMap<string, Writer>;
  /** Who saw how much of the order, without its own elements. Ascending by place. */
  readonly reads: readonly {readonly by: number; readonly length: number}[];
}

export interface Read {
  /** By name. */
  readonly keys: readonly Versions[];
  /** By place: it was done, as it says itself or somebody saw. */
  readonly isDone: readonly boolean[];
  readonly found: readonly Anomaly[];
}

/** What is known of one list while the histories are gone through. */
interface Draft {
  readonly key: string;
  readonly writers: Map<string, Writer>;
  /** Whole lists, as they were read, and those without the reader's own elements at their end. */
  readonly whole: {readonly by: number; readonly list: List}[];
  readonly seen: {readonly by: number; readonly list: List}[];
}

/** Fails where an element was appended to a list twice, so that nobody can say who wrote it. */
export function readVersions(transactions: readonly Transaction[]): Result<Read, string> {
  const drafts = new Map<string, Draft>();
  const draftOf = (key: string): Draft => {
    let draft = drafts.get(key);
    if (draft === undefined) drafts.set(key, (draft = {key, writers: new Map(), whole: [], seen: []}));
    return draft;
  };
  for (const [by, {micros, name}] of transactions.entries()) {
    for (const [i, micro] of micros.entries()) {
      if (micro.kind !== "append") continue;
      const {key, element} = micro;
      const {writers} = draftOf(key);
      const other = writers.get(element);
      if (other !== undefined)
        return failed(
          `${name}: found ${element} appended to ${key}, as by ${transactions[other.by]?.name ?? ""}, expected each element once`,
        );
      const isLast = !micros.slice(i + 1).some((later) => later.kind === "append" && later.key === key);
      writers.set(element, {by, isLast});
    }
  }
  const found = new Findings(transactions);
  const isDone = takeReads(transactions, draftOf, found);
  const keys = [...drafts.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return ok({keys: keys.map((draft) => versionsOf(draft, found)), isDone, found: found.all()});
}

/** Goes through all that were done, and through those of unknown outcome as soon as somebody is found to have seen them. */
function takeReads(
  transactions: readonly Transaction[],
  draftOf: (key: string) => Draft,
  found: Findings,
): readonly boolean[] {
  const isDone = transactions.map(({outcome}) => outcome === "done");
  const queue = isDone.flatMap((done, place) => (done ? [place] : []));
  for (const place of queue) {
    for (const {key, whole, seen} of readsOf(transactions, place, found)) {
      const draft = draftOf(key);
      draft.whole.push({by: place, list: whole});
      draft.seen.push({by: place, list: seen});
      for (const element of whole) {
        const {by} = draft.writers.get(element) ?? {};
        if (by === undefined || isDone[by] === true || transactions[by]?.outcome !== "unknown") continue;
        isDone[by] = true;
        queue.push(by);
      }
    }
  }
  return isDone;
}

interface OwnRead {
  readonly key: string;
  readonly whole: List;
  readonly seen: List;
}

/** The reads of one transaction that agree with what it had read and appended before. */
function readsOf(transactions: readonly Transaction[], place: number, found: Findings): readonly OwnRead[] {
  const known = new Map<string, {base: List | undefined; readonly own: string[]}>();
  const reads: OwnRead[] = [];
  const micros = transactions[place]?.micros ?? [];
  for (const [i, micro] of micros.entries()) {
    const {key} = micro;
    const mine = known.get(key) ?? {base: undefined, own: []};
    known.set(key, mine);
    if (micro.kind === "append") {
      mine.own.push(micro.element);
      continue;
    }
    const {list} = micro;
    const {base, own} = mine;
    const seen = list.slice(0, Math.max(0, list.length - own.length));
    const isAhead = micros
      .slice(i)
      .some((later) => later.kind === "append" && later.key === key && seen.includes(later.element));
    const due = isAhead ? own : [...(base ?? seen), ...own];
    if (!isSame(list, due)) {
      found.add("internal", [place], (a) => say("internalRead", {a, key, list: text(list), due: text(due)}));
      continue;
    }
    if (base !== undefined && own.length === 0) continue;
    mine.base = seen;
    reads.push({key, whole: list, seen});
  }
  return reads;
}

function versionsOf(draft: Draft, found: Findings): Versions {
  const {key, writers} = draft;
  const sound = draft.whole.filter(({by, list}) => !isStrange(draft, by, list, found));
  let longest = sound[0] ?? {by: 0, list: []};
  for (const one of sound) if (one.list.length > longest.list.length) longest = one;
  const order = longest.list;
  const others = sound.filter(({list}) => !isSame(list, order.slice(0, list.length)));
  for (const {by, list} of others)
    found.add("incompatible-order", [by, longest.by], (a, b) =>
      say("incompatibleOrder", {a, b, key, list: text(list), due: text(order)}),
    );
  checkOwnOrder(draft, longest, found);
  const reads = draft.seen.filter(({by, list}) => {
    if (!isSame(list, order.slice(0, list.length))) return false;
    return !isIntermediate(draft, by, list, found);
  });
  const ascending = reads.map(({by, list}) => ({by, length: list.length})).sort((a, b) => a.by - b.by);
  return {key, order, writers, reads: ascending};
}

/** What one transaction appended stands in the order in which it did; `writers` have it. */
function checkOwnOrder({key, writers}: Draft, {by, list}: {by: number; list: List}, found: Findings): void {
  const places = new Map(list.map((element, place) => [element, place]));
  const before = new Map<number, string>();
  for (const [element, writer] of writers) {
    const place = places.get(element);
    if (place === undefined) continue;
    const earlier = before.get(writer.by);
    if (earlier !== undefined && (places.get(earlier) ?? 0) > place)
      found.add("incompatible-order", [by, writer.by], (a, b) =>
        say("ownOrder", {a, b, key, list: text(list), left: earlier, right: element}),
      );
    before.set(writer.by, element);
  }
}

/** Whether a list holds what it cannot: something twice, or what nobody appended. What was aborted is told too, but tells an order. */
function isStrange({key, writers}: Draft, by: number, list: List, found: Findings): boolean {
  const twice = new Set(list).size === list.length ? undefined : list.find((one, i) => list.indexOf(one) < i);
  if (twice !== undefined)
    found.add("duplicate-elements", [by], (a) =>
      say("duplicateElements", {a, key, list: text(list), element: twice}),
    );
  let isGarbage = false;
  for (const element of list) {
    const writer = writers.get(element);
    if (writer === undefined) {
      isGarbage = true;
      found.add("garbage-read", [by], (a) => say("garbageRead", {a, key, element}));
    } else if (found.isAborted(writer.by))
      found.add("G1a", [by, writer.by], (a, b) => say("abortedRead", {a, b, key, element}));
  }
  return twice !== undefined || isGarbage;
}

/** Whether a list ends within what one transaction appended. */
function isIntermediate({key, writers}: Draft, by: number, list: List, found: Findings): boolean {
  const element = list.at(-1);
  const writer = element === undefined ? undefined : writers.get(element);
  if (element === undefined || writer === undefined || writer.isLast || writer.by === by) return false;
  found.add("G1b", [by, writer.by], (a, b) => say("intermediateRead", {a, b, key, element}));
  return true;
}

/** The first of each name, and how many there were. */
export class Findings {
  private readonly transactions: readonly Transaction[];
  private readonly byName = new Map<AnomalyName, Anomaly>();

  constructor(transactions: readonly Transaction[]) {
    this.transactions = transactions;
  }

  isAborted(place: number): boolean {
    return this.transactions[place]?.outcome === "aborted";
  }

  nameOf(place: number): string {
    return this.transactions[place]?.name ?? "";
  }

  /** `word`: given the names of those. */
  add(name: AnomalyName, places: readonly number[], word: (a: string, b: string) => Said): void {
    const known = this.byName.get(name);
    if (known !== undefined) {
      this.byName.set(name, {...known, times: known.times + 1});
      return;
    }
    const [a = "", b = ""] = places.map((place) => this.nameOf(place));
    const said = {...word(a, b), refs: places.map((place) => this.nameOf(place))};
    this.byName.set(name, {name, said, transactions: places, cycle: [], times: 1});
  }

  all(): readonly Anomaly[] {
    return [...this.byName.values()];
  }
}

export function isSame(a: List, b: List): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

const shownMax = 12;

/** `[1 2 3]`, of a long list its end. */
export function text(list: List): string {
  const left = list.length - shownMax;
  return left > 0 ? `[… ${list.slice(left).join(" ")}]` : `[${list.join(" ")}]`;
}
