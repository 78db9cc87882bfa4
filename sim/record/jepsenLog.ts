// The log of a Jepsen test of one compare-and-set register, as Porcupine's tests keep them: a line per event, tabs between its
// fields. Other lines say nothing.
//
//   INFO  jepsen.util - 4	:invoke	:cas	[2 4]
//   INFO  jepsen.util - 4	:fail	:cas	[2 4]

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import {ednText} from "../trace/export/edn.ts";
import type {Call, EventType, HistoryEvent, Kind, RawEvent} from "./call.ts";
import {eventsOf} from "./call.ts";

const head = /^INFO +jepsen\.util - /m;
const line = /^INFO +jepsen\.util - (\d+)\t:(invoke|ok|fail|info)\t:([\w-]+)\t(.*?)\s*$/;

/** Whether a text is such a log. */
export function isLog(text: string): boolean {
  return head.test(text);
}

export function readLog(text: string): Result<readonly RawEvent[], string> {
  const events: RawEvent[] = [];
  for (const [i, content] of text.split("\n").entries()) {
    const [, process, type, kind, said] = line.exec(content) ?? [];
    if (process === undefined || type === undefined || said === undefined) {
      if (!/^INFO +jepsen\.util - \d+\t/.test(content)) continue;
      return failed(
        `line ${i + 1}: found ${JSON.stringify(content.slice(0, 60))}, expected a process, :invoke, :ok, :fail or :info, what was done, and a value, with tabs between them`,
      );
    }
    if (!isKind(kind)) return failed(`line ${i + 1}: found :${kind}, expected :read, :write or :cas`);
    events.push({
      at: i + 1,
      process,
      type: type as EventType,
      kind,
      read: () => valueOf(kind, type as EventType, said),
    });
  }
  return ok(events);
}

function isKind(kind: string | undefined): kind is "read" | "write" | "cas" {
  return kind === "read" || kind === "write" || kind === "cas";
}

function valueOf(kind: Kind, type: EventType, said: string): Result<Partial<HistoryEvent>, string> {
  if (type === "info" || (type === "fail" && (said === ":timed-out" || kind !== "cas")))
    return ok({tellsNothing: true});
  const [, expected, next] = /^\[(-?\d+) (-?\d+)\]$/.exec(said) ?? [];
  if (kind === "cas" && expected !== undefined) return ok({expected: Number(expected), value: Number(next)});
  if (kind === "read" && said === "nil") return ok({value: null});
  if (kind !== "cas" && /^-?\d+$/.test(said)) return ok({value: Number(said)});
  const wanted =
    kind === "cas" ? "two numbers such as [2 4]" : kind === "read" ? "a number or nil" : "a number";
  return failed(`found ${JSON.stringify(said)}, expected ${wanted}`);
}

/** Fails where the format has no words for what was done. */
export function writeLog(calls: readonly Call[]): Result<string, string> {
  for (const {kind, key, value, expected, version, invoked} of calls) {
    const isPlain = key === "" && version === undefined && kind !== "append";
    const isNumber = typeof value === "number" || (kind === "read" && value === null);
    if (!isPlain || !isNumber || (kind === "cas" && typeof expected !== "number"))
      return failed(
        `line ${invoked}: found a ${kind}${key === "" ? "" : ` of ${key}`}, expected reads, writes and compare-and-sets of numbers on one register without versions: the format has no more`,
      );
  }
  const lines = eventsOf(calls).map(({process, type, kind, value, expected}) => {
    const shown = kind === "cas" ? `[${ednText(expected ?? null)} ${ednText(value)}]` : ednText(value);
    return `INFO  jepsen.util - ${process}\t:${type}\t:${kind}\t${type === "info" ? ":timed-out" : shown}\n`;
  });
  return ok(lines.join(""));
}
