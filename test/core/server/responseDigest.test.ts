import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {KeyValue} from "../../../core/mvcc/kv.ts";
import {memberInfo} from "../../../core/server/cluster.ts";
import type {Response, Result} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import {digestResponse} from "../../../core/server/responseDigest.ts";

const header = {memberId: 1, revision: 5, raftTerm: 2};
const kv: KeyValue = {
  key: "x",
  value: new Uint8Array([1, 2]),
  createRevision: 2,
  modRevision: 3,
  version: 2,
  lease: "",
};
const watch = {kind: "watch", watchId: 0, events: []} as const;

function digestOf(response: Response): string {
  const hasher = new Hasher();
  digestResponse(response, hasher);
  return hasher.hash();
}
const status = {
  kind: "status",
  leader: 1,
  raftIndex: 2,
  raftAppliedIndex: 3,
  dbSize: 4096,
  dbSizeInUse: 2048,
  dbSizeQuota: 0,
  isLearner: false,
  version: "3",
  errors: [],
} as const;

/** Responses of which no two say the same. */
const different: readonly Result[] = [
  {kind: "range", kvs: [], more: false, count: 0},
  {kind: "range", kvs: [], more: false, count: 1},
  {kind: "range", kvs: [], more: true, count: 0},
  {kind: "range", kvs: [kv], more: false, count: 1},
  {kind: "range", kvs: [{...kv, key: "y"}], more: false, count: 1},
  {kind: "range", kvs: [{...kv, value: new Uint8Array([2, 1])}], more: false, count: 1},
  {kind: "range", kvs: [{...kv, createRevision: 1}], more: false, count: 1},
  {kind: "range", kvs: [{...kv, modRevision: 4}], more: false, count: 1},
  {kind: "range", kvs: [{...kv, version: 1}], more: false, count: 1},
  {kind: "range", kvs: [{...kv, lease: "ff"}], more: false, count: 1},
  {kind: "range", kvs: [kv, kv], more: false, count: 1},
  {kind: "put"},
  {kind: "put", prevKv: kv},
  {kind: "deleteRange", deleted: 0, prevKvs: []},
  {kind: "deleteRange", deleted: 1, prevKvs: []},
  {kind: "deleteRange", deleted: 1, prevKvs: [kv]},
  {kind: "txn", succeeded: false, responses: []},
  {kind: "txn", succeeded: true, responses: []},
  {kind: "txn", succeeded: true, responses: [{kind: "put"}]},
  {kind: "txn", succeeded: true, responses: [{kind: "put", revision: 4}]},
  {kind: "txn", succeeded: true, responses: [{kind: "put", revision: 5}]},
  {kind: "txn", succeeded: true, responses: [{kind: "txn", succeeded: true, responses: []}, {kind: "put"}]},
  {kind: "txn", succeeded: true, responses: [{kind: "txn", succeeded: true, responses: [{kind: "put"}]}]},
  {kind: "compact"},
  watch,
  {...watch, watchId: 1},
  {...watch, created: true},
  {...watch, canceled: true},
  {...watch, canceled: true, compactRevision: 4},
  {...watch, canceled: true, cancelReason: "why"},
  {...watch, events: [{kind: "put", kv}]},
  {...watch, events: [{kind: "delete", kv}]},
  {...watch, events: [{kind: "put", kv, prevKv: kv}]},
  {
    ...watch,
    events: [
      {kind: "put", kv},
      {kind: "put", kv},
    ],
  },
  status,
  {...status, leader: 2},
  {...status, raftIndex: 3},
  {...status, raftAppliedIndex: 2},
  {...status, dbSize: 4608},
  {...status, dbSizeInUse: 1024},
  {...status, errors: ["a"]},
  {...status, errors: ["a", "b"]},
  {kind: "alarms", alarms: []},
  {kind: "alarms", alarms: [{member: 1, alarm: "NOSPACE"}]},
  {kind: "alarms", alarms: [{member: 2, alarm: "NOSPACE"}]},
  {kind: "defragment"},
  {kind: "members", members: [], joint: false},
  {kind: "members", members: [], joint: true},
  {kind: "members", members: [memberInfo(1)], joint: false},
  {kind: "members", members: [memberInfo(2)], joint: false},
  {kind: "members", members: [memberInfo(1, true)], joint: false},
  {kind: "moveLeader"},
  {kind: "hashKv", hash: 1, compactRevision: 2, hashRevision: 3},
  {kind: "hashKv", hash: 2, compactRevision: 2, hashRevision: 3},
  {kind: "hashKv", hash: 1, compactRevision: 1, hashRevision: 3},
  {kind: "hashKv", hash: 1, compactRevision: 2, hashRevision: 2},
  {kind: "error", error: apiErrors.noLeader},
  {kind: "error", error: apiErrors.timeout},
  {kind: "error", error: {...apiErrors.timeout, code: "Unknown"}},
];

describe("a response's digest", () => {
  test("tells apart any two responses that differ in one field", () => {
    const responses: readonly Response[] = [
      ...different.map((result) => ({header, result})),
      {header: {...header, memberId: 2}, result: watch},
      {header: {...header, revision: 6}, result: watch},
      {header: {...header, raftTerm: 3}, result: watch},
    ];
    expect(new Set(responses.map(digestOf)).size).toBe(responses.length);
  });

  test("takes an absent field for its zero value, whatever order the fields were made in", () => {
    const zeros = {events: [], compactRevision: 0, cancelReason: "", canceled: false, created: false};
    expect(digestOf({header, result: {...zeros, watchId: 0, kind: "watch"}})).toBe(
      digestOf({header, result: watch}),
    );
  });
});
