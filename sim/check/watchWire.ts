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

/** A watch response with events, or a progress response, and a watch of its stream that it is about, as it was before. */
interface Arrived {
  readonly watch: WireWatch;
  readonly response: Response;
  readonly result: WatchResult;
}

/** One stream of a client. */
interface Stream {
  /** Create requests on their way, by id. */
  readonly asked: ReadonlyMap<number, WatchCreateRequest>;
  /** In the order in which they were created. */
  readonly watches: readonly WireWatch[];
}

const freshStream: Stream = {asked: new Map(), watches: []};

/** What an event brought: the watches after it, and what of them arrived. */
interface Heard {
  readonly event: EventRecord;
  readonly wire: Wire;
  readonly arrived: readonly Arrived[];
}

/**
 * All watches that are open on the wire. A value: an event makes another one, and all claims, which hear the same events one
 * after the other, find the one that the first of them made.
 */
class Wire {
  static readonly fresh = new Wire(new Map());
  /** By client and stream. */
  private readonly streams: ReadonlyMap<string, Stream>;
  private heard: Heard | undefined;

  private constructor(streams: ReadonlyMap<string, Stream>) {
    this.streams = streams;
  }

  hear(event: EventRecord): Heard {
    if (this.heard?.event !== event) this.heard = {event, ...this.after(event)};
    return this.heard;
  }

  /** The same, which knows nothing of what comes after: a checkpoint that is kept does not keep that. */
  fork(): Wire {
    return new Wire(this.streams);
  }

  private after({payload}: EventRecord): Omit<Heard, "event"> {
    if (payload.kind === "request" && payload.request.kind === "watchCreate") {
      const {asked, watches} = this.stream(payload);
      const wire = this.with(payload, {asked: new Map([...asked, [payload.id, payload.request]]), watches});
      return {wire, arrived: []};
    }
    if (payload.kind === "close") return {wire: this.with(payload, undefined), arrived: []};
    if (payload.kind === "response" && payload.response.result.kind === "watch")
      return this.took(payload, payload.response.result);
    return {wire: this, arrived: []};
  }

  private took(payload: ResponsePayload, result: WatchResult): Omit<Heard, "event"> {
    const {response} = payload;
    const {asked, watches} = this.stream(payload);
    if (result.created === true) {
      const request = asked.get(payload.id);
      const left = new Map(asked);
      left.delete(payload.id);
      if (request === undefined || result.canceled === true)
        return {wire: this.with(payload, {asked: left, watches}), arrived: []};
      const others = watches.filter(({watchId}) => watchId !== result.watchId);
      const made = begun(payload, request, result.watchId);
      return {wire: this.with(payload, {asked: left, watches: [...others, made]}), arrived: []};
    }
    const isAbout = ({watchId}: WireWatch): boolean => result.watchId < 0 || watchId === result.watchId;
    const arrived = watches.filter(isAbout).map((watch) => ({watch, response, result}));
    const left =
      result.canceled === true
        ? watches.filter((watch) => !isAbout(watch))
        : watches.map((watch) => (isAbout(watch) ? after(watch, response, result) : watch));
    return {wire: this.with(payload, {asked, watches: left}), arrived};
  }

  private stream(of: OfStream): Stream {
    return this.streams.get(nameOfStream(of)) ?? freshStream;
  }

  private with(of: OfStream, stream: Stream | undefined): Wire {
    const streams = new Map(this.streams);
    if (stream === undefined) streams.delete(nameOfStream(of));
    else streams.set(nameOfStream(of), stream);
    return new Wire(streams);
  }
}

type ResponsePayload = Extract<EventRecord["payload"], {kind: "response"}>;
type OfStream = Pick<ResponsePayload, "client" | "stream">;

function nameOfStream({client, stream}: OfStream): string {
  return `${client}/${stream}`;
}

/** As it is created. */
function begun(
  {client, stream, from: member, response}: ResponsePayload,
  request: WatchCreateRequest,
  watchId: number,
): WireWatch {
  const wanted = request.startRevision ?? 0;
  const start = wanted > 0 ? wanted : response.header.revision + 1;
  return {client, stream, member, watchId, request, start, told: start - 1, bookmark: 0};
}

/** "idle": it was not put to the test. */
type Judge = (arrived: Arrived, view: WorldView) => Said | "idle" | undefined;

class WireClaim implements Checker {
  readonly name: string;
  readonly interest = {payloads: ["request", "response", "close"]} as const;
  private readonly judge: Judge;
  private wire = Wire.fresh;
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
    twin.wire = this.wire.fork();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {wire, arrived} = this.wire.hear(event);
    this.wire = wire;
    let found: Said | undefined;
    for (const one of arrived) {
      const said = this.judge(one, view);
      if (said === "idle") continue;
      this.count++;
      found ??= said;
    }
    return found && {check: this.name, said: found, evidence: [event.id], step: event.step};
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
  return new WireClaim("Watch Resumption", ({watch, result}, view) => {
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
  return new WireClaim("Watch Bookmarks", ({watch, response, result}, view) => {
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
  return new WireClaim("Watch Never Silent", ({watch, result}, view) => {
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
