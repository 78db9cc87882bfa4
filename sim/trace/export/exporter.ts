// A run on record in the forms that other tools read. An exporter is told every event of a run that is run again, and the
// world after it, and gives the file's text at the end.

import type {NotesOutlet} from "../../../core/raft/notes.ts";
import type {EventRecord} from "../../event.ts";
import type {Run} from "../../run.ts";
import type {WorldView} from "../../view.ts";
import {memberName} from "../../world/lanes.ts";
import {clientOf, targetOf} from "../../world/payload.ts";
import type {TakenEvent} from "../../world/record.ts";

export interface Exporter {
  /** To be the outlet of the run's notes, where the form tells what is inside of raft. */
  readonly notes?: NotesOutlet;
  /** The next event, and the world after it. */
  take(record: TakenEvent, view: WorldView): void;
  /** The file's text; `view`: the world at the end. */
  end(view: WorldView): string;
}

export interface Exporting {
  readonly run: Run;
  /** An event in words; undefined where it says nothing by itself. */
  readonly text: (record: TakenEvent) => string | undefined;
}

/** Who an event happens to: a member, a client, or "script" for what comes from outside. */
export function hostOf({payload}: EventRecord): string {
  if (payload.kind === "script") return payload.action.kind === "client" ? payload.action.client : "script";
  return clientOf(payload) ?? memberName(targetOf(payload));
}

/** Everybody to whom events happen: the script, members, clients. */
export function hostsOf({members, clients}: WorldView): readonly string[] {
  return ["script", ...members.map(({id}) => memberName(id)), ...clients];
}

/** Why a message did not arrive, if it did not. */
export function lossOf({id, changes}: EventRecord): string | undefined {
  for (const change of changes) if (change.kind === "lost" && change.event === id) return change.why;
  return undefined;
}
