// Porcupine's histories of texts with independent keys, as its tests keep them: a map of EDN per event.
//
//   {:process 3, :type :invoke, :f :append, :key "5", :value "x 3 0 y"}
//   {:process 1, :type :ok, :f :get, :key "5", :value "x 3 0 y"}

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import {ednMap, ednText, keyword} from "../trace/export/edn.ts";
import type {Call, EventType, HistoryEvent, Kind, RawEvent} from "./call.ts";
import {eventsOf} from "./call.ts";
import {ednValue} from "./ednReader.ts";
import type {EdnEvent} from "./jepsen.ts";
import {shown} from "./jepsen.ts";

const kinds: ReadonlyMap<string, Kind> = new Map([
  ["get", "read"],
  ["put", "write"],
  ["append", "append"],
]);

/** Whether a history is of texts: no register is got, put or appended to. */
export function isOfTexts(events: readonly EdnEvent[]): boolean {
  return events.some(({f}) => kinds.has(f));
}

export function textEvents(events: readonly EdnEvent[]): Result<readonly RawEvent[], string> {
  const raw: RawEvent[] = [];
  for (const {at, process, type, f, all} of events) {
    const kind = kinds.get(f);
    if (kind === undefined) return failed(`line ${at}: found :f :${f}, expected :get, :put or :append`);
    raw.push({at, process, type, kind, read: () => valueOf(kind, type, all)});
  }
  return ok(raw);
}

function valueOf(kind: Kind, type: EventType, all: EdnEvent["all"]): Result<Partial<HistoryEvent>, string> {
  const key = all.get("key");
  const value = all.get("value") ?? null;
  const keyed = key === undefined || key === null ? {} : {key: ednText(key)};
  if (type === "info" || type === "fail") return ok({tellsNothing: true});
  if (kind === "read") {
    // A key that nobody wrote to is an empty text.
    if (type === "invoke" || value === null) return ok({...keyed, value: ""});
  } else if (type === "ok" && value === null) return ok(keyed);
  return typeof value === "string"
    ? ok({...keyed, value})
    : failed(`found :value ${shown(value)}, expected a text`);
}

/** Fails where the format has no words for what was done. */
export function writePorcupine(calls: readonly Call[]): Result<string, string> {
  const names = {read: "get", write: "put", append: "append"} as const;
  for (const {kind, value, version, outcome, invoked} of calls) {
    const isText = typeof value === "string" || (kind === "read" && value === null);
    if (kind === "cas" || !isText || version !== undefined || outcome === "unknown")
      return failed(
        `line ${invoked}: found a ${kind}${outcome === "unknown" ? " of unknown outcome" : ""}, expected reads, writes and appends of texts that all came to an end: the format has no more`,
      );
  }
  const lines = eventsOf(calls).map(({process, type, kind, key, value}) => {
    const f = keyword(names[kind as keyof typeof names]);
    const said = kind === "read" && type === "invoke" ? null : (value ?? "");
    const fields = {
      process: Number(process),
      type: keyword(type),
      f,
      key: key === "" ? "" : ednValue(key),
      value: said,
    };
    return `${ednText(ednMap(fields))}\n`;
  });
  return ok(lines.join(""));
}
