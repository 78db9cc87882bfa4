// Drawn requests in canonical form: an optional field is absent rather than at its zero value.

import fc from "fast-check";
import type {
  CompactRequest,
  Compare,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "../../../core/mvcc/kv.ts";
import type {KvWriteRequest, WriteRequest} from "../../../core/server/command.ts";
import type {Request} from "../../../core/server/request.ts";

const byte = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...'a b k / " \\ : ; ( ) - = # \n \u0000 \u007f \u00c3 \u00a9 \u00ff'.split(" "),
      " ",
    ),
  },
  {weight: 1, arbitrary: fc.nat(255).map((code) => String.fromCharCode(code))},
);
export const bytes = fc.oneof(
  fc.array(byte, {maxLength: 6}).map((all) => all.join("")),
  fc.constantFrom("--prefix", ":", ";", "(", ")", "txn", "\u00e4\u00bd\u00a0"),
);
const key = bytes.filter((drawn) => drawn !== "");
const value = bytes.map((drawn) => Uint8Array.from(drawn, (char) => char.charCodeAt(0)));
const present = {freq: 2, nil: undefined};

function some<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, present);
}

/** Drops the absent fields. */
function canonical<T extends object>(drawn: T): T {
  return Object.fromEntries(Object.entries(drawn).filter(([, field]) => field !== undefined)) as T;
}

const flag = some(fc.constant(true as const));
const positive = fc.oneof(fc.integer({min: 1, max: 9}), fc.constantFrom(Number.MAX_SAFE_INTEGER, -1));
const rangeEnd = some(fc.oneof(key, fc.constant("\0"), fc.constant("b")));

export const puts: fc.Arbitrary<PutRequest> = fc
  .record({
    kind: fc.constant("put" as const),
    key: bytes,
    value,
    lease: some(fc.constant("00000000000000ff")),
    prevKv: flag,
    ignoreValue: flag,
    ignoreLease: flag,
  })
  // Who keeps the value gives none.
  .map((drawn) => (drawn.ignoreValue === true ? {...drawn, value: new Uint8Array()} : drawn))
  .map((drawn) => canonical(drawn) as PutRequest);

export const deletes: fc.Arbitrary<DeleteRangeRequest> = fc
  .record({kind: fc.constant("deleteRange" as const), key: bytes, rangeEnd, prevKv: flag})
  .map((drawn) => canonical(drawn) as DeleteRangeRequest);

export const ranges: fc.Arbitrary<RangeRequest> = fc
  .record({
    kind: fc.constant("range" as const),
    key: bytes,
    rangeEnd,
    limit: some(positive),
    revision: some(positive),
    sortOrder: some(fc.constantFrom("ascend" as const, "descend" as const)),
    sortTarget: some(
      fc.constantFrom("version" as const, "create" as const, "mod" as const, "value" as const),
    ),
    serializable: flag,
    keysOnly: flag,
    countOnly: flag,
    minModRevision: some(positive),
    maxModRevision: some(positive),
    minCreateRevision: some(positive),
    maxCreateRevision: some(positive),
  })
  .map((drawn) => canonical(drawn) as RangeRequest);

const leases = fc.constantFrom(
  "00000000000000ff",
  "7fffffffffffffff",
  "ffffffffffffffff",
  "0000000000000001",
);

const compares: fc.Arbitrary<Compare> = fc
  .record({
    key: bytes,
    rangeEnd: some(key),
    result: fc.constantFrom("=" as const, ">" as const, "<" as const, "!=" as const),
    target: fc.oneof(
      fc.record({
        kind: fc.constantFrom("version" as const, "create" as const, "mod" as const),
        value: fc.integer(),
      }),
      fc.record({kind: fc.constant("value" as const), value}),
      fc.record({kind: fc.constant("lease" as const), value: fc.oneof(leases, fc.constant(""))}),
    ),
  })
  .map((drawn) => canonical(drawn) as Compare);

const simpleOps: fc.Arbitrary<RequestOp> = fc.oneof(puts, deletes, ranges);

function txnOf(ops: fc.Arbitrary<RequestOp>): fc.Arbitrary<TxnRequest> {
  const branch = fc.array(ops, {maxLength: 3});
  return fc.record({
    kind: fc.constant("txn" as const),
    compare: fc.array(compares, {maxLength: 2}),
    success: branch,
    failure: branch,
  });
}

export const txns: fc.Arbitrary<TxnRequest> = txnOf(
  fc.oneof({weight: 3, arbitrary: simpleOps}, {weight: 1, arbitrary: txnOf(simpleOps)}),
);

const compacts = fc
  .record({kind: fc.constant("compact" as const), revision: fc.integer({min: -1, max: 99}), physical: flag})
  .map((drawn) => canonical(drawn) as CompactRequest);

/** What a client asks for that goes through the log as it is. */
export const writes: fc.Arbitrary<KvWriteRequest | CompactRequest> = fc.oneof(puts, deletes, txns, compacts);

/** All that goes through the log. */
export const logged: fc.Arbitrary<WriteRequest> = fc.oneof(
  {weight: 4, arbitrary: writes},
  {
    weight: 1,
    arbitrary: fc.integer({min: 1, max: 300}).map((one) => ({
      kind: "alarm" as const,
      action: "activate" as const,
      alarm: {member: one, alarm: "NOSPACE" as const},
    })),
  },
  {weight: 1, arbitrary: fc.constant({kind: "alarm", action: "deactivate"} as const)},
);

const watches = fc
  .record({
    kind: fc.constant("watchCreate" as const),
    key: bytes,
    rangeEnd,
    startRevision: some(positive),
    prevKv: flag,
    filters: some(fc.constantFrom(["noput"] as const, ["nodelete"] as const, ["noput", "nodelete"] as const)),
    progressNotify: flag,
    fragment: flag,
    watchId: some(positive),
  })
  .map((drawn) => canonical(drawn) as Request);

const member = fc.integer({min: 1, max: 99});
const peerUrls = fc.array(fc.constantFrom("http://n4:2380", "http://[::1]:1", "x y", "é"), {
  minLength: 1,
  maxLength: 2,
});

const membership: fc.Arbitrary<Request> = fc.oneof(
  fc
    .record({kind: fc.constant("memberAdd" as const), member, peerUrls: some(peerUrls), isLearner: flag})
    .map((drawn) => canonical(drawn) as Request),
  fc.record({kind: fc.constantFrom("memberRemove" as const, "memberPromote" as const), member}),
  fc.record({kind: fc.constant("memberUpdate" as const), member, peerUrls}),
  fc.record({
    kind: fc.constant("reconfigure" as const),
    transition: fc.constantFrom("auto" as const, "implicit" as const, "explicit" as const),
    changes: fc.array(
      fc.record({
        type: fc.constantFrom(
          "addVoter" as const,
          "addLearner" as const,
          "remove" as const,
          "update" as const,
        ),
        member,
      }),
      {maxLength: 4},
    ),
  }),
  fc.record({kind: fc.constant("moveLeader" as const), target: member}),
  fc.constantFrom({kind: "memberList"} as const, {kind: "memberList", linearizable: true} as const),
);

const leaseRequests: fc.Arbitrary<Request> = fc.oneof(
  fc
    .record({
      kind: fc.constant("leaseGrant" as const),
      ttl: fc.integer({min: -1, max: 99}),
      lease: some(leases),
    })
    .map((drawn) => canonical(drawn) as Request),
  fc.record({kind: fc.constantFrom("leaseRevoke" as const, "leaseKeepAlive" as const), lease: leases}),
  fc
    .record({kind: fc.constant("leaseTimeToLive" as const), lease: leases, keys: flag})
    .map((drawn) => canonical(drawn) as Request),
  fc.constant({kind: "leaseList"} as const),
);

const permission = fc
  .record({
    type: fc.constantFrom("read" as const, "write" as const, "readwrite" as const),
    key: bytes,
    rangeEnd,
  })
  .map((drawn) => canonical(drawn));

const authRequests: fc.Arbitrary<Request> = fc
  .oneof(
    fc.record({
      kind: fc.constantFrom(
        "authEnable" as const,
        "authDisable" as const,
        "authStatus" as const,
        "userList" as const,
        "roleList" as const,
      ),
    }),
    fc.record({
      kind: fc.constantFrom("authenticate" as const, "userChangePassword" as const),
      name: bytes,
      password: bytes,
    }),
    fc.record({kind: fc.constant("userAdd" as const), name: bytes, password: bytes}),
    fc.record({
      kind: fc.constant("userAdd" as const),
      name: bytes.filter((name) => !name.includes(":")),
    }),
    fc.record({kind: fc.constant("userAdd" as const), name: bytes, noPassword: fc.constant(true as const)}),
    fc.record({kind: fc.constantFrom("userDelete" as const, "userGet" as const), name: bytes}),
    fc.record({
      kind: fc.constantFrom("userGrantRole" as const, "userRevokeRole" as const),
      name: bytes,
      role: bytes,
    }),
    fc.record({
      kind: fc.constantFrom("roleAdd" as const, "roleDelete" as const, "roleGet" as const),
      role: bytes,
    }),
    fc.record({kind: fc.constant("roleGrantPermission" as const), role: bytes, permission}),
    fc.record({kind: fc.constant("roleRevokePermission" as const), role: bytes, key: bytes, rangeEnd}),
  )
  .map((drawn) => canonical(drawn) as Request);

const maintenance: fc.Arbitrary<Request> = fc
  .oneof(
    fc.record({kind: fc.constant("hashKv" as const), revision: some(positive)}),
    fc.record({
      kind: fc.constantFrom("hash" as const, "snapshot" as const, "watchProgress" as const),
    }),
    fc.record({
      kind: fc.constant("alarmActivate" as const),
      member,
      alarm: fc.constantFrom("NOSPACE" as const, "CORRUPT" as const),
    }),
    fc.record({
      kind: fc.constant("alarmDisarm" as const),
      member: some(member),
      alarm: some(fc.constantFrom("NOSPACE" as const, "CORRUPT" as const)),
    }),
  )
  .map((drawn) => canonical(drawn) as Request);

/** What a client may be asked to do. */
export const requests: fc.Arbitrary<Request> = fc.oneof(
  writes,
  ranges,
  watches,
  membership,
  leaseRequests,
  authRequests,
  maintenance,
  fc.constantFrom(
    {kind: "status"} as const,
    {kind: "defragment"} as const,
    {kind: "alarmList"} as const,
    {kind: "alarmDisarm"} as const,
  ),
);
