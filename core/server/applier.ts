// What an applied entry does: the deterministic part of a member, equal on all of them. Errors are results here, and
// every member must come to the same (etcd server/etcdserver/apply). Watchers are told of a write before any reader can
// see it.

import {Reader, Writer} from "../base/codec.ts";
import {Hasher} from "../base/hasher.ts";
import type {Hash} from "../base/hasher.ts";
import {decodeRecord, encodeRecord} from "../mvcc/recordBytes.ts";
import {Store} from "../mvcc/store.ts";
import type {StoreError, StoreRecord} from "../mvcc/store.ts";
import type {Entry, Index} from "../raft/entry.ts";
import type {Watchers} from "../watch/watchers.ts";
import {decodeCommand} from "./command.ts";
import type {ProposalId, WriteRequest} from "./command.ts";
import type {Result} from "./request.ts";
import {apiErrors} from "./request.ts";

/** What came of an entry that holds a command. */
export interface AppliedCommand {
  readonly proposal: ProposalId;
  readonly result: Result;
}

export class Applier {
  private current: Store;
  readonly watchers: Watchers;
  private applied: Index = 0;
  /** Of every entry applied so far, in order. */
  private chain = new Hasher();

  constructor(store: Store, watchers: Watchers) {
    this.current = store;
    this.watchers = watchers;
  }

  get store(): Store {
    return this.current;
  }

  /** Raft Figure 2: lastApplied. */
  get index(): Index {
    return this.applied;
  }

  /** Digest of the entries applied so far. */
  get digestOfEntries(): Hash {
    return this.chain.hash();
  }

  /** Applies the next entry; undefined when it holds no command: it opens a term, or is a change of membership. */
  apply(entry: Entry): AppliedCommand | undefined {
    this.applied = entry.index;
    this.chain.int(entry.index);
    this.chain.int(entry.term);
    this.chain.bytes(entry.data);
    if (entry.type !== "normal") return undefined;
    const command = decodeCommand(entry.data);
    return command === undefined ? undefined : {proposal: command, result: this.execute(command.request)};
  }

  /** All that was applied, as bytes: what a snapshot holds. Equal on members that applied the same. */
  encode(): Uint8Array {
    const into = new Writer();
    for (const lane of this.chain.lanes()) into.uint32(lane);
    into.int(this.current.currentRevision);
    into.int(this.current.compactRevision);
    for (const {revision, isTombstone, kv} of this.current.records()) {
      const {key, value} = encodeRecord({kind: isTombstone ? "delete" : "put", kv}, revision.sub);
      into.byteString(key);
      into.bytes(value);
    }
    return into.finish();
  }

  /** Goes over to what a snapshot at `index` holds; false if its bytes are damaged. */
  restore(index: Index, data: Uint8Array): boolean {
    const from = new Reader(data);
    const chain = new Hasher(from.uint32(), from.uint32());
    const [currentRevision, compactRevision] = [from.int(), from.int()];
    const records: StoreRecord[] = [];
    while (!from.done) {
      const record = decodeRecord(from.byteString(), from.bytes());
      if (record === undefined) return false;
      records.push(record);
    }
    const store = from.broken ? undefined : Store.restored({currentRevision, compactRevision, records});
    if (store === undefined) return false;
    this.applied = index;
    this.chain = chain;
    this.current = store;
    this.watchers.restore(store);
    return true;
  }

  /** An independent twin. */
  fork(): Applier {
    const store = this.current.fork();
    const twin = new Applier(store, this.watchers.fork(store));
    twin.applied = this.applied;
    twin.chain = this.chain.fork();
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.applied);
    this.current.digest(into);
    this.watchers.digest(into);
  }

  private execute(request: WriteRequest): Result {
    if (request.kind === "compact") {
      const compacted = this.current.compact(request.revision);
      return compacted.ok ? {kind: "compact"} : errorResult(compacted.error);
    }
    const applied = this.current.apply(request);
    if (!applied.ok) return errorResult(applied.error);
    const {result, revision, events} = applied.value;
    if (events.length > 0) this.watchers.notify(revision, events);
    return result;
  }
}

/** A refusal of the store as an answer. */
export function errorResult(error: StoreError): Result {
  return {kind: "error", error: apiErrors[error]};
}
