import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {commandNames, formatCommand, formOf, parseCommand} from "../../../core/client/command.ts";
import type {Request} from "../../../core/server/request.ts";
import {requests} from "../server/requests.ts";

function parsed(line: string): Request {
  const command = parseCommand(line);
  if (!command.ok) throw new Error(command.error);
  if (command.value.kind !== "request") throw new Error(`${line} is no request`);
  return command.value.request;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

const names =
  "put, get, del, compact, watch, progress, lease, member, move-leader, status, endpoint, defrag, snapshot, alarm, auth, user, role, cancel, txn, or a recipe such as lock";

function ofGroup(word: string): string {
  return commandNames.filter((name) => name.startsWith(`${word} `)).join(", ");
}

describe("a command line", () => {
  test("formatted from a request is read back as that request", () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(parsed(formatCommand(request))).toEqual(request);
      }),
      {numRuns: 3000},
    );
  });

  test.each<[string, Request]>([
    ["put x 1", {kind: "put", key: "x", value: bytes("1")}],
    ["  put\tx   1 --prev-kv ", {kind: "put", key: "x", value: bytes("1"), prevKv: true}],
    [String.raw`put "a b" "\x00\xff\n\"\\"`, {kind: "put", key: "a b", value: bytes('\0\xff\n"\\')}],
    ['put é ""', {kind: "put", key: "Ã©", value: bytes("")}],
    ["get x", {kind: "range", key: "x"}],
    ["get a c --rev 3 --limit=2", {kind: "range", key: "a", rangeEnd: "c", revision: 3, limit: 2}],
    [
      "get a --prefix --consistency=s --keys-only",
      {kind: "range", key: "a", rangeEnd: "b", serializable: true, keysOnly: true},
    ],
    ["get a --consistency l --count-only", {kind: "range", key: "a", countOnly: true}],
    ['get "" --prefix', {kind: "range", key: "\0", rangeEnd: "\0"}],
    [
      "get a --from-key --order DESCEND --sort-by MODIFY",
      {kind: "range", key: "a", rangeEnd: "\0", sortOrder: "descend", sortTarget: "mod"},
    ],
    ["del a --from-key --prev-kv", {kind: "deleteRange", key: "a", rangeEnd: "\0", prevKv: true}],
    ["watch x --rev 2 --prev-kv", {kind: "watchCreate", key: "x", startRevision: 2, prevKv: true}],
    ["compact 5", {kind: "compact", revision: 5}],
    ["compaction 5", {kind: "compact", revision: 5}],
    ["status", {kind: "status"}],
    ["defrag", {kind: "defragment"}],
    ["alarm list", {kind: "alarmList"}],
    ["alarm disarm", {kind: "alarmDisarm"}],
    ["member add n4", {kind: "memberAdd", member: 4}],
    ["member add n4 --learner", {kind: "memberAdd", member: 4, isLearner: true}],
    ["member remove n2", {kind: "memberRemove", member: 2}],
    ["member promote n4", {kind: "memberPromote", member: 4}],
    ["member list", {kind: "memberList"}],
    ["member remove c", {kind: "memberRemove", member: 12}],
    [
      "member update n2 --peer-urls=http://a,http://b",
      {kind: "memberUpdate", member: 2, peerUrls: ["http://a", "http://b"]},
    ],
    ["put -- --x -w", {kind: "put", key: "--x", value: bytes("-w")}],
    ["put x 1 --lease 7B", {kind: "put", key: "x", value: bytes("1"), lease: "000000000000007b"}],
    ["put x --ignore-value", {kind: "put", key: "x", value: bytes(""), ignoreValue: true}],
    ["lease grant 60", {kind: "leaseGrant", ttl: 60}],
    ["lease keep-alive 7b --once", {kind: "leaseKeepAlive", lease: "000000000000007b"}],
    ["user add alice:a:b", {kind: "userAdd", name: "alice", password: "a:b"}],
    ["user get alice --detail", {kind: "userGet", name: "alice"}],
    [
      "role grant-permission r readwrite k --prefix",
      {kind: "roleGrantPermission", role: "r", permission: {type: "readwrite", key: "k", rangeEnd: "l"}},
    ],
    ["endpoint status --cluster", {kind: "status"}],
    ["endpoint health", {kind: "range", key: "health"}],
    ["snapshot save here.db", {kind: "snapshot"}],
    ["alarm disarm", {kind: "alarmDisarm"}],
    [
      'txn lease("x") = "7b" :',
      {
        kind: "txn",
        compare: [{key: "x", result: "=", target: {kind: "lease", value: "000000000000007b"}}],
        success: [],
        failure: [],
      },
    ],
    ["move-leader n3", {kind: "moveLeader", target: 3}],
    ["member reconfigure", {kind: "reconfigure", transition: "auto", changes: []}],
    [
      "member reconfigure v4 l5 r1 --transition explicit",
      {
        kind: "reconfigure",
        transition: "explicit",
        changes: [
          {type: "addVoter", member: 4},
          {type: "addLearner", member: 5},
          {type: "remove", member: 1},
        ],
      },
    ],
    [
      'txn mod("x")=2 value("y")="a" : put x 5 ; del y : get x',
      {
        kind: "txn",
        compare: [
          {key: "x", result: "=", target: {kind: "mod", value: 2}},
          {key: "y", result: "=", target: {kind: "value", value: bytes("a")}},
        ],
        success: [
          {kind: "put", key: "x", value: bytes("5")},
          {kind: "deleteRange", key: "y"},
        ],
        failure: [{kind: "range", key: "x"}],
      },
    ],
    [
      'txn ver(x) > "0" c("y") != 3 :',
      {
        kind: "txn",
        compare: [
          {key: "x", result: ">", target: {kind: "version", value: 0}},
          {key: "y", result: "!=", target: {kind: "create", value: 3}},
        ],
        success: [],
        failure: [],
      },
    ],
    [
      'txn : ( txn : put ":" ";" : get x ) ; del y',
      {
        kind: "txn",
        compare: [],
        success: [
          {
            kind: "txn",
            compare: [],
            success: [{kind: "put", key: ":", value: bytes(";")}],
            failure: [{kind: "range", key: "x"}],
          },
          {kind: "deleteRange", key: "y"},
        ],
        failure: [],
      },
    ],
  ])("%s", (line, request) => {
    expect(parsed(line)).toEqual(request);
  });

  test("global flags stand beside the request, wherever they are said", () => {
    expect(
      parseCommand("--endpoints=n2:2379,http://n3:2379 get -w json x --hex --user root:a:b"),
    ).toMatchObject({
      value: {
        name: "get",
        request: {kind: "range", key: "x"},
        globals: {writeOut: "json", hex: true, user: {name: "root", password: "a:b"}, endpoints: [2, 3]},
      },
    });
    expect(parseCommand("get x")).toMatchObject({value: {globals: {}}});
    expect(parseCommand("put x 1 --user root --password=pw")).toMatchObject({
      value: {globals: {user: {name: "root", password: "pw"}}},
    });
  });

  test("cancel names a call", () => {
    expect(parseCommand("cancel 3")).toEqual({ok: true, value: {kind: "cancel", call: 3}});
  });

  test.each([
    ["", `the command is empty; expected one of: ${names}`],
    ["set x 1", `unknown command "set" at column 1; expected one of: ${names}`],
    ["member", `unknown command "member" at column 1; expected one of: ${ofGroup("member")}`],
    ["alarm", `unknown command "alarm" at column 1; expected one of: ${ofGroup("alarm")}`],
    [
      "  member leave n1",
      `unknown command "member leave" at column 3; expected one of: ${ofGroup("member")}`,
    ],
    [
      "member add",
      "member add: an argument is missing; expected: member add <member> [--peer-urls URLS] [--learner]",
    ],
    [
      "member add 4",
      'member add: "4" is no member such as n4; expected: member add <member> [--peer-urls URLS] [--learner]',
    ],
    ["member remove n0", 'member remove: "n0" is no member such as n4; expected: member remove <member>'],
    [
      "member promote n4 --learner",
      "member promote: unknown flag --learner at column 19; expected: member promote <member>",
    ],
    ["move-leader n100", 'move-leader: "n100" is no member such as n4; expected: move-leader <member>'],
    [
      "member reconfigure n4",
      'member reconfigure: "n4" is no change such as v4, l5 or r1; expected: member reconfigure [v4 l5 r1 …] [--transition auto|implicit|explicit]',
    ],
    [
      "member reconfigure v4 --transition now",
      'member reconfigure: --transition at column 23: expected auto or implicit or explicit, found "now"',
    ],
    [
      "txn : member list :",
      'txn: "member" at column 7 cannot stand in a transaction; expected put, get, del or ( txn … )',
    ],
    [
      "put x",
      "put: an argument is missing; expected: put <key> <value> [--lease ID] [--prev-kv] [--ignore-value] [--ignore-lease]",
    ],
    [
      "put x 1 2",
      "put: one argument too many; expected: put <key> <value> [--lease ID] [--prev-kv] [--ignore-value] [--ignore-lease]",
    ],
    [
      "put x 1 --rev 2",
      "put: unknown flag --rev at column 9; expected: put <key> <value> [--lease ID] [--prev-kv] [--ignore-value] [--ignore-lease]",
    ],
    [
      "put x 1 --prev-kv=yes",
      "put: --prev-kv at column 9 takes no value; expected: put <key> <value> [--lease ID] [--prev-kv] [--ignore-value] [--ignore-lease]",
    ],
    [
      "put x 1 --lease=7g",
      'put: --lease: "7g" is no lease\'s ID in hex; expected: put <key> <value> [--lease ID] [--prev-kv] [--ignore-value] [--ignore-lease]',
    ],
    [
      "txn : put x 1 --lease zz :",
      'txn: put: --lease: "zz" is no lease\'s ID in hex; expected: put <key> <value> [--lease ID] [--prev-kv] [--ignore-value] [--ignore-lease]',
    ],
    [
      "get x --stream",
      `get: --stream at column 7: an answer is one message here, however large; expected: ${formOf("get")}`,
    ],
    [
      "get x --cacert=ca.pem",
      "--cacert at column 7: there is no TLS in a simulated world; expected: [-w simple|fields|json|table] [--hex] [--user NAME:PASSWORD] [--password P] [--endpoints n1,n2]",
    ],
    [
      "get x -w yaml",
      '--write-out at column 7: expected simple or fields or json or protobuf or table, found "yaml"',
    ],
    ["get x --endpoints n2,here", '--endpoints: "here" is no endpoint such as n2'],
    ["get x --user alice", '--user: no password in "alice"; expected --user NAME:PASSWORD'],
    [
      "put x 1 --ignore-value",
      `put: --ignore-value keeps the value, so none is given; expected: ${formOf("put")}`,
    ],
    [
      "lease revoke 12345678901234567",
      'lease revoke: "12345678901234567" is no lease\'s ID in hex; expected: lease revoke <ID>',
    ],
    [
      "role grant-permission r all k",
      `role grant-permission: "all" is none of read, write, readwrite; expected: ${formOf("role grant-permission")}`,
    ],
    [
      "member update n2",
      "member update: the flag --peer-urls is missing; expected: member update <member> --peer-urls URLS",
    ],
    ["lease", `unknown command "lease" at column 1; expected one of: ${ofGroup("lease")}`],
    ['put x "1', 'the quote opened at column 7 is not closed; expected another "'],
    ['put x "1"2', 'put: column 10: expected a blank behind the quote, found "2"'],
    ['put x 1"2"', "put: a quote in the middle of a word at column 8; expected it around the whole"],
    [
      String.raw`put x "\q"`,
      String.raw`unknown escape "\q" at column 8; expected \xNN, \n, \t, \r, \" or \\`,
    ],
    ["get x --limit many", 'get: --limit at column 7: expected an integer, found "many"'],
    ["get x --limit", "get: --limit at column 7: expected an integer, found the end of the line"],
    [
      "get x --rev 99999999999999999",
      'get: --rev at column 7: expected an integer, found "99999999999999999"',
    ],
    ["get x --consistency q", 'get: --consistency at column 7: expected l or s, found "q"'],
    [
      "del a b --prefix",
      "del: an end, --prefix and --from-key exclude each other; expected: del <key> [end] [--prefix] [--from-key] [--range] [--prev-kv]",
    ],
    ["compact now", 'compact: "now" is no revision; expected: compact <revision> [--physical]'],
    ["cancel it", "cancel: expected the number of a call: cancel <call>"],
    [
      "txn put x 1",
      'txn: no ":" behind the compares; expected: txn <compares> : <success> : <failure>, as in: txn mod("x")=2 : put x 5 ; del y : get x',
    ],
    [
      "txn a : b : c : d",
      'txn: more than three parts; expected: txn <compares> : <success> : <failure>, as in: txn mod("x")=2 : put x 5 ; del y : get x',
    ],
    [
      "txn size(x)=1 : :",
      'txn: no compare at column 5: "size"; expected version(k), create(k), mod(k), value(k) or lease(k)',
    ],
    ["txn mod(x=1 : :", 'txn: column 12: expected ")", found the end of the line'],
    ["txn mod(x)~1 : :", 'txn: column 11: expected =, !=, < or >, found "~1"'],
    ["txn mod(x)=a : :", 'txn: column 12: expected an integer, found "a"'],
    [
      "txn : compact 3 :",
      'txn: "compact" at column 7 cannot stand in a transaction; expected put, get, del or ( txn … )',
    ],
    ["txn : txn :", "txn: the txn at column 7 stands bare; expected it in parentheses"],
    ["txn : ( txn : :", 'txn: the "(" at column 7 is not closed; expected a ")"'],
    ["txn : put x 1 ; :", 'txn: an operation is missing beside a ";" from column 7 on'],
    ["lock m --user root:pw", "--user goes with a single command; a recipe asks as its client does"],
    [
      "elect e v --user=a:b --auth-jwt-token t",
      "--user goes with a single command; a recipe asks as its client does",
    ],
    [
      "stm --auth-jwt-token=t get x",
      "--auth-jwt-token goes with a single command; a recipe asks as its client does",
    ],
  ])("refuses %j, saying what, where and what was expected", (line, error) => {
    expect(parseCommand(line)).toEqual({ok: false, error});
  });

  test("whatever stands in it, gives a request or one line of error, and never throws", () => {
    const word = fc.constantFrom(
      "put",
      "get",
      "txn",
      "x",
      ":",
      ";",
      "(",
      ")",
      '"',
      "\\",
      "mod(x)=1",
      "--rev",
      "--limit=",
      "=",
      "",
      "é",
    );
    fc.assert(
      fc.property(fc.array(word, {maxLength: 10}), fc.constantFrom(" ", ""), (words, glue) => {
        const command = parseCommand(words.join(glue));
        if (!command.ok) expect(command.error).toMatch(/^[^\n]+$/);
      }),
      {numRuns: 1000},
    );
  });
});
