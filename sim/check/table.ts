// Operations in columns: what the sweep looks at over and over, apart from the operations themselves.

import {assert} from "../../core/base/assert.ts";
import type {RequestOp} from "../../core/mvcc/kv.ts";
import {wrote} from "./claims.ts";
import type {Judged} from "./judged.ts";
import type {KvAnswer, KvRequest} from "./kvModel.ts";

/** What an answer says of the store. */
export const roles = {
  /** Nobody knows: there was none. */
  lost: 0,
  /** It changed keys, and made a revision. */
  change: 1,
  /** What it saw is so at every state of its revision, or at none: leases and compactions do not matter to it. */
  view: 2,
  /** It looked back, to an older revision. */
  past: 3,
  /** It was refused. */
  refusal: 4,
  /** Of a lease, or of a compaction. */
  upkeep: 5,
} as const;

export type Role = (typeof roles)[keyof typeof roles];

export class Table {
  readonly ops: readonly Judged[];
  readonly roles: Uint8Array;
  /** That it made or saw; NaN: none is told. */
  readonly revisions: Float64Array;
  readonly invoked: Float64Array;
  /** Infinity: never. */
  readonly returned: Float64Array;

  /** `ops`: in order of invocation. */
  constructor(ops: readonly Judged[]) {
    this.ops = ops;
    this.roles = new Uint8Array(ops.length);
    this.revisions = new Float64Array(ops.length);
    this.invoked = new Float64Array(ops.length);
    this.returned = new Float64Array(ops.length);
    let last = -Infinity;
    for (let i = 0; i < ops.length; i++) {
      const {request, answer, invoked, returned = Infinity} = ops[i] as Judged;
      assert(invoked >= last, "operations come in order of invocation");
      this.roles[i] = roleOf(request, answer);
      this.revisions[i] = revisionOf(answer) ?? NaN;
      this.invoked[i] = last = invoked;
      this.returned[i] = returned;
    }
  }

  at(index: number): Judged | undefined {
    return this.ops[index];
  }

  has(role: Role): boolean {
    return this.roles.includes(role);
  }
}

function roleOf(request: KvRequest, answer: KvAnswer | undefined): Role {
  if (answer === undefined) return roles.lost;
  if (answer.kind === "error") return roles.refusal;
  const {result} = answer;
  switch (result.kind) {
    case "put":
      return roles.change;
    case "deleteRange":
      return wrote(result) ? roles.change : roles.view;
    case "range":
    case "txn":
      return wrote(result) ? roles.change : looksBack(request) ? roles.past : roles.view;
    default:
      return roles.upkeep;
  }
}

function looksBack(request: KvRequest | RequestOp): boolean {
  if (request.kind === "range") return (request.revision ?? 0) !== 0;
  return request.kind === "txn" && (request.success.some(looksBack) || request.failure.some(looksBack));
}

/** The revision that an answer tells: a compaction's is but a bound. */
export function revisionOf(answer: KvAnswer | undefined): number | undefined {
  return answer?.kind === "ok" && answer.result.kind !== "compact" ? answer.revision : undefined;
}
