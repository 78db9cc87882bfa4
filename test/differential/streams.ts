// One watch stream to ours and one to the real etcd, with many watches each. The two go in step: after each request the
// real one is waited for until it has said as much as ours, so that it never matters how fast it is. What is compared, watch by
// watch: that it was created, each event, and how it ended. Which responses the events came in is compared only so far as
// etcd promises it: all events of a revision in one.

import type {Response} from "../../core/server/request.ts";
import type {WatchCancelRequest, WatchCreateRequest} from "../../core/watch/watch.ts";
import type {WatchStream} from "../../bin/live/connection.ts";
import {isDroppedTombstone} from "./differences.ts";
import type {Pair} from "./pair.ts";
import {source} from "./source.ts";

/** Long after the real one should have said what it has to say. */
const patience = 5_000;

/** What one side told of each watch, line by line, by its id. */
type Told = Map<number, string[]>;

export class Streams {
  private readonly pair: Pair;
  private readonly stream: number;
  private readonly real: WatchStream;
  private readonly oursTold: Told = new Map();
  private readonly realTold: Told = new Map();
  /** Revisions that were compacted at: tombstones there are a known difference. */
  private readonly compactions: Set<number>;
  /** Revisions that were split over responses; must stay empty. */
  private readonly split: string[] = [];
  private wake: () => void = () => undefined;
  private broken: string | undefined;

  constructor(pair: Pair, stream: number) {
    this.pair = pair;
    this.stream = stream;
    this.compactions = new Set([pair.moment.compacted]);
    pair.ours.eager.add(stream);
    pair.heard = (on, response) => {
      if (on === stream) this.take("ours", this.oursTold, response);
    };
    this.real = pair.real.watch({
      response: (response) => {
        this.take("real", this.realTold, response);
        this.wake();
      },
      ended: ({code, message}) => {
        this.broken = `the real one's stream ended: ${code} ${message}`;
        this.wake();
      },
    });
  }

  compactedAt(revision: number): void {
    this.compactions.add(revision);
  }

  /** Asks both; what differs, once both said what they have to say. */
  async ask(request: WatchCreateRequest | WatchCancelRequest): Promise<string | undefined> {
    this.pair.count(request);
    this.pair.tellOurs(this.stream, request);
    this.real.send(request);
    return this.inStep();
  }

  /** Waits until the real one has told as much as ours; what differs then. */
  async inStep(): Promise<string | undefined> {
    const late = Date.now() + patience;
    while (this.broken === undefined && this.isBehind() && Date.now() < late)
      await this.news(late - Date.now());
    if (this.broken !== undefined) return this.broken;
    if (this.split.length > 0) return this.split.join("\n");
    const [ours, real] = [this.oursTold, this.realTold].map((told) => text(told));
    return ours === real ? undefined : `ours tells: ${ours}\nreal tells: ${real}`;
  }

  close(): void {
    const {ours} = this.pair;
    this.broken = "closed";
    ours.eager.delete(this.stream);
    ours.input(1, {kind: "streamClosed", stream: this.stream});
    this.pair.heard = undefined;
    this.real.close();
  }

  private isBehind(): boolean {
    return [...this.oursTold].some(([id, told]) => (this.realTold.get(id)?.length ?? 0) < told.length);
  }

  private async news(within: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, within);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private take(side: string, told: Told, {header, result}: Response): void {
    if (result.kind !== "watch") throw new Error(`${side} answers a watch with ${source(result)}`);
    const lines = told.get(result.watchId) ?? [];
    told.set(result.watchId, lines);
    if (result.created === true) lines.push(`created at ${header.revision}`);
    const events = result.events.filter((event) => !isDroppedTombstone(event, this.compactions));
    this.lookForSplit(side, result.watchId, lines.at(-1), events[0]?.kv.modRevision);
    for (const {kind, kv, prevKv} of events) {
      lines.push(`${kv.modRevision} ${source({kind, kv, prevKv})}`);
      this.pair.seen.add(prevKv === undefined ? kind : `${kind}, with what was before`);
    }
    if (result.canceled === true) {
      const {compactRevision, cancelReason} = result;
      this.pair.seen.add(
        compactRevision === undefined ? `canceled ${cancelReason ?? ""}` : "canceled as compacted",
      );
      lines.push(`canceled ${source({compactRevision, cancelReason})}`);
    }
  }

  private lookForSplit(side: string, id: number, last: string | undefined, next: number | undefined): void {
    if (next !== undefined && last?.startsWith(`${next} `) === true)
      this.split.push(`${side} tells watch ${id} of revision ${next} in two responses`);
  }
}

function text(told: Told): string {
  const ids = [...told.keys()].toSorted((a, b) => a - b);
  return ids.map((id) => `\n  watch ${id}: ${(told.get(id) ?? []).join("\n    ")}`).join("");
}
