// Revisions in drawn requests are said relative to the moment at which they are asked, so that the same draw makes sense
// after any history, and may be made shorter. A drawn number stands for a revision thus:
//
//   0 and below, 1,000 and above    itself
//   1 … 40                          the current one + 3 − that: 1 and 2 are future ones, 3 is the current one
//   101 … 109                       the last compacted one + that − 105
//   200                             the one that the history began with

import type {Compare, RequestOp} from "../../core/mvcc/kv.ts";
import type {Request} from "../../core/server/request.ts";

export interface Moment {
  readonly start: number;
  readonly current: number;
  readonly compacted: number;
}

export const relative = {future: 1, next: 2, current: 3, oldest: 40, compacted: 105, start: 200} as const;

/** The request at a moment. */
export function at<T extends Request>(moment: Moment, request: T): T;
export function at(moment: Moment, request: Request): Request {
  switch (request.kind) {
    case "compact":
    case "hashKv":
      return {...request, revision: revisionAt(moment, request.revision ?? 0)};
    case "watchCreate":
      return request.startRevision === undefined
        ? request
        : {...request, startRevision: revisionAt(moment, request.startRevision)};
    case "range":
    case "txn":
      return opAt(moment, request);
    default:
      return request;
  }
}

function opAt(moment: Moment, op: RequestOp): RequestOp {
  if (op.kind === "range") {
    const fields = [
      "revision",
      "minModRevision",
      "maxModRevision",
      "minCreateRevision",
      "maxCreateRevision",
    ] as const;
    const moved = fields.flatMap((name) => {
      const drawn = op[name];
      return drawn === undefined ? [] : [[name, revisionAt(moment, drawn)] as const];
    });
    return {...op, ...Object.fromEntries(moved)};
  }
  if (op.kind !== "txn") return op;
  const branch = (ops: readonly RequestOp[]): readonly RequestOp[] => ops.map((one) => opAt(moment, one));
  const compare = op.compare.map((one) => compareAt(moment, one));
  return {...op, compare, success: branch(op.success), failure: branch(op.failure)};
}

function compareAt(moment: Moment, compare: Compare): Compare {
  const {target} = compare;
  if (target.kind !== "mod" && target.kind !== "create") return compare;
  return {...compare, target: {kind: target.kind, value: revisionAt(moment, target.value)}};
}

function revisionAt({start, current, compacted}: Moment, drawn: number): number {
  if (drawn <= 0 || drawn >= 1000) return drawn;
  if (drawn === relative.start) return start;
  if (drawn > 100) return Math.max(1, compacted + drawn - relative.compacted);
  return Math.max(1, current + relative.current - drawn);
}
