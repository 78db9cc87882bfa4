// The port between facts and what asks them.

import type {Scene} from "./story.ts";

/** Whether something holds, asked once per event. */
export interface Watch {
  holds(scene: Scene): boolean;
  fork(): Watch;
}

/** A watch that remembers nothing. */
export function stateless(holds: (scene: Scene) => boolean): Watch {
  const self: Watch = {holds, fork: () => self};
  return self;
}
