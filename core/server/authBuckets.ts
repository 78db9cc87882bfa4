// The auth store in the backend file: its records go into the transaction of the entry that made them, so that an entry
// is never applied to it twice (etcd #11651).

import {AuthReader} from "../auth/authRecords.ts";
import type {AuthWrite} from "../auth/authRecords.ts";
import type {AuthState} from "../auth/authState.ts";
import type {Backend} from "../storage/backend.ts";

export function writeAuth(backend: Backend, writes: readonly AuthWrite[]): void {
  for (const {bucket, key, value} of writes) {
    if (value === undefined) backend.delete(bucket, key);
    else backend.put(bucket, key, value);
  }
}

/** What stands in the file; undefined if it is nothing of ours. */
export function readAuth(backend: Backend): AuthState | undefined {
  const reader = new AuthReader();
  for (const bucket of ["auth", "authUsers", "authRoles"] as const)
    backend.scan(bucket, "", (key, value) => reader.take(bucket, key, value));
  return reader.finish();
}
