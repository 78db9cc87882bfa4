// The loop: dispatch → reduce → carry out → show. Only here do actions turn into requests to the worker; what the
// browser must do (clipboard, address, storage) is handed in, so that tests run it without one.

import type {Cursor, Windows} from "../frame.ts";
import type {FromWorker, Link, Source, Target} from "../protocol.ts";
import type {UiAction} from "./action.ts";
import type {Opening} from "./link.ts";
import {encodeLink} from "./link.ts";
import {Player} from "./player.ts";
import {Port} from "./port.ts";
import type {Channel, Request} from "./port.ts";
import {isTyping, openQuestion, reduce} from "./reduce.ts";
import {isBrief} from "./state.ts";
import type {Notice, Pending, State} from "./state.ts";
import {windowsOf} from "./windows.ts";

export interface Host {
  readonly channel: Channel;
  /** The whole page again. */
  show(state: State): void;
  /** Only what moves with time. */
  move(state: State): void;
  /** Copies text; false when that is not allowed. */
  copy(text: string): Promise<boolean>;
  /** The address of the page with this hash. */
  address(hash: string): string;
  remember(state: State): void;
}

/** How long a notice that only confirms is shown, ms. */
const briefly = 4000;

export class App {
  state: State;
  private readonly host: Host;
  private readonly port: Port;
  private readonly player = new Player();
  private readonly opening: Opening | undefined;
  private linkSeq = 0;
  private backupSeq = 0;
  /** From what everything can be done again, should the worker be lost. */
  private backup: Link | undefined;
  private windowsKey = "";
  /** While the page is drawn, and what happened meanwhile. */
  private busy = false;
  private readonly waiting: UiAction[] = [];
  private noticed: {readonly notice: Notice; readonly since: number} | undefined;

  constructor(initial: State, host: Host, opening: Opening | undefined) {
    this.state = initial;
    this.host = host;
    this.port = new Port(host.channel);
    this.opening = opening;
  }

  /** Drawing removes what had the pointer or the focus, and the browser tells of that at once: such news waits. */
  dispatch(action: UiAction): void {
    this.waiting.push(action);
    this.catchUp();
  }

  private catchUp(): void {
    while (!this.busy) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.take(next);
    }
  }

  private draw(how: (state: State) => void): void {
    this.busy = true;
    try {
      how(this.state);
    } finally {
      this.busy = false;
    }
  }

  private take(action: UiAction): void {
    const before = this.state;
    this.state = reduce(before, action);
    this.carryOut(action, before);
    this.refreshWindows();
    if (this.state === before) return;
    this.draw((state) => this.host.show(state));
    if (
      this.state.theme !== before.theme ||
      this.state.language !== before.language ||
      this.state.letters !== before.letters
    ) {
      this.host.remember(this.state);
    }
  }

  /** An animation frame. */
  tick(wall: number): void {
    this.forget(wall);
    const tick = this.player.tick(wall, this.state);
    if (tick === undefined) return;
    this.state = {...this.state, time: tick.time};
    if (tick.ask !== undefined) this.seek({kind: "time", time: tick.ask}, {kind: "play", time: tick.ask});
    if (tick.step === true) this.seek({kind: "next", unit: "interesting"}, {kind: "play"});
    this.draw((state) => this.host.move(state));
    this.catchUp();
  }

  /** A notice that only confirms goes by itself. */
  private forget(wall: number): void {
    const {notice} = this.state;
    if (notice === undefined || !isBrief(notice)) return;
    if (this.noticed?.notice !== notice) this.noticed = {notice, since: wall};
    else if (wall - this.noticed.since > briefly) this.dispatch({kind: "notice", notice: undefined});
  }

  private carryOut(action: UiAction, before: State): void {
    const {frame} = this.state;
    switch (action.kind) {
      case "worker":
        this.heard(action.message, before);
        return;
      case "open":
        this.open(action.source);
        return;
      case "go":
        if (
          before.pending === undefined ||
          before.pending.kind === "play" ||
          before.pending.kind === "refresh"
        )
          this.step(action.target);
        return;
      case "play":
      case "togglePlay":
        // At the end, playing means from the beginning.
        if (this.state.playing && !before.playing && before.frame?.ended === true) this.step({kind: "start"});
        return;
      case "branch":
        if (frame !== undefined)
          this.seek(
            {kind: "time", time: this.state.time},
            {kind: "seek", time: this.state.time},
            action.branch,
          );
        return;
      case "act":
        if (frame !== undefined)
          this.post(
            {
              kind: "act",
              cursor: this.cursor(frame.cursor),
              action: action.action,
              windows: windowsOf(this.state),
            },
            {kind: "act", time: this.state.time},
          );
        return;
      case "type":
        if (!isTyping(before)) this.type(action.line);
        return;
      case "answer":
        this.answer(action.answer);
        return;
      case "why":
        this.askWhy(action.ref);
        return;
      case "select":
        if (action.ref !== undefined && this.state.inspector === "why") this.askWhy(action.ref);
        return;
      case "share":
        if (frame !== undefined)
          this.linkSeq = this.port.send({kind: "link", cursor: this.cursor(frame.cursor)});
        return;
      case "cancel":
        if (before.pending !== undefined) this.port.cancel(before.pending.seq);
        return;
      default:
        return;
    }
  }

  /** While it plays, the answer is seen on its way; else the page goes to where it was answered. */
  private type(line: string): void {
    const {frame, playing} = this.state;
    if (frame === undefined) return;
    const cursor = this.cursor(frame.cursor);
    this.post({kind: "type", cursor, line, settle: !playing, windows: windowsOf(this.state)}, {kind: "act"});
  }

  private answer(answer: number): void {
    const {frame} = this.state;
    const beat = frame === undefined ? undefined : openQuestion(frame);
    if (frame === undefined || beat === undefined) return;
    const cursor = this.cursor(frame.cursor);
    this.post({kind: "answer", cursor, beat, answer, windows: windowsOf(this.state)}, {kind: "answer"});
  }

  /** Where we are, mid-flight. */
  private cursor(at: Cursor): Cursor {
    return {...at, time: this.state.time};
  }

  private open(source: Source): void {
    this.windowsKey = JSON.stringify(windowsOf(this.state));
    this.post({kind: "open", source, windows: windowsOf(this.state)}, {kind: "open"});
  }

  private askWhy(ref: string): void {
    const {frame} = this.state;
    if (frame === undefined) return;
    const seq = this.port.send({kind: "why", cursor: this.cursor(frame.cursor), of: ref});
    this.state = reduce(this.state, {kind: "asked", seq});
  }

  private step(target: Target): void {
    this.seek(target, {kind: "seek", ...(target.kind === "time" ? {time: target.time} : {})});
  }

  private seek(target: Target, pending: Omit<Pending, "seq">, branch?: string): void {
    const {frame} = this.state;
    if (frame === undefined) return;
    this.post(
      {
        kind: "seek",
        branch: branch ?? frame.cursor.branch,
        from: this.cursor(frame.cursor),
        target,
        windows: windowsOf(this.state),
      },
      pending,
    );
  }

  /** Posts a request whose answer decides where we are. */
  private post(request: Request, pending: Omit<Pending, "seq">): void {
    const seq = this.port.send(request);
    this.state = reduce(this.state, {kind: "posted", pending: {...pending, seq}});
  }

  private heard(message: FromWorker, before: State): void {
    if (message.kind === "ready") this.begin();
    if (message.kind === "frame") {
      this.goOn();
      this.secure(before.pending);
    }
    if (message.kind === "link" && message.seq === this.backupSeq) this.backup = message.link;
    if (message.kind === "link" && message.seq === this.linkSeq) this.share(message.link);
  }

  /** Fetches the link of a run that was just opened or acted upon. */
  private secure(done: Pending | undefined): void {
    const {frame} = this.state;
    if (frame === undefined || (done?.kind !== "open" && done?.kind !== "act")) return;
    this.backupSeq = this.port.send({kind: "link", cursor: this.cursor(frame.cursor)});
  }

  /** Opens what the address asks for, else the first scenario. */
  private begin(): void {
    const first = this.state.scenarios[0];
    const opening: Opening | undefined =
      this.restored() ??
      this.opening ??
      (first === undefined ? undefined : {source: {kind: "scenario", id: first.id}});
    if (opening === undefined) return;
    // What was said before the worker was there (an unreadable link, a loss) stays to be read.
    const {notice} = this.state;
    this.state = {...reduce(this.state, {kind: "open", ...opening}), notice};
    this.open(opening.source);
  }

  /** After a loss: the same run, acts included, at the moment that was last shown. */
  private restored(): Opening | undefined {
    const {frame} = this.state;
    if (this.backup === undefined || frame === undefined) return undefined;
    const link = {
      ...this.backup,
      cursor: {event: frame.cursor.event, time: this.state.time},
      chain: frame.head.chain.slice(0, 8),
    };
    return {source: {kind: "link", link}};
  }

  /** Takes the next of the steps that were asked for meanwhile. */
  private goOn(): void {
    const [line, ...lines] = this.state.lines;
    if (line !== undefined && this.state.pending === undefined) {
      this.state = {...this.state, lines};
      this.type(line);
      return;
    }
    const [next, ...rest] = this.state.queued;
    if (next === undefined || this.state.pending !== undefined) return;
    this.state = {...this.state, queued: rest};
    this.step(next);
  }

  private share(link: Link): void {
    const text = this.host.address(encodeLink(link));
    this.host.copy(text).then(
      (copied) =>
        this.dispatch(
          copied
            ? {kind: "notice", notice: {page: "bar.shared"}}
            : {kind: "popup", popup: {kind: "share", text}},
        ),
      () => this.dispatch({kind: "popup", popup: {kind: "share", text}}),
    );
  }

  /** Asks for the same moment again when more, or something else, of it is to be seen. */
  private refreshWindows(): void {
    const {frame, pending} = this.state;
    if (frame === undefined || pending !== undefined) return;
    const windows: Windows = windowsOf(this.state);
    const key = JSON.stringify(windows);
    if (key === this.windowsKey) return;
    this.windowsKey = key;
    this.seek({kind: "step", step: frame.cursor.step}, {kind: "refresh", time: this.state.time});
  }
}
