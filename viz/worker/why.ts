// "Why?" for the page: causes and effects from the record (sim/trace/why.ts), as rows, as far as the run was seen.

import type {Ref} from "../../core/base/ref.ts";
import {keyFromText} from "../../core/base/key.ts";
import type {Said} from "../../core/base/said.ts";
import {failed, ok, type Result} from "../../core/base/result.ts";
import type {EventRecord} from "../../sim/event.ts";
import {firstLearners} from "../../sim/run.ts";
import {why, type Why} from "../../sim/trace/why.ts";
import {eventId} from "../../sim/world/lanes.ts";
import type {Cursor, EventRow, WhyView} from "../frame.ts";
import {rowOf} from "../model/line.ts";
import {shownTo} from "../model/moment.ts";
import type {Moment} from "../model/moment.ts";
import {say} from "../words/engine.ts";
import type {Branch} from "./branch.ts";
import type {Work} from "./jobs.ts";
import type {Session} from "./session.ts";

/** Most rows of each list: those nearest to the thing. */
const rowsMax = 60;

export function* whyOf(of: Ref, cursor: Cursor, session: Session): Work<Result<WhyView, Said>> {
  const branch = session.branch(cursor.branch) ?? session.main;
  const moment = yield* session.moment(cursor.branch, Math.min(cursor.step, branch.length));
  const found = answer(of, moment, branch);
  if (found === undefined) return failed(say("failed.ref", {ref: of}));
  const context = branch.context();
  const rows = (records: readonly EventRecord[]): readonly EventRow[] =>
    records.map((record) => rowOf(record, context));
  // From the thing back to the beginning, and from the thing on.
  const causes = [...found.causes, ...found.of].toReversed().slice(0, rowsMax);
  return ok({of, causes: rows(causes), effects: rows(found.effects.slice(0, rowsMax))});
}

function answer(of: Ref, moment: Moment, branch: Branch): Why | undefined {
  const records = branch.recordsTo(shownTo(moment).step);
  const names = (as: string): {readonly client: string; readonly call: number} | undefined =>
    moment.operations.find((operation) => operation.as === as);
  const learners = firstLearners(moment.view.run.config);
  const asked = why(records, of.startsWith("key:") ? newestOf(of.slice(4), moment) : of, names, learners);
  if (asked.of.length > 0) return asked;
  const sent = sentBy(of, moment);
  // What is on its way has no event yet; what sent it has.
  if (sent === undefined) return undefined;
  const cause = records[sent - 1];
  if (cause === undefined) return {of: [], causes: [], effects: []};
  const {causes} = why(records, `event:${cause.id}`, names, learners);
  return {of: [cause], causes, effects: []};
}

/** The newest revision of a key in the store that has applied most. */
function newestOf(text: string, {view}: Moment): Ref {
  const key = keyFromText(text);
  let newest = 0;
  for (const {server} of view.members) {
    const last = server?.store.history(key).at(-1);
    newest = Math.max(newest, last?.tombstone?.main ?? last?.revisions.at(-1)?.main ?? 0);
  }
  return `rev:${newest}.0`;
}

/** The step that put a waiting event on its way; 0 for the beginning. */
function sentBy(of: Ref, {view}: Moment): number | undefined {
  const id = of.replace(/^(msg|event):/, "");
  return view.pending().find(({lane, ordinal}) => eventId(lane, ordinal) === id)?.cause;
}
