import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

/** Of an int64 in 16 hex digits. */
const firstNegative = "8000000000000000";

export const negativeLeasesLost: Bug = {
  id: "negative-leases-lost",
  apply: withRules("lease", {isRestored: (lease) => lease < firstNegative}),
};

export const plaque: Plaque = {
  title: {
    en: "A member that starts again has lost the leases with negative ids",
    zh: "成员重新启动后丢失了 ID 为负数的租约",
  },
  happened: {
    en: "etcd, reported in 2020: leases were stored whatever their id, but read back from 0 to the largest int64 only. Puts on such a lease then failed on the members that had been started again, and on no other.",
    zh: "etcd（2020 年报告）：租约不论 ID 都会存储，但读回时只读 0 到最大的 int64。此后使用这种租约的写入只在重启过的成员上失败。",
  },
  source: "etcd #12535",
  condition: {
    en: "A client chooses a negative id, a member starts again, and a key is put on the lease.",
    zh: "客户端选择了负的 ID，某成员重新启动，之后有键写入到该租约上。",
  },
  caughtBy: ["Equal Leases", "Equal States"],
  fix: {
    en: "All of the bucket is read: ids are bytes there, and negative ones come last.",
    zh: "读出整个桶：ID 在其中是字节，负数排在最后。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/12535", "https://github.com/etcd-io/etcd/pull/13676"],
  hunt: {by: "scenario", seeds: 16},
};
