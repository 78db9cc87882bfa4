// An etcd's answers in EDN, with the revision that each of them names.
//
//   put            {:revision 2}                                      :prev {…}, if that was asked for
//   get            {:revision 2, :kvs [{:key "x", :value "1", :create 2, :mod 2, :version 1}], :count 1}        :more true, :lease "…"
//   del            {:revision 3, :deleted 1}                          :prev [{…}]
//   txn            {:revision 4, :succeeded true, :responses [{} {:kvs [] :count 0}]}
//   lease grant    {:revision 4, :lease "0a", :ttl 60}
//   lease revoke, compact    {:revision 4}

import {bytesOfKey, keyFromText, keyOfBytes, textOfBytes} from "../../core/base/key.ts";
import type {Key} from "../../core/base/key.ts";
import type {KeyValue, OpResult, RequestOp, TxnRequest} from "../../core/mvcc/kv.ts";
import type {Request, Response, Result} from "../../core/server/request.ts";
import type {Edn} from "../trace/export/edn.ts";
import {ednMap, ednText} from "../trace/export/edn.ts";
import {isList, isMap} from "./ednReader.ts";

/** What is not as it should be in an answer, in one line. */
export class AnswerError extends Error {}

type Fields = Readonly<Record<string, Edn | undefined>>;

/** Fails for answers about anything else than keys, leases and compactions. */
export function ednOfAnswer({header, result}: Response): Edn {
  return ednMap({revision: header.revision, ...fieldsOf(result)});
}

function fieldsOf(result: Result): Fields {
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
      return fieldsOfOp(result);
    case "leaseGrant":
      return {lease: result.lease, ttl: result.ttl};
    default:
      return {};
  }
}

function fieldsOfOp(result: OpResult): Fields {
  switch (result.kind) {
    case "range":
      return {kvs: result.kvs.map(ednOfKv), count: result.count, more: result.more || undefined};
    case "put":
      return {prev: result.prevKv && ednOfKv(result.prevKv)};
    case "deleteRange":
      return {
        deleted: result.deleted,
        prev: result.prevKvs.length === 0 ? undefined : result.prevKvs.map(ednOfKv),
      };
    case "txn":
      return {
        succeeded: result.succeeded,
        responses: result.responses.map((one) => ednMap(fieldsOfOp(one))),
      };
  }
}

function ednOfKv({key, value, createRevision, modRevision, version, lease}: KeyValue): Edn {
  return ednMap({
    key: ednOfBytes(key),
    value: ednOfBytes(keyOfBytes(value)),
    create: createRevision,
    mod: modRevision,
    version,
    lease: lease === "" ? undefined : lease,
  });
}

/** Text; bytes that are none in hex: `{:bytes "ff00"}`. */
function ednOfBytes(key: Key): Edn {
  const bytes = bytesOfKey(key);
  const text = textOfBytes(bytes);
  if (keyFromText(text) === key) return text;
  return ednMap({bytes: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")});
}

/** The answer to a request; throws {@link AnswerError}. */
export function answerIn(value: Edn | undefined, request: Request): Response {
  const map = mapIn(value, "an answer such as {:revision 2}");
  const header = {memberId: 0, revision: numberIn(map, "revision"), raftTerm: 0};
  return {header, result: resultIn(map, request)};
}

function resultIn(map: ReadonlyMap<string, Edn>, request: Request): Result {
  switch (request.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
      return opResultIn(map, request);
    case "leaseGrant":
      return {kind: "leaseGrant", lease: textIn(map, "lease"), ttl: numberIn(map, "ttl", request.ttl)};
    case "leaseRevoke":
      return {kind: "leaseRevoke"};
    case "compact":
      return {kind: "compact"};
    default:
      throw new AnswerError(
        `found an answer to ${request.kind}, expected one about keys, leases or compactions`,
      );
  }
}

function opResultIn(map: ReadonlyMap<string, Edn>, request: RequestOp): OpResult {
  switch (request.kind) {
    case "range": {
      const kvs = kvsIn(map, "kvs");
      return {kind: "range", kvs, more: map.get("more") === true, count: numberIn(map, "count", kvs.length)};
    }
    case "put": {
      const prev = map.get("prev");
      return prev === undefined || prev === null ? {kind: "put"} : {kind: "put", prevKv: kvIn(prev)};
    }
    case "deleteRange": {
      const prevKvs = kvsIn(map, "prev");
      return {kind: "deleteRange", deleted: numberIn(map, "deleted", prevKvs.length), prevKvs};
    }
    case "txn":
      return txnResultIn(map, request);
  }
}

function txnResultIn(map: ReadonlyMap<string, Edn>, {success, failure}: TxnRequest): OpResult {
  const succeeded = map.get("succeeded");
  if (typeof succeeded !== "boolean")
    throw new AnswerError(`found :succeeded ${shownIn(succeeded)}, expected true or false`);
  const ops = succeeded ? success : failure;
  const responses = map.get("responses") ?? [];
  if (!isList(responses) || responses.length !== ops.length)
    throw new AnswerError(
      `found :responses ${shownIn(responses)}, expected ${ops.length}, one for each operation of the branch`,
    );
  const results = ops.map((op, i) => opResultIn(mapIn(responses[i], "a response such as {}"), op));
  return {kind: "txn", succeeded, responses: results};
}

function kvsIn(map: ReadonlyMap<string, Edn>, name: string): readonly KeyValue[] {
  const value = map.get(name) ?? [];
  if (!isList(value)) throw new AnswerError(`found :${name} ${shownIn(value)}, expected a list of keys`);
  return value.map(kvIn);
}

function kvIn(value: Edn): KeyValue {
  const map = mapIn(value, 'a key such as {:key "x", :value "1", :create 2, :mod 2, :version 1}');
  return {
    key: bytesIn(map, "key"),
    value: bytesOfKey(bytesIn(map, "value")),
    createRevision: numberIn(map, "create"),
    modRevision: numberIn(map, "mod"),
    version: numberIn(map, "version"),
    lease: map.has("lease") ? textIn(map, "lease") : "",
  };
}

function bytesIn(map: ReadonlyMap<string, Edn>, name: string): Key {
  const value = map.get(name);
  if (typeof value === "string") return keyFromText(value);
  const hex = isMap(value) ? value.get("bytes") : undefined;
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2})*$/.test(hex))
    throw new AnswerError(`found :${name} ${shownIn(value)}, expected a text, or {:bytes "0aff"}`);
  return (hex.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join("");
}

function mapIn(value: Edn | undefined, expected: string): ReadonlyMap<string, Edn> {
  if (isMap(value)) return value;
  throw new AnswerError(`found ${shownIn(value)}, expected ${expected}`);
}

function numberIn(map: ReadonlyMap<string, Edn>, name: string, otherwise?: number): number {
  const value = map.get(name) ?? otherwise;
  if (typeof value === "number") return value;
  throw new AnswerError(`found :${name} ${shownIn(value)}, expected a number`);
}

function textIn(map: ReadonlyMap<string, Edn>, name: string): string {
  const value = map.get(name);
  if (typeof value === "string") return value;
  throw new AnswerError(`found :${name} ${shownIn(value)}, expected a text`);
}

function shownIn(value: Edn | undefined): string {
  const text = value === undefined ? "nothing" : ednText(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
