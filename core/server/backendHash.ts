// A hash of all that a backend holds: CRC-32C over every bucket, in the order of their names, its name and then each key
// and value (etcd server/storage/backend/backend.go, Hash). What may differ between members that hold the same is left
// out: how far in the log each was when its file was committed last (etcd: schema.DefaultIgnores).

import {crc32c} from "../base/checksum.ts";
import {bytesOfKey} from "../base/key.ts";
import type {Backend} from "../storage/backend.ts";
import {bucketNames} from "../storage/meta.ts";

const ignored: ReadonlySet<string> = new Set(["consistent_index", "term", "entries_digest"]);

export function hashOfBackend(backend: Backend): number {
  let hash = 0;
  for (const bucket of bucketNames.toSorted()) {
    hash = crc32c(bytesOfKey(bucket), hash);
    backend.scan(bucket, "", (key, value) => {
      if (bucket !== "meta" || !ignored.has(key)) hash = crc32c(value, crc32c(bytesOfKey(key), hash));
      return true;
    });
  }
  return hash;
}
