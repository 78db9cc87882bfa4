// What part of the run fits on the page: told to the worker with every request, so that a frame's size depends on what
// is visible and not on the run.

import type {DiskWindow, Windows} from "../frame.ts";
import {diskLeaves, diskRecords, diskSquares} from "../layout/disk.ts";
import {eventRows} from "../layout/events.ts";
import {gridColumns, gridRows} from "../layout/grid.ts";
import type {Look} from "../layout/look.ts";
import {logColumns} from "../layout/logLanes.ts";
import type {ViewId} from "../registry.ts";
import {themes} from "../theme/tokens.ts";
import {showsConsole, showsDisk} from "./state.ts";
import type {State} from "./state.ts";
import {wordsIn} from "./words.ts";

/** What a view is told when it is laid out at the state's moment. */
export function lookOf(state: State, view: ViewId): Look {
  const theme = themes[state.theme];
  return {
    size: state.sizes[view],
    time: state.time,
    words: wordsIn(state.language),
    text: theme.text,
    unit: theme.unit,
    still: !state.playing,
  };
}

export function windowsOf(state: State): Windows {
  const rows = Math.max(20, eventRows(lookOf(state, "events")));
  return {
    log: "follow",
    revisions: "follow",
    keys: {from: 0, count: Math.max(1, gridRows(lookOf(state, "grid"), 0))},
    events: {before: rows, after: 4},
    tapeMarks: 200,
    logColumns: logColumns(lookOf(state, "log")),
    revisionColumns: gridColumns(lookOf(state, "grid")),
    seenBy: state.seenBy,
    ...(showsDisk(state) ? {disk: diskWindow(state)} : {}),
    ...(showsConsole(state) ? {console: true} : {}),
  };
}

/** Records in words: of a page of teaching size, all. */
const diskRows = 16;

function diskWindow(state: State): DiskWindow {
  const look = lookOf(state, "disk");
  const {selected} = state;
  const follows = selected?.startsWith("key:") === true || selected?.startsWith("rev:") === true;
  return {
    records: diskRecords(look),
    leaves: diskLeaves(look),
    pages: diskSquares(look),
    rows: diskRows,
    of: follows ? selected : undefined,
  };
}
