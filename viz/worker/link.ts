// Links: a moment as the arguments that lead to it (scenario, seed, what is on record, a person's acts) and eight digits
// of the chain there. Opening one runs the same function again, does the same acts, and compares.

import type {Said} from "../../core/base/said.ts";
import type {Cursor} from "../frame.ts";
import {chainAt} from "../model/head.ts";
import type {Link, LinkAct} from "../protocol.ts";
import {say} from "../words/engine.ts";
import type {Act, Branch} from "./branch.ts";
import type {Work} from "./jobs.ts";
import type {At, Session} from "./session.ts";
import type {Place} from "./target.ts";

/** Digits of the chain in a link. */
const digits = 8;

export function linkTo(session: Session, cursor: Cursor, code: string): Link {
  const branch = session.branch(cursor.branch) ?? session.main;
  const acts = lineage(branch, cursor.step).map((act, i): LinkAct => {
    const {after, at} = act;
    return {
      id: i + 1,
      when: {at, ...(after === "" ? {} : {after})},
      ...deedOf(act, branch),
      origin: "person",
    };
  });
  const event = branch.record(cursor.step)?.id ?? "";
  return {
    format: 1,
    ...session.opened,
    acts,
    cursor: {event, time: cursor.time},
    chain: chainOf(branch, cursor.step),
    code,
  };
}

/** A line of the console goes with the first thing that it asked, for whoever has no console. */
function deedOf({action, step}: Act, branch: Branch): Pick<LinkAct, "do" | "typed"> {
  if (action.kind !== "typed") return {do: action};
  const payload = branch.record(step + 1)?.payload;
  return {do: payload?.kind === "script" ? payload.action : {kind: "mark"}, typed: action.line};
}

/** What a person did on the way to a step of a branch, in order. */
function lineage(branch: Branch, step: number): readonly Act[] {
  if (branch.fork === undefined) return [];
  const {parent, act} = branch.fork;
  // The act comes right after its step: at the step itself it has not happened yet.
  return [...lineage(parent, Math.min(step, act.step)), ...(act.step < step ? [act] : [])];
}

function chainOf(branch: Branch, step: number): string {
  return chainAt({
    record: (wanted) => branch.record(wanted),
    cursor: {branch: branch.id, event: "", step, time: 0},
  }).slice(0, digits);
}

export interface Arrival {
  readonly branch: string;
  readonly place: Place;
  readonly notice: Said | undefined;
}

/** Does the link's acts again and goes to its moment. Never fails: what does not apply any more is left out, and said. */
export function* follow(link: Link, session: Session, code: string): Work<Arrival> {
  let at: At = {branch: session.main.id, step: 0};
  let notice = foundBefore(link, code);
  for (const {when, do: action, typed} of link.acts) {
    const branch = session.branch(at.branch) ?? session.main;
    const step = when.after === undefined ? 0 : yield* branch.find(when.after);
    const cursor = {branch: at.branch, event: when.after ?? "", step: step ?? 0, time: when.at};
    const acted = step === undefined ? undefined : yield* again(session, cursor, action, typed);
    if (acted !== undefined) at = acted;
    else notice ??= say("notice.skipped", {event: when.after ?? "0", what: action.kind});
  }
  const branch = session.branch(at.branch) ?? session.main;
  const {event, time} = link.cursor;
  const step = event === "" ? 0 : yield* branch.find(event);
  if (step === undefined) {
    yield* branch.runUntil(() => branch.timeAt(branch.length) > time);
    const place = {step: branch.lastBy(time), time};
    return {branch: branch.id, place, notice: notice ?? say("notice.noEvent", {event})};
  }
  return {
    branch: branch.id,
    place: {step, time},
    notice: notice ?? difference(link, chainOf(branch, step), code),
  };
}

function* again(
  session: Session,
  cursor: Cursor,
  action: LinkAct["do"],
  typed: string | undefined,
): Work<At | undefined> {
  if (typed === undefined) {
    const acted = yield* session.act(cursor, action);
    return acted.ok ? acted.value : undefined;
  }
  const at = yield* session.type(cursor, typed, false);
  return at.branch === cursor.branch ? undefined : at;
}

/** That the trace which the link came from does not agree with its run. */
export function foundBefore({differs, code}: Link, ours: string): Said | undefined {
  return differs === undefined ? undefined : differing(differs, code, ours);
}

function difference(
  {chain: expected, cursor: {event}, code: theirs}: Link,
  found: string,
  ours: string,
): Said | undefined {
  // Before the first event there is nothing to compare.
  if (event === "") return undefined;
  if (expected !== found) return differing({expected, event, found}, theirs, ours);
  return isOther(theirs, ours) ? say("notice.otherBuild", {code: theirs}) : undefined;
}

function differing(
  {event, expected, found}: NonNullable<Link["differs"]>,
  theirs: string,
  ours: string,
): Said {
  return isOther(theirs, ours)
    ? say("notice.differs", {code: theirs, expected, found})
    : say("notice.differsSame", {expected, event, found});
}

/** Zeros are what sources run as they are call themselves: not known, which is not another. */
function isOther(theirs: string, ours: string): boolean {
  const unknown = "0".repeat(16);
  return theirs !== ours && theirs !== unknown && ours !== unknown;
}
