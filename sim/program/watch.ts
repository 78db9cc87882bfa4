// A watch as a program reads it: `for await (const {events} of client.watch("x"))`. What comes while nobody reads waits.

import type {Revision} from "../../core/base/quantity.ts";
import type {Outcome} from "../../core/client/io.ts";
import {clientErrors} from "../../core/client/outcome.ts";
import type {StoreEvent} from "../../core/mvcc/kv.ts";
import type {Response} from "../../core/server/request.ts";
import {apiErrors} from "../../core/server/request.ts";
import {Asked} from "./asked.ts";
import type {ProgramDirector} from "./director.ts";
import {at, errorOf, EtcdError} from "./error.ts";
import {kvOf} from "./values.ts";
import type {Kv} from "./values.ts";
import type {Settling, Waits} from "./waits.ts";

export interface WatchEvent {
  readonly type: "put" | "delete";
  /** Of a deletion: key and modRevision. */
  readonly kv: Kv;
  readonly prevKv?: Kv;
}

/** All changes of one or more revisions; none: news that up to `revision` nothing is missing. */
export interface WatchNews {
  readonly revision: Revision;
  readonly events: readonly WatchEvent[];
}

export class ProgramWatch implements AsyncIterableIterator<WatchNews, undefined> {
  private readonly line: string;
  private readonly waits: Waits;
  private readonly asked: Asked;
  /** What came and was not read. */
  private arrived: readonly WatchNews[] = [];
  private reader: Settling<IteratorResult<WatchNews, undefined>> | undefined;
  /** Where it was asked for, and how it ended. */
  private readonly place: Error;
  private end: {readonly error: EtcdError | undefined} | undefined;

  constructor(client: string, line: string, director: ProgramDirector, waits: Waits) {
    this.line = line;
    this.waits = waits;
    this.place = new Error(line);
    this.asked = new Asked(director, client, line, {
      watched: (response) => this.watched(response),
      settled: (outcome) => this.settled(outcome),
      takenBack: () => this.over(undefined),
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next news; rejects where the watch was cancelled by the member, as when its revision is compacted. */
  next(): Promise<IteratorResult<WatchNews, undefined>> {
    const [first, ...rest] = this.arrived;
    if (first !== undefined) {
      this.arrived = rest;
      return Promise.resolve({done: false, value: first});
    }
    if (this.end?.error !== undefined) return Promise.reject(this.end.error);
    if (this.end !== undefined) return Promise.resolve({done: true, value: undefined});
    return this.waits.promise(this.line, (settling) => {
      this.reader = settling;
    });
  }

  /** Cancels it; what a `for await` does that is left. */
  return(): Promise<IteratorResult<WatchNews, undefined>> {
    this.asked.abort();
    this.over(undefined);
    return Promise.resolve({done: true, value: undefined});
  }

  /** As {@link return}, for whoever reads by hand. */
  cancel(): void {
    void this.return();
  }

  private watched({header, result}: Response): void {
    if (result.kind !== "watch" || this.end !== undefined) return;
    if (result.created === true && result.events.length === 0) return;
    const news = {revision: header.revision, events: result.events.map(eventOf)};
    const {reader} = this;
    this.reader = undefined;
    if (reader === undefined) this.arrived = [...this.arrived, news];
    else reader.resolve({done: false, value: news});
  }

  private settled(outcome: Outcome): void {
    if (this.end !== undefined) return;
    const result = outcome.kind === "ok" ? outcome.response.result : undefined;
    if (result?.kind !== "watch") return this.over(errorOf(outcome, this.place));
    const compacted = (result.compactRevision ?? 0) > 0;
    const {message, code} = compacted
      ? apiErrors.compacted
      : {message: result.cancelReason ?? clientErrors.canceled.message, code: "Canceled" as const};
    this.over(at(new EtcdError(message, code, "failed"), this.place));
  }

  private over(error: EtcdError | undefined): void {
    if (this.end !== undefined) return;
    this.end = {error};
    if (error === undefined) this.reader?.resolve({done: true, value: undefined});
    else this.reader?.reject(error);
    this.reader = undefined;
  }
}

function eventOf({kind, kv, prevKv}: StoreEvent): WatchEvent {
  const event = {type: kind, kv: kvOf(kv)} as const;
  return prevKv === undefined ? event : {...event, prevKv: kvOf(prevKv)};
}
