// What etcd promises of watches that can only be seen on the wire, watch by watch as a member serves it: the client's own
// machine joins several of them into one. Judged as the responses arrive.

import type {KeyRange} from "../../core/base/key.ts";
import {bytesOfKey, contains, textOfBytes} from "../../core/base/key.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {StoreEvent} from "../../core/mvcc/kv.ts";
import type {Response} from "../../core/server/request.ts";
import type {WatchCreateRequest, WatchResult} from "../../core/watch/watch.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** One watch on one stream. Replaced, never written. */
export interface WireWatch {
  readonly client: string;
  readonly stream: number;
  readonly member: MemberId;
  readonly watchId: number;
  readonly request: WatchCreateRequest;
  /** The first revision that it may hear of. */
  readonly start: number;
  /** The last revision that it was told a change of; below `start`: none. */
  readonly told: number;
  /** The highest revision up to which it was told to have everything; 0: not told. */
  readonly bookmark: number;
}

/** A watch response with events, or a progress response, and the watches of its stream that it is about, before it. */
export interface Arrived {
  readonly view: WorldView;
  readonly watch: WireWatch;
  readonly response: Response;
  readonly result: WatchResult;
}

type Judge = (arrived: Arrived) => Said | "idle" | undefined;

class WireClaim implements Checker {
  readonly name: string;
  readonly interest = {payloads: ["request", "response", "close"]} as const;
  private readonly judge: Judge;
  /** Create requests on their way, by client, stream and id. */
  private asked = new Map<string, WatchCreateRequest>();
  /** By client, stream and watch id. */
  private watches = new Map<string, WireWatch>();
  private count = 0;

  constructor(name: string, judge: Judge) {
    this.name = name;
    this.judge = judge;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new WireClaim(this.name, this.judge);
    twin.asked = new Map(this.asked);
    twin.watches = new Map(this.watches);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {payload} = event;
    if (payload.kind === "request" && payload.request.kind === "watchCreate") {
      this.asked.set(`${payload.client}/${payload.stream}/${payload.id}`, payload.request);
    } else if (payload.kind === "close") {
      this.forget(`${payload.client}/${payload.stream}/`);
    } else if (payload.kind === "response" && payload.response.result.kind === "watch") {
      const said = this.take(view, payload, payload.response.result);
      if (said !== undefined) return {check: this.name, said, evidence: [event.id], step: event.step};
    }
    return undefined;
  }

  private take(
    view: WorldView,
    payload: Extract<EventRecord["payload"], {kind: "response"}>,
    result: WatchResult,
  ): Said | undefined {
    const {client, stream, response} = payload;
    const of = `${client}/${stream}/`;
    if (result.created === true) {
      const asked = `${of}${payload.id}`;
      const request = this.asked.get(asked);
      this.asked.delete(asked);
      if (request === undefined || result.canceled === true) return undefined;
      const wanted = request.startRevision ?? 0;
      const start = wanted > 0 ? wanted : response.header.revision + 1;
      const {watchId} = result;
      const told = start - 1;
      this.watches.set(`${of}${watchId}`, {
        client,
        stream,
        member: payload.from,
        watchId,
        request,
        start,
        told,
        bookmark: 0,
      });
      return undefined;
    }
    const about =
      result.watchId < 0
        ? [...this.watches].filter(([key]) => key.startsWith(of))
        : [...this.watches].filter(([key]) => key === `${of}${result.watchId}`);
    let found: Said | undefined;
    for (const [key, watch] of about) {
      const said = this.judge({view, watch, response, result});
      if (said !== "idle") this.count++;
      if (said !== undefined && said !== "idle") found ??= said;
      if (result.canceled === true) this.watches.delete(key);
      else this.watches.set(key, after(watch, response, result));
    }
    return found;
  }

  private forget(of: string): void {
    for (const key of this.watches.keys()) if (key.startsWith(of)) this.watches.delete(key);
    for (const key of this.asked.keys()) if (key.startsWith(of)) this.asked.delete(key);
  }
}

/** The watch after a response. */
function after(watch: WireWatch, {header}: Response, {events}: WatchResult): WireWatch {
  const last = events.at(-1);
  if (last === undefined) return {...watch, bookmark: Math.max(watch.bookmark, header.revision)};
  return {...watch, told: last.kv.modRevision};
}

/** A response without events that neither creates nor ends a watch. */
function isProgress({created, canceled, events}: WatchResult): boolean {
  return created !== true && canceled !== true && events.length === 0;
}

/** The first change that the watch is told is the first one it asked for: nothing is left out where it goes on. W5. */
export function watchResumption(): Checker {
  return new WireClaim("Watch Resumption", ({view, watch, result}) => {
    const [first] = result.events;
    if (first === undefined || watch.told >= watch.start) return "idle";
    const {member, client, start} = watch;
    for (let revision = start; revision < first.kv.modRevision; revision++) {
      const missed = view.revisions.at(revision)?.find((event) => wants(watch.request, event));
      if (missed === undefined) continue;
      const args = {
        client,
        member: nameOf(member),
        start,
        revision: first.kv.modRevision,
        key: textOfBytes(bytesOfKey(missed.kv.key)),
        missed: revision,
      };
      return say("watchGap", args, [client, `rev:${revision}`]);
    }
    return undefined;
  });
}

/**
 * Who is told to be at a revision has been told of everything up to it, and is told of nothing up to it afterwards; what is
 * told so never goes back, and never lies before the revision that was asked for. W6.
 */
export function watchBookmarks(): Checker {
  return new WireClaim("Watch Bookmarks", ({view, watch, response, result}) => {
    const {client, member, bookmark, told} = watch;
    const wrong = (revision: number, mark: number): Said =>
      say("watchBookmark", {client, member: nameOf(member), bookmark: mark, revision}, [client]);
    const [first] = result.events;
    if (first !== undefined) {
      if (bookmark === 0) return "idle";
      return first.kv.modRevision <= bookmark ? wrong(first.kv.modRevision, bookmark) : undefined;
    }
    if (!isProgress(result)) return "idle";
    const {revision} = response.header;
    if (revision < bookmark || revision < told) return wrong(Math.max(bookmark, told), revision);
    // To be asked about a future revision and to be told of an earlier one says nothing about it.
    if (revision < watch.start) return result.watchId < 0 ? undefined : wrong(watch.start, revision);
    for (let next = Math.max(told, watch.start - 1) + 1; next <= revision; next++) {
      if (view.revisions.at(next)?.some((event) => wants(watch.request, event)) === true)
        return wrong(next, revision);
    }
    return undefined;
  });
}

/** A watch whose beginning was compacted before it could be served is cancelled and says so; it never skips what is gone. W8. */
export function watchNeverSilent(): Checker {
  return new WireClaim("Watch Never Silent", ({view, watch, result}) => {
    const {client, member, start, told} = watch;
    if (result.canceled === true) return (result.compactRevision ?? 0) > 0 ? undefined : "idle";
    const [first] = result.events;
    if (first === undefined) return "idle";
    const compacted = view.members[member - 1]?.server?.store.compactRevision ?? 0;
    if (compacted < start) return "idle";
    const lost = lostBefore(view, watch, Math.max(told, start - 1) + 1, first.kv.modRevision);
    if (lost === undefined) return undefined;
    const args = {client, member: nameOf(member), start, compacted, revision: first.kv.modRevision};
    return say("watchSilent", args, [client, `rev:${lost}`]);
  });
}

/** A wanted change between two revisions that was passed over. */
function lostBefore(view: WorldView, watch: WireWatch, from: number, to: number): number | undefined {
  for (let revision = from; revision < to; revision++) {
    if (view.revisions.at(revision)?.some((event) => wants(watch.request, event)) === true) return revision;
  }
  return undefined;
}

export function wants(request: WatchCreateRequest, event: StoreEvent): boolean {
  const filter = event.kind === "put" ? "noput" : "nodelete";
  if (request.filters?.includes(filter) === true) return false;
  const range: KeyRange = {from: request.key, to: request.rangeEnd ?? ""};
  return contains(range, event.kv.key);
}
