// etcdctl's commands on leases; their ids are hex (etcdctl/ctlv3/command/lease_command.go).

import {failed, ok} from "../base/result.ts";
import {readInteger} from "./arguments.ts";
import type {CommandUsage, Family} from "./family.ts";
import {bare, leaseOf, switches} from "./family.ts";

export const leaseCommands = {
  "lease grant": {
    form: "lease grant <seconds> [--id ID]",
    least: 1,
    most: 1,
    // Ours: etcd's API has it, etcdctl does not.
    flags: {"--id": "text"},
    read: (found) => {
      const ttl = readInteger(found.at(0));
      if (ttl === undefined) return failed(`"${found.at(0)}" is no number of seconds`);
      const lease = leaseOf(found.text("--id") ?? "0");
      if (!lease.ok) return lease;
      return ok({kind: "leaseGrant", ttl, ...(lease.value === "" ? {} : {lease: lease.value})});
    },
  },
  "lease revoke": ofLease("lease revoke <ID>", "leaseRevoke"),
  "lease timetolive": {
    form: "lease timetolive <ID> [--keys]",
    least: 1,
    most: 1,
    flags: {"--keys": "switch"},
    read: (found) => {
      const lease = leaseOf(found.at(0));
      if (!lease.ok) return lease;
      return ok({kind: "leaseTimeToLive", lease: lease.value, ...switches(found, {keys: "--keys"})});
    },
  },
  "lease list": bare("lease list", {kind: "leaseList"}),
  "lease keep-alive": {
    ...ofLease("lease keep-alive <ID> [--once]", "leaseKeepAlive"),
    flags: {"--once": "switch"},
  },
} as const satisfies Family;

function ofLease(form: string, kind: "leaseRevoke" | "leaseKeepAlive"): CommandUsage {
  return {
    form,
    least: 1,
    most: 1,
    flags: {},
    read: (found) => {
      const lease = leaseOf(found.at(0));
      return lease.ok ? ok({kind, lease: lease.value}) : lease;
    },
  };
}
