// An event in one line, or more where a message has more: what came, in etcd's words, and what it changed.
//
//   4->5 MsgVoteResp Term:1 Log:0/0  → becomes leader, log 1

import type {EventRecord} from "../sim/event.ts";
import {eventText} from "./runLog.ts";

/** At least one line; an empty one where there is nothing to say. */
export function eventLines(record: EventRecord): readonly string[] {
  const text = eventText(record);
  const changed = record.changes.flatMap((change): readonly string[] => {
    switch (change.kind) {
      case "term":
        return [`term ${change.term}`];
      case "role":
        return [`becomes ${change.role}`];
      case "log":
        return [`${change.truncated ? "rewrites" : "log"} ${range(change)}`];
      case "commit":
        return [`commits ${range(change)}`];
      case "apply":
        return [`applies ${range(change)}`];
      case "revision":
        return [`revision ${change.revision}`];
      case "compact":
        return [`compacted at ${change.revision}`];
      case "snapshot":
        return [`${change.received ? "takes snapshot" : "log begins behind"} ${change.index}`];
      case "settled":
        return [`${change.client}#${change.call} ${change.outcome.kind}`];
      case "invoked":
        return [`${change.client}#${change.call} begins`];
      default:
        return [];
    }
  });
  const [first, ...more] = (text ?? "").split("\n");
  const tail = changed.length === 0 ? "" : `→ ${changed.join(", ")}`;
  return [[first, tail].filter((part) => part !== undefined && part !== "").join("  "), ...more];
}

function range({from, to}: {readonly from: number; readonly to: number}): string {
  return from === to ? `${from}` : `${from}–${to}`;
}
