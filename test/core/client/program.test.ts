import {describe, expect, test} from "vitest";
import {formatCommand, parseCommand} from "../../../core/client/command.ts";
import type {RequestCommand} from "../../../core/client/command.ts";
import type {Outcome} from "../../../core/client/io.ts";
import {lineOf, nextStep, refusalOf} from "../../../core/client/program.ts";
import type {Answer} from "../../../core/client/program.ts";
import type {ApiErrorName, Result} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";

const around = {clusterId: 1, endpoints: [1, 2, 3]};
const lease = "000000000000007b";

function parsed(line: string): RequestCommand {
  const command = parseCommand(line);
  if (!command.ok || command.value.kind !== "request") throw new Error(`${line} is no request`);
  return command.value;
}

function done(result: Result, took = 1000): Answer {
  const outcome: Outcome = {
    kind: "ok",
    response: {header: {memberId: 1, revision: 7, raftTerm: 3}, result},
  };
  return {outcome, took};
}

function refused(name: ApiErrorName): Answer {
  return {outcome: {kind: "failed", error: apiErrors[name]}, took: 1000};
}

/** What a command asks next, `n2: get x` where it pins, or what it printed and how it ended. */
function after(line: string, ...answers: readonly Answer[]): readonly string[] {
  const {stdout, stderr, asks, exitCode} = nextStep(parsed(line), answers, around);
  const asked = asks.map((ask) => {
    const when = ask.after === undefined ? "" : `after ${ask.after} `;
    return `${when}${ask.to === undefined ? "" : `n${ask.to}: `}${lineOf(ask)}`;
  });
  return [
    ...(stdout === "" ? [] : [stdout]),
    ...(stderr === "" ? [] : [stderr]),
    ...(asks.length > 0 ? asked : [`exit ${exitCode}`]),
  ];
}

const printedKey = done({kind: "range", kvs: [], more: false, count: 0});
const alarms = done({kind: "alarms", alarms: []});

describe("the program of a command", () => {
  test("asks once, of the endpoint that the line names", () => {
    expect(after("put a 1")).toEqual(["put a 1"]);
    expect(after("put a 1 --endpoints n2")).toEqual(["n2: put a 1"]);
    expect(after("put a 1 --endpoints n2,n3")).toEqual(["put a 1"]);
    expect(after("put a 1", done({kind: "put"}))).toEqual(["OK\n", "exit 0"]);
    expect(after("put a 1", refused("noSpace"))).toEqual([
      "Error: etcdserver: mvcc: database space exceeded\n",
      "exit 1",
    ]);
  });

  test("asks for the members linearizably unless it is told otherwise", () => {
    expect(after("member list")).toEqual(["member list --consistency=l"]);
    expect(after("member list --consistency s")).toEqual(["member list"]);
  });

  test("logs in first where a user is named, and says who asks from then on", () => {
    const token = done({kind: "authenticate", token: "abc.12"});
    expect(after("get x --user alice:pw")).toEqual(["auth login alice pw"]);
    expect(after("get x --user alice:pw", token)).toEqual(["get x --auth-jwt-token=abc.12"]);
    expect(parsed("get x --auth-jwt-token=abc.12").globals).toEqual({token: "abc.12"});
    expect(after("get x --user alice:pw", token, printedKey)).toEqual(["exit 0"]);
    expect(after("get x --user alice:pw", refused("authFailed"))).toEqual([
      "Error: etcdserver: authentication failed, invalid user ID or password\n",
      "exit 1",
    ]);
    expect(after("get x --user alice:pw", refused("authNotEnabled"))).toEqual(["get x"]);
  });

  test("asks every endpoint for its health, then for its alarms, and exits 1 if one is ill", () => {
    expect(after("endpoint health")).toEqual(["n1: get health", "n2: get health", "n3: get health"]);
    const reads = [printedKey, refused("permissionDenied"), refused("timeout")];
    expect(after("endpoint health", ...reads)).toEqual(["n1: alarm list", "n2: alarm list"]);
    const full = done({kind: "alarms", alarms: [{member: 2, alarm: "NOSPACE"}]});
    expect(after("endpoint health", ...reads, alarms, full)).toEqual([
      "n1:2379 is healthy: successfully committed proposal: took = 1ms\n",
      "n2:2379 is unhealthy: failed to commit proposal: Active Alarm(s): NOSPACE,\nn3:2379 is unhealthy: failed to commit proposal: etcdserver: request timed out\nError: unhealthy cluster\n",
      "exit 1",
    ]);
  });

  test("asks the members that the cluster knows for --cluster, and prints their addresses", () => {
    expect(after("endpoint hashkv --cluster --rev 5")).toEqual(["member list --consistency=l"]);
    const member = (id: number, name: string) =>
      ({member: id, name, peerUrls: [], clientUrls: [], isLearner: false}) as const;
    const list = done({
      kind: "members",
      joint: false,
      members: [member(2, "n2"), member(4, "n4"), member(5, "")],
    });
    expect(after("endpoint hashkv --cluster --rev 5", list)).toEqual([
      "n2: endpoint hashkv --rev=5",
      "n4: endpoint hashkv --rev=5",
    ]);
    const hash = done({kind: "hashKv", hash: 77, compactRevision: -1, hashRevision: 5});
    expect(after("endpoint hashkv --cluster --rev 5", list, hash, refused("compacted"))).toEqual([
      "http://n2:2379, 77, 5\n",
      "Failed to get the hash of endpoint http://n4:2379 (etcdserver: mvcc: required revision has been compacted)\n",
      "exit 1",
    ]);
  });

  test("keeps a lease alive every third of its time until it is gone", () => {
    const alive = done({kind: "leaseKeepAlive", lease, ttl: 3});
    const gone = done({kind: "leaseKeepAlive", lease, ttl: 0});
    const told = `lease ${lease} keepalived with TTL(3)\n`;
    expect(after("lease keep-alive 7b")).toEqual([`lease keep-alive ${lease}`]);
    expect(after("lease keep-alive 7b", alive)).toEqual([told, `after 1000000 lease keep-alive ${lease}`]);
    expect(after("lease keep-alive 7b", alive, gone)).toEqual([
      `lease ${lease} expired or revoked.\n`,
      "exit 0",
    ]);
    expect(after("lease keep-alive 7b --once", alive)).toEqual([told, "exit 0"]);
    expect(after("lease keep-alive 7b --once", gone)).toEqual([
      "Error: etcdserver: requested lease not found\n",
      "exit 2",
    ]);
  });

  test("enabling auth makes the role root where that is all that is missing", () => {
    const bare = refused("rootRoleNotExist");
    expect(after("auth enable")).toEqual(["auth enable"]);
    expect(after("auth enable", bare)).toEqual(["role add root"]);
    expect(after("auth enable", bare, done({kind: "roleAdd"}))).toEqual(["user grant-role root root"]);
    const granted = [bare, done({kind: "roleAdd"}), done({kind: "userGrantRole"})];
    expect(after("auth enable", ...granted)).toEqual(["auth enable"]);
    expect(after("auth enable", ...granted, done({kind: "authEnable"}))).toEqual([
      "Authentication Enabled\n",
      "exit 0",
    ]);
    expect(after("auth enable", refused("rootUserNotExist"))).toEqual([
      "Error: etcdserver: root user does not exist\n",
      "exit 1",
    ]);
  });

  test("a user's details are its roles, one after the other", () => {
    const user = done({kind: "userGet", roles: ["r1", "r2"]});
    const role = done({kind: "roleGet", permissions: [{type: "read", key: "k"}]});
    expect(after("user get alice --detail", user)).toEqual(["User: alice\n", "role get r1"]);
    expect(after("user get alice --detail", user, role)).toEqual([
      "\nRole r1\nKV Read:\n\tk\nKV Write:\n",
      "role get r2",
    ]);
    expect(after("user get alice --detail", user, role, role)).toEqual([
      "\nRole r2\nKV Read:\n\tk\nKV Write:\n",
      "exit 0",
    ]);
    expect(after("user get alice", user)).toEqual(["User: alice\nRoles: r1 r2\n", "exit 0"]);
  });

  test.each([
    ["get a -w protobuf", 4],
    ["get a --keys-only --count-only", 128],
    ["get a --print-value-only -w json", 128],
    ["get a --count-only", 128],
  ])("%s is refused before anything is asked", (line, exitCode) => {
    expect(refusalOf(parsed(line))).toMatchObject({stdout: "", exitCode});
    expect(refusalOf(parsed("get a -w json"))).toBeUndefined();
  });

  test("what it asks is a line that means the same", () => {
    const command = parsed("role grant-permission r write a --prefix");
    expect(parsed(formatCommand(command.request)).request).toEqual(command.request);
  });
});
