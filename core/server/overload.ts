// A member that cannot apply as fast as is committed takes no more requests (etcd server/etcdserver/v3_server.go,
// processInternalRaftRequestOnce).

import type {WriteRequest} from "./command.ts";

/**
 * Whether the request is one too many; `gap`: committed entries that are not applied. Revocations of leases may go on
 * for longer: they make room (etcd: PriorityRequest).
 */
export function isOverloaded({kind}: Pick<WriteRequest, "kind">, gap: number, gapMax: number): boolean {
  return gap > (kind === "leaseRevoke" ? 2 * gapMax : gapMax);
}
