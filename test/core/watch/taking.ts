// A client that takes what waits on its stream.

import type {WatchDelivery, Watchers} from "../../../core/watch/watchers.ts";

/** The oldest response, or its first piece. */
export function takeResponse(watchers: Watchers, stream: number): WatchDelivery | undefined {
  return takePieces(watchers, stream)[0];
}

/** The oldest response as it goes out: in pieces if it is cut. */
export function takePieces(watchers: Watchers, stream: number): readonly WatchDelivery[] {
  const taken = watchers.take(stream);
  return taken === undefined ? [] : watchers.complete(taken);
}
