import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {decodeCommand, encodeCommand, type WriteRequest} from "../../../core/server/command.ts";
import {describeCommand} from "../../../core/server/describe.ts";
import type {Request} from "../../../core/server/request.ts";
import {digestRequest} from "../../../core/server/requestDigest.ts";
import {request} from "./cluster.ts";
import {logged, requests} from "./requests.ts";

const id = {proposer: 3, nonce: 2 ** 31 - 1, sequence: 300};

function text(line: string): string {
  const write = request(line);
  switch (write.kind) {
    case "put":
    case "deleteRange":
    case "txn":
    case "compact":
      return describeCommand(encodeCommand({...id, request: write}));
    default:
      throw new Error(`${line} does not write`);
  }
}

const disarming = {kind: "alarm", action: "deactivate"} as const;

function digestOf(value: Parameters<typeof digestRequest>[0]): string {
  const hasher = new Hasher();
  digestRequest(value, hasher);
  return hasher.hash();
}

describe("an entry's data", () => {
  test("decodes to the command that was encoded, whoever asked", () => {
    const askers = fc.constantFrom({}, {user: "root", authRevision: 3}, {user: "r\u00c3", authRevision: 0});
    fc.assert(
      fc.property(logged, askers, (write, asker) => {
        const command = {...id, ...asker, request: write};
        expect(decodeCommand(encodeCommand(command))).toEqual(command);
      }),
      {numRuns: 500},
    );
  });

  test("is laid out as command.ts documents", () => {
    const named = "1 3 255 255 255 255 7 172 2";
    const data = (request: WriteRequest, asker = {}): string =>
      encodeCommand({...id, ...asker, request}).join(" ");
    expect(data({kind: "put", key: "x", value: Uint8Array.of(49), prevKv: true, ignoreLease: true})).toBe(
      `${named} 0 0 1 1 120 1 49 0 5`,
    );
    expect(data({kind: "compact", revision: 5, physical: true}, {user: "al", authRevision: 300})).toBe(
      `${named} 2 97 108 172 2 4 0 5 1`,
    );
    const range = {kind: "range", key: "k", limit: 3, sortOrder: "descend", keysOnly: true} as const;
    const within = {...range, minModRevision: 2, maxCreateRevision: 9};
    const target = {kind: "lease", value: "00000000000000ff"} as const;
    const compare = {key: "a", rangeEnd: "b", result: "!=", target} as const;
    const lease = `16 ${"48 ".repeat(14)}102 102`;
    expect(data({kind: "txn", compare: [compare], success: [range, within], failure: []})).toBe(
      `${named} 0 0 3 1 1 97 1 98 3 4 ${lease}` +
        ` 2 5 1 107 0 0 3 0 0 2 0 2 5 1 107 0 0 3 0 0 2 0 10 0 2 0 0 0 0 0 9 0`,
    );
    const action = "6 97 99 116 105 111 110 4 10 100 101 97 99 116 105 118 97 116 101";
    expect(data(disarming)).toBe(`${named} 0 0 6 7 2 ${action} 4 107 105 110 100 4 5 97 108 97 114 109`);
  });

  test("of no bytes is the entry that opens a term", () => {
    expect(decodeCommand(new Uint8Array())).toBeUndefined();
    expect(describeCommand(new Uint8Array())).toBe("no-op");
  });

  test("of other bytes than this build writes is a broken promise, not a wrong command", () => {
    const data = encodeCommand({...id, request: {kind: "compact", revision: 3}});
    expect(() => decodeCommand(data.slice(0, -1))).toThrow(/ends at byte/);
    expect(() => decodeCommand(Uint8Array.of(2, ...data.slice(1)))).toThrow(/format 1, not 2/);
    expect(() => decodeCommand(Uint8Array.of(...data, 0))).toThrow(/ends at byte/);
    expect(() => decodeCommand(data.map((byte, at) => (at === 11 ? 77 : byte)))).toThrow(/number 77/);
    const disarm = encodeCommand({...id, request: disarming});
    expect(() => decodeCommand(disarm.map((byte, at) => (at === 12 ? 9 : byte)))).toThrow(/no tag 9/);
    expect(() => decodeCommand(disarm.slice(0, -1))).toThrow(/ends at byte/);
  });

  test("has a short text for people", () => {
    expect(text("put x 1")).toBe("put x=1");
    expect(text("del a --prefix")).toBe("del a*");
    expect(text("del a c")).toBe("del [a, c)");
    expect(text("del a --from-key")).toBe("del a…");
    expect(text("compact 5")).toBe("compact 5");
    expect(text('txn mod("x")=2 : put x 5 ; del y : get x --rev 3')).toBe(
      "txn mod(x)=2 ? put x=5; del y : get x @3",
    );
    expect(text(`put x ${"y".repeat(40)}`)).toBe(`put x=${"y".repeat(23)}…`);
  });
});

describe("a request's digest", () => {
  test("tells different requests apart", () => {
    fc.assert(
      fc.property(requests, requests, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(digestOf(a) === digestOf(b)).toBe(same);
      }),
      {numRuns: 300},
    );
  });

  test.each<[Request, Request]>([
    [
      {kind: "memberAdd", member: 4, peerUrls: []},
      {kind: "memberAdd", member: 4},
    ],
    [{kind: "alarmDisarm", member: 0}, {kind: "alarmDisarm"}],
  ])("tells %j from %j: one is refused, or ends fewer alarms", (one, other) => {
    expect(digestOf(one)).not.toBe(digestOf(other));
  });

  test("takes an absent field and its zero value as the same in a request for keys", () => {
    expect(digestOf({kind: "range", key: "a", limit: 0, revision: 0})).toBe(
      digestOf({kind: "range", key: "a"}),
    );
  });
});
