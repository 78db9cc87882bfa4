// What etcd promises a watch (api_guarantees.md): ordered, unique, reliable and atomic. Judged at the end of a run, each
// watch of each client against what the store really did.

import {textOfBytes, bytesOfKey} from "../../core/base/key.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {StoreEvent} from "../../core/mvcc/kv.ts";
import type {WatchCreateRequest} from "../../core/watch/watch.ts";
import type {Operation} from "../history/operation.ts";
import type {RevisionsView} from "../history/revisions.ts";
import type {WorldView} from "../view.ts";
import {sameKv} from "./answers.ts";
import type {Checker} from "./checker.ts";
import {EndClaim} from "./endClaim.ts";
import type {Fault} from "./endClaim.ts";
import {States} from "./states.ts";
import {wants} from "./watchWire.ts";
import {say} from "./words.ts";

/** One watch as its client saw it. */
interface Seen {
  readonly operation: Operation;
  readonly request: WatchCreateRequest;
  /** The first revision that it may hear of; undefined until it was created. */
  readonly start: number | undefined;
  readonly batches: readonly {readonly step: number; readonly events: readonly StoreEvent[]}[];
}

type OfOne<T> = (seen: Seen, truth: RevisionsView, view: WorldView) => T;

/** A claim about each watch; `times`: how often one put it to the test. */
function watchClaim(
  name: string,
  judge: OfOne<Fault | undefined>,
  times: OfOne<number> = ({batches}) => batches.length,
): Checker {
  return new EndClaim(name, (view, count) => {
    for (const operation of view.operations) {
      if (operation.request.kind !== "watchCreate") continue;
      const seen = seenBy(operation, operation.request);
      count(times(seen, view.revisions, view));
      const found = judge(seen, view.revisions, view);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

/** Events come by rising revision, and those of one revision together. */
export function watchOrder(): Checker {
  return watchClaim("Watch Order", (seen) => {
    let last = 0;
    for (const batch of seen.batches) {
      let first = true;
      for (const {kv} of batch.events) {
        // A revision is never split over two responses: a batch starts beyond the one before it.
        if (kv.modRevision < last || (first && kv.modRevision === last)) {
          return fault(seen, batch.step, "watchOrder", {first: last, second: kv.modRevision}, kv.modRevision);
        }
        last = kv.modRevision;
        first = false;
      }
    }
    return undefined;
  });
}

/** No change is told twice. */
export function watchUnique(): Checker {
  return watchClaim("Watch Without Duplicates", (seen) => {
    const told = new Set<string>();
    for (const batch of seen.batches) {
      for (const {kind, kv} of batch.events) {
        const name = `${kv.modRevision} ${kind} ${kv.key}`;
        if (told.has(name)) return fault(seen, batch.step, "watchTwice", {}, kv.modRevision, kv.key);
        told.add(name);
      }
    }
    return undefined;
  });
}

/** Every change in range, from the start revision to the last one told, is told, as it was made, and nothing else. */
export function watchComplete(): Checker {
  return watchClaim("Watch Completeness", (seen, truth) => {
    const told = new Map<number, StoreEvent[]>();
    let last = 0;
    let step = seen.operation.invoked.step;
    for (const batch of seen.batches) {
      for (const event of batch.events) {
        const revision = event.kv.modRevision;
        if (!wants(seen.request, event) || revision < (seen.start ?? 0)) {
          return fault(seen, batch.step, "watchUnasked", {}, revision, event.kv.key);
        }
        const due = truth.at(revision);
        if (due !== undefined && !due.some((one) => one.kind === event.kind && sameKv(one.kv, event.kv))) {
          return fault(seen, batch.step, "watchInvented", {}, revision, event.kv.key);
        }
        const list = told.get(revision) ?? [];
        list.push(event);
        told.set(revision, list);
        if (revision > last) [last, step] = [revision, batch.step];
      }
    }
    for (let revision = seen.start ?? last + 1; revision <= last; revision++) {
      const got = told.get(revision) ?? [];
      for (const due of truth.at(revision) ?? []) {
        if (
          !wants(seen.request, due) ||
          got.some((one) => one.kind === due.kind && one.kv.key === due.kv.key)
        )
          continue;
        return fault(seen, step, "watchMissed", {}, revision, due.kv.key);
      }
    }
    return undefined;
  });
}

/** All of a revision that a watch wants comes in one response. W4. */
export function watchAtomic(): Checker {
  return watchClaim("Watch Atomicity", (seen, truth) => {
    for (const batch of seen.batches) {
      const told = new Map<number, number>();
      for (const {kv} of batch.events) told.set(kv.modRevision, (told.get(kv.modRevision) ?? 0) + 1);
      for (const [revision, count] of told) {
        const due = truth.at(revision)?.filter((event) => wants(seen.request, event)).length ?? count;
        if (count < due) return fault(seen, batch.step, "watchSplit", {}, revision);
      }
    }
    return undefined;
  });
}

/** A previous value, where one is told, is the one that the change replaced; a created key has none. W9. */
export function watchPrevious(): Checker {
  return watchClaim(
    "Previous Values",
    (seen, truth) => {
      if (seen.request.prevKv !== true) return undefined;
      const states = new States(truth);
      for (const batch of seen.batches) {
        for (const {kv, prevKv} of batch.events) {
          if (prevKv === undefined) continue;
          const before = states.at(kv.modRevision - 1);
          if (before === undefined || sameKv(prevKv, before.keys.get(kv.key))) continue;
          return fault(seen, batch.step, "watchPrevious", {}, kv.modRevision, kv.key);
        }
      }
      return undefined;
    },
    previousTold,
  );
}

function previousTold({batches}: Seen): number {
  return batches.reduce(
    (count, {events}) => count + events.filter(({prevKv}) => prevKv !== undefined).length,
    0,
  );
}

/**
 * Once nothing goes wrong any more, from `quiet` on, every open watch comes to know every change it wants within `within`. W7.
 * To be asked of runs that go on for longer than that: a watch that wants nothing so old puts it to no test.
 */
export function watchCatchesUp(quiet: Micros, within: Micros): Checker {
  const dueTo = (seen: Seen, truth: RevisionsView, view: WorldView): readonly number[] =>
    wantedBy(seen, truth, view, quiet, view.now - within);
  return watchClaim(
    "Watch Catches Up",
    (seen, truth, view) => {
      const told = seen.batches.at(-1)?.events.at(-1)?.kv.modRevision ?? 0;
      const revision = dueTo(seen, truth, view).find((due) => due > told);
      if (revision === undefined) return undefined;
      const time = (view.now - Math.max(quiet, truth.madeAt(revision))) / 1000;
      return fault(seen, view.step, "watchBehind", {time}, revision);
    },
    (...of) => (dueTo(...of).length > 0 ? 1 : 0),
  );
}

/** The revisions that an open watch wants, of those that were made before `time`, if all was well and it open for as long. */
function wantedBy(
  {operation, request, start}: Seen,
  truth: RevisionsView,
  {pausedClients}: WorldView,
  quiet: Micros,
  time: Micros,
): readonly number[] {
  const {client, invoked, returned, watched} = operation;
  const opened = watched[0]?.moment.at ?? invoked.at;
  // Where a watch begins that was never answered is known if it was asked for.
  const first = start ?? request.startRevision ?? 0;
  if (first <= 0 || returned !== undefined || pausedClients.includes(client)) return [];
  const wanted: number[] = [];
  if (Math.max(quiet, opened) >= time) return wanted;
  for (let revision = first; revision <= truth.last && truth.madeAt(revision) < time; revision++)
    if (truth.at(revision)?.some((event) => wants(request, event)) === true) wanted.push(revision);
  return wanted;
}

function seenBy(operation: Operation, request: WatchCreateRequest): Seen {
  let start: number | undefined;
  const batches: Seen["batches"][number][] = [];
  for (const {moment, response} of operation.watched) {
    if (response.result.kind !== "watch") continue;
    if (response.result.created === true && start === undefined) {
      const asked = request.startRevision ?? 0;
      start = asked > 0 ? asked : response.header.revision + 1;
    }
    if (response.result.events.length > 0) batches.push({step: moment.step, events: response.result.events});
  }
  return {operation, request, start, batches};
}

function fault(
  seen: Seen,
  step: number,
  id:
    | "watchOrder"
    | "watchMissed"
    | "watchInvented"
    | "watchUnasked"
    | "watchTwice"
    | "watchSplit"
    | "watchPrevious"
    | "watchBehind",
  more: Record<string, number>,
  revision: number,
  key?: string,
): Fault {
  const {client, call} = seen.operation;
  const watch = `op:${client}#${call}`;
  const named = key === undefined ? {} : {key: textOfBytes(bytesOfKey(key))};
  return {said: say(id, {client, watch, revision, ...named, ...more}, [watch, `rev:${revision}`]), step};
}
