// What must hold because of what is asked: a load (sim/workload/workload.ts) names these, and no others are judged by them.
//
//   sum      bank/a 5, bank/b −5      transfers move, they make nothing: whoever reads all accounts at once finds the same sum
//   append   list/a  ,1 · ,1,2 · ,1,2,7    each version of a list begins with the one before (Elle's list-append): none is lost
//   queue    work/17 "c1.3"           what is put in comes out at most once, and nothing else does; what is in is not lost

import type {Key} from "../../core/base/key.ts";
import {contains, keyFromText, prefixEnd, textOfBytes, unbounded} from "../../core/base/key.ts";
import type {Revision} from "../../core/base/quantity.ts";
import type {OpResult, RangeRequest, RequestOp} from "../../core/mvcc/kv.ts";
import type {Operation} from "../history/operation.ts";
import type {RevisionsView} from "../history/revisions.ts";
import type {WorldView} from "../view.ts";
import type {LoadClaim, Workload} from "../workload/workload.ts";
import {appendsHaveAnOrder} from "./appendOrder.ts";
import type {Checker} from "./checker.ts";
import {EndClaim} from "./endClaim.ts";
import type {Fault} from "./endClaim.ts";
import {say} from "./words.ts";

type Of<K extends LoadClaim["claim"]> = Extract<LoadClaim, {readonly claim: K}>;

/** Fresh checkers of what the loads claim, of each kind those that it has. */
export function claimsOfLoads(loads: Workload["loads"]): Checker[] {
  const claims = loads.flatMap((load) => load.claims ?? []);
  const of = <K extends LoadClaim["claim"]>(kind: K): Of<K>[] =>
    claims.filter((one): one is Of<K> => one.claim === kind);
  const [sums, appends, queues] = [of("sum"), of("append"), of("queue")];
  return [
    ...(sums.length === 0 ? [] : [sumIsKept(sums)]),
    ...(appends.length === 0
      ? []
      : [appendsAreKept(appends), appendsHaveAnOrder(appends.map(({prefix}) => prefix))]),
    ...(queues.length === 0 ? [] : [handedOutOnce(queues)]),
  ];
}

/** What a claim found: how often it could have failed, and the first time that it did. */
interface Found {
  readonly count: number;
  readonly wrong?: Fault | undefined;
}

/** Judged at the end, by what was answered. */
function loadCheck<C extends LoadClaim>(
  name: string,
  claims: readonly C[],
  judge: (claim: C, view: WorldView) => Found,
): Checker {
  return new EndClaim(name, (view, count) => {
    const found = claims.map((claim) => judge(claim, view));
    for (const {count: times} of found) count(times);
    return found.find(({wrong}) => wrong !== undefined)?.wrong;
  });
}

/** Every answer that shows all accounts shows the sum; an account that is not there has nothing. */
export function sumIsKept(claims: readonly Of<"sum">[]): Checker {
  return loadCheck("Sum Is Kept", claims, ({prefix, is}, view) => {
    let count = 0;
    for (const operation of view.operations) {
      const {request, outcome, client, returned} = operation;
      if (request.kind !== "range" || outcome?.kind !== "ok" || !showsAll(request, keyFromText(prefix)))
        continue;
      const {result} = outcome.response;
      if (result.kind !== "range" || result.more) continue;
      count++;
      const accounts = result.kvs.filter(({key}) => key.startsWith(keyFromText(prefix)));
      const sum = accounts.reduce((all, {value}) => all + amount(textOfBytes(value)), 0);
      if (sum === is) continue;
      const name = nameOf(operation);
      const args = {operation: name, client, prefix, is, sum: `${sum}`};
      return {count, wrong: {said: say("sumOff", args, [name]), step: returned?.step ?? view.step}};
    }
    return {count};
  });
}

function showsAll(request: RangeRequest, prefix: Key): boolean {
  const {key, rangeEnd = "", keysOnly = false, countOnly = false} = request;
  const bounds = [
    request.minModRevision,
    request.maxModRevision,
    request.minCreateRevision,
    request.maxCreateRevision,
  ];
  if (keysOnly || countOnly || bounds.some((bound = 0) => bound !== 0)) return false;
  if (rangeEnd === unbounded) return key <= prefix;
  return key <= prefix && prefixEnd(prefix) !== unbounded && rangeEnd >= prefixEnd(prefix);
}

/** What is no whole number makes no sum. */
function amount(text: string): number {
  return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** A list as it was at the revision that wrote it. */
interface Version {
  readonly modRevision: Revision;
  readonly list: string;
  /** Who saw or wrote it; the store itself: nobody. */
  readonly operation: Operation | undefined;
}

/** Every version of a list that anybody saw or wrote begins with every earlier one, and holds nothing twice. */
export function appendsAreKept(claims: readonly Of<"append">[]): Checker {
  return loadCheck("Appends Are Kept", claims, ({prefix}, view) => {
    const versions = new Map<Key, Version[]>();
    const add = (key: Key, version: Version): void => {
      if (!key.startsWith(keyFromText(prefix))) return;
      const there = versions.get(key);
      if (there === undefined) versions.set(key, [version]);
      else there.push(version);
    };
    for (const operation of view.operations) {
      const {request, outcome} = operation;
      if (outcome?.kind !== "ok") continue;
      const {header, result} = outcome.response;
      if (result.kind === "range" || result.kind === "put" || result.kind === "txn")
        collect(request as RequestOp, result, header.revision, (key, modRevision, value) =>
          add(key, {modRevision, list: textOfBytes(value), operation}),
        );
    }
    for (const [key, {modRevision, value}] of stateOf(view.revisions) ?? [])
      add(key, {modRevision, list: textOfBytes(value), operation: undefined});
    let count = 0;
    for (const [key, all] of [...versions].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const ordered = all.toSorted((a, b) => a.modRevision - b.modRevision);
      count += ordered.length;
      const wrong = wrongAppend(key, ordered, view.step);
      if (wrong !== undefined) return {count, wrong};
    }
    return {count};
  });
}

function wrongAppend(key: Key, versions: readonly Version[], step: number): Found["wrong"] {
  for (const [i, {modRevision, list, operation}] of versions.entries()) {
    const before = versions[i - 1];
    const name = operation === undefined ? `rev:${modRevision}` : nameOf(operation);
    const at = operation?.returned?.step ?? step;
    const items = list.split(",").filter((item) => item !== "");
    const twice = items.find((item, place) => items.indexOf(item) !== place);
    if (twice !== undefined)
      return {said: say("appendTwice", {operation: name, key, item: twice}, [name]), step: at};
    if (before === undefined) continue;
    const extends_ =
      before.modRevision === modRevision ? list === before.list : `${list},`.startsWith(`${before.list},`);
    if (extends_) continue;
    const args = {
      operation: name,
      key,
      revision: modRevision,
      list,
      before: before.modRevision,
      old: before.list,
    };
    return {said: say("appendLost", args, [name, `rev:${before.modRevision}`]), step: at};
  }
  return undefined;
}

/** Every key that an answer shows, or that it says was written. */
function collect(
  op: RequestOp,
  result: OpResult,
  revision: Revision,
  add: (key: Key, modRevision: Revision, value: Uint8Array) => void,
): void {
  if (op.kind === "range" && result.kind === "range" && op.keysOnly !== true)
    for (const {key, modRevision, value} of result.kvs) add(key, modRevision, value);
  else if (op.kind === "put" && result.kind === "put" && op.ignoreValue !== true)
    add(op.key, revision, op.value);
  else if (op.kind === "txn" && result.kind === "txn") {
    const branch = result.succeeded ? op.success : op.failure;
    for (const [i, one] of result.responses.entries()) {
      const asked = branch[i];
      if (asked !== undefined) collect(asked, one, revision, add);
    }
  }
}

/** What is put into a queue comes out at most once, and nothing else does; nothing of it is lost. */
export function handedOutOnce(claims: readonly Of<"queue">[]): Checker {
  return loadCheck("Handed Out Once", claims, ({queue}, view) => {
    const name = keyFromText(queue);
    const added = addedTo(name, view);
    const out = new Map<string, number>();
    let undecided = 0;
    let count = 0;
    for (const {recipe, outcome, client, call, returned} of view.recipes) {
      if (recipe.kind !== "dequeue" || recipe.queue !== name) continue;
      if (outcome === undefined || outcome.kind === "unknown") undecided++;
      if (outcome?.kind !== "done" || outcome.result.kind !== "dequeue") continue;
      count++;
      const value = textOfBytes(outcome.result.value);
      const times = (out.get(value) ?? 0) + 1;
      out.set(value, times);
      if (times <= (added.get(value)?.times ?? 0)) continue;
      const operation = nameOf({client, call});
      const said = say(times === 1 ? "queueInvented" : "queueTwice", {operation, client, queue, value}, [
        operation,
      ]);
      return {count, wrong: {said, step: returned?.step ?? view.step}};
    }
    const there = stateOf(view.revisions, {from: `${name}/`, to: prefixEnd(`${name}/`)});
    if (there === undefined) return {count};
    const inside = new Set([...there.values()].map(({value}) => textOfBytes(value)));
    const missing = [...added].filter(([value, {surely}]) => surely && !out.has(value) && !inside.has(value));
    // One that was never answered may have taken one.
    if (missing.length <= undecided) return {count};
    const [[value] = [""]] = missing;
    return {count, wrong: {said: say("queueLost", {queue, value}), step: view.step}};
  });
}

/** What was put in, and whether that is sure. */
function addedTo(
  queue: Key,
  view: WorldView,
): ReadonlyMap<string, {readonly times: number; readonly surely: boolean}> {
  const added = new Map<string, {readonly times: number; readonly surely: boolean}>();
  for (const {recipe, outcome} of view.recipes) {
    if (recipe.kind !== "enqueue" || recipe.queue !== queue || outcome?.kind === "failed") continue;
    const value = textOfBytes(recipe.value);
    const {times, surely} = added.get(value) ?? {times: 0, surely: false};
    added.set(value, {times: times + 1, surely: surely || outcome?.kind === "done"});
  }
  return added;
}

/** The keys at the last revision; undefined: some change was compacted before anyone looked. */
function stateOf(
  revisions: RevisionsView,
  range = {from: "", to: unbounded},
): ReadonlyMap<Key, {readonly modRevision: Revision; readonly value: Uint8Array}> | undefined {
  const keys = new Map<Key, {readonly modRevision: Revision; readonly value: Uint8Array}>();
  for (let revision = 2; revision <= revisions.last; revision++) {
    const changes = revisions.at(revision);
    if (changes === undefined) return undefined;
    for (const {kind, kv} of changes) {
      if (!contains(range, kv.key)) continue;
      if (kind === "put") keys.set(kv.key, kv);
      else keys.delete(kv.key);
    }
  }
  return keys;
}

function nameOf({client, call}: Pick<Operation, "client" | "call">): string {
  return `op:${client}#${call}`;
}
