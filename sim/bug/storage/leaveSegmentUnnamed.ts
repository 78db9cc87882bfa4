import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leaveSegmentUnnamed: Bug = {
  id: "leave-segment-unnamed",
  apply: withRules("storage", {mustSyncName: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "Entries go into a new segment of the log whose name is not durable yet",
    zh: "日志的新段文件名尚未持久化，条目就写了进去",
  },
  happened: {
    en: "etcd (2016): the new segment was renamed into place and the directory was not synced, so a file system could reorder the rename and the appends after it; entries that were synced stood in a file without a name.",
    zh: "etcd（2016 年）：新段改名就位后没有同步目录，文件系统可能打乱改名与之后追加的次序；已同步的条目留在了没有名字的文件里。",
  },
  source: "etcd wal/wal.go, cut; Pillai et al., OSDI 2014 (ALICE)",
  condition: {
    en: "The power goes after a segment was cut, and the file system has not written the new name.",
    zh: "切换新段之后断电，而文件系统还没有写下新的文件名。",
  },
  caughtBy: [
    "Durable Answers",
    "Leader Completeness",
    "State Machine Safety",
    "Quorum Log",
    "More Up To Date",
    "Committed Is Durable",
    "Durable Log",
    "Linearizability",
    "Revisions Keep Real Time",
    "Equal States",
  ],
  fix: {
    en: "The directory is synced after the rename, before anything is appended.",
    zh: "改名之后、追加之前同步目录。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/6378",
    "https://github.com/etcd-io/etcd/issues/6379",
    "https://www.usenix.org/conference/osdi14/technical-sessions/presentation/pillai",
  ],
  hunt: {by: "scenario", seeds: 16},
};
