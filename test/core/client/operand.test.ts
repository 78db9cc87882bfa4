import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {keyFromText} from "../../../core/base/key.ts";
import {formatCommand, parseCommand} from "../../../core/client/command.ts";
import {blind, hasOperands, parseScripted, resolveOperands} from "../../../core/client/operand.ts";
import type {Sight} from "../../../core/client/operand.ts";
import {Seen} from "../../../core/client/seen.ts";
import type {KeyValue, OpResult, RequestOp} from "../../../core/mvcc/kv.ts";
import type {Request, Response, Result} from "../../../core/server/request.ts";
import {requests} from "../server/requests.ts";

const sight: Sight = {
  revision: 12,
  listRevision: 9,
  nextKey: "b\0",
  lease: "00000000000000ff",
  modRevisionOf: (key) => (key === "x" ? 7 : 0),
  valueOf: (key) => ({x: 'a "b"', y: "plain"})[key] ?? "",
  leaseOf: (name) => (name === "mine" ? "0000000000000010" : ""),
  callOf: (name) => (name === "m" ? 4 : undefined),
  tokenOf: (user) => (user === "ann" ? "abcd.7" : undefined),
};

function resolved(line: string, of: Sight = sight): string {
  const found = resolveOperands(line, of);
  return found.ok ? found.value : `error: ${found.error}`;
}

describe("operands of a line", () => {
  test.each([
    ["get x --rev {revision}", "get x --rev 12"],
    ["get x --rev={revision-5}", "get x --rev=7"],
    ["compact {revision-100}", "compact 1"],
    ["get x --rev {revision*50%}", "get x --rev 6"],
    ["get x --rev {revision*0%}", "get x --rev 1"],
    ["watch a --prefix --rev {listRevision+1}", "watch a --prefix --rev 10"],
    ["txn mod(x)={modRevisionOf:x} : del x :", "txn mod(x)=7 : del x :"],
    ["put y {valueOf:x}", String.raw`put y "a \"b\""`],
    ["put y {valueOf:y}", "put y plain"],
    ["put y {valueOf:z}", 'put y ""'],
    ['put y "{valueOf:x},c"', String.raw`put y "a \"b\",c"`],
    ["txn value(x)={valueOf:x} : del x :", String.raw`txn value(x)="a \"b\"" : del x :`],
    ["get {nextKey} c --limit 2", String.raw`get "b\x00" c --limit 2`],
    ["lease revoke {lease}", "lease revoke 00000000000000ff"],
    ["put x 1 --lease={leaseOf:mine}", "put x 1 --lease=0000000000000010"],
    ["unlock {callOf:m}", "unlock 4"],
    ["get x --auth-jwt-token {tokenOf:ann}", "get x --auth-jwt-token abcd.7"],
    ["get x --auth-jwt-token={tokenOf:ben}", "get x --auth-jwt-token=none"],
    // All else in braces is text, as for etcdctl.
    [String.raw`put x "{\"a\":1}"`, String.raw`put x "{\"a\":1}"`],
    ["put x {n} --prev-kv", "put x {n} --prev-kv"],
    [String.raw`put x "\x7brevision}"`, String.raw`put x "\x7brevision}"`],
  ])("%s", (line, expected) => {
    expect(resolved(line)).toBe(expected);
  });

  test.each([
    ["get x --rev {revision}", {kind: "range", key: "x", revision: 1}],
    ["get {nextKey} c", {kind: "range", key: "\0", rangeEnd: "c"}],
    ["lease revoke {lease}", {kind: "leaseRevoke", lease: ""}],
    ["put x {valueOf:y}", {kind: "put", key: "x", value: new Uint8Array(0)}],
    [
      "txn mod(x)={modRevisionOf:x} : del x :",
      {compare: [{key: "x", result: "=", target: {kind: "mod", value: 0}}]},
    ],
  ])("%s means something to a client that saw nothing", (line, request) => {
    expect(parseScripted(line)).toMatchObject({ok: true, value: {request}});
  });

  test("a recipe's call that was never made is no call", () => {
    expect(parseScripted("resign {callOf:chief}")).toMatchObject({
      ok: true,
      value: {recipe: {kind: "resign"}},
    });
  });

  test.each([
    ["put y {valueOf:x},c", "{valueOf:x} at column 7 stands beside other text; expected quotes around both"],
    [
      "txn mod(x)={modRevisonOf:x} : del x :",
      "unknown operand {modRevisonOf:x} at column 12; expected one of: {revision}, {listRevision}, {nextKey}, {lease}, {modRevisionOf:…}, {valueOf:…}, {leaseOf:…}, {callOf:…}, {tokenOf:…}; as text it begins with \\x7b in quotes",
    ],
  ])("%s is refused in one line", (line, error) => {
    expect(resolved(line)).toBe(`error: ${error}`);
    expect(resolved(line, blind)).toBe(`error: ${error}`);
  });

  test("what a value holds is never taken for one", () => {
    const parts = fc.constantFrom(
      "{revision}",
      "{valueOf:x}",
      "{lease}",
      "{",
      "}",
      '"',
      "\\",
      "a",
      " ",
      "é",
      "\0",
    );
    const texts = fc.array(parts, {maxLength: 6}).map((list) => keyFromText(list.join("")));
    fc.assert(
      fc.property(texts, texts, (key, value) => {
        const request: Request = {
          kind: "put",
          key,
          value: Uint8Array.from(value, (char) => char.charCodeAt(0)),
        };
        const line = formatCommand(request);
        expect(hasOperands(line)).toBe(false);
        expect(parseCommand(line)).toMatchObject({ok: true, value: {request}});
        // Seen as a value, it comes back as it is, in quotes and without.
        const of: Sight = {...sight, valueOf: () => value};
        for (const put of ["put y {valueOf:x}", 'put y "{valueOf:x}"'])
          expect(parseScripted(put, of)).toMatchObject({ok: true, value: {request: {value: request.value}}});
      }),
    );
    fc.assert(
      fc.property(requests, (request) => {
        expect(hasOperands(formatCommand(request))).toBe(false);
      }),
    );
  });
});

function kv(key: string, modRevision: number, value: string): KeyValue {
  return {key, value: bytes(value), createRevision: modRevision, modRevision, version: 1, lease: ""};
}

function bytes(value: string): Uint8Array {
  return Uint8Array.from(value, (char) => char.charCodeAt(0));
}

function answer(revision: number, result: Result): Response {
  return {header: {memberId: 1, revision, raftTerm: 1}, result};
}

function range(revision: number, ...kvs: readonly KeyValue[]): Response {
  return answer(revision, {kind: "range", kvs, more: false, count: kvs.length});
}

describe("what a client has seen", () => {
  const get = {kind: "range", key: "x"} as const;
  const list = {kind: "range", key: "a", rangeEnd: "z"} as const;

  test("of a key, the newest state that an answer showed, whatever came last", () => {
    const seen = new Seen();
    seen.answered(get, range(9, kv("x", 7, "new")));
    seen.answered({...get, revision: 4}, range(10, kv("x", 3, "old")));
    expect([seen.modRevisionOf("x"), seen.valueOf("x"), seen.revision]).toEqual([7, "new", 10]);
    seen.answered(get, range(11));
    expect([seen.modRevisionOf("x"), seen.valueOf("x")]).toEqual([0, ""]);
    seen.answered({...get, serializable: true}, range(8, kv("x", 7, "new")));
    expect(seen.modRevisionOf("x")).toBe(0);
  });

  test("its own puts, and those in the branch of a transaction that was taken", () => {
    const seen = new Seen();
    seen.answered({kind: "put", key: "x", value: bytes("1")}, answer(5, {kind: "put"}));
    expect([seen.modRevisionOf("x"), seen.valueOf("x")]).toEqual([5, "1"]);
    const put: RequestOp = {kind: "put", key: "x", value: bytes("2")};
    const txn: RequestOp = {kind: "txn", compare: [], success: [put], failure: [get]};
    const refused: OpResult = {
      kind: "txn",
      succeeded: false,
      responses: [{kind: "range", kvs: [kv("x", 6, "z")], more: false, count: 1}],
    };
    seen.answered(txn, answer(7, refused));
    expect(seen.valueOf("x")).toBe("z");
    seen.answered(txn, answer(8, {kind: "txn", succeeded: true, responses: [{kind: "put"}]}));
    expect([seen.modRevisionOf("x"), seen.valueOf("x")]).toEqual([8, "2"]);
    seen.answered({...put, ignoreValue: true}, answer(9, {kind: "put"}));
    expect([seen.modRevisionOf("x"), seen.valueOf("x")]).toEqual([9, "2"]);
    seen.answered(
      {kind: "deleteRange", key: "a", rangeEnd: "z"},
      answer(10, {kind: "deleteRange", deleted: 1, prevKvs: []}),
    );
    expect([seen.modRevisionOf("x"), seen.valueOf("x")]).toEqual([0, ""]);
  });

  test("what a list lacks is not there, unless it was cut or filtered; without values they stay as they were", () => {
    const seen = new Seen();
    seen.answered(list, range(5, kv("b", 3, "1"), kv("c", 4, "2")));
    expect([seen.listRevision, seen.nextKey]).toEqual([5, "c\0"]);
    seen.answered(
      {...list, limit: 1},
      answer(6, {kind: "range", kvs: [kv("b", 3, "1")], more: true, count: 2}),
    );
    expect([seen.modRevisionOf("c"), seen.nextKey]).toEqual([4, "b\0"]);
    seen.answered({...list, minModRevision: 4}, range(6, kv("c", 4, "2")));
    expect(seen.modRevisionOf("b")).toBe(3);
    seen.answered({...list, keysOnly: true}, range(7, kv("b", 7, ""), kv("c", 4, "")));
    expect([seen.valueOf("b"), seen.valueOf("c")]).toEqual(["", "2"]);
    seen.answered({...list, revision: 6}, range(8));
    expect([seen.modRevisionOf("b"), seen.listRevision]).toEqual([7, 6]);
    seen.answered(list, range(8, kv("b", 7, "3")));
    expect([seen.modRevisionOf("b"), seen.modRevisionOf("c")]).toEqual([7, 0]);
  });

  test("what its watches were told, leases, and what calls are about", () => {
    const seen = new Seen();
    const events = [
      {kind: "put", kv: kv("x", 4, "1")},
      {kind: "delete", kv: kv("y", 5, "")},
    ] as const;
    seen.watched(answer(6, {kind: "watch", watchId: 0, events}));
    expect([seen.modRevisionOf("x"), seen.modRevisionOf("y"), seen.revision]).toEqual([4, 0, 6]);
    seen.answered({kind: "leaseGrant", ttl: 5}, answer(6, {kind: "leaseGrant", lease: "0a", ttl: 5}), "mine");
    expect([seen.lease, seen.leaseOf("mine"), seen.leaseOf("x")]).toEqual(["0a", "0a", ""]);
    seen.asked(3, {kind: "watchCreate", key: "x"});
    seen.asked(5, {kind: "lock", name: "m"}, "first");
    expect([seen.callOf("x"), seen.callOf("m"), seen.callOf("first"), seen.callOf("y")]).toEqual([
      3,
      5,
      5,
      undefined,
    ]);
  });

  test("the token that it was given last, by user", () => {
    const seen = new Seen();
    for (const token of ["a.5", "b.7"])
      seen.answered(
        {kind: "authenticate", name: "ann", password: "pw"},
        answer(0, {kind: "authenticate", token}),
      );
    expect([seen.tokenOf("ann"), seen.tokenOf("ben")]).toEqual(["b.7", undefined]);
  });

  test("a fork sees on its own", () => {
    const seen = new Seen();
    seen.answered(get, range(5, kv("x", 3, "1")));
    const twin = seen.fork();
    twin.answered(get, range(6, kv("x", 6, "2")));
    seen.asked(1, {kind: "lock", name: "m"});
    expect([seen.valueOf("x"), twin.valueOf("x"), twin.callOf("m")]).toEqual(["1", "2", undefined]);
  });
});
