import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const purgeBeforeInstall: Bug = {
  id: "purge-before-install",
  apply: withRules("server", {mayPurgeBeforeInstall: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A second snapshot throws the state of the first away, which is still to be put in use",
    zh: "第二个快照扔掉了第一个的状态，而后者还等着启用",
  },
  happened: {
    en: "etcd, open in 2026: where two snapshots come in quick succession, saving the second one removes the file of the first, which still waits in the apply queue. The member stops: failed to find database snapshot file. Here it is the renaming of the file that fails; the state itself is in memory by then.",
    zh: "etcd，2026 年仍未修复：两个快照接连到来时，保存第二个会删掉第一个的文件，而它还在应用队列中等待。成员停止：找不到数据库快照文件。这里失败的是给文件改名；状态本身此时已在内存中。",
  },
  source: "etcd server/etcdserver/raft.go, Release; api/snap, ReleaseSnapDBs",
  condition: {
    en: "A follower is slow to put a snapshot in use, and the next one comes.",
    zh: "跟随者启用快照很慢，而下一个快照又到了。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "What a snapshot makes superfluous goes only when its own state is in use.",
    zh: "快照使之多余的东西，要等它自己的状态启用之后才清除。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/18055"],
  hunt: {by: "scenario", seeds: 60},
};
