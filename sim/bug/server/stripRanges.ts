import type {RequestOp, TxnRequest} from "../../../core/mvcc/kv.ts";
import type {WriteRequest} from "../../../core/server/command.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const stripRanges: Bug = {
  id: "strip-ranges",
  apply: withRules("server", {toBeApplied: (request, awaited) => (awaited ? request : stripped(request))}),
};

function stripped(request: WriteRequest): WriteRequest {
  return request.kind === "txn" ? withoutRanges(request) : request;
}

function withoutRanges(txn: TxnRequest): TxnRequest {
  const strip = (ops: readonly RequestOp[]): readonly RequestOp[] =>
    ops.filter(({kind}) => kind !== "range").map((op) => (op.kind === "txn" ? withoutRanges(op) : op));
  return {...txn, success: strip(txn.success), failure: strip(txn.failure)};
}

export const plaque: Plaque = {
  title: {
    en: "Members that answer nobody leave out a transaction's reads, and with them its reason to fail",
    zh: "无人等待应答的成员略去事务中的读取，也就略去了它失败的理由",
  },
  happened: {
    en: "etcd up to 3.6: to save work, members without a waiting client strip the ranges from a transaction before they apply it. Where a range is at a compacted revision, the whole transaction fails on the member that was asked, and is done on the others (2024).",
    zh: "etcd 3.6 及更早版本：为了省事，没有客户端在等的成员在应用前去掉事务中的读取。若某个读取的版本已被压缩，整个事务在被问的成员上失败，在其他成员上却执行了（2024 年）。",
  },
  source: "etcd server/etcdserver/server.go, applyEntryNormal: equal entries, equal states",
  condition: {
    en: "A transaction reads at a compacted revision and writes.",
    zh: "一个事务读取已压缩的版本，同时写入。",
  },
  caughtBy: ["Equal States"],
  fix: {
    en: "Such members do not run the reads, but check them all the same.",
    zh: "这些成员不执行读取，但照样检查它们。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/18667", "https://github.com/etcd-io/etcd/pull/21432"],
  hunt: {by: "scenario", seeds: 16},
};
