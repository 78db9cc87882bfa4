// What clients of a sound etcd see, as a history: drawn, for benchmarks and tests. Each client does one thing at a time; what
// it asks for is done at a moment of its own between asking and answer, by the store itself.

import {bytesOfKey} from "../core/base/key.ts";
import type {Key} from "../core/base/key.ts";
import type {LeaseId} from "../core/base/quantity.ts";
import type {Outcome} from "../core/client/io.ts";
import {Store} from "../core/mvcc/store.ts";
import type {RequestOp} from "../core/mvcc/kv.ts";
import {encodeCommand} from "../core/server/command.ts";
import type {WriteRequest} from "../core/server/command.ts";
import {apiErrors} from "../core/server/request.ts";
import type {ApiErrorName, Request, Result} from "../core/server/request.ts";
import {AppliedEntry} from "../sim/history/appliedLog.ts";
import {History} from "../sim/history/history.ts";
import type {Moment, Operation} from "../sim/history/operation.ts";

export interface EtcdShape {
  readonly operations: number;
  readonly clients: number;
  /** Writes whose answers are lost, of a thousand: done at once, later, or never. */
  readonly lost: number;
  readonly keys: number;
  /** Also reads of the past and of the future, refusals, and ranges with previous values. */
  readonly rare?: boolean;
  /** Also leases, which run out too, and compactions. */
  readonly upkeep?: boolean;
}

export interface EtcdHistory {
  readonly operations: readonly Operation[];
  readonly appliedLog: readonly AppliedEntry[];
}

/** `draw(bound)`: a whole number from 0 to bound − 1. */
export function etcdHistory(shape: EtcdShape, draw: (bound: number) => number): EtcdHistory {
  return new Recording(shape, draw).history();
}

/** Of a client whose call is under way. */
interface Open {
  readonly request: Request;
  /** Set once it was done, or is not going to be. */
  outcome?: Outcome;
}

class Recording {
  private readonly shape: EtcdShape;
  private readonly draw: (bound: number) => number;
  private readonly recorded = new History();
  private readonly etcd = new Etcd();
  private readonly open: (Open | undefined)[];
  private readonly calls: number[];
  /** Requests that nobody waits for any more. */
  private readonly late: Request[] = [];
  private time = 0;

  constructor(shape: EtcdShape, draw: (bound: number) => number) {
    this.shape = shape;
    this.draw = draw;
    this.open = Array.from({length: shape.clients}, () => undefined);
    this.calls = Array.from({length: shape.clients}, () => 0);
  }

  history(): EtcdHistory {
    const {shape, recorded, draw} = this;
    while (recorded.operations.length < shape.operations || this.open.some((one) => one !== undefined)) {
      if (this.late.length > 0 && draw(8) === 0) this.doLate();
      else if (shape.upkeep === true && draw(12) === 0) this.etcd.endLease(draw);
      else this.advance(draw(shape.clients));
    }
    this.etcd.flush(this.now());
    return {operations: recorded.operations, appliedLog: this.etcd.log};
  }

  private now(): Moment {
    return {step: ++this.time, at: 0};
  }

  private doLate(): void {
    const {late, draw, etcd} = this;
    const [request] = late.splice(draw(late.length), 1);
    if (request !== undefined) etcd.do(request);
  }

  /** Asks, has it done, or is answered. */
  private advance(client: number): void {
    const one = this.open[client];
    const name = `c${client + 1}`;
    if (one === undefined) {
      if (this.recorded.operations.length === this.shape.operations) return;
      const request = this.drawRequest();
      const call = (this.calls[client] = (this.calls[client] ?? 0) + 1);
      this.recorded.invoked({client: name, call, request, invoked: this.now()});
      this.open[client] = {request};
    } else if (one.outcome === undefined) one.outcome = this.done(one.request);
    else {
      if (this.draw(3) > 0 || one.outcome.kind === "ok") this.etcd.flush(this.now());
      this.recorded.settled(name, this.calls[client] ?? 0, this.now(), one.outcome);
      this.open[client] = undefined;
    }
  }

  private done(request: Request): Outcome {
    const {shape, draw, etcd, late} = this;
    if (request.kind === "range" || draw(1000) >= shape.lost) return etcd.do(request);
    const fate = draw(3);
    if (fate === 0) etcd.do(request);
    if (fate === 1) late.push(request);
    return {kind: "unknown"};
  }

  private drawRequest(): Request {
    const {shape, draw} = this;
    const what = draw(20);
    if (shape.upkeep === true && what < 3) return this.drawUpkeep();
    if (shape.rare === true && what < 6) return this.drawRare();
    const key = this.drawKey();
    if (what < 10) return {kind: "range", key};
    if (what < 11) return {kind: "range", key, rangeEnd: "\0"};
    if (what < 17) return {...this.drawPut(), prevKv: what === 16};
    if (what < 19) return {kind: "deleteRange", key};
    return {
      kind: "txn",
      compare: [{key, result: "=", target: {kind: "version", value: draw(3)}}],
      success: [this.drawPut(), {kind: "range", key}],
      failure: [{kind: "range", key}],
    };
  }

  private drawKey(): Key {
    return `k${this.draw(this.shape.keys)}`;
  }

  private drawPut(): Extract<RequestOp, {kind: "put"}> {
    const lease = this.shape.upkeep === true && this.draw(3) === 0 ? {lease: this.drawLease()} : {};
    return {kind: "put", key: this.drawKey(), value: bytesOfKey(`${this.draw(1_000_000)}`), ...lease};
  }

  private drawRare(): Request {
    const {draw, etcd} = this;
    const key = this.drawKey();
    const empty = new Uint8Array(0);
    const all: readonly Request[] = [
      {kind: "range", key, revision: 1 + draw(etcd.revision + 2)},
      {kind: "range", key: "k", rangeEnd: "\0", limit: 1, sortOrder: "descend", sortTarget: "mod"},
      {kind: "put", key, value: empty, ignoreValue: true, prevKv: true},
      {kind: "deleteRange", key, rangeEnd: "\0", prevKv: true},
    ];
    return all[draw(all.length)] as Request;
  }

  private drawLease(): LeaseId {
    return `000000000000000${1 + this.draw(2)}`;
  }

  private drawUpkeep(): Request {
    const {draw, etcd} = this;
    const lease = this.drawLease();
    const all: readonly Request[] = [
      {kind: "leaseGrant", lease, ttl: 60},
      {kind: "leaseGrant", lease, ttl: 60},
      {kind: "leaseRevoke", lease},
      {kind: "compact", revision: Math.max(1, etcd.revision - draw(3))},
    ];
    return all[draw(all.length)] as Request;
  }
}

/** The store with its leases, and the log of what was done to it. */
class Etcd {
  readonly log: AppliedEntry[] = [];
  private readonly store = new Store();
  private readonly leases = new Set<LeaseId>();
  /** Done, and told to nobody: entries that are applied in one event. */
  private batch: WriteRequest[] = [];
  private least = 1;

  get revision(): number {
    return this.store.currentRevision;
  }

  do(request: Request): Outcome {
    if (request.kind !== "range") this.batch.push(request as WriteRequest);
    const result = this.resultOf(request);
    if (typeof result === "string") return {kind: "failed", error: apiErrors[result]};
    return {kind: "ok", response: {header: {memberId: 1, revision: this.revision, raftTerm: 1}, result}};
  }

  /** All that was done was applied in the event of this moment. */
  flush(moment: Moment): void {
    const most = this.revision;
    for (const request of this.batch) {
      const index = this.log.length + 1;
      const data = encodeCommand({proposer: 1, nonce: 1, sequence: index, request});
      const span = {moment, member: 1, least: this.least, most};
      this.log.push(new AppliedEntry({index, term: 1, type: "normal", data}, span));
    }
    this.batch = [];
    this.least = most;
  }

  /** One of the leases runs out. */
  endLease(draw: (bound: number) => number): void {
    const lease = [...this.leases][draw(Math.max(1, this.leases.size))];
    if (lease !== undefined) this.do({kind: "leaseRevoke", lease});
  }

  private resultOf(request: Request): Result | ApiErrorName {
    const {store, leases} = this;
    switch (request.kind) {
      case "range": {
        const read = store.range(request);
        return read.ok ? read.value : read.error;
      }
      case "put":
      case "deleteRange":
      case "txn": {
        const applied = store.apply(request, leases);
        return applied.ok ? applied.value.result : applied.error;
      }
      case "compact": {
        const compacted = store.compact(request.revision);
        return compacted.ok ? {kind: "compact"} : compacted.error;
      }
      case "leaseGrant": {
        const {lease = "", ttl} = request;
        if (leases.has(lease)) return "leaseExists";
        leases.add(lease);
        return {kind: "leaseGrant", lease, ttl};
      }
      case "leaseRevoke":
        return this.revoke(request.lease);
      default:
        return "unsupported";
    }
  }

  private revoke(lease: LeaseId): Result | ApiErrorName {
    if (!this.leases.delete(lease)) return "leaseNotFound";
    const all = this.store.range({kind: "range", key: "\0", rangeEnd: "\0"});
    const kvs = all.ok ? all.value.kvs : [];
    this.store.deleteKeys(kvs.filter((kv) => kv.lease === lease).map(({key}) => key));
    return {kind: "leaseRevoke"};
  }
}
