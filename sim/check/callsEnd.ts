import type {Micros} from "../../core/base/quantity.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {Request} from "../../core/server/request.ts";
import {trueRate} from "../clock.ts";
import type {EventRecord} from "../event.ts";
import type {Operation} from "../history/operation.ts";
import type {RevisionsView} from "../history/revisions.ts";
import type {WorldView} from "../view.ts";
import {sameBytes} from "./entries.ts";
import type {Checker, Violation} from "./checker.ts";
import {say} from "./words.ts";

/**
 * Every call ends within its time, by its client's clock, and a call that failed for good was not done and never will be: only
 * what is said to be uncertain is. M2.
 */
export class CallsEnd implements Checker {
  readonly name = "Every Call Ends";
  /** The slowest rate at which each client's clock ran; absent: true. */
  private slowest = new Map<string, number>();
  /** How long each client stood still, and since when it does. */
  private paused = new Map<string, Micros>();
  private since = new Map<string, Micros>();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new CallsEnd();
    twin.slowest = new Map(this.slowest);
    twin.paused = new Map(this.paused);
    twin.since = new Map(this.since);
    twin.count = this.count;
    return twin as this;
  }

  after(_view: WorldView, {changes, at}: EventRecord): undefined {
    for (const change of changes) {
      if (change.kind !== "fault") continue;
      const {action} = change;
      if (action.kind === "clock") {
        const {who, rate} = action;
        this.slowest.set(who, Math.min(rate, this.slowest.get(who) ?? trueRate));
      } else if (action.kind === "pauseClient") this.since.set(action.client, at);
      else if (action.kind === "resumeClient") {
        const {client} = action;
        this.paused.set(client, (this.paused.get(client) ?? 0) + at - (this.since.get(client) ?? at));
      }
    }
  }

  end(view: WorldView): Violation | undefined {
    this.count = 0;
    for (const operation of view.operations) {
      const said = this.open(operation, view) ?? this.doneAllTheSame(operation, view);
      if (said === undefined) continue;
      const evidence = view.last === undefined ? [] : [view.last.id];
      return {check: this.name, said, evidence, step: operation.returned?.step ?? view.step};
    }
    return undefined;
  }

  private open(operation: Operation, view: WorldView): Violation["said"] | undefined {
    const {client, call, request, returned, invoked} = operation;
    if (request.kind === "watchCreate" || view.pausedClients.includes(client)) return undefined;
    if (returned !== undefined) {
      this.count++;
      return undefined;
    }
    const {requestTimeout} = view.run.config.client;
    const most: Micros = Math.ceil((requestTimeout * trueRate) / (this.slowest.get(client) ?? trueRate));
    const time = view.now - invoked.at;
    if (time <= most + (this.paused.get(client) ?? 0)) return undefined;
    const name = `op:${client}#${call}`;
    return say("callOpen", {client, operation: name, time: time / 1000}, [name]);
  }

  /** A put that failed, and whose key and value nobody else can have written. */
  private doneAllTheSame(operation: Operation, view: WorldView): Violation["said"] | undefined {
    const {request, outcome, client, call} = operation;
    if (request.kind !== "put" || outcome?.kind !== "failed" || request.value.length === 0) return undefined;
    this.count++;
    const {key, value} = request;
    const isMine = (other: Operation): boolean =>
      other !== operation && other.outcome?.kind !== "failed" && mayWrite(other.request, value);
    const revision = madeBy(view.revisions, key, value);
    if (revision === undefined || view.operations.some(isMine)) return undefined;
    const name = `op:${client}#${call}`;
    const key2 = textOfBytes(bytesOfKey(key));
    return say("failedButDone", {client, operation: name, revision, key: key2}, [name, `rev:${revision}`]);
  }
}

/** Whether a request writes that value somewhere. */
function mayWrite(request: Request, value: Uint8Array): boolean {
  if (request.kind === "txn")
    return [...request.success, ...request.failure].some((op) => mayWrite(op, value));
  return request.kind === "put" && sameBytes(request.value, value);
}

function madeBy(revisions: RevisionsView, key: string, value: Uint8Array): number | undefined {
  for (let revision = 2; revision <= revisions.last; revision++) {
    const made = revisions
      .at(revision)
      ?.some((event) => event.kind === "put" && event.kv.key === key && sameBytes(event.kv.value, value));
    if (made === true) return revision;
  }
  return undefined;
}
