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
  /** The last response was cut: more of the same revision may follow. */
  readonly cut: boolean;
  /** Its client asked for its end. */
  readonly canceling: boolean;
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
  /** Those that their member ended by itself. */
  readonly ended: readonly WireWatch[];
}

const freshStream: Stream = {asked: new Map(), watches: [], ended: []};

/** What an event brought: the watches after it, and what of them arrived. */
interface Heard {
  readonly event: EventRecord;
  readonly wire: Wire;
  readonly arrived: readonly Arrived[];
  /** What arrived of watches that had ended. */
  readonly late: readonly Arrived[];
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
    if (payload.kind === "request") return nothingOf(this.sent(payload));
    if (payload.kind === "close") return nothingOf(this.with(payload, undefined));
    if (payload.kind === "response" && payload.response.result.kind === "watch")
      return this.took(payload, payload.response.result);
    return nothingOf(this);
  }

  private sent(payload: RequestPayload): Wire {
    const {request} = payload;
    if (request.kind === "watchCreate") {
      const stream = this.stream(payload);
      return this.with(payload, {...stream, asked: new Map([...stream.asked, [payload.id, request]])});
    }
    if (request.kind !== "watchCancel") return this;
    const {asked, watches, ended} = this.stream(payload);
    const isMeant = ({watchId}: WireWatch): boolean => watchId === request.watchId;
    return this.with(payload, {
      asked,
      watches: watches.map((watch) => (isMeant(watch) ? {...watch, canceling: true} : watch)),
      ended: ended.filter((watch) => !isMeant(watch)),
    });
  }

  private took(payload: ResponsePayload, result: WatchResult): Omit<Heard, "event"> {
    const {response} = payload;
    const {asked, watches, ended} = this.stream(payload);
    if (result.created === true) {
      const request = asked.get(payload.id);
      const left = new Map(asked);
      left.delete(payload.id);
      if (request === undefined || result.canceled === true)
        return nothingOf(this.with(payload, {asked: left, watches, ended}));
      const isOther = ({watchId}: WireWatch): boolean => watchId !== result.watchId;
      const made = begun(payload, request, result.watchId);
      const all = [...watches.filter(isOther), made];
      return nothingOf(this.with(payload, {asked: left, watches: all, ended: ended.filter(isOther)}));
    }
    const isAbout = ({watchId}: WireWatch): boolean => result.watchId < 0 || watchId === result.watchId;
    const about = watches.filter(isAbout);
    const arrived = about.map((watch) => ({watch, response, result}));
    const late = ended
      .filter(({watchId}) => watchId === result.watchId)
      .map((watch) => ({watch, response, result}));
    if (result.canceled === true) {
      const over = about.filter(({canceling}) => !canceling);
      const left = watches.filter((watch) => !isAbout(watch));
      return {wire: this.with(payload, {asked, watches: left, ended: [...ended, ...over]}), arrived, late};
    }
    const left = watches.map((watch) => (isAbout(watch) ? after(watch, response, result) : watch));
    return {wire: this.with(payload, {asked, watches: left, ended}), arrived, late};
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

function nothingOf(wire: Wire): Omit<Heard, "event"> {
  return {wire, arrived: [], late: []};
}

type RequestPayload = Extract<EventRecord["payload"], {kind: "request"}>;
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
  const told = start - 1;
  return {client, stream, member, watchId, request, start, told, bookmark: 0, cut: false, canceling: false};
}

/** "idle": it was not put to the test. */
type Judge = (arrived: Arrived, view: WorldView) => Said | "idle" | undefined;

class WireClaim implements Checker {
  readonly name: string;
  readonly interest = {payloads: ["request", "response", "close"]} as const;
  private readonly judge: Judge;
  /** Of what arrives of watches that had ended; absent: nothing is said of it. */
  private readonly judgeLate: Judge | undefined;
  private wire = Wire.fresh;
  private count = 0;

  constructor(name: string, judge: Judge, judgeLate?: Judge) {
    this.name = name;
    this.judge = judge;
    this.judgeLate = judgeLate;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new WireClaim(this.name, this.judge, this.judgeLate);
    twin.wire = this.wire.fork();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {wire, arrived, late} = this.wire.hear(event);
    this.wire = wire;
    const found = this.first(arrived, this.judge, view) ?? this.first(late, this.judgeLate, view);
    return found && {check: this.name, said: found, evidence: [event.id], step: event.step};
  }

  /** What is wrong with the first of those with which something is. */
  private first(arrived: readonly Arrived[], judge: Judge | undefined, view: WorldView): Said | undefined {
    let found: Said | undefined;
    if (judge === undefined) return undefined;
    for (const one of arrived) {
      const said = judge(one, view);
      if (said === "idle") continue;
      this.count++;
      found ??= said;
    }
    return found;
  }
}

/** The watch after a response. */
function after(watch: WireWatch, {header}: Response, {events, fragment}: WatchResult): WireWatch {
  const last = events.at(-1);
  if (last === undefined) return {...watch, bookmark: Math.max(watch.bookmark, header.revision)};
  return {...watch, told: last.kv.modRevision, cut: fragment === true};
}

/** A response without events that neither creates nor ends a watch. */
function isProgress({created, canceled, events}: WatchResult): boolean {
  return created !== true && canceled !== true && events.length === 0;
}

/**
 * A watch is told of later and later changes, none of them from before where it begins, and of nothing once its member has ended
 * it: it never goes back. W1.
 */
export function watchOnlyForward(): Checker {
  const judge: Judge = ({watch, result}) => {
    const [first] = result.events;
    if (first === undefined) return "idle";
    const {client, member, told, cut} = watch;
    const {modRevision: revision} = first.kv;
    if (revision > told || (cut && revision === told)) return undefined;
    return say("watchBack", {client, member: nameOf(member), revision, told}, [client, `rev:${revision}`]);
  };
  const judgeLate: Judge = ({watch: {client, member, watchId}}) =>
    say("watchAfterEnd", {client, member: nameOf(member), watch: watchId}, [client]);
  return new WireClaim("Watch Only Forward", judge, judgeLate);
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
