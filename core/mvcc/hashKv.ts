// A hash of the store's history up to a revision, over the very bytes that etcd keeps: members that hold the same and
// were compacted at the same revision have the same one (etcd server/storage/mvcc/hash.go, kvstore.go hashByRev).
//
// Hashed are the bucket's name, then of each record up to there, oldest first, the key's bytes and the value's. Left out
// are a tombstone at the compact revision, which etcd up to 3.5.14 deletes and later ones keep; and, of what compaction
// has left below, whatever a read at the hashed revision does not find, since the next compaction may have deleted it at
// one member and not yet at another.

import {crc32c} from "../base/checksum.ts";
import type {Hasher} from "../base/hasher.ts";
import {bytesOfKey} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {StoreRecord} from "./record.ts";
import {encodeRecord} from "./recordBytes.ts";

/** What a member says of its history up to `revision`. Comparable with others only of equal revisions. */
export interface KvHash {
  /** CRC-32C. */
  readonly hash: number;
  /** What had been compacted when it was made; −1: nothing. */
  readonly compactRevision: Revision;
  readonly revision: Revision;
}

/** How many compactions are remembered. */
const hashesMax = 10;

const bucket = crc32c(bytesOfKey("key"));

/** Takes the records up to the hashed revision, in order. */
export class KvHasher {
  private readonly compacted: Revision;
  private readonly isKept: (record: StoreRecord) => boolean;
  private crc = bucket;

  /** `isKept`: of a record up to `compacted`, whether it is hashed. */
  constructor(compacted: Revision, isKept: (record: StoreRecord) => boolean) {
    this.compacted = compacted;
    this.isKept = isKept;
  }

  get hash(): number {
    return this.crc;
  }

  add(record: StoreRecord): void {
    const {revision, isTombstone, kv} = record;
    if (isTombstone && revision.main === this.compacted) return;
    if (revision.main <= this.compacted && !this.isKept(record)) return;
    const {key, value} = encodeRecord({kind: isTombstone ? "delete" : "put", kv}, revision.sub);
    this.crc = crc32c(value, crc32c(bytesOfKey(key), this.crc));
  }
}

/**
 * What the newest compactions went through, by revision: the check of the members' stores compares it (etcd
 * mvcc/hash.go, HashStorage). In memory only, so a member that was restarted has none.
 */
export class CompactionHashes {
  private newest: readonly KvHash[] = [];

  /** Ascending by revision. */
  get all(): readonly KvHash[] {
    return this.newest;
  }

  /** The one of a compaction at `revision`, if it is among them. */
  at(revision: Revision): KvHash | undefined {
    return this.newest.find((one) => one.revision === revision);
  }

  add(hash: KvHash): void {
    this.newest = [...this.newest, hash].sort((a, b) => a.revision - b.revision).slice(-hashesMax);
  }

  fork(): CompactionHashes {
    const twin = new CompactionHashes();
    twin.newest = this.newest;
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.newest.length);
    for (const {hash, compactRevision, revision} of this.newest) {
      into.word(hash);
      into.int(compactRevision);
      into.int(revision);
    }
  }
}
