// Trace files that are wrong in one way each, made from a good one, and what the one line that answers them must say.

import {Hasher} from "../../core/base/hasher.ts";

export interface MalformedTrace {
  readonly name: string;
  readonly edit: (rows: readonly string[]) => readonly string[];
  readonly says: readonly string[];
}

type Json = Record<string, unknown>;

/** A header changed by hand, with a checksum that fits: only the change itself is wrong. */
function resealed(rows: readonly string[], change: (header: Json) => void): readonly string[] {
  const header = JSON.parse(rows[0] ?? "") as Json;
  change(header);
  const first = JSON.stringify(header);
  const events = rows.length - 2;
  const hasher = new Hasher();
  hasher.string(first);
  hasher.int(events);
  return [first, ...rows.slice(1, -1), JSON.stringify({events, checksum: hasher.hash()})];
}

const config = (header: Json): Json => header["config"] as Json;
const script = (header: Json): Json[] => header["script"] as Json[];

export const malformedTraces: readonly MalformedTrace[] = [
  {name: "an empty file", edit: () => [], says: ["line 1", "expected"]},
  {name: "a picture", edit: () => ["\u0089PNG\u0000\u0001"], says: ["line 1", "expected JSON"]},
  {
    name: "line ends converted to CRLF",
    edit: (rows) => rows.map((row) => `${row}\r`),
    says: ["line 1", "found a line end of CRLF, expected LF alone", "converted the file"],
  },
  {name: "a list of things", edit: (rows) => ["[1,2,3]", ...rows.slice(1)], says: ["line 1", "expected"]},
  {
    name: "a scenario in place of a trace",
    edit: () => ['{"format": 1, "id": "x"}'],
    says: ["line 1", "etcdscope"],
  },
  {name: "a file cut short", edit: (rows) => rows.slice(0, 100), says: ["line 100", "cut short"]},
  {
    name: "a file cut in the middle of a line",
    edit: (rows) => [...rows.slice(0, 100), (rows[100] ?? "").slice(0, 9)],
    says: ["line 101", "cut short"],
  },
  {name: "an event left out", edit: (rows) => rows.toSpliced(50, 1), says: ["events", "expected"]},
  {
    name: "a header changed by hand",
    edit: (rows) => [(rows[0] ?? "").replace('"seed":"', '"seed":"x'), ...rows.slice(1)],
    says: ["checksum", "the header was changed"],
  },
  {
    name: "an event that is no list",
    edit: (rows) => rows.with(50, '"tick"'),
    says: ["line 51", "expected an event: [id, at, hash]"],
  },
  {
    name: "an event with a negative time",
    edit: (rows) => rows.with(50, '["clock/n1#1",-5,"0123456789abcdef"]'),
    says: ["line 51[1]", "-5"],
  },
  {
    name: "an event without a hash",
    edit: (rows) => rows.with(50, '["clock/n1#1",5,"?"]'),
    says: ["line 51[2]", "16 hex digits"],
  },
  {
    name: "an unknown member",
    edit: (rows) =>
      resealed(rows, (header) => {
        script(header).push({id: 99, when: {at: 0}, do: {kind: "crash", member: "n9"}, origin: "plan"});
      }),
    says: ["n9", "expected one of this run's names: n1 to n5"],
  },
  {
    name: "an unknown action",
    edit: (rows) =>
      resealed(
        rows,
        (header) => void script(header).push({id: 99, when: {at: 0}, do: {kind: "explode"}, origin: "plan"}),
      ),
    says: ["do.kind", "explode", "expected one of"],
  },
  {
    name: "a huge number",
    edit: (rows) => resealed(rows, (header) => void (config(header)["members"] = 1e300)),
    says: ["config.members", "expected"],
  },
  {
    name: "a wrong type",
    edit: (rows) => resealed(rows, (header) => void (config(header)["clients"] = "two")),
    says: ["config.clients", "two", "expected"],
  },
  {
    name: "an unknown key",
    edit: (rows) => resealed(rows, (header) => void (header["colour"] = "red")),
    says: ["colour", "expected"],
  },
  {
    name: "another format",
    edit: (rows) => resealed(rows, (header) => void (header["format"] = 2)),
    says: ["format", "2", "expected"],
  },
  {
    name: "an unknown bug",
    edit: (rows) => resealed(rows, (header) => void (header["versions"] = {n1: ["gremlin"]})),
    says: ["versions.n1", "gremlin", "expected"],
  },
  {
    name: "a variant that the scenario has not",
    edit: (rows) => resealed(rows, (header) => void (header["variant"] = "wishful")),
    says: ["variant", "wishful", "expected"],
  },
  {
    name: "a scenario inside that is none",
    edit: (rows) => resealed(rows, (header) => void (header["source"] = '{"format": 3}')),
    says: ["source", "found 3", "expected 1"].slice(0, 1),
  },
];
