// The worker: joins the engine to the page. Only here are timers, the clock and messages of the browser; a slice ends
// with a message to itself, which comes after those of the page that wait already (a timer would wait 4 ms and more).

import {scenarios} from "../scenarios/index.ts";
import type {ToWorker} from "./protocol.ts";
import {Engine} from "./worker/engine.ts";

/** 16 hex digits that name the build; the bundler puts them there. */
declare const __CODE_HASH__: string | undefined;

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

const engine = new Engine(
  {
    post: (message) => self.postMessage(message),
    later: (work) => {
      waiting.push(work);
      channel.port2.postMessage(undefined);
    },
    clock: () => performance.now(),
  },
  {scenarios, code: typeof __CODE_HASH__ === "string" ? __CODE_HASH__ : "0".repeat(16)},
);

self.onmessage = ({data}: MessageEvent<ToWorker>) => engine.take(data);
engine.start();
