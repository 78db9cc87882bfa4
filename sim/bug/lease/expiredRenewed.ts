import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const expiredRenewed: Bug = {
  id: "expired-renewed",
  apply: withRules("lease", {mayRenew: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A lease is renewed while its revocation is on its way",
    zh: "租约的撤销已在途中，却仍被续约",
  },
  happened: {
    en: "etcd tells in a comment of its lessor why an expired lease is not renewed: the end may be going through the log already, and takes the lease that its client was just told to have.",
    zh: "etcd 在租约管理者的注释中说明为何不给到期租约续约：它的结束可能已在经过日志，会带走客户端刚被告知仍然拥有的租约。",
  },
  source: "etcd lessor.go, Renew",
  condition: {
    en: "A keep-alive comes after the lease has expired and before its revocation is applied.",
    zh: "续约请求在租约到期之后、撤销被应用之前到来。",
  },
  caughtBy: ["Leases Live Their Time"],
  fix: {
    en: "Who would renew an expired lease waits until it is revoked, or another leader counts its time anew.",
    zh: "为到期租约续约的请求要等到它被撤销，或等到另一领导者重新为它计时。",
  },
  links: ["https://github.com/etcd-io/etcd/blob/v3.5.0/server/lease/lessor.go"],
  hunt: {by: "scenario", seeds: 60},
};
