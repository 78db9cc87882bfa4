// A progress line for a person who watches; nothing otherwise.

import type {Io} from "./io.ts";

export interface Progress {
  update(events: number, now: number): void;
  stop(): void;
}

/** A line that counts states, of which nobody knows how many there are. */
export async function progressOfStates(what: string, io: Io): Promise<Progress> {
  if (!io.interactive) return {update: () => undefined, stop: () => undefined};
  const {default: progress} = await import("cli-progress");
  const bar = new progress.SingleBar({
    format: `${what} {value} states, {waiting} to be gone on from`,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(0, 0, {waiting: 0});
  return {
    update: (states, waiting) => {
      bar.update(states, {waiting});
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

/** A line on the terminal that counts events and simulated time up to `limit` (microseconds). */
export async function progressOf(what: string, limit: number, io: Io): Promise<Progress> {
  if (!io.interactive) return {update: () => undefined, stop: () => undefined};
  const {default: progress} = await import("cli-progress");
  const bar = new progress.SingleBar({
    format: `${what} {bar} {simulated} ms simulated, {events} events`,
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
  });
  bar.start(limit, 0, {simulated: 0, events: 0});
  return {
    update: (events, now) => {
      bar.update(now, {simulated: Math.floor(now / 1000), events});
      // The run leaves the event loop no turn in which the bar's own timer could draw.
      bar.render();
    },
    stop: () => bar.stop(),
  };
}
