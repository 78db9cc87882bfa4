// The engine: takes the page's messages and answers them (protocol.ts). It knows no worker and no DOM: what it needs of
// its surroundings is a port, so that a test or a socket drives it as well. It holds one opened run at a time; every
// error is one line, after which everything is as it was.

import {unreachable} from "../../core/base/assert.ts";
import type {Said} from "../../core/base/said.ts";
import type {Scenario} from "../../scenarios/format.ts";
import type {Cursor, Windows} from "../frame.ts";
import {buildFrame} from "../model/frame.ts";
import type {FromWorker, ScenarioRow, ToWorker} from "../protocol.ts";
import {say} from "../words/engine.ts";
import {findIn} from "./find.ts";
import {Jobs, type Job, type Slices, type Work} from "./jobs.ts";
import {linkTo} from "./link.ts";
import {openSource} from "./open.ts";
import type {Session} from "./session.ts";
import {placeOf} from "./target.ts";
import {whyOf} from "./why.ts";

export interface EnginePort extends Slices {
  post(message: FromWorker): void;
}

export interface EngineOptions {
  readonly scenarios: readonly Scenario[];
  /** Names this build, for links and traces. */
  readonly code: string;
}

/** Wall time of running before the first frame, and between two reports of progress, ms. */
const openingPatience = 250;
const progressEvery = 200;

type Asked<K extends ToWorker["kind"]> = Extract<ToWorker, {kind: K}>;

export class Engine {
  private readonly port: EnginePort;
  private readonly options: EngineOptions;
  private readonly jobs: Jobs;
  private session: Session | undefined;

  constructor(port: EnginePort, options: EngineOptions) {
    this.port = port;
    this.options = options;
    this.jobs = new Jobs(port);
  }

  /** Says that it is there, and what can be opened. */
  start(): void {
    const scenarios = this.options.scenarios.map(({id, group, title, teaches}): ScenarioRow => ({
      id,
      group,
      title,
      teaches,
    }));
    this.port.post({kind: "ready", scenarios, code: this.options.code});
  }

  take(message: ToWorker): void {
    switch (message.kind) {
      case "cancel":
        this.jobs.cancel();
        return this.port.post({kind: "done", seq: message.seq});
      case "open":
        this.jobs.clear();
        return this.add(message, () => this.open(message));
      case "seek":
        return this.add(message, () => this.seek(message));
      case "act":
        return this.add(message, () => this.act(message), true);
      case "type":
        return this.add(message, () => this.type(message), true);
      case "answer":
        return this.add(message, () => this.answer(message), true);
      case "why":
        return this.add(message, () => this.why(message));
      case "find":
        return this.add(message, () => this.find(message));
      case "link":
        return this.add(message, () => this.link(message));
      case "trace":
        return this.add(message, () => this.trace(message));
      default:
        return unreachable(message);
    }
  }

  private add({kind, seq}: ToWorker, work: () => Work, must = false): void {
    this.jobs.add(this.job(kind, seq, work, must));
  }

  private job(kind: string, seq: number, work: () => Work, must = false): Job {
    const failed = (error: unknown): void => {
      this.fail(
        seq,
        say("failed.internal", {message: error instanceof Error ? error.message : String(error)}),
      );
    };
    return {kind, seq, must, work, failed};
  }

  private fail(seq: number, said: Said): void {
    this.port.post({kind: "failed", seq, said});
  }

  // ---- open

  private *open({seq, source, windows}: Asked<"open">): Work {
    const opened = openSource(source, this.options);
    if (!opened.ok) return this.fail(seq, opened.error);
    const {session, arrive} = opened.value;
    // Only now: an open that fails leaves the run that was open before.
    const {branch, place, notice} = yield* arrive();
    this.session = session;
    const cursor = {branch, step: place.step};
    const since = this.port.clock();
    const main = session.main;
    yield* main.runUntil(() => this.port.clock() - since > openingPatience);
    yield* this.show(seq, session, cursor, windows, place.time, notice);
    this.jobs.whenIdle(this.job("open", seq, () => this.runOn(seq, session)));
  }

  /** Runs the scenario to its end while nobody asks for anything else, so that seeks find it run. */
  private *runOn(seq: number, session: Session): Work {
    const {main} = session;
    let told = this.port.clock();
    yield* main.runUntil(() => {
      if (this.port.clock() - told < progressEvery) return false;
      told = this.port.clock();
      this.port.post({
        kind: "progress",
        seq,
        said: say("progress.opening", {what: session.story.title.en}),
        done: main.length,
        of: 0,
      });
      return false;
    });
    this.port.post({kind: "done", seq});
  }

  // ---- moving

  private *seek({seq, branch: id, from, target, windows}: Asked<"seek">): Work {
    const {session} = this;
    if (session === undefined) return this.fail(seq, say("failed.closed"));
    const branch = session.branch(id);
    if (branch === undefined) return this.failBranch(seq, id, session);
    const place = yield* placeOf(target, from, branch);
    if (!place.ok) return this.fail(seq, place.error);
    yield* this.show(seq, session, {branch: id, step: place.value.step}, windows, place.value.time);
  }

  private *show(
    seq: number,
    session: Session,
    at: {readonly branch: string; readonly step: number},
    windows: Windows,
    time?: number,
    notice?: Said,
  ): Work {
    const moment = yield* session.moment(at.branch, at.step, time);
    const frame = buildFrame(moment, windows);
    this.port.post({kind: "frame", seq, frame, ...(notice === undefined ? {} : {notice})});
  }

  private *act({seq, cursor, action, windows}: Asked<"act">): Work {
    const session = this.sessionAt(seq, cursor);
    if (session === undefined) return;
    const acted = yield* session.act(cursor, action);
    if (!acted.ok) return this.fail(seq, acted.error);
    yield* this.show(seq, session, acted.value, windows);
  }

  private *type({seq, cursor, line, settle, windows}: Asked<"type">): Work {
    const session = this.sessionAt(seq, cursor);
    if (session === undefined) return;
    const at = yield* session.type(cursor, line, settle);
    yield* this.show(seq, session, at, windows);
  }

  private *answer({seq, cursor, beat, answer, windows}: Asked<"answer">): Work {
    const session = this.sessionAt(seq, cursor);
    if (session === undefined) return;
    const answered = yield* session.answer(cursor, beat, answer);
    if (!answered.ok) return this.fail(seq, answered.error);
    yield* this.show(seq, session, cursor, windows, cursor.time);
  }

  // ---- asking

  private *why({seq, cursor, of}: Asked<"why">): Work {
    const session = this.sessionAt(seq, cursor);
    if (session === undefined) return;
    const why = yield* whyOf(of, cursor, session);
    if (!why.ok) return this.fail(seq, why.error);
    this.port.post({kind: "why", seq, why: why.value});
  }

  private *find({seq, branch: id, text}: Asked<"find">): Work {
    const {session} = this;
    if (session === undefined) return this.fail(seq, say("failed.closed"));
    const branch = session.branch(id);
    if (branch === undefined) return this.failBranch(seq, id, session);
    const rows = yield* findIn(branch, branch.context(), text, branch.seen.step);
    this.port.post({
      kind: "found",
      seq,
      rows: rows.map(({step, id: event, line}) => ({step, id: event, line})),
    });
  }

  private *link({seq, cursor}: Asked<"link">): Work {
    const session = this.sessionAt(seq, cursor);
    if (session === undefined) return;
    yield;
    this.port.post({kind: "link", seq, link: linkTo(session, cursor, this.options.code)});
  }

  private *trace({seq, branch: id}: Asked<"trace">): Work {
    const {session} = this;
    if (session === undefined) return this.fail(seq, say("failed.closed"));
    const branch = session.branch(id);
    if (branch === undefined) return this.failBranch(seq, id, session);
    const {scenario, variant} = session.opened;
    const bytes = yield* branch.traceFile({
      code: this.options.code,
      scenario: session.story.id,
      ...(variant === undefined ? {} : {variant}),
      ...(typeof scenario === "string" ? {} : {source: scenario.text}),
    });
    const name = `${session.story.id}-${session.opened.seed}${branch.fork === undefined ? "" : `-${id}`}.trace`;
    this.port.post({kind: "trace", seq, name, bytes});
  }

  /** The session, if something is open and has the cursor's branch; else the request is answered with what is wrong. */
  private sessionAt(seq: number, cursor: Cursor): Session | undefined {
    const {session} = this;
    if (session === undefined) this.fail(seq, say("failed.closed"));
    else if (session.branch(cursor.branch) === undefined) this.failBranch(seq, cursor.branch, session);
    else return session;
    return undefined;
  }

  private failBranch(seq: number, branch: string, session: Session): void {
    this.fail(
      seq,
      say("failed.branch", {
        branch,
        known: session
          .branches()
          .map(({id}) => id)
          .join(", "),
      }),
    );
  }
}
