// A run of a scenario with facts watched after every event.

import type {Scenario, When} from "../../scenarios/format.ts";
import {stage} from "../../scenarios/resolve.ts";
import {Story} from "../../scenarios/story.ts";
import {watch} from "../../scenarios/when.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import type {EventRecord} from "../../sim/event.ts";
import {Life} from "../../sim/timeline/life.ts";

export interface Watched {
  /** Whether it was true after each event. */
  readonly truth: readonly boolean[];
  readonly records: readonly EventRecord[];
  /** The event after which it was true for the first time. */
  readonly first: EventRecord | undefined;
  /** When the run is over. */
  readonly end: boolean;
}

/** Watches `when` from the beginning. `forkEvery`: goes on with a twin of the watch after so many events. */
export function watched(
  scenario: Scenario,
  when: When,
  {seed = "3", forkEvery = Number.POSITIVE_INFINITY}: {seed?: string; forkEvery?: number} = {},
): Watched {
  const {run, director} = stage(scenario, {seed});
  const life = Life.create(run, {versions: versionOf, director});
  let story = new Story();
  let held = watch(when);
  const truth: boolean[] = [];
  const records: EventRecord[] = [];
  for (let event = life.step(); event !== undefined; event = life.step()) {
    story.after(life.world.view, event);
    truth.push(held.holds({view: life.world.view, event, story, ending: false}));
    records.push(event);
    if (event.step % forkEvery !== 0) continue;
    story = story.fork();
    held = held.fork();
  }
  const {view} = life.world;
  const end = held.holds({view, event: view.last, story, ending: true});
  return {truth, records, first: records[truth.indexOf(true)], end};
}
