// The watchers of all members: where each stands on the axis of revisions, and in which group.

import {prefixEnd, unbounded, type Key} from "../../core/base/key.ts";
import type {Operation} from "../../sim/history/operation.ts";
import {clientOfStream} from "../../sim/world/connections.ts";
import type {WatcherView, Windows} from "../frame.ts";
import {membersOf} from "./member.ts";
import type {Moment} from "./moment.ts";
import {keyText} from "./text.ts";

/** Most watchers shown. */
const watchersMax = 60;

export function buildWatchers(moment: Moment, _windows: Windows): readonly WatcherView[] {
  const views: WatcherView[] = [];
  const taken = new Set<string>();
  const open = moment.view.operations.filter(
    ({request, returned}) => request.kind === "watchCreate" && returned === undefined,
  );
  for (const member of membersOf(moment)) {
    if (member.status === "crashed" || member.server === undefined) continue;
    const current = member.server.store.currentRevision;
    for (const watcher of member.server.watchers.view()) {
      if (views.length === watchersMax) return views;
      const {client} = clientOfStream(watcher.stream);
      const ref =
        refOf(client, watcher, open, taken) ??
        `watch:${client}@${member.name}/${watcher.stream}.${watcher.watchId}`;
      taken.add(ref);
      views.push({
        ref,
        client,
        member: member.name,
        range: rangeText(watcher.key, watcher.rangeEnd),
        // A member sorts a new watch in with the next round; one that missed nothing has nothing to catch up with.
        group: watcher.group === "unsynced" && watcher.nextRevision > current ? "synced" : watcher.group,
        next: watcher.nextRevision,
        queued: watcher.queued,
      });
    }
  }
  return views;
}

/**
 * The client's call that this watcher serves: the first open watch of that range not spoken for yet. A watcher that its
 * client has left (the member does not know yet) has none.
 */
function refOf(
  client: string,
  watcher: {readonly key: Key; readonly rangeEnd: Key},
  open: readonly Operation[],
  taken: ReadonlySet<string>,
): string | undefined {
  for (const operation of open) {
    const {request} = operation;
    if (operation.client !== client || request.kind !== "watchCreate") continue;
    if (request.key !== watcher.key || (request.rangeEnd ?? "") !== watcher.rangeEnd) continue;
    const ref = `watch:${client}#${operation.call}`;
    if (!taken.has(ref)) return ref;
  }
  return undefined;
}

/** `x`, `jobs/*`, `[a, c)`, `a…` for all from `a` on. */
function rangeText(key: Key, rangeEnd: Key): string {
  const from = keyText(key);
  if (rangeEnd === "") return from;
  if (rangeEnd === unbounded) return `${from}…`;
  return rangeEnd === prefixEnd(key) ? `${from}*` : `[${from}, ${keyText(rangeEnd)})`;
}
