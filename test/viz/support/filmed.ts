// Runs of worlds made by hand, and the frames of their moments: for what no scenario shows.

import type {Action} from "../../../sim/action.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {resolve, type Settings} from "../../../sim/profile.ts";
import type {Intervention, Run} from "../../../sim/run.ts";
import {soundVersion} from "../../../core/server/config.ts";
import {World} from "../../../sim/world/world.ts";
import type {WorldView} from "../../../sim/view.ts";
import type {Frame, Windows} from "../../../viz/frame.ts";
import {buildFrame} from "../../../viz/model/frame.ts";
import type {Moment, Story} from "../../../viz/model/moment.ts";
import {Recording} from "../../../viz/model/recording.ts";
import {say} from "../../../viz/words/engine.ts";

const ms = 1000;

export const wide: Windows = {
  log: "follow",
  revisions: "follow",
  keys: {from: 0, count: 20},
  events: {before: 20, after: 0},
  tapeMarks: 40,
  logColumns: 16,
  revisionColumns: 12,
  seenBy: "leader",
};

/** A deed and its time in milliseconds. */
export type Deed = readonly [number, Action];

export function ask(op: string, to?: string): Action {
  return {kind: "client", client: "c1", op, ...(to === undefined ? {} : {to})};
}

const title = {en: "A world made by hand", zh: "手工搭建的世界"};

const handmade: Story = {
  id: "",
  title,
  teaches: title,
  sources: [],
  variant: undefined,
  variants: [],
  claims: [],
};

export class Filmed {
  readonly world: World;
  readonly recording = new Recording();
  private readonly records: EventRecord[] = [];

  constructor(settings: Settings, deeds: readonly Deed[], seed = "7") {
    const numbers = new Map<string, number>();
    const script = deeds.map(([time, action]): Intervention => {
      const lane = action.kind === "client" ? action.client : "";
      const id = (numbers.get(lane) ?? 0) + 1;
      numbers.set(lane, id);
      return {id, when: {at: time * ms}, do: action, origin: "plan"};
    });
    const run: Run = {
      format: 1,
      config: resolve(settings),
      seed,
      versions: {},
      script,
      choices: [],
      limits: {events: 100_000, until: 20_000 * ms},
    };
    this.world = World.create(run, () => soundVersion);
  }

  get view(): WorldView {
    return this.world;
  }

  /** One event; what it was. */
  take(): EventRecord {
    const next = this.world.next();
    if (next === undefined) throw new Error("nothing more happens");
    const record = this.world.take(next);
    this.records.push(record);
    this.recording.after(record, this.world);
    return record;
  }

  /** The first frame after which that holds. */
  until(what: string, holds: (frame: Frame, record: EventRecord) => boolean): Frame {
    for (let taken = 0; taken < 20_000; taken++) {
      const record = this.take();
      const frame = this.frame();
      if (holds(frame, record)) return frame;
    }
    throw new Error(`never came to: ${what}`);
  }

  /** The first frame whose event changed something like that. */
  untilChange(what: string, holds: (change: EventRecord["changes"][number]) => boolean): Frame {
    for (let taken = 0; taken < 20_000; taken++) if (this.take().changes.some(holds)) return this.frame();
    throw new Error(`never came to: ${what}`);
  }

  frame(windows = wide): Frame {
    return buildFrame(this.moment(), windows);
  }

  private moment(): Moment {
    const {world: view} = this;
    const at = view.last?.at ?? 0;
    return {
      view,
      cursor: {branch: "main", event: view.last?.id ?? "", step: view.step, time: at},
      at,
      until: this.world.next()?.due,
      ended: false,
      record: (step) => this.records[step - 1],
      recording: this.recording,
      operations: view.operations,
      seen: {step: view.step, at},
      extent: 3_000 * ms,
      reports: [],
      story: handmade,
      branches: [{id: "main", parent: undefined, forkStep: 0, forkAt: 0, said: say("branch.main")}],
      told: undefined,
      console: () => ({lines: [], open: []}),
      lastServer: () => undefined,
    };
  }
}
