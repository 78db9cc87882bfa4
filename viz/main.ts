// Where the page meets the browser: animation frames, window events, storage, clipboard and the address are touched
// here and nowhere else. The simulation runs in a worker; when that is lost, it is started again from the link of the
// last moment.

import {App} from "./app/app.ts";
import {actionFor} from "./app/keys.ts";
import type {Stroke} from "./app/keys.ts";
import {decodeHash} from "./app/link.ts";
import {page} from "./app/page.ts";
import {isFromWorker} from "./app/port.ts";
import {initialState} from "./app/state.ts";
import type {State} from "./app/state.ts";
import {viewIds} from "./registry.ts";
import {themeNames} from "./theme/tokens.ts";

const stored = "etcdscope";

interface Remembered {
  readonly theme?: unknown;
  readonly language?: unknown;
  readonly letters?: unknown;
}

function remembered(): Remembered {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(stored) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function firstState(): State {
  const known = remembered();
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = themeNames.find((name) => name === known.theme) ?? (dark ? "dark" : "light");
  const chinese =
    known.language === "zh" || (known.language === undefined && navigator.language.startsWith("zh"));
  return initialState({
    theme,
    language: chinese ? "zh" : "en",
    letters: known.letters !== false,
    reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function start(root: HTMLElement): void {
  const asked = decodeHash(location.hash);
  let worker = startWorker();
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = ".json,application/json";
  const view = page(root, {
    dispatch: (action) => app.dispatch(action),
    state: () => app.state,
    pickFile: () => picker.click(),
  });
  const app: App = new App(
    firstState(),
    {
      channel: {post: (message) => worker.postMessage(message)},
      show: (state) => view.show(state),
      move: (state) => view.move(state),
      copy,
      address: (hash) => `${location.origin}${location.pathname}${hash}`,
      remember: ({theme, language, letters}) =>
        localStorage.setItem(stored, JSON.stringify({theme, language, letters})),
    },
    asked === "unreadable" ? undefined : asked,
  );
  let losses = 0;
  const connect = (): void => {
    worker.addEventListener("message", ({data}: MessageEvent<unknown>) => {
      if (isFromWorker(data)) app.dispatch({kind: "worker", message: data});
    });
    worker.addEventListener("error", () => {
      worker.terminate();
      losses += 1;
      // One that fails at once, again and again, is not worth starting again.
      if (losses <= 3) {
        worker = startWorker();
        connect();
      }
      app.dispatch({kind: "lost"});
    });
  };
  connect();
  listen(app, view, picker);
  if (asked === "unreadable") app.dispatch({kind: "notice", notice: {page: "failed.link"}});
}

function startWorker(): Worker {
  return new Worker(new URL("./engine.worker.ts", import.meta.url), {type: "module"});
}

function listen(app: App, view: ReturnType<typeof page>, picker: HTMLInputElement): void {
  const measure = (): void => {
    const size = {width: innerWidth, height: innerHeight};
    // Twice: the first pass sets the arrangement, which decides how much room the views have.
    for (let pass = 0; pass < 2; pass++)
      app.dispatch({kind: "resized", page: size, sizes: view.sizes(app.state)});
  };
  measure();
  addEventListener("resize", measure);
  const look = (state: State): string =>
    `${state.theme} ${state.frame?.log.lanes.length} ${state.phoneTab} ${state.language}`;
  let looked = "";
  const loop = (wall: number): void => {
    app.tick(wall);
    view.speak(wall);
    if (look(app.state) !== looked || changed(app.state, view)) {
      looked = look(app.state);
      measure();
    }
    requestAnimationFrame(loop);
  };
  requestAnimationFrame(loop);
  addEventListener("blur", () => app.dispatch({kind: "pause"}));
  addEventListener("keydown", (event) => {
    const action = actionFor(strokeOf(event), app.state);
    if (action === undefined) return;
    event.preventDefault();
    app.dispatch(action);
  });
  // Some browsers press a focused button when Space is let go, whatever was done when it went down.
  addEventListener("keyup", (event) => {
    const stroke = strokeOf(event);
    if (stroke.key === " " && stroke.where === "button") event.preventDefault();
  });
  matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", ({matches}) =>
    app.dispatch({kind: "motion", reduced: matches}),
  );
  picker.addEventListener("change", () => void load(app, picker.files?.[0]));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    void load(app, event.dataTransfer?.files[0]);
  });
  addEventListener("hashchange", () => {
    const asked = decodeHash(location.hash);
    if (asked === "unreadable") app.dispatch({kind: "notice", notice: {page: "failed.link"}});
    else if (asked !== undefined) app.dispatch({kind: "open", ...asked});
  });
}

/** A panel's room changed without the window's doing: a caption grew by a line. */
function changed(state: State, view: ReturnType<typeof page>): boolean {
  const now = view.sizes(state);
  return viewIds.some(
    (id) => now[id].width !== state.sizes[id].width || now[id].height !== state.sizes[id].height,
  );
}

async function load(app: App, file: File | undefined): Promise<void> {
  if (file === undefined) return;
  try {
    const text = await file.text();
    app.dispatch({kind: "open", source: {kind: "file", name: file.name, text}});
  } catch {
    app.dispatch({kind: "notice", notice: {page: "failed.file", args: {name: file.name}}});
  }
}

function strokeOf(event: KeyboardEvent): Stroke {
  const at = event.target instanceof Element ? event.target : document.body;
  const where =
    at.closest(".popup") !== null
      ? "popup"
      : at.matches("input, select, textarea")
        ? "field"
        : at.closest("svg.picture") !== null
          ? "picture"
          : at.matches("button")
            ? "button"
            : "page";
  return {
    key: event.key,
    shift: event.shiftKey,
    other: event.ctrlKey || event.altKey || event.metaKey,
    composing: event.isComposing,
    where,
  };
}

const root = document.getElementById("app");
if (root !== null) start(root);
