// Outputs as a real etcdctl 3.4.23 printed them, but for ids, revisions and what today's etcdctl prints otherwise.

import {isAuthRequest} from "../../../../core/auth/auth.ts";
import {describe, expect, test} from "vitest";
import {parseCommand} from "../../../../core/client/command.ts";
import type {RequestCommand} from "../../../../core/client/command.ts";
import type {Output} from "../../../../core/client/output/output.ts";
import {outputOptions} from "../../../../core/client/output/output.ts";
import {printCanceled, printError, printResponse, printWatch} from "../../../../core/client/output/print.ts";
import {usageOutput} from "../../../../core/client/output/usageText.ts";
import type {KeyValue} from "../../../../core/mvcc/kv.ts";
import type {Result} from "../../../../core/server/request.ts";
import {apiErrors} from "../../../../core/server/request.ts";

const clusterId = 870534164121097;
const asked = {took: 1500, endpoint: "n1:2379"};
const lease = "6a6ca201e07c806a";

function parsed(line: string): RequestCommand {
  const command = parseCommand(line);
  if (!command.ok || command.value.kind !== "request") throw new Error(`${line} is no request`);
  return command.value;
}

/** What the command prints of an answer at revision 7, if answers like it carry one, by n2 in term 3. */
function print(line: string, result: Result): Output {
  const command = parsed(line);
  const options = outputOptions(command.globals, clusterId, command.said.has("--print-value-only"));
  const revision = result.kind === "members" || isAuthRequest(result) ? 0 : 7;
  return printResponse(command, {header: {memberId: 2, revision, raftTerm: 3}, result}, options, asked);
}

function kv(key: string, value: string, more: Partial<KeyValue> = {}): KeyValue {
  const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0));
  return {key, value: bytes, createRevision: 2, modRevision: 5, version: 4, lease: "", ...more};
}

const head = `"cluster_id":${clusterId},"member_id":2,"revision":7,"raft_term":3`;
const bareHead = `"cluster_id":${clusterId},"member_id":2,"raft_term":3`;
const fields = `"ClusterID" : ${clusterId}\n"MemberID" : 2\n"Revision" : 7\n"RaftTerm" : 3\n`;
const bareFields = `"ClusterID" : ${clusterId}\n"MemberID" : 2\n"RaftTerm" : 3\n`;

const found = {kind: "range", kvs: [kv("foo", "bar2-json")], more: false, count: 1} as const;
const none = {kind: "range", kvs: [], more: false, count: 0} as const;
const leased = {kind: "range", kvs: [kv("lk", "lv", {lease})], more: true, count: 3} as const;
const txn = {
  kind: "txn",
  succeeded: true,
  responses: [{kind: "range", kvs: [], more: false, count: 0}, {kind: "put"}, found],
} as const;
const timeToLive = {kind: "leaseTimeToLive", lease, ttl: 119, grantedTtl: 120, keys: ["lk"]} as const;
const members = {
  kind: "members",
  joint: false,
  members: [
    {member: 2, name: "n2", peerUrls: ["http://n2:2380"], clientUrls: ["http://n2:2379"], isLearner: false},
    {member: 26, name: "", peerUrls: ["http://n26:2380"], clientUrls: [], isLearner: true},
  ],
} as const;
const role = {
  kind: "roleGet",
  permissions: [
    {type: "read", key: "a", rangeEnd: "b"},
    {type: "readwrite", key: "k"},
    {type: "write", key: "z", rangeEnd: "\0"},
  ],
} as const;

describe("an answer is printed as etcdctl prints it", () => {
  test.each<[string, Result, string]>([
    ["put foo bar", {kind: "put"}, "OK\n"],
    ["put foo bar --prev-kv", {kind: "put", prevKv: kv("foo", "bar-simple")}, "OK\nfoo\nbar-simple\n"],
    ["put foo bar -w json", {kind: "put"}, `{"header":{${head}}}\n`],
    ["put foo bar -w fields", {kind: "put"}, fields],
    ["get foo", found, "foo\nbar2-json\n"],
    ["get foo --print-value-only", found, "bar2-json\n"],
    ["get foo --hex", {...found, kvs: [kv("t", "v\xff")]}, "\\x74\n\\x76\\xff\n"],
    ["get nokey", none, ""],
    ["get nokey -w json", none, `{"header":{${head}}}\n`],
    ["get nokey -w fields", none, `${fields}"More" : false\n"Count" : 0\n`],
    [
      "get foo -w json",
      found,
      `{"header":{${head}},"kvs":[{"key":"Zm9v","create_revision":2,"mod_revision":5,"version":4,"value":"YmFyMi1qc29u"}],"count":1}\n`,
    ],
    [
      "get lk -w json",
      leased,
      `{"header":{${head}},"kvs":[{"key":"bGs=","create_revision":2,"mod_revision":5,"version":4,"value":"bHY=","lease":7668682394450034794}],"more":true,"count":3}\n`,
    ],
    [
      "get lk -w fields",
      leased,
      `${fields}"Key" : "lk"\n"CreateRevision" : 2\n"ModRevision" : 5\n"Version" : 4\n"Value" : "lv"\n"Lease" : 7668682394450034794\n"More" : true\n"Count" : 3\n`,
    ],
    ["del d", {kind: "deleteRange", deleted: 0, prevKvs: []}, "0\n"],
    ["del d --prev-kv", {kind: "deleteRange", deleted: 1, prevKvs: [kv("d", "y")]}, "1\nd\ny\n"],
    ["del d -w json", {kind: "deleteRange", deleted: 1, prevKvs: []}, `{"header":{${head}},"deleted":1}\n`],
    ["txn : get a ; put b 1 ; get foo", txn, "SUCCESS\n\n\nOK\n\nfoo\nbar2-json\n"],
    [
      "txn -w json : get a ; put b 1 ; get foo",
      txn,
      `{"header":{${head}},"succeeded":true,"responses":[{"Response":{"response_range":{"header":{"revision":6}}}},{"Response":{"response_put":{"header":{"revision":7}}}},{"Response":{"response_range":{"header":{"revision":7},"kvs":[{"key":"Zm9v","create_revision":2,"mod_revision":5,"version":4,"value":"YmFyMi1qc29u"}],"count":1}}}]}\n`,
    ],
    ["compact 5 -w json", {kind: "compact"}, "compacted revision 5\n"],
    ["lease grant 60", {kind: "leaseGrant", lease, ttl: 60}, `lease ${lease} granted with TTL(60s)\n`],
    [
      "lease grant 60 -w json",
      {kind: "leaseGrant", lease, ttl: 60},
      `{${head},"ID":7668682394450034794,"TTL":60,"Error":""}\n`,
    ],
    [
      "lease grant 60 -w fields",
      {kind: "leaseGrant", lease, ttl: 60},
      `${fields}"ID" : 7668682394450034794\n"TTL" : 60\n`,
    ],
    [`lease revoke ${lease}`, {kind: "leaseRevoke"}, `lease ${lease} revoked\n`],
    [
      `lease timetolive ${lease} --keys`,
      timeToLive,
      `lease ${lease} granted with TTL(120s), remaining(119s), attached keys([lk])\n`,
    ],
    [`lease timetolive ${lease}`, timeToLive, `lease ${lease} granted with TTL(120s), remaining(119s)\n`],
    [
      `lease timetolive ${lease}`,
      {...timeToLive, ttl: -1, grantedTtl: 0, keys: []},
      `lease ${lease} already expired\n`,
    ],
    [
      `lease timetolive ${lease} --keys -w json`,
      timeToLive,
      `{${head},"id":7668682394450034794,"ttl":119,"granted-ttl":120,"keys":["bGs="]}\n`,
    ],
    [
      `lease timetolive ${lease} -w json`,
      timeToLive,
      `{${head},"id":7668682394450034794,"ttl":119,"granted-ttl":120,"keys":null}\n`,
    ],
    [
      "lease list",
      {kind: "leaseList", leases: [lease, "00000000000000ff"]},
      `found 2 leases\n${lease}\n00000000000000ff\n`,
    ],
    [
      "lease list -w json",
      {kind: "leaseList", leases: ["00000000000000ff", "ffffffffffffffff"]},
      `{${head},"leases":[{"id":255},{"id":-1}]}\n`,
    ],
    [
      "member list",
      members,
      "2, started, n2, http://n2:2380, http://n2:2379, false\n1a, unstarted, , http://n26:2380, , true\n",
    ],
    [
      "member list -w json",
      members,
      `{"header":{${bareHead}},"members":[{"ID":2,"name":"n2","peerURLs":["http://n2:2380"],"clientURLs":["http://n2:2379"]},{"ID":26,"peerURLs":["http://n26:2380"],"isLearner":true}]}\n`,
    ],
    [
      "member list -w json --hex",
      {...members, members: members.members.slice(1)},
      `{"header":{"cluster_id":"${clusterId.toString(16)}","member_id":"2","raft_term":3},"members":[{"ID":"1a","name":"","peerURLs":["http://n26:2380"],"clientURLs":[]}]}\n`,
    ],
    [
      "member list -w fields",
      {...members, members: members.members.slice(0, 1)},
      `${bareFields}"ID" : 2\n"Name" : "n2"\n"PeerURL" : "http://n2:2380"\n"ClientURL" : "http://n2:2379"\n"IsLearner" : false\n\n`,
    ],
    [
      "member list -w table",
      members,
      `+----+-----------+------+-----------------+----------------+------------+
| ID |  STATUS   | NAME |   PEER ADDRS    |  CLIENT ADDRS  | IS LEARNER |
+----+-----------+------+-----------------+----------------+------------+
|  2 |   started |   n2 |  http://n2:2380 | http://n2:2379 |      false |
| 1a | unstarted |      | http://n26:2380 |                |       true |
+----+-----------+------+-----------------+----------------+------------+
`,
    ],
    [
      "member add n26 --learner",
      members,
      `Member               1a added as learner to cluster    317bf079e0609

ETCD_NAME="n26"
ETCD_INITIAL_CLUSTER="n2=http://n2:2380,n26=http://n26:2380"
ETCD_INITIAL_ADVERTISE_PEER_URLS="http://n26:2380"
ETCD_INITIAL_CLUSTER_STATE="existing"
`,
    ],
    ["move-leader n3", {kind: "moveLeader"}, "Leadership transferred from 2 to 3\n"],
    ["alarm list", {kind: "alarms", alarms: [{member: 2, alarm: "NOSPACE"}]}, "memberID:2 alarm:NOSPACE \n"],
    ["alarm list -w json", {kind: "alarms", alarms: []}, `{"header":{${head}}}\n`],
    ["defrag", {kind: "defragment"}, "Finished defragmenting etcd member[n1:2379]. took 1.5ms\n"],
    [
      "snapshot save my.db",
      {kind: "snapshot", blob: new Uint8Array()},
      "Snapshot saved at my.db\nServer version 3.8.0-alpha.0\n",
    ],
    [
      "auth status",
      {kind: "authStatus", enabled: false, authRevision: 1},
      "Authentication Status: false\nAuthRevision: 1\n",
    ],
    [
      "auth status -w json",
      {kind: "authStatus", enabled: true, authRevision: 3},
      `{"header":{${bareHead}},"enabled":true,"authRevision":3}\n`,
    ],
    ["auth enable -w json", {kind: "authEnable"}, "Authentication Enabled\n"],
    ["user add alice:pw", {kind: "userAdd"}, "User alice created\n"],
    ["user get alice", {kind: "userGet", roles: ["r1", "r2"]}, "User: alice\nRoles: r1 r2\n"],
    [
      "user list -w json",
      {kind: "userList", users: ["alice"]},
      `{"header":{${bareHead}},"users":["alice"]}\n`,
    ],
    ["user grant-role alice r1", {kind: "userGrantRole"}, "Role r1 is granted to user alice\n"],
    ["user passwd alice pw2 -w fields", {kind: "userChangePassword"}, bareFields],
    ["role get r", role, "Role r\nKV Read:\n\t[a, b) (prefix a)\n\tk\nKV Write:\n\tk\n\t[z, <open ended>\n"],
    [
      "role get r -w json",
      role,
      `{"header":{${bareHead}},"perm":[{"key":"YQ==","range_end":"Yg=="},{"permType":2,"key":"aw=="},{"permType":1,"key":"eg==","range_end":"AA=="}]}\n`,
    ],
    ["role grant-permission r read a --prefix", {kind: "roleGrantPermission"}, "Role r updated\n"],
    [
      "role revoke-permission r a --prefix",
      {kind: "roleRevokePermission"},
      "Permission of range [a, b) is revoked from role r\n",
    ],
  ])("%s", (line, result, stdout) => {
    expect(print(line, result)).toEqual({stdout, stderr: "", exitCode: 0});
  });

  test.each<[string, Result]>([
    ["get foo -w table", found],
    ["lease list -w table", {kind: "leaseList", leases: []}],
    ["user get alice -w fields", {kind: "userGet", roles: []}],
  ])("%s has no such output, and exits 4", (line, result) => {
    const writeOut = line.split(" ").at(-1);
    const stderr = `Error: ${writeOut} not supported as output format\n`;
    expect(print(line, result)).toEqual({stdout: "", stderr, exitCode: 4});
  });
});

describe("a watch prints", () => {
  const header = {memberId: 2, revision: 7, raftTerm: 3};
  const put = {kind: "put", kv: kv("w", "2"), prevKv: kv("w", "1")} as const;
  const del = {kind: "delete", kv: {...kv("w", ""), createRevision: 0, modRevision: 7, version: 0}} as const;
  const result = {kind: "watch", watchId: 0, events: [put, del]} as const;

  test("its events, with what was there before if it was asked for", () => {
    const {stdout} = printWatch({header, result}, outputOptions({}, clusterId));
    expect(stdout).toBe("PUT\nw\n1\nw\n2\nDELETE\nw\n\n");
  });

  test("its events as JSON", () => {
    const {stdout} = printWatch({header, result}, outputOptions({writeOut: "json"}, clusterId));
    expect(stdout).toBe(
      `{"Header":{${head}},"Events":[{"kv":{"key":"dw==","create_revision":2,"mod_revision":5,"version":4,"value":"Mg=="},"prev_kv":{"key":"dw==","create_revision":2,"mod_revision":5,"version":4,"value":"MQ=="}},{"type":1,"kv":{"key":"dw==","mod_revision":7}}],"CompactRevision":0,"Canceled":false,"Created":false}\n`,
    );
  });

  test("how far it is when nothing happened", () => {
    const progress = {kind: "watch", watchId: 0, events: []} as const;
    const {stdout} = printWatch({header, result: progress}, outputOptions({}, clusterId));
    expect(stdout).toBe("progress notify: 7\n");
  });

  test("why the server gave it up, and exits 5", () => {
    const canceled = {kind: "watch", watchId: 0, events: [], canceled: true, compactRevision: 69} as const;
    expect(printCanceled({header, result: canceled}, outputOptions({}, clusterId))).toEqual({
      stdout: "",
      stderr:
        "watch was canceled (etcdserver: mvcc: required revision has been compacted)\nError: watch is canceled by the server\n",
      exitCode: 5,
    });
  });
});

describe("an error is printed as etcdctl prints it", () => {
  test.each([
    [
      "get t --rev 3",
      apiErrors.compacted,
      "Error: etcdserver: mvcc: required revision has been compacted\n",
      1,
    ],
    [
      `lease revoke ${lease}`,
      apiErrors.leaseNotFound,
      "Error: failed to revoke lease (etcdserver: requested lease not found)\n",
      1,
    ],
    [
      `lease keep-alive --once ${lease}`,
      apiErrors.leaseNotFound,
      "Error: etcdserver: requested lease not found\n",
      2,
    ],
    [
      "move-leader n3 --endpoints n2",
      apiErrors.notLeader,
      "Error: no leader endpoint given at [n2:2379]\n",
      128,
    ],
    [
      "put a 1",
      {code: "Unavailable", message: "error reading from server: EOF"} as const,
      "Error: rpc error: code = Unavailable desc = error reading from server: EOF\n",
      1,
    ],
  ])("%s", (line, error, stderr, exitCode) => {
    expect(printError(parsed(line), error, asked)).toEqual({stdout: "", stderr, exitCode});
  });

  test.each([
    ["get", "Error: get command needs one argument as key and an optional argument as range_end\n", 128],
    ["put k", "Error: put command needs 1 argument and input from stdin or 2 arguments\n", 128],
    [
      "put lk2 v --lease=zz",
      'Error: bad lease ID (strconv.ParseInt: parsing "zz": invalid syntax), expecting ID in Hex\n',
      128,
    ],
    [
      "nosuch",
      'Error: unknown command "nosuch" for "etcdctl"\nRun \'etcdctl --help\' for usage.\nError: unknown command "nosuch" for "etcdctl"\n',
      1,
    ],
    ["compact now", 'Error: compact: "now" is no revision; expected: compact <revision> [--physical]\n', 128],
  ])("%s, a line that says too little", (line, stderr, exitCode) => {
    const command = parseCommand(line);
    expect(command.ok ? "" : usageOutput(command.error)).toEqual({stdout: "", stderr, exitCode});
  });
});
