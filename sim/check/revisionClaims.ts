// What etcd promises of revisions (api_guarantees.md, KV), judged at the end of a run.

import type {Key} from "../../core/base/key.ts";
import type {KeyValue} from "../../core/mvcc/kv.ts";
import type {Operation} from "../history/operation.ts";
import type {Checker} from "./checker.ts";
import {EndClaim} from "./endClaim.ts";
import {say} from "./words.ts";

/** Every revision was made by a change, and all changes of one have it as theirs: revisions count what was done. K6. */
export function denseRevisions(): Checker {
  return new EndClaim("Dense Revisions", ({revisions, step}, count) => {
    for (let revision = 2; revision <= revisions.last; revision++) {
      const changes = revisions.at(revision);
      if (changes === undefined) continue;
      count(1);
      if (changes.length > 0 && changes.every(({kv}) => kv.modRevision === revision)) continue;
      return {said: say("revisionEmpty", {revision}, [`rev:${revision}`]), step};
    }
    return undefined;
  });
}

/**
 * A key's version counts its puts since it was created, its createRevision is that of the first, its modRevision that of the
 * last; a delete ends all three. K9.
 */
export function versionBookkeeping(): Checker {
  return new EndClaim("Version Bookkeeping", ({revisions, step}, count) => {
    const known = new Map<Key, KeyValue>();
    for (let revision = 2; revision <= revisions.last; revision++) {
      const changes = revisions.at(revision);
      // What was compacted before anyone looked ends what can be said.
      if (changes === undefined) return undefined;
      for (const {kind, kv} of changes) {
        count(1);
        const before = known.get(kv.key);
        const fits = kind === "delete" ? before !== undefined : follows(kv, before, revision);
        if (!fits) return {said: say("versionWrong", {key: kv.key, revision}, [`rev:${revision}`]), step};
        if (kind === "put") known.set(kv.key, kv);
        else known.delete(kv.key);
      }
    }
    return undefined;
  });
}

function follows(kv: KeyValue, before: KeyValue | undefined, revision: number): boolean {
  return (
    kv.modRevision === revision &&
    kv.createRevision === (before?.createRevision ?? revision) &&
    kv.version === (before?.version ?? 0) + 1
  );
}

/**
 * No key changes twice in one revision: "It is not allowed to modify the same key several times within one txn" (etcd
 * rpc.proto, Txn). K5.
 */
export function keysChangeOnce(): Checker {
  return new EndClaim("Keys Change Once", ({revisions, step}, count) => {
    for (let revision = 2; revision <= revisions.last; revision++) {
      const seen = new Set<Key>();
      for (const {kv} of revisions.at(revision) ?? []) {
        count(1);
        if (seen.has(kv.key))
          return {said: say("changedTwice", {key: kv.key, revision}, [`rev:${revision}`]), step};
        seen.add(kv.key);
      }
    }
    return undefined;
  });
}

/**
 * Who asks after somebody got an answer sees at least the revision of that answer, if both went through the one order of
 * the cluster: revisions never go back in real time. K7.
 */
export function revisionsKeepTime(): Checker {
  return new EndClaim("Revisions Keep Real Time", ({operations}, count) => {
    const answered = operations.filter(isOrdered).map((operation) => ({
      operation,
      from: operation.invoked.step,
      to: operation.returned?.step ?? 0,
      revision: operation.outcome?.kind === "ok" ? operation.outcome.response.header.revision : 0,
    }));
    const byReturn = answered.toSorted((a, b) => a.to - b.to);
    let [next, highest] = [0, 0];
    for (const {operation, from, to, revision} of answered.toSorted((a, b) => a.from - b.from)) {
      for (; (byReturn[next]?.to ?? Infinity) < from; next++)
        highest = Math.max(highest, byReturn[next]?.revision ?? 0);
      if (highest > 1) count(1);
      if (revision >= highest) continue;
      const {client, call} = operation;
      const name = `op:${client}#${call}`;
      return {said: say("revisionBack", {client, operation: name, revision, highest}, [name]), step: to};
    }
    return undefined;
  });
}

/** Answered, and a part of the one order: neither a serializable read nor what one member says of itself. */
function isOrdered({request, outcome}: Operation): boolean {
  if (outcome?.kind !== "ok") return false;
  switch (request.kind) {
    case "range":
      return request.serializable !== true;
    case "txn":
      return [...request.success, ...request.failure].some(
        (op) => op.kind !== "range" || op.serializable !== true,
      );
    case "put":
    case "deleteRange":
    case "compact":
      return true;
    default:
      return false;
  }
}
