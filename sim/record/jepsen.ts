// Jepsen's histories in EDN: a map per event, of registers that are read, written, and compared and set. There is one register,
// or one for each key (`jepsen.independent`); jepsen.etcd's, and ours, tell versions too.
//
//   plain       {:process 0, :type :invoke, :f :cas, :value [2 4]}
//   keyed       {:process 0, :type :invoke, :f :cas, :value ["x" [2 4]]}
//   versioned   {:process 0, :type :ok, :f :read, :value ["x" [7 "b"]]}      [key [version value]]

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Edn} from "../trace/export/edn.ts";
import {ednMap, ednText, keyword} from "../trace/export/edn.ts";
import type {Call, EventType, HistoryEvent, Kind, RawEvent} from "./call.ts";
import {eventsOf} from "./call.ts";
import {ednValue, isKeyword, isList, isMap} from "./ednReader.ts";
import type {Read} from "./ednReader.ts";

/** An event of a history in EDN, whatever it is about; those of the nemesis are left out. */
export interface EdnEvent {
  readonly at: number;
  readonly process: string;
  readonly type: EventType;
  readonly f: string;
  readonly value: Edn;
  readonly all: ReadonlyMap<string, Edn>;
}

/**
 * What etcd's clients ask for besides, and changes no key: it says nothing of registers, or may say what was so before. Leases
 * take keys along when they end.
 */
const besides =
  /^(?:range|serializable-[a-z-]+|compact|status|reconfigure|move-leader|defragment|hash|hash-kv|snapshot|authenticate|(?:watch|member|alarm|auth|user|role)-[a-z-]+)$/;

export function readEvents(reads: readonly Read[]): Result<readonly EdnEvent[], string> {
  const events: EdnEvent[] = [];
  let at = 0;
  for (const {line, value} of reads) {
    at = Math.max(line, at + 1);
    if (!isMap(value))
      return failed(
        `line ${line}: found ${shown(value)}, expected a map such as {:process 0, :type :invoke, :f :read, :value nil}`,
      );
    const [process, type, f] = [value.get("process"), value.get("type"), value.get("f")];
    // The nemesis, and what the test says about itself.
    if (isKeyword(process)) continue;
    if (typeof process !== "number")
      return failed(`line ${line}: found ${wordOf("process", process)}, expected a number`);
    const known = isKeyword(type) ? types.find((one) => one === type.keyword) : undefined;
    if (known === undefined)
      return failed(`line ${line}: found ${wordOf("type", type)}, expected :invoke, :ok, :fail or :info`);
    if (!isKeyword(f))
      return failed(`line ${line}: found ${wordOf("f", f)}, expected a keyword such as :read`);
    if (besides.test(f.keyword)) continue;
    events.push({
      at,
      process: String(process),
      type: known,
      f: f.keyword,
      value: value.get("value") ?? null,
      all: value,
    });
  }
  return ok(events);
}

const types: readonly EventType[] = ["invoke", "ok", "fail", "info"];

function wordOf(name: string, value: Edn | undefined): string {
  return value === undefined ? `no :${name}` : `:${name} ${shown(value)}`;
}

/** In a line, not too long. */
export function shown(value: Edn): string {
  const text = ednText(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

/** How a history tells its values. */
type Shape = "plain" | "keyed" | "versioned";

export function registerEvents(events: readonly EdnEvent[]): Result<readonly RawEvent[], string> {
  const shape = shapeOf(events);
  const raw: RawEvent[] = [];
  for (const {at, process, type, f, value, all} of events) {
    if (f !== "read" && f !== "write" && f !== "cas")
      return failed(
        `line ${at}: found :f :${f}, expected :read, :write or :cas (registers), or :get, :put or :append (texts)`,
      );
    const tellsNothing = type === "fail" && (f !== "cas" || (all.get("error") ?? null) !== null);
    const isSilent = type === "info" || type === "fail" || (type === "ok" && f !== "read" && value === null);
    const read = (): Result<Partial<HistoryEvent>, string> =>
      isSilent ? ok({tellsNothing}) : valueOf(shape, f, type, value);
    raw.push({at, process, type, kind: f, read});
  }
  return ok(raw);
}

/** Reads and writes of plain registers have no lists for values. */
function shapeOf(events: readonly EdnEvent[]): Shape {
  const inner = events.flatMap(({f, value}): readonly Edn[] => {
    if (!isList(value) || value.length !== 2) return [];
    return f === "cas" ? (isList(value[1]) ? [value[1]] : []) : [value[1] ?? null];
  });
  if (inner.length === 0) return "plain";
  const isVersioned = events.some(({f, value}) => {
    const second = isList(value) ? value[1] : undefined;
    return f === "cas" ? isList(second) && isList(second[1]) : isList(second);
  });
  return isVersioned ? "versioned" : "keyed";
}

function valueOf(
  shape: Shape,
  kind: Kind,
  type: EventType,
  value: Edn,
): Result<Partial<HistoryEvent>, string> {
  if (shape === "plain") return plain(kind, value);
  const [key, second] = isList(value) && value.length === 2 ? value : [];
  if (key === undefined || second === undefined)
    return failed(`found :value ${shown(value)}, expected a key and a value such as ["x" 1]`);
  const keyed = {key: ednText(key)};
  if (shape === "keyed" || (kind === "read" && second === null)) {
    const said = plain(kind, second);
    return said.ok ? ok({...keyed, ...said.value}) : said;
  }
  const [version, rest] = isList(second) && second.length === 2 ? second : [];
  if (version === undefined || rest === undefined || (version !== null && typeof version !== "number"))
    return failed(
      `found :value ${shown(value)}, expected a key, a version and a value such as ["x" [1 "a"]]`,
    );
  const said = plain(kind, rest);
  if (!said.ok) return said;
  return ok({...keyed, ...said.value, ...(version === null || type !== "ok" ? {} : {version})});
}

function plain(kind: Kind, value: Edn): Result<Partial<HistoryEvent>, string> {
  if (kind !== "cas") return ok({value});
  const [expected, next] = isList(value) && value.length === 2 ? value : [];
  if (expected === undefined || next === undefined)
    return failed(`found ${shown(value)}, expected what is to be found and what to be put, such as [2 4]`);
  return ok({expected, value: next});
}

/** One line of a history, as Jepsen writes it. */
export function historyLine(fields: Readonly<Record<string, Edn | undefined>>): string {
  return `${ednText(ednMap(fields))}\n`;
}

/** Fails where the format has no words for what was done. */
export function writeJepsen(calls: readonly Call[]): Result<string, string> {
  const strange = calls.find(({kind}) => kind === "append");
  if (strange !== undefined)
    return failed(
      `line ${strange.invoked}: found an append, expected reads, writes and compare-and-sets: Jepsen's registers have no more`,
    );
  const isKeyed = calls.some(({key}) => key !== "");
  const isVersioned = calls.some(({version}) => version !== undefined);
  const valued = ({key, kind, value, expected, version, type}: HistoryEvent): Edn => {
    const said = kind === "cas" ? [expected ?? null, value] : value;
    if (!isKeyed) return said;
    const name = ednValue(key);
    if (!isVersioned || (kind === "read" && type !== "ok")) return [name, said];
    return [name, [version ?? null, said]];
  };
  const lines = eventsOf(calls).map((event, index) =>
    historyLine({
      index,
      process: Number(event.process),
      type: keyword(event.type),
      f: keyword(event.kind),
      value: valued(event),
    }),
  );
  return ok(lines.join(""));
}
