// Authentication over a cluster: tokens, what is refused at the door and what when an entry is applied, snapshots and
// restarts; and what each request needs, key by key.

import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {AuthRequest, Permission} from "../../../core/auth/auth.ts";
import {AuthStore} from "../../../core/auth/authStore.ts";
import {Hasher} from "../../../core/base/hasher.ts";
import {keyFromText} from "../../../core/base/key.ts";
import type {RangeRequest, RequestOp, TxnRequest} from "../../../core/mvcc/kv.ts";
import {refusalAtApply, refusalOfLeaseKeys, refusalOfOp} from "../../../core/server/authChecks.ts";
import type {CheckedWith} from "../../../core/server/authChecks.ts";
import {decodeCommand} from "../../../core/server/command.ts";
import type {WriteRequest} from "../../../core/server/command.ts";
import type {Request} from "../../../core/server/request.ts";
import {errorOf, led as ledBy, ms, request, requestTimeout} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";

const denied = "etcdserver: permission denied";
const userEmpty = "etcdserver: user name is empty";
const oldRevision = "etcdserver: revision of auth store is old";
const badToken = "etcdserver: invalid auth token";
const badPassword = "etcdserver: authentication failed, invalid user ID or password";
const ttl = 1000 * ms;

function led(config: ConstructorParameters<typeof Cluster>[0] = {}): Cluster {
  return ledBy({authTokenTtl: ttl, commitOpsMax: 1, ...config});
}

/** Root (password "secret") and ann (password "pw"), who has role r: READ on [a, c), WRITE on [b, d). */
const setup: readonly AuthRequest[] = [
  {kind: "userAdd", name: "root", password: "secret"},
  {kind: "userGrantRole", name: "root", role: "root"},
  {kind: "userAdd", name: "ann", password: "pw"},
  {kind: "roleAdd", role: "r"},
  {kind: "userGrantRole", name: "ann", role: "r"},
  {kind: "roleGrantPermission", role: "r", permission: {type: "read", key: "a", rangeEnd: "c"}},
  {kind: "roleGrantPermission", role: "r", permission: {type: "write", key: "b", rangeEnd: "d"}},
];

function enabled(config: ConstructorParameters<typeof Cluster>[0] = {}): Cluster {
  const cluster = led(config);
  for (const one of [...setup, {kind: "authEnable"} as const]) {
    const response = cluster.ask(1, one);
    if (response === undefined || errorOf(response) !== undefined)
      throw new Error(`${one.kind}: ${errorOf(response)}`);
  }
  cluster.tick();
  return cluster;
}

const passwords: Readonly<Record<string, string>> = {root: "secret", ann: "pw"};

function login(cluster: Cluster, name: string, member = 1): string {
  const asked = cluster.ask(member, {kind: "authenticate", name, password: passwords[name] ?? ""});
  cluster.tick();
  const result = asked?.result ?? cluster.responses.at(-1)?.response.result;
  if (result?.kind !== "authenticate") throw new Error(`no token for ${name}: ${errorOf(asked)}`);
  return result.token;
}

function error(cluster: Cluster, line: string | Request, token?: string, member = 1): string | undefined {
  return errorOf(cluster.ask(member, line, token === undefined ? {} : {token}));
}

/** Whether all members know the same users and roles. */
function isSame(cluster: Cluster): boolean {
  const digests = [...cluster.servers.values()].map(({auth}) => {
    const hasher = new Hasher();
    new AuthStore(auth).digest(hasher);
    return hasher.hash();
  });
  return digests.every((digest) => digest === digests[0]);
}

describe("authentication", () => {
  test("is off at first: tokens are nobody's business", () => {
    const cluster = led();
    expect(error(cluster, "put x 1", "no token")).toBeUndefined();
    const asked = {kind: "authenticate", name: "root", password: "secret"} as const;
    expect(error(cluster, asked)).toBe("etcdserver: authentication is not enabled");
    expect(error(cluster, {kind: "authEnable"})).toBe("etcdserver: root user does not exist");
  });

  test("gives a token for the right password, which all members take", () => {
    const cluster = enabled();
    expect(error(cluster, {kind: "authenticate", name: "ann", password: "px"})).toBe(badPassword);
    expect(error(cluster, {kind: "authenticate", name: "eve", password: "pw"})).toBe(badPassword);
    const token = login(cluster, "ann", 2);
    // The letters are drawn by the member asked, here always the same; the index is that of the entry.
    expect(token).toMatch(/^c{16}\.\d+$/);
    for (const member of [1, 2, 3]) {
      expect(error(cluster, "get a", token, member)).toBeUndefined();
      cluster.tick();
    }
    expect(error(cluster, "get a", "cccccccccccccccc.1")).toBe(badToken);
  });

  test("writes no password into the log", () => {
    const cluster = enabled();
    login(cluster, "root");
    const {raft} = cluster.server(1);
    for (let index = raft.firstIndex; index <= raft.lastIndex; index++) {
      const entry = raft.entryAt(index);
      const command = entry?.type === "normal" ? decodeCommand(entry.data) : undefined;
      expect(JSON.stringify(command) ?? "").not.toMatch(/secret|"pw"/);
    }
  });

  test("of a token ends some time after its last use, on each member by itself", () => {
    const cluster = enabled();
    const token = login(cluster, "ann");
    cluster.pass(ttl - ms);
    expect(error(cluster, "get a", token)).toBeUndefined();
    cluster.pass(ttl - ms);
    expect(error(cluster, "get a", token)).toBeUndefined();
    expect(error(cluster, "get a", token, 2)).toBe(badToken);
    cluster.pass(ttl);
    expect(error(cluster, "put b 1", token)).toBe(badToken);
  });

  test("waits, on a member that is behind, for the entry that gives the token", () => {
    const cluster = enabled();
    cluster.isolated.add(2);
    const token = login(cluster, "ann");
    expect(cluster.ask(2, "get a --consistency=s", {token, id: 5})).toBeUndefined();
    expect(cluster.server(2).waiting()).toBe(1);
    cluster.isolated.delete(2);
    cluster.tick(3);
    const answer = cluster.responses.find((one) => one.id === 5);
    expect(answer?.response.result.kind).toBe("range");
    expect(cluster.server(2).waiting()).toBe(0);
  });

  test("does not wait for ever for an entry that never comes", () => {
    const cluster = enabled();
    expect(cluster.ask(2, "get a", {token: "aaaaaaaaaaaaaaaa.99999", id: 5})).toBeUndefined();
    cluster.pass(requestTimeout);
    expect(errorOf(cluster.responses.find((one) => one.id === 5)?.response)).toBe(badToken);
    expect(cluster.ask(2, "get a", {token: "aaaaaaaaaaaaaaaa.99999", stream: 4})).toBeUndefined();
    cluster.input(2, {kind: "streamClosed", stream: 4});
    expect(cluster.server(2).waiting()).toBe(0);
  });

  test("ends with a new password, with the user, and when it is disabled", () => {
    const cluster = enabled();
    const root = login(cluster, "root");
    const ann = login(cluster, "ann");
    error(cluster, {kind: "userChangePassword", name: "ann", password: "pw"}, root);
    expect(error(cluster, "get a", ann)).toBe(badToken);
    const again = login(cluster, "ann");
    expect(error(cluster, {kind: "userDelete", name: "ann"}, root)).toBeUndefined();
    expect(error(cluster, "get a", again)).toBe(badToken);
    expect(error(cluster, {kind: "authDisable"}, root)).toBeUndefined();
    expect(error(cluster, "get a")).toBeUndefined();
    error(cluster, {kind: "authEnable"});
    expect(error(cluster, {kind: "authStatus"}, root)).toBe(badToken);
  });

  test("is asked again for when the password was changed before its entry was applied", () => {
    const cluster = enabled();
    const root = login(cluster, "root");
    // The change waits in the log when the password is looked at; the token's entry comes behind it.
    cluster.loses = (message) => message.kind === "AppendEntries";
    const change = {kind: "userChangePassword", name: "ann", password: "new"} as const;
    cluster.ask(1, change, {token: root});
    expect(cluster.ask(1, {kind: "authenticate", name: "ann", password: "pw"}, {id: 9})).toBeUndefined();
    cluster.loses = () => false;
    cluster.tick(3);
    const answers = cluster.responses.filter((one) => one.id === 9);
    expect(answers.map((one) => errorOf(one.response))).toEqual([badPassword]);
  });
});

describe("a request", () => {
  test("without a token is nobody's", () => {
    const cluster = enabled();
    for (const line of ["put b 1", "get a", "del b", "compact 1", "member list", "alarm list", "defrag"])
      expect([line, error(cluster, line)]).toEqual([line, userEmpty]);
    expect(error(cluster, {kind: "userList"})).toBe(userEmpty);
    expect(error(cluster, {kind: "leaseList"})).toBe(userEmpty);
    expect(error(cluster, "status")).toBeUndefined();
  });

  test("may do what its user's roles allow", () => {
    const cluster = enabled();
    const token = login(cluster, "ann");
    const lines: readonly (readonly [string, boolean])[] = [
      ["get a", true],
      ["get a c", true],
      ["get a d", false],
      ["get c", false],
      ["get a --from-key", false],
      ["put b 1", true],
      ["put b 1 --prev-kv", true],
      ["put c 1", true],
      ["put c 1 --prev-kv", false],
      ["put a 1", false],
      ["del b d", true],
      ["del b e", false],
      ["del b d --prev-kv", false],
    ];
    for (const [line, may] of lines)
      expect([line, error(cluster, line, token)]).toEqual([line, may ? undefined : denied]);
    for (const line of ["compact 1", "alarm list", "alarm disarm", "defrag", "member remove n3"])
      expect([line, error(cluster, line, token)]).toEqual([line, denied]);
    expect(error(cluster, {kind: "userAdd", name: "bob"}, token)).toBe(denied);
    expect(error(cluster, {kind: "userGet", name: "ann"}, token)).toBeUndefined();
    expect(error(cluster, "member list", token)).toBeUndefined();
  });

  test("of root may do all", () => {
    const cluster = enabled();
    const token = login(cluster, "root");
    for (const line of ["put z 1", "get a --from-key", "compact 1", "alarm list", "defrag", "member list"])
      expect([line, error(cluster, line, token)]).toEqual([line, undefined]);
    const listed = cluster.ask(1, {kind: "userList"}, {token});
    expect(listed?.result).toEqual({kind: "userList", users: ["ann", "root"]});
  });

  test("that was on its way while users changed is of an old revision, on all members alike", () => {
    const cluster = enabled();
    const [root, ann] = [login(cluster, "root"), login(cluster, "ann")];
    // Two entries that n1 takes at once: the change comes first, the put was signed before it.
    const grant: Permission = {type: "read", key: "x"};
    cluster.loses = () => true;
    cluster.ask(1, {kind: "roleGrantPermission", role: "r", permission: grant}, {token: root});
    expect(cluster.ask(1, "put b 1", {token: ann, id: 8})).toBeUndefined();
    expect(cluster.ask(1, "put z 1", {token: root, id: 9})).toBeUndefined();
    cluster.loses = () => false;
    cluster.tick(3);
    const answer = (id: number): string | undefined =>
      errorOf(cluster.responses.find((one) => one.id === id)?.response);
    expect(answer(8)).toBe(oldRevision);
    // What needs no more than the root role asks for no revision; keys do.
    expect(answer(9)).toBe(oldRevision);
    expect(isSame(cluster)).toBe(true);
    expect(error(cluster, "put b 1", ann)).toBeUndefined();
  });

  test("that lost a permission before its read index came is refused", () => {
    const cluster = enabled();
    const [root, ann] = [login(cluster, "root"), login(cluster, "ann")];
    cluster.loses = (message) => message.kind === "Heartbeat";
    expect(cluster.ask(1, "get a", {token: ann, id: 7})).toBeUndefined();
    cluster.ask(1, {kind: "roleDelete", role: "r"}, {token: root});
    cluster.loses = () => false;
    cluster.tick(3);
    cluster.pass(500 * ms);
    cluster.tick();
    expect(errorOf(cluster.responses.find((one) => one.id === 7)?.response)).toBe(denied);
  });
});

describe("a watch", () => {
  test("that was open before authentication was enabled goes on (permissions are asked for as it is created)", () => {
    const cluster = led();
    cluster.eager.add(1);
    cluster.ask(1, "watch b", {stream: 1});
    for (const one of [...setup, {kind: "authEnable"} as const]) cluster.ask(1, one);
    const token = login(cluster, "ann");
    cluster.ask(1, "put b 1", {stream: 2, token});
    expect(cluster.on(1).flatMap(({result}) => (result.kind === "watch" ? result.events : []))).toHaveLength(
      1,
    );
    cluster.ask(1, "watch b", {stream: 1, id: 1});
    expect(cluster.on(1).at(-1)?.result).toMatchObject({created: true, canceled: true});
    expect(cluster.server(1).watchers.view()).toHaveLength(1);
  });

  function reason(cluster: Cluster, line: string, stream: number, token?: string): string | undefined {
    const at = token === undefined ? {stream} : {stream, token};
    const response = cluster.ask(1, line, at);
    return response?.result.kind === "watch" ? response.result.cancelReason : "no answer";
  }

  test("needs READ on all of its range, to the end of it", () => {
    const cluster = enabled();
    const token = login(cluster, "ann");
    const refused = "rpc error: code = PermissionDenied desc = etcdserver: permission denied";
    expect(reason(cluster, "watch a c", 1, token)).toBeUndefined();
    expect(reason(cluster, "watch a", 2, token)).toBeUndefined();
    expect(reason(cluster, "watch a d", 3, token)).toBe(refused);
    expect(reason(cluster, "watch a --from-key", 4, token)).toBe(refused);
    expect(reason(cluster, "watch a c", 5)).toBe(
      "rpc error: code = InvalidArgument desc = etcdserver: user name is empty",
    );
    expect(reason(cluster, "watch a c", 6, "x.1")).toBe(
      "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token",
    );
    expect(cluster.server(1).watchers.view()).toHaveLength(2);
  });
});

describe("a lease", () => {
  const lease = "000000000000001f";

  test("is ended by the member that keeps its time, as root; by others only if they may delete its keys", () => {
    const cluster = enabled();
    const [root, ann] = [login(cluster, "root"), login(cluster, "ann")];
    expect(error(cluster, {kind: "leaseGrant", ttl: 10, lease})).toBe(userEmpty);
    expect(error(cluster, {kind: "leaseGrant", ttl: 10, lease}, ann)).toBeUndefined();
    expect(error(cluster, {kind: "put", key: "x", value: new Uint8Array(), lease}, root)).toBeUndefined();
    expect(error(cluster, {kind: "put", key: "b", value: new Uint8Array(), lease}, ann)).toBe(denied);
    expect(error(cluster, {kind: "leaseRevoke", lease}, ann)).toBe(denied);
    expect(error(cluster, {kind: "leaseTimeToLive", lease, keys: true}, ann)).toBe(denied);
    expect(error(cluster, {kind: "leaseTimeToLive", lease}, ann)).toBeUndefined();
    expect(error(cluster, {kind: "leaseKeepAlive", lease}, ann)).toBeUndefined();
    expect(error(cluster, {kind: "leaseKeepAlive", lease})).toBe(userEmpty);
    cluster.pass(15_000 * ms);
    cluster.tick();
    expect(error(cluster, "get x", login(cluster, "root"))).toBeUndefined();
    expect(cluster.server(2).store.range({kind: "range", key: "x"})).toMatchObject({value: {count: 0}});
    expect(cluster.server(2).lessor.list()).toEqual([]);
  });

  test("tells its keys only while the permissions are those that were looked at", () => {
    const cluster = enabled();
    const [root, ann] = [login(cluster, "root"), login(cluster, "ann")];
    error(cluster, {kind: "leaseGrant", ttl: 100, lease}, root);
    error(cluster, {kind: "put", key: "b", value: new Uint8Array(), lease}, root);
    cluster.tick();
    const asked = {kind: "leaseTimeToLive", lease, keys: true} as const;
    cluster.ask(2, asked, {token: ann, id: 5});
    cluster.loses = (message) => message.kind === "Forwarded";
    cluster.ask(2, asked, {token: ann, id: 6});
    cluster.ask(1, {kind: "roleDelete", role: "r"}, {token: root});
    cluster.loses = () => false;
    cluster.pass(1000 * ms);
    cluster.tick(2);
    const [first, second] = [5, 6].map((id) => cluster.responses.find((one) => one.id === id)?.response);
    expect(first?.result).toMatchObject({kind: "leaseTimeToLive", keys: ["b"]});
    expect(errorOf(second)).toBe(oldRevision);
  });
});

describe("users and roles", () => {
  test("come back after a restart, tokens do not", () => {
    const cluster = enabled();
    const token = login(cluster, "ann");
    // Behind the entry that made the token: what is in the file is not applied again.
    cluster.ask(1, "put b 1", {token});
    cluster.tick();
    cluster.crash(1);
    cluster.boot(1);
    cluster.run();
    cluster.elect(2);
    cluster.tick(2);
    expect(error(cluster, "get a")).toBe(userEmpty);
    expect(error(cluster, "get a", token)).toBe(badToken);
    expect(error(cluster, "get a", token, 2)).toBeUndefined();
    const again = login(cluster, "ann");
    expect(error(cluster, "put a 1", again)).toBe(denied);
    expect(error(cluster, "put b 1", again)).toBeUndefined();
    expect(isSame(cluster)).toBe(true);
  });

  test("come with a snapshot, and with them what each user may do (etcd #14571)", () => {
    const cluster = led({snapshotEvery: 5, snapshotKeep: 1});
    cluster.isolated.add(3);
    for (const one of [...setup, {kind: "authEnable"} as const]) cluster.ask(1, one);
    const token = login(cluster, "ann");
    for (let i = 0; i < 12; i++) cluster.ask(1, `put b ${i}`, {token});
    cluster.isolated.delete(3);
    cluster.tick(3);
    expect(cluster.server(3).appliedIndex).toBe(cluster.server(1).appliedIndex);
    expect(
      cluster.effects.some(({effect}) => effect.kind === "send" && effect.message.kind === "InstallSnapshot"),
    ).toBe(true);
    expect(error(cluster, "put b last", token)).toBeUndefined();
    cluster.tick(2);
    expect(cluster.server(3).store.currentRevision).toBe(cluster.server(1).store.currentRevision);
    expect(isSame(cluster)).toBe(true);
  });

  test("are not changed twice by an entry that is replayed (etcd #11651)", () => {
    const cluster = enabled({commitOpsMax: 10_000});
    const before = cluster.server(1).auth.revision;
    cluster.crash(2);
    cluster.boot(2);
    cluster.run();
    cluster.tick(3);
    expect(cluster.server(2).auth.revision).toBe(before);
    expect(isSame(cluster)).toBe(true);
  });
});

describe("what a request needs", () => {
  const ann = {user: "ann", authRevision: 7};
  const leased = "00000000000000aa";

  function checked(...permissions: readonly Permission[]): CheckedWith {
    const auth = new AuthStore();
    const all = [
      {kind: "userAdd", name: "root", hashedPassword: ""},
      {kind: "userGrantRole", name: "root", role: "root"},
      {kind: "userAdd", name: "ann", hashedPassword: ""},
      {kind: "roleAdd", role: "r"},
      {kind: "userGrantRole", name: "ann", role: "r"},
      ...permissions.map((permission) => ({kind: "roleGrantPermission", role: "r", permission}) as const),
      {kind: "authEnable"},
    ] as const;
    for (const one of all) auth.apply(one, 1);
    const keysOf = (lease: string): readonly string[] => (lease === leased ? ["k", "l"] : []);
    return {auth, leases: {keysOf}};
  }

  function may(op: WriteRequest, ...permissions: readonly Permission[]): boolean {
    const id = {proposer: 1, nonce: 1, sequence: 1};
    const authRevision = 6 + permissions.length;
    return refusalAtApply({...id, ...ann, authRevision, request: op}, checked(...permissions)) === undefined;
  }

  const put = {kind: "put", key: "p", value: new Uint8Array()} as const;
  const write = (key: string): Permission => ({type: "write", key});
  const read = (key: string): Permission => ({type: "read", key});

  test("to attach a key to a lease is to be able to delete all keys of it", () => {
    const attaching = {...put, lease: leased};
    expect(may(attaching, write("p"))).toBe(false);
    expect(may(attaching, write("p"), write("k"))).toBe(false);
    expect(may(attaching, write("p"), write("k"), write("l"))).toBe(true);
    expect(may({kind: "leaseRevoke", lease: leased}, write("k"))).toBe(false);
    expect(may({kind: "leaseRevoke", lease: leased}, write("k"), write("l"))).toBe(true);
    expect(may({...put, lease: "00000000000000ab"}, write("p"))).toBe(true);
  });

  test("a lease's keys are told to whoever may read them", () => {
    const one = checked(read("k"));
    const who = {user: "ann", revision: one.auth.revision};
    expect(refusalOfLeaseKeys(leased, who, one)).toBe("permissionDenied");
    const both = checked(read("k"), read("l"));
    expect(refusalOfLeaseKeys(leased, {...who, revision: both.auth.revision}, both)).toBeUndefined();
  });

  test("a put in a transaction needs what it needs alone (CVE-2026-44283)", () => {
    const txn = (op: RequestOp): TxnRequest => ({kind: "txn", compare: [], success: [op], failure: []});
    expect(may(txn({...put, prevKv: true}), write("p"))).toBe(false);
    expect(may(txn({...put, prevKv: true}), {type: "readwrite", key: "p"})).toBe(true);
    expect(may(txn({...put, lease: leased}), write("p"))).toBe(false);
  });

  test("a transaction needs all of its compares and both of its branches, at any depth (CVE-2026-33343)", () => {
    const wide: Permission = {type: "readwrite", key: "a", rangeEnd: "b"};
    const within = (op: RequestOp, depth: number, branch: boolean): RequestOp =>
      depth === 0
        ? op
        : {
            kind: "txn",
            compare: [],
            success: branch ? [within(op, depth - 1, branch)] : [],
            failure: branch ? [] : [within(op, depth - 1, branch)],
          };
    const foreign: readonly RequestOp[] = [
      {kind: "range", key: "x"},
      {kind: "put", key: "x", value: new Uint8Array()},
      {kind: "deleteRange", key: "a", rangeEnd: "\0"},
      {
        kind: "txn",
        compare: [{key: "a", rangeEnd: "c", result: "=", target: {kind: "version", value: 0}}],
        success: [],
        failure: [],
      },
    ];
    const one = checked(wide);
    const who = {user: "ann", revision: one.auth.revision};
    fc.assert(
      fc.property(fc.constantFrom(...foreign), fc.nat(3), fc.boolean(), (op, depth, branch) => {
        const wrapped = within(op, depth, branch);
        expect(refusalOfOp(wrapped, who, one)).toBe("permissionDenied");
        const own = within({kind: "range", key: "a", rangeEnd: "b"}, depth, branch);
        expect(refusalOfOp(own, who, one)).toBeUndefined();
      }),
    );
  });

  test("what members tell each other needs nothing", () => {
    expect(may({kind: "leaseCheckpoint", checkpoints: []})).toBe(true);
    expect(may({kind: "memberAttributes", member: 1, name: "n1", clientUrls: []})).toBe(true);
    expect(may({kind: "compact", revision: 1})).toBe(false);
    expect(may({kind: "leaseGrant", ttl: 1})).toBe(true);
  });

  test("a range is a range of bytes", () => {
    const one = checked({type: "read", key: keyFromText("é")});
    const who = {user: "ann", revision: one.auth.revision};
    expect(refusalOfOp(request("get é") as RangeRequest, who, one)).toBeUndefined();
  });
});
