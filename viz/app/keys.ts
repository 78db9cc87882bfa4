// The one table of keys: the page listens by it, the help lists it, the tests walk it. Single letters can be switched
// off (WCAG 2.1.4); text that is being composed and text fields are left alone.

import type {PageWord} from "../words/page.ts";
import type {UiAction} from "./action.ts";
import {showsDisk} from "./state.ts";
import type {State} from "./state.ts";

export interface KeyEntry {
  readonly id: string;
  /** As `KeyboardEvent.key`, with "Shift+" before it where that matters. */
  readonly keys: readonly string[];
  readonly words: PageWord;
  readonly args?: Readonly<Record<string, string | number>>;
  enabled(state: State): boolean;
  run(state: State): UiAction | undefined;
}

const always = (): boolean => true;
const loaded = (state: State): boolean => state.frame !== undefined;

function go(
  id: string,
  keys: readonly string[],
  words: PageWord,
  target: Extract<UiAction, {kind: "go"}>["target"],
): KeyEntry {
  return {id, keys, words, enabled: loaded, run: () => ({kind: "go", target})};
}

/** Where a menu opened by a key appears: above the verbs. */
function verb(of: string): (state: State) => UiAction {
  return (state) => ({
    kind: "popup",
    popup: {kind: "menu", of, x: state.page.width - 24, y: state.page.height - 56},
  });
}

export const keyTable: readonly KeyEntry[] = [
  {id: "play", keys: [" ", "."], words: "key.play", enabled: loaded, run: () => ({kind: "togglePlay"})},
  go("forward", ["ArrowRight"], "key.forward", {kind: "next", unit: "event"}),
  go("back", ["ArrowLeft"], "key.back", {kind: "previous", unit: "event"}),
  go("forwardInteresting", ["Shift+ArrowRight", "PageDown"], "key.forwardInteresting", {
    kind: "next",
    unit: "interesting",
  }),
  go("backInteresting", ["Shift+ArrowLeft", "PageUp"], "key.backInteresting", {
    kind: "previous",
    unit: "interesting",
  }),
  go("start", ["Home"], "key.start", {kind: "start"}),
  go("end", ["End"], "key.end", {kind: "end"}),
  {id: "slower", keys: ["["], words: "key.slower", enabled: always, run: () => ({kind: "speed", by: -1})},
  {id: "faster", keys: ["]"], words: "key.faster", enabled: always, run: () => ({kind: "speed", by: 1})},
  {id: "cut", keys: ["c"], words: "key.cut", enabled: loaded, run: verb("verb:cut")},
  {id: "crash", keys: ["x"], words: "key.crash", enabled: loaded, run: verb("verb:crash")},
  {
    id: "put",
    keys: ["p"],
    words: "key.put",
    enabled: loaded,
    run: () => ({kind: "popup", popup: {kind: "put", client: ""}}),
  },
  {
    id: "console",
    keys: ["e"],
    words: "key.console",
    enabled: loaded,
    run: () => ({kind: "console", open: true}),
  },
  {
    id: "heal",
    keys: ["h"],
    words: "key.heal",
    enabled: loaded,
    run: () => ({kind: "act", action: {kind: "heal"}}),
  },
  {
    id: "inspect",
    keys: ["i"],
    words: "key.inspect",
    enabled: always,
    run: (state) => ({kind: "inspect", tab: state.inspector === undefined ? "why" : undefined}),
  },
  {
    id: "branches",
    keys: ["b"],
    words: "key.branches",
    enabled: always,
    run: () => ({kind: "inspect", tab: "branches"}),
  },
  {
    id: "disk",
    keys: ["d"],
    words: "key.disk",
    enabled: always,
    run: (state) => ({kind: "beside", what: showsDisk(state) ? "memory" : "disk"}),
  },
  {
    id: "choose",
    keys: ["o"],
    words: "key.choose",
    enabled: always,
    run: () => ({kind: "popup", popup: {kind: "chooser"}}),
  },
  {id: "share", keys: ["s"], words: "key.share", enabled: loaded, run: () => ({kind: "share"})},
  {id: "theme", keys: ["t"], words: "key.theme", enabled: always, run: () => ({kind: "theme"})},
  {id: "language", keys: ["l"], words: "key.language", enabled: always, run: () => ({kind: "language"})},
  ...[1, 2, 3, 4, 5, 6, 7].map((n): KeyEntry => ({
    id: `member${n}`,
    keys: [String(n)],
    words: "key.member",
    args: {n},
    enabled: (state) => state.frame?.ring.members.some((member) => member.name === `n${n}`) ?? false,
    run: () => ({kind: "select", ref: `n${n}`}),
  })),
  {
    id: "help",
    keys: ["?"],
    words: "key.help",
    enabled: always,
    run: () => ({kind: "popup", popup: {kind: "help"}}),
  },
  {id: "escape", keys: ["Escape"], words: "key.escape", enabled: always, run: () => ({kind: "escape"})},
];

/** What of a keyboard event decides. */
export interface Stroke {
  readonly key: string;
  readonly shift: boolean;
  /** Control, Alt or Meta: the browser's. */
  readonly other: boolean;
  readonly composing: boolean;
  /** What has the focus. */
  readonly where: "page" | "field" | "button" | "popup" | "picture";
}

/** The action of a stroke, if it has one here. */
export function actionFor(stroke: Stroke, state: State): UiAction | undefined {
  if (stroke.other || stroke.composing) return undefined;
  const escapes = stroke.key === "Escape";
  if ((stroke.where === "field" || stroke.where === "popup") && !escapes) return undefined;
  // Space plays and pauses wherever the focus is; Enter acts on what has it.
  if (stroke.where === "button" && stroke.key === "Enter") return undefined;
  const isLetter = stroke.key.length === 1 && stroke.key !== " ";
  if (isLetter && !state.letters && stroke.key !== "." && stroke.key !== "?") return undefined;
  const name = stroke.shift && stroke.key.length > 1 ? `Shift+${stroke.key}` : stroke.key;
  const entry = keyTable.find((one) => one.keys.includes(name));
  return entry !== undefined && entry.enabled(state) ? entry.run(state) : undefined;
}

/** How a key is printed in the help. */
export function keyName(key: string): string {
  const names: Readonly<Record<string, string>> = {
    " ": "Space",
    ArrowRight: "→",
    ArrowLeft: "←",
    "Shift+ArrowRight": "Shift →",
    "Shift+ArrowLeft": "Shift ←",
    Escape: "Esc",
  };
  return names[key] ?? key;
}
