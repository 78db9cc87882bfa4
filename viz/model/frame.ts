// A whole frame: every view's data of one moment.

import type {Frame, Windows} from "../frame.ts";
import {buildCaption} from "./caption.ts";
import {buildChecks} from "./checks.ts";
import {buildDisk} from "./disk.ts";
import {buildEvents} from "./events.ts";
import {buildGrid} from "./grid.ts";
import {buildHead} from "./head.ts";
import {buildLog} from "./log.ts";
import type {Moment} from "./moment.ts";
import {buildRing} from "./ring.ts";
import {buildTape} from "./tape.ts";
import {buildWatchers} from "./watchers.ts";

/** Cost and size go with what the windows show, not with the length of the run. */
export function buildFrame(moment: Moment, windows: Windows): Frame {
  const {cursor, at, until, ended} = moment;
  const disk = buildDisk(moment, windows);
  return {
    cursor,
    at,
    until,
    ended,
    head: buildHead(moment, windows),
    caption: buildCaption(moment, windows),
    ring: buildRing(moment, windows),
    log: buildLog(moment, windows),
    grid: buildGrid(moment, windows),
    watchers: buildWatchers(moment, windows),
    events: buildEvents(moment, windows),
    tape: buildTape(moment, windows),
    checks: buildChecks(moment, windows),
    ...(disk === undefined ? {} : {disk}),
    ...(windows.console === true ? {console: moment.console()} : {}),
  };
}
