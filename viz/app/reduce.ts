// State and action in, state out; nothing else. Posting requests, clipboard and address are app.ts's business. Of frames
// the newest request's wins: an answer to an older one changes nothing.

import {unreachable} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Frame} from "../frame.ts";
import type {FromWorker, Source} from "../protocol.ts";
import {themeNames} from "../theme/tokens.ts";
import {firstBroken} from "./about.ts";
import type {UiAction} from "./action.ts";
import {speeds} from "./state.ts";
import type {State} from "./state.ts";

export function reduce(state: State, action: UiAction): State {
  switch (action.kind) {
    case "worker":
      return answered(state, action.message);
    case "posted":
      return {...state, pending: action.pending};
    case "asked":
      return {...state, whySeq: action.seq, why: undefined};
    case "time":
      return {...state, time: action.time};
    case "open":
      return {
        ...state,
        source: action.source,
        notice: undefined,
        popup: undefined,
        queued: action.goTo === undefined ? [] : [action.goTo],
        lines: [],
        selected: undefined,
        why: undefined,
        speedBy: "none",
        stoppedAt: [],
        playing: !state.reducedMotion && action.goTo === undefined && !namesMoment(action.source),
      };
    case "go":
      return {
        ...state,
        playing: false,
        notice: undefined,
        queued: state.pending === undefined ? state.queued : [...state.queued, action.target].slice(-20),
      };
    case "branch":
      return {...state, playing: false, popup: undefined};
    case "act":
      return {...state, popup: undefined, notice: undefined};
    case "type":
      return typed(state, action.line);
    case "answer":
      return {...state, notice: undefined};
    case "play":
      return {
        ...state,
        playing: state.frame !== undefined,
        notice: undefined,
        stoppedAt: state.frame?.ended === true ? [] : state.stoppedAt,
      };
    case "pause":
      return {...state, playing: false};
    case "togglePlay":
      return reduce(state, {kind: state.playing ? "pause" : "play"});
    case "speed":
      return {
        ...state,
        speedBy: "person",
        speed: Math.max(0, Math.min(speeds.length - 1, state.speed + action.by)),
      };
    case "select":
      return {...state, selected: action.ref};
    case "hover":
      return state.hovered === action.ref ? state : {...state, hovered: action.ref};
    case "why":
      return {...state, selected: action.ref, inspector: "why", popup: undefined};
    case "inspect":
      return {...state, inspector: action.tab, popup: undefined};
    case "popup":
      return {...state, popup: action.popup};
    default:
      return look(state, action);
  }
}

/** A shared moment is looked at first; a link that names none is played like a scenario. */
function namesMoment(source: Source): boolean {
  return source.kind === "link" && source.link.chain !== "";
}

type LookAction = Exclude<
  UiAction,
  {
    readonly kind:
      | "worker"
      | "posted"
      | "asked"
      | "time"
      | "open"
      | "go"
      | "branch"
      | "act"
      | "type"
      | "answer"
      | "play"
      | "pause"
      | "togglePlay"
      | "speed"
      | "select"
      | "hover"
      | "why"
      | "inspect"
      | "popup";
  }
>;

/** How the page looks, not where it stands. */
function look(state: State, action: LookAction): State {
  switch (action.kind) {
    case "swap": {
      const shown = state.tables.includes(action.view);
      const tables = shown ? state.tables.filter((id) => id !== action.view) : [...state.tables, action.view];
      return {...state, tables};
    }
    case "phoneTab":
      return {...state, phoneTab: action.tab};
    case "language":
      return {...state, language: state.language === "en" ? "zh" : "en"};
    case "theme":
      return {
        ...state,
        theme: themeNames[(themeNames.indexOf(state.theme) + 1) % themeNames.length] ?? "light",
      };
    case "letters":
      return {...state, letters: !state.letters};
    case "seenBy":
      return {...state, seenBy: action.who, popup: undefined};
    case "beside":
      return beside(state, action.what, action.who ?? state.seenBy);
    case "console":
      return console(state, action.open);
    case "lost":
      return {
        ...state,
        pending: undefined,
        queued: [],
        lines: [],
        progress: undefined,
        playing: false,
        notice: {page: "failed.worker"},
      };
    case "notice":
      return {...state, notice: action.notice};
    case "resized":
      return {...state, page: action.page, sizes: action.sizes};
    case "motion":
      return {...state, reducedMotion: action.reduced, playing: state.playing && !action.reduced};
    case "escape":
      return escape(state);
    case "cancel":
      return {...state, progress: undefined, pending: undefined, queued: [], lines: [], playing: false};
    case "share":
      return state;
    default:
      return unreachable(action);
  }
}

/** On a phone it is a tab. */
function beside(state: State, what: State["beside"], seenBy: string): State {
  const phoneTab = what === "disk" ? "disk" : state.phoneTab === "disk" ? "log" : state.phoneTab;
  return {...state, beside: what, phoneTab, seenBy, popup: undefined};
}

/** On a phone it is a tab. */
function console(state: State, open: boolean): State {
  if (!open) return {...state, console: false};
  return {
    ...state,
    console: true,
    phoneTab: "console",
    popup: undefined,
    consoleAsked: state.consoleAsked + 1,
  };
}

function typed(state: State, line: string): State {
  return {...state, notice: undefined, lines: isTyping(state) ? [...state.lines, line] : state.lines};
}

/** Something is under way that a line at the cursor has to wait for. */
export function isTyping({pending}: State): boolean {
  return pending?.kind === "act" || pending?.kind === "open";
}

/** Closes what is on top. */
function escape(state: State): State {
  if (state.popup !== undefined) return {...state, popup: undefined};
  if (state.inspector !== undefined) return {...state, inspector: undefined};
  if (state.notice !== undefined) return {...state, notice: undefined};
  if (state.console && state.selected === undefined) return {...state, console: false};
  return {...state, selected: undefined};
}

function answered(state: State, message: FromWorker): State {
  switch (message.kind) {
    case "ready":
      return {...state, scenarios: message.scenarios, code: message.code};
    case "frame":
      if (message.seq !== state.pending?.seq) return state;
      return arrived(
        state,
        message.frame,
        message.notice === undefined ? state.notice : {said: message.notice},
      );
    case "why":
      return message.seq === state.whySeq ? {...state, why: message.why} : state;
    case "progress":
      return message.seq === state.pending?.seq
        ? {...state, progress: {said: message.said, done: message.done, of: message.of}}
        : state;
    case "failed": {
      const ours = message.seq === state.pending?.seq;
      return {
        ...state,
        notice: {said: message.said},
        playing: ours ? false : state.playing,
        ...(ours ? {pending: undefined, progress: undefined, queued: [], lines: []} : {}),
      };
    }
    case "found":
    case "link":
    case "trace":
    case "done":
      return state;
    default:
      return unreachable(message);
  }
}

/** The frame asked for is there: show it, and stop where a person should look. */
function arrived(state: State, frame: Frame, notice: State["notice"]): State {
  const pending = state.pending;
  const question = openQuestion(frame);
  const asks = question !== undefined && !state.stoppedAt.includes(question);
  const violated =
    frame.head.verdict === "violated" && state.frame?.head.verdict !== "violated" && pending?.kind !== "open";
  const runsOn = pending?.kind === "answer" && !state.reducedMotion;
  const playing = (state.playing || runsOn) && !asks && !violated && !frame.ended;
  // Playing may have come past the event itself, of the question or of what broke: go back to it.
  const stop = asks ? frame.caption.beat?.step : violated ? firstBroken(frame)?.violation?.step : undefined;
  const passed =
    stop !== undefined && stop < frame.cursor.step && (asks || stop > (state.frame?.cursor.step ?? 0));
  // Acting where the run was not shown any further leaves nothing behind: that is simply going on.
  const inPast = state.frame !== undefined && state.frame.events.total > state.frame.cursor.step;
  const acted = pending?.kind === "act" && inPast && frame.cursor.branch !== state.frame?.cursor.branch;
  const news = acted && notice === undefined ? ({page: "acted.branch"} as const) : notice;
  return {
    ...state,
    frame,
    pending: undefined,
    progress: undefined,
    playing,
    time: showTime(frame, pending?.time),
    queued: passed && pending?.kind === "play" ? [{kind: "step", step: stop}] : state.queued,
    stoppedAt: asks ? [...state.stoppedAt, question] : state.stoppedAt,
    notice: news,
    ...suited(state, frame),
  };
}

/** The beat that waits for an answer, if any. */
export function openQuestion(frame: Frame): string | undefined {
  const beat = frame.caption.beat;
  return beat !== undefined && beat.kind === "ask" && beat.answered === undefined ? beat.id : undefined;
}

/** A moment that this frame holds for. */
function showTime(frame: Frame, wanted: Micros | undefined): Micros {
  const time = wanted ?? Math.max(frame.cursor.time, frame.at);
  return Math.max(frame.at, Math.min(time, frame.until ?? frame.at));
}

/** As the story wants it where it says so; else chosen once per run, from the first messages seen. */
function suited(state: State, frame: Frame): Partial<State> {
  if (state.speedBy === "person") return {};
  const beat = frame.caption.beat;
  const wanted = beat?.id === state.frame?.caption.beat?.id ? undefined : beat?.show?.speed;
  const ratio =
    wanted !== undefined ? 1_000_000 / wanted : state.speedBy === "none" ? messageRatio(frame) : undefined;
  if (ratio === undefined) return {};
  const best =
    [...speeds].sort((a, b) => Math.abs(Math.log(a / ratio)) - Math.abs(Math.log(b / ratio)))[0] ?? 100;
  return {speed: speeds.indexOf(best), speedBy: "run"};
}

/** How much slower than real time a typical message takes about a second. */
function messageRatio(frame: Frame): number | undefined {
  const flights = frame.ring.flights
    .filter((one) => one.arrives !== undefined && one.term > 0)
    .map((one) => (one.arrives ?? 0) - one.sent)
    .sort((a, b) => a - b);
  const typical = flights[Math.floor(flights.length / 2)];
  if (typical === undefined || typical <= 0) return undefined;
  return 1_000_000 / typical;
}
