// The revision in the header of each answer within a transaction: before its first change the store is where it was,
// from then on at the transaction's own revision (etcd server/storage/mvcc/kvstore_txn.go).

import type {Revision} from "../../base/quantity.ts";
import type {OpResult, TxnResult} from "../../mvcc/kv.ts";

/** `revision`: of the whole transaction's answer. */
export function opRevisions({responses}: TxnResult, revision: Revision): readonly Revision[] {
  const writes = responses.map(changes);
  const before = writes.includes(true) ? revision - 1 : revision;
  const first = writes.indexOf(true);
  return responses.map((_, i) => (first >= 0 && i >= first ? revision : before));
}

function changes(op: OpResult): boolean {
  if (op.kind === "txn") return op.responses.some(changes);
  return op.kind === "put" || (op.kind === "deleteRange" && op.deleted > 0);
}
