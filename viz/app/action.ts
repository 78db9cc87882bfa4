// What can happen on the page: a person did something, the worker answered, the page changed size. Everything goes
// through here; menus and keys hold these as data.

import type {Micros} from "../../core/base/quantity.ts";
import type {Ref} from "../../core/base/ref.ts";
import type {Action} from "../../sim/action.ts";
import type {Size} from "../layout/mark.ts";
import type {FromWorker, Source, Target} from "../protocol.ts";
import type {ViewId} from "../registry.ts";
import type {InspectorTab, Notice, Pending, Popup, State} from "./state.ts";

export type UiAction =
  | {readonly kind: "worker"; readonly message: FromWorker}
  /** A request was posted that will bring a frame. */
  | {readonly kind: "posted"; readonly pending: Pending}
  | {readonly kind: "asked"; readonly seq: number}
  | {readonly kind: "time"; readonly time: Micros}
  | {readonly kind: "open"; readonly source: Source; readonly goTo?: Target}
  | {readonly kind: "go"; readonly target: Target}
  | {readonly kind: "branch"; readonly branch: string}
  | {readonly kind: "act"; readonly action: Action}
  /** A line of the console; a transaction's lines are apart by line ends. */
  | {readonly kind: "type"; readonly line: string}
  /** Shows the console and gives it the focus, or closes it. */
  | {readonly kind: "console"; readonly open: boolean}
  | {readonly kind: "answer"; readonly answer: number}
  | {readonly kind: "play" | "pause" | "togglePlay"}
  | {readonly kind: "speed"; readonly by: number}
  | {readonly kind: "select"; readonly ref: Ref | undefined}
  | {readonly kind: "hover"; readonly ref: Ref | undefined}
  | {readonly kind: "why"; readonly ref: Ref}
  | {readonly kind: "inspect"; readonly tab: InspectorTab | undefined}
  | {readonly kind: "popup"; readonly popup: Popup | undefined}
  | {readonly kind: "swap"; readonly view: ViewId}
  | {readonly kind: "phoneTab"; readonly tab: State["phoneTab"]}
  | {readonly kind: "language" | "theme" | "letters" | "share" | "cancel" | "escape"}
  | {readonly kind: "seenBy"; readonly who: string}
  /** Shows a server's disk, or log and keys again; `who` as for seenBy. */
  | {readonly kind: "beside"; readonly what: State["beside"]; readonly who?: string}
  | {readonly kind: "lost"}
  | {readonly kind: "notice"; readonly notice: Notice | undefined}
  | {readonly kind: "resized"; readonly page: Size; readonly sizes: State["sizes"]}
  | {readonly kind: "motion"; readonly reduced: boolean};
