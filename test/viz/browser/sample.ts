// The page over a frame made by hand, without a worker: `?frame=busy|empty|learner|joint&theme=…&language=…&table`. Every request is
// answered with the same frame, so what is looked at is the drawing alone.

import {App} from "../../../viz/app/app.ts";
import {page} from "../../../viz/app/page.ts";
import {initialState} from "../../../viz/app/state.ts";
import type {DiskView, Frame} from "../../../viz/frame.ts";
import type {FromWorker} from "../../../viz/protocol.ts";
import {viewIds} from "../../../viz/registry.ts";
import {themeNames} from "../../../viz/theme/tokens.ts";
import {busyDisk, deletedDisk, emptyDisk, highDisk} from "../support/diskSamples.ts";
import {jointFrame, learnerFrame} from "../support/memberFrames.ts";
import {busyFrame, emptyFrame} from "../support/sampleFrame.ts";

declare global {
  interface Window {
    sample: (look: {
      /** One of those made by hand, or one given. */
      readonly frame: string | Frame;
      readonly theme: string;
      readonly language: string;
      /** One of the disks made by hand, in place of log and keys. */
      readonly disk?: string;
    }) => Promise<void>;
  }
}

const asked = new URLSearchParams(location.search);
const frames: Readonly<Record<string, Frame>> = {
  busy: {...busyFrame, disk: busyDisk},
  empty: emptyFrame,
  learner: learnerFrame,
  joint: jointFrame,
};
const disks: Readonly<Record<string, DiskView>> = {
  busy: busyDisk,
  empty: emptyDisk,
  high: highDisk,
  deleted: deletedDisk,
};
let frame = frames[asked.get("frame") ?? ""] ?? busyFrame;
const theme = themeNames.find((name) => name === asked.get("theme")) ?? "light";
const root = document.getElementById("app");
if (root === null) throw new Error("sample.html has no #app");

const answer = (message: FromWorker): void => queueMicrotask(() => app.dispatch({kind: "worker", message}));
const view = page(root, {
  dispatch: (action) => app.dispatch(action),
  state: () => app.state,
  pickFile: () => undefined,
});
const app = new App(
  initialState({
    theme,
    language: asked.get("language") === "zh" ? "zh" : "en",
    reducedMotion: true,
    letters: true,
  }),
  {
    channel: {
      post(message): void {
        if (message.kind === "why") {
          const rows = frame.events.rows;
          answer({
            kind: "why",
            seq: message.seq,
            why: {of: message.of, causes: rows.slice(0, 4), effects: rows.slice(4)},
          });
        } else answer({kind: "frame", seq: message.seq, frame});
      },
    },
    show: (state) => view.show(state),
    move: (state) => view.move(state),
    copy: () => Promise.resolve(true),
    address: (hash) => hash,
    remember: () => undefined,
  },
  undefined,
);
const measure = (): void =>
  app.dispatch({
    kind: "resized",
    page: {width: innerWidth, height: innerHeight},
    sizes: view.sizes(app.state),
  });
measure();
const title = {en: "The leader cut off", zh: "被隔离的领导者"};
app.dispatch({
  kind: "worker",
  message: {
    kind: "ready",
    code: "sample",
    scenarios: [{id: "leader-partition", group: "example", title, teaches: title}],
  },
});
const settle = async (): Promise<void> => {
  for (let pass = 0; pass < 3; pass++) {
    await new Promise((resolve) => setTimeout(resolve));
    measure();
  }
};
await settle();
window.sample = async (look) => {
  frame = typeof look.frame === "string" ? (frames[look.frame] ?? busyFrame) : look.frame;
  const disk = disks[look.disk ?? ""];
  if (disk !== undefined) frame = {...frame, disk};
  app.dispatch({kind: "beside", what: disk === undefined ? "memory" : "disk"});
  while (app.state.theme !== look.theme) app.dispatch({kind: "theme"});
  if (app.state.language !== look.language) app.dispatch({kind: "language"});
  app.dispatch({kind: "open", source: {kind: "scenario", id: "leader-partition"}});
  await settle();
};
if (asked.has("table")) for (const id of viewIds) app.dispatch({kind: "swap", view: id});
await settle();
document.body.dataset["ready"] = "yes";
