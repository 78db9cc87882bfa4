// All that the page knows, as plain data. What the run is, the frame says; the rest is how a person looks at it. One
// cursor, one selection and one hover for all views.

import type {Micros} from "../../core/base/quantity.ts";
import type {Ref} from "../../core/base/ref.ts";
import type {Language, Said} from "../../core/base/said.ts";
import type {Frame, WhyView} from "../frame.ts";
import type {Size} from "../layout/mark.ts";
import type {ScenarioRow, Source, Target} from "../protocol.ts";
import type {ViewId} from "../registry.ts";
import type {ThemeName} from "../theme/tokens.ts";
import type {PageWord} from "../words/page.ts";

export type InspectorTab = "why" | "events" | "checks" | "branches";

export type Popup =
  | {readonly kind: "menu"; readonly of: string; readonly x: number; readonly y: number}
  | {readonly kind: "put"; readonly client: string}
  | {readonly kind: "split"}
  | {readonly kind: "chooser"}
  | {readonly kind: "help"}
  | {readonly kind: "share"; readonly text: string};

/** A line for the person: from the page's own catalogue or the engine's. */
export type Notice = {readonly page: PageWord; readonly args?: Said["args"]} | {readonly said: Said};

/** Whether a notice only confirms what a person did, and need not be closed. */
export function isBrief(notice: Notice): boolean {
  return "page" in notice && (notice.page === "acted.branch" || notice.page === "bar.shared");
}

/** The newest request that will change where we are; older answers are stale. */
export interface Pending {
  readonly seq: number;
  /** The moment to show once the frame is there, within what it holds; its own time when absent. */
  readonly time?: Micros;
  /** Shown as stopping or starting something, when it takes long. */
  readonly kind: "open" | "seek" | "act" | "answer" | "play" | "refresh";
}

export interface State {
  readonly frame: Frame | undefined;
  readonly scenarios: readonly ScenarioRow[];
  readonly code: string;
  readonly source: Source | undefined;
  readonly time: Micros;
  readonly playing: boolean;
  /** Index into {@link speeds}. */
  readonly speed: number;
  /** Who chose the speed: nobody yet, the run's messages or its story, or a person, who is not overruled. */
  readonly speedBy: "none" | "run" | "person";
  readonly pending: Pending | undefined;
  /** Where to go once the pending answer is there. */
  readonly queued: readonly Target[];
  readonly language: Language;
  readonly theme: ThemeName;
  readonly reducedMotion: boolean;
  readonly selected: Ref | undefined;
  readonly hovered: Ref | undefined;
  readonly tables: readonly ViewId[];
  readonly inspector: InspectorTab | undefined;
  readonly why: WhyView | undefined;
  readonly whySeq: number;
  readonly popup: Popup | undefined;
  readonly phoneTab: "log" | "grid" | "disk" | "events" | "console";
  /** On a desk: the console stands below log and keys. */
  readonly console: boolean;
  /** Counts how often a person asked to type: each gives the console the focus. */
  readonly consoleAsked: number;
  /** Lines that wait until the one before is answered. */
  readonly lines: readonly string[];
  /** On a desk: what stands beside the ring, log and keys or a server's disk. */
  readonly beside: "memory" | "disk";
  readonly letters: boolean;
  readonly seenBy: string;
  readonly notice: Notice | undefined;
  readonly progress: {readonly said: Said; readonly done: number; readonly of: number} | undefined;
  readonly sizes: Readonly<Record<ViewId, Size>>;
  readonly page: Size;
  /** Asking beats that already stopped the play once. */
  readonly stoppedAt: readonly string[];
}

/** Simulated time per wall time, as a fraction: slowest first. */
export const speeds: readonly number[] = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];

export type Arrangement = "phone" | "desk";

export function arrangement(page: Size): Arrangement {
  return page.width < 720 ? "phone" : "desk";
}

export function isWide(state: Pick<State, "page" | "theme">): boolean {
  return state.page.width >= (state.theme === "projector" ? 1900 : 1600);
}

export function isTall(state: Pick<State, "page" | "theme">): boolean {
  return (
    state.page.height >= (state.theme === "projector" ? 1200 : 900) && arrangement(state.page) === "desk"
  );
}

/** Whether a server's disk is on the page. */
export function showsDisk({page, phoneTab, beside}: Pick<State, "page" | "phoneTab" | "beside">): boolean {
  return arrangement(page) === "phone" ? phoneTab === "disk" : beside === "disk";
}

/** Whether the console is on the page. */
export function showsConsole({
  page,
  phoneTab,
  console,
}: Pick<State, "page" | "phoneTab" | "console">): boolean {
  return arrangement(page) === "phone" ? phoneTab === "console" : console;
}

const nothing: Size = {width: 0, height: 0};

export function initialState(given: Pick<State, "language" | "theme" | "reducedMotion" | "letters">): State {
  return {
    ...given,
    frame: undefined,
    scenarios: [],
    code: "",
    source: undefined,
    time: 0,
    playing: !given.reducedMotion,
    speed: 3,
    speedBy: "none",
    pending: undefined,
    queued: [],
    selected: undefined,
    hovered: undefined,
    tables: [],
    inspector: undefined,
    why: undefined,
    whySeq: 0,
    popup: undefined,
    phoneTab: "log",
    console: false,
    consoleAsked: 0,
    lines: [],
    beside: "memory",
    seenBy: "leader",
    notice: undefined,
    progress: undefined,
    sizes: {ring: nothing, log: nothing, grid: nothing, disk: nothing, events: nothing, tape: nothing},
    page: nothing,
    stoppedAt: [],
  };
}
