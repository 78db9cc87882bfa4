// Ours and a real etcd, asked the same, one request after the other, from the same state at the same revision.

import {bytesOfKey, unbounded} from "../../core/base/key.ts";
import type {Request, Response} from "../../core/server/request.ts";
import {Connection} from "../../bin/live/connection.ts";
import {MemberIds} from "../../bin/live/quantities.ts";
import type {CallRequest} from "../../bin/live/requestWire.ts";
import {Cluster, ms, watchSyncEvery} from "../core/server/cluster.ts";
import {startEtcd} from "../support/etcd.ts";
import type {Etcd} from "../support/etcd.ts";
import type {Moment} from "./moment.ts";

export type Asked = CallRequest | Extract<Request, {readonly kind: "leaseKeepAlive"}>;

export interface Answers {
  readonly ours: Response;
  readonly real: Response;
}

/** One member, driven in memory: etcd's defaults, and a clock that stands. */
function oneMember(): Cluster {
  const cluster = new Cluster({tick: 100 * ms, electionTicks: 10, snapshotEvery: 1000}, [1]);
  cluster.elect();
  return cluster;
}

export class Pair {
  readonly ours = oneMember();
  readonly real: Connection;
  private readonly etcd: Etcd;
  private nextId = 1;
  /** Requests that were asked of both, and the operations in them. */
  requests = 0;
  operations = 0;
  /** The kinds of answers that were compared, errors by their texts. */
  readonly seen = new Set<string>();
  /** Told of all that ours answers on streams. */
  heard: ((stream: number, response: Response) => void) | undefined;
  /** As of the last answers that agreed. */
  moment: Moment = {start: 1, current: 1, compacted: 0};

  private constructor(etcd: Etcd) {
    this.etcd = etcd;
    this.real = new Connection(etcd.targets[0] ?? "", new MemberIds());
  }

  static async start(): Promise<Pair> {
    return new Pair(await startEtcd());
  }

  async stop(): Promise<void> {
    this.real.close();
    await this.etcd.stop();
  }

  /** For the figures. */
  count(request: Request): void {
    this.requests++;
    this.operations += operationsIn(request);
  }

  /** Time goes on: both gave the same answer to `request`. */
  follow(request: Asked, {header, result}: Response): void {
    this.seen.add(result.kind === "error" ? result.error.message : result.kind);
    if (result.kind === "error") return;
    const {start, current, compacted} = this.moment;
    this.moment = {
      start,
      current: Math.max(current, header.revision),
      compacted: request.kind === "compact" ? request.revision : compacted,
    };
  }

  async ask(request: Asked): Promise<Answers> {
    const ours = this.askOurs(request);
    return {ours, real: await this.askReal(request)};
  }

  askOurs(request: Request): Response {
    const answer = this.tellOurs(0, request).find(({stream}) => stream === 0);
    if (answer === undefined) throw new Error(`ours does not answer ${request.kind}`);
    return answer.response;
  }

  /** Ours is asked on a stream, and does whatever it has to do; returns what was answered, on all streams. */
  tellOurs(
    stream: number,
    request: Request,
  ): readonly {readonly stream: number; readonly response: Response}[] {
    const {ours} = this;
    ours.effects.length = 0;
    ours.ask(1, request, {stream, id: this.nextId++});
    if (ours.eager.size > 0) ours.pass(watchSyncEvery);
    const answers = ours.responses.splice(0);
    for (const {stream: on, response} of answers) this.heard?.(on, response);
    return answers;
  }

  async askReal(request: Asked): Promise<Response> {
    return new Promise((answer) => {
      if (request.kind === "leaseKeepAlive") this.real.keepAlive(request, answer);
      else this.real.call(request, answer);
    });
  }

  /** Both without keys or leases, at the same revision, compacted there. */
  async reset(): Promise<void> {
    await this.revokeAll();
    const everything = {kind: "deleteRange", key: unbounded, rangeEnd: unbounded} as const;
    let {ours, real} = await this.ask(everything);
    const pad = {kind: "put", key: "pad", value: bytesOfKey("")} as const;
    if (ours.header.revision !== real.header.revision) {
      while (ours.header.revision < real.header.revision) ours = this.askOurs(pad);
      while (real.header.revision < ours.header.revision) real = await this.askReal(pad);
      await this.ask(pad);
      ({ours, real} = await this.ask(everything));
    }
    const {revision} = ours.header;
    await this.ask({kind: "compact", revision, physical: true});
    this.moment = {start: revision, current: revision, compacted: revision};
  }

  private async revokeAll(): Promise<void> {
    const {ours, real} = await this.ask({kind: "leaseList"});
    for (const {result} of [ours, real]) {
      if (result.kind !== "leaseList") continue;
      for (const lease of result.leases) await this.ask({kind: "leaseRevoke", lease});
    }
  }
}

function operationsIn(request: Request): number {
  if (request.kind !== "txn") return 1;
  return [...request.success, ...request.failure].reduce(
    (sum, op) => sum + operationsIn(op),
    request.compare.length,
  );
}
