// The check before a member serves anybody: whether its store is like the others' (etcd server/etcdserver/corrupt.go,
// InitialCheck). It asks all whom its record knows. Until they have answered, or time ran out, it hears nothing of raft;
// what clients ask waits. It answers others that ask the same, so that members that start together can all start.

import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {KvHash} from "../mvcc/store.ts";
import type {Input} from "./io.ts";
import type {ServerParts} from "./parts.ts";
import type {Request, Result} from "./request.ts";
import {digestMetadata, digestRequest} from "./requestDigest.ts";
import {othersOf} from "./upkeep.ts";

export type ClientInput = Extract<Input, {readonly kind: "request" | "streamReady" | "streamClosed"}>;

/** Asks all others for theirs. Undefined: there is nobody to ask, or nothing to compare. */
export function beginInitial(parts: ServerParts, now: Micros): InitialCheck | undefined {
  const {forwards, config, applier} = parts;
  const own = applier.store.hashKv(0);
  const others = othersOf(parts);
  if (!own.ok || others.length === 0) return undefined;
  const check = new InitialCheck(own.value, others);
  for (const member of others) {
    const asker = {for: "corruptCheck", ticket: 0, member} as const;
    forwards.ask(member, check.question, asker, now + config.requestTimeout);
  }
  return check;
}

export class InitialCheck {
  private readonly own: KvHash;
  private left: readonly MemberId[];
  private different: MemberId | undefined;
  private kept: readonly ClientInput[] = [];

  constructor(own: KvHash, others: readonly MemberId[]) {
    this.own = own;
    this.left = others;
  }

  /** What the others are asked. */
  get question(): Request {
    return {kind: "hashKv", revision: this.own.revision};
  }

  get others(): readonly MemberId[] {
    return this.left;
  }

  get isDone(): boolean {
    return this.left.length === 0 || this.different !== undefined;
  }

  /** Whose store has another history at the same revision; undefined: nobody's, as far as it is known. */
  get foundDifferent(): MemberId | undefined {
    return this.different;
  }

  keep(input: ClientInput): void {
    this.kept = [...this.kept, input];
  }

  /** What clients wanted meanwhile, in order. */
  get waiting(): readonly ClientInput[] {
    return this.kept;
  }

  /** An answer, or that there is none: who cannot say, because it is behind or has compacted, says nothing. */
  heard(member: MemberId, result: Result): void {
    this.left = this.left.filter((one) => one !== member);
    if (result.kind !== "hashKv" || result.compactRevision !== this.own.compactRevision) return;
    if (result.hash !== this.own.hash) this.different ??= member;
  }

  fork(): InitialCheck {
    const twin = new InitialCheck(this.own, this.left);
    twin.different = this.different;
    twin.kept = this.kept;
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.left.length);
    for (const member of this.left) into.int(member);
    into.int(this.kept.length);
    for (const input of this.kept) {
      into.string(input.kind);
      into.int(input.stream);
      if (input.kind === "streamReady") into.int(input.room);
      if (input.kind === "request") {
        into.int(input.id);
        digestMetadata(input.metadata, into);
        digestRequest(input.request, into);
      }
    }
  }
}
