// One opened run: its branches, what was seen of each, what a person did and answered. Everything here follows from the
// source and the person's acts, so that a lost worker is restored by doing them again.

import type {Said} from "../../core/base/said.ts";
import {failed, ok, type Result} from "../../core/base/result.ts";
import type {Server} from "../../core/server/server.ts";
import type {Action} from "../../sim/action.ts";
import {actionText} from "../../sim/actionText.ts";
import {patience, settlingTime} from "../../sim/console/session.ts";
import {memberName} from "../../sim/world/lanes.ts";
import type {Cursor} from "../frame.ts";
import type {BranchInfo, Moment, Story} from "../model/moment.ts";
import {toldAt} from "../model/told.ts";
import type {Link} from "../protocol.ts";
import {say} from "../words/engine.ts";
import type {Branch, Deed} from "./branch.ts";
import type {Work} from "./jobs.ts";

/** What was opened, as a link names it. */
export type Opened = Pick<Link, "scenario" | "variant" | "seed" | "recorded">;

export interface At {
  readonly branch: string;
  readonly step: number;
}

/** Servers of crashed members kept for being shown. */
const ghostsMax = 16;

export class Session {
  readonly opened: Opened;
  readonly story: Story;
  readonly main: Branch;
  private readonly byId = new Map<string, Branch>();
  /** Branches that another goes on from where it was left: not listed, but still there by their id. */
  private readonly superseded = new Set<string>();
  private readonly answers = new Map<string, number>();
  private readonly ghosts = new Map<string, Server>();

  constructor(opened: Opened, story: Story, main: Branch) {
    this.opened = opened;
    this.story = story;
    this.main = main;
    this.byId.set(main.id, main);
  }

  branch(id: string): Branch | undefined {
    return this.byId.get(id);
  }

  /** In the order in which they were made. */
  branches(): readonly Branch[] {
    return [...this.byId.values()];
  }

  /** The moment after a step. `time`: what the page wants to show of the time until the next event. */
  *moment(id: string, step: number, time?: number): Work<Moment> {
    const branch = this.byId.get(id) ?? this.main;
    yield* branch.runUntil(() => branch.length > step);
    yield* branch.approach(step);
    const ghosts = yield* this.ghostsAt(branch, step);
    yield* branch.approach(step);
    branch.see(step);
    const at = branch.timeAt(step);
    const until = branch.record(step + 1)?.at;
    // From here to the frame nothing yields: the view is good until the branch is asked for another.
    const {view, reports} = branch.momentAt(step);
    return {
      view,
      cursor: {
        branch: branch.id,
        event: branch.record(step)?.id ?? "",
        step,
        time: within(time ?? at, at, until),
      },
      at,
      until,
      ended: branch.ended && step === branch.length,
      record: (wanted) => branch.record(wanted),
      recording: branch.recording,
      operations: branch.operations,
      seen: branch.seen,
      extent: extentOf(branch),
      reports,
      story: this.story,
      branches: this.listed(),
      told: toldAt(step, {...branch.telling, answers: this.answers}),
      console: () => branch.console.at(step),
      lastServer: (member) => ghosts.get(member),
    };
  }

  /** Does something after the cursor's event, on a branch of its own: what was run stays as it was. */
  *act(cursor: Cursor, action: Action): Work<Result<At, Said>> {
    const {parent, step} = yield* this.before(cursor);
    const made = yield* parent.actAt(step, action);
    return made.ok ? ok({branch: this.keep(made.value, parent, step).id, step: step + 1}) : made;
  }

  /** Types a line of the console there. One that does nothing leaves everything as it is, and says so at the cursor. */
  *type(cursor: Cursor, line: string, settle: boolean): Work<At> {
    const {parent, step} = yield* this.before(cursor);
    const {branch: made, until} = yield* parent.typeAt(step, line);
    if (made !== undefined) {
      const branch = this.keep(made, parent, step);
      return {branch: branch.id, step: settle ? yield* settled(branch) : step + 1};
    }
    if (until === undefined) return {branch: parent.id, step};
    yield* parent.runUntil(() => parent.extent > until);
    return {branch: parent.id, step: parent.lastBy(until)};
  }

  /** The branch and step to do something at. */
  private *before(cursor: Cursor): Work<{readonly parent: Branch; readonly step: number}> {
    const parent = this.byId.get(cursor.branch) ?? this.main;
    yield* parent.runUntil(() => parent.length >= cursor.step);
    const step = Math.min(cursor.step, parent.length);
    yield* parent.approach(step);
    return {parent, step};
  }

  /** The same act at the same place is the same branch, which may have been run on already. */
  private keep(made: Branch, parent: Branch, step: number): Branch {
    const branch = this.byId.get(made.id) ?? made;
    this.byId.set(branch.id, branch);
    // Going on from the end of what was shown of a person's branch: the new one stands in its place in the list.
    if (parent.fork !== undefined && parent.seen.step <= step) this.superseded.add(parent.id);
    return branch;
  }

  /** Gives an answer to the question asked at the cursor. */
  *answer(cursor: Cursor, beat: string, answer: number): Work<Result<undefined, Said>> {
    const {told} = yield* this.moment(cursor.branch, cursor.step);
    const asked = told?.beat;
    const unknown = asked?.kind !== "ask" || asked.id !== beat || asked.answers?.[answer] === undefined;
    if (unknown) return failed(say("failed.beat", {beat}));
    this.answers.set(beat, answer);
    return ok(undefined);
  }

  /** The branches to choose from, each with its nearest listed parent. */
  private listed(): readonly BranchInfo[] {
    const shown = this.branches().filter(({id}) => !this.superseded.has(id));
    return shown.map(({id, fork}): BranchInfo => {
      let first = fork;
      while (first?.parent.fork !== undefined && this.superseded.has(first.parent.id))
        first = first.parent.fork;
      if (fork === undefined || first === undefined)
        return {id, parent: undefined, forkStep: 0, forkAt: 0, said: say("branch.main")};
      const {action, at} = fork.act;
      const said = say("branch.act", {what: deedText(action), at: Math.floor(at / 1000)});
      return {id, parent: first.parent.id, forkStep: first.act.step, forkAt: first.act.at, said};
    });
  }

  /** The servers of crashed members as they stood right before they crashed. */
  private *ghostsAt(branch: Branch, step: number): Work<ReadonlyMap<number, Server>> {
    const found = new Map<number, Server>();
    const crashed = branch
      .momentAt(step)
      .view.members.filter(({server}) => server === undefined)
      .map(({id}) => id);
    for (const member of crashed) {
      const since = branch.recording.crashedSince(memberName(member), step);
      if (since === undefined) continue;
      const key = `${branch.owner(since).id} ${since} ${member}`;
      let ghost = this.ghosts.get(key);
      if (ghost === undefined) {
        yield* branch.approach(since - 1);
        // A twin, since the view goes on.
        ghost = branch.momentAt(since - 1).view.members[member - 1]?.server?.fork();
        if (ghost === undefined) continue;
        if (this.ghosts.size >= ghostsMax) this.ghosts.clear();
        this.ghosts.set(key, ghost);
      }
      found.set(member, ghost);
    }
    return found;
  }
}

/** The event at which the newest line was answered or stays open, and what is open has heard of it. */
function* settled(branch: Branch): Work<number> {
  const {console} = branch;
  const limit = branch.extent + patience;
  yield* branch.runUntil(() => console.settledAt !== undefined || branch.extent > limit);
  const step = console.settledAt ?? branch.length;
  if (!console.hasOpen) return step;
  const time = branch.timeAt(step) + settlingTime(branch.config);
  yield* branch.runUntil(() => branch.extent > time);
  return branch.lastBy(time);
}

/** Where the tape of a branch ends: where its parent's does, at least, so that the scale stays. */
function extentOf(branch: Branch): number {
  return Math.max(branch.extent, branch.fork === undefined ? 0 : extentOf(branch.fork.parent));
}

function within(time: number, at: number, until: number | undefined): number {
  return Math.max(at, Math.min(time, until ?? time));
}

/** In the words that were typed, if it was typed. */
function deedText(deed: Deed): string {
  return deed.kind === "typed" ? (deed.line.split("\n")[0] ?? "") : actionText(deed);
}
