import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const askAgainAsBefore: Bug = {
  id: "ask-again-as-before",
  apply: (version) =>
    withRules("server", {retryContext: ({last}) => last})(
      withRules("raft", {
        readMark: (reads) => reads.list().waiting.at(-1)?.context ?? 0,
        markedPosition(mark, reads) {
          const {waiting} = reads.list();
          const at = waiting.findLastIndex(({context}) => context === mark);
          return at < 0 ? 0 : reads.position - waiting.length + at + 1;
        },
      })(version),
    ),
};

export const plaque: Plaque = {
  title: {
    en: "A read is asked again under its old name, and a late answer to the first asking confirms the second",
    zh: "读请求以旧名再次询问，对第一次询问的迟到应答确认了第二次",
  },
  happened: {
    en: "etcd 3.5 repeated a ReadIndex under the same request id, and raft kept acknowledgements by that id (etcd#20418, 2025; etcd-io/raft#397). Either fix alone is enough.",
    zh: "etcd 3.5 以同一请求号重发 ReadIndex，而 raft 按该请求号记录确认（etcd#20418，2025 年；etcd-io/raft#397）。两处修复任有其一即可。",
  },
  source: "etcd#20418; thesis §6.4",
  condition: {
    en: "A member's question is confirmed and the answer is lost; it asks again, and the leader, deposed meanwhile, gets that question, and a late answer to its first heartbeat, with another read in line before it.",
    zh: "成员的询问已被确认而应答丢失，于是再问；此间被取代的领导者收到这一询问，以及对第一次心跳的迟到应答，而队列前面还有另一读请求。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "Each asking has a fresh context, and heartbeats carry positions in the leader's line of reads.",
    zh: "每次询问都用新的上下文，心跳携带领导者读队列中的位置。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/20418", "https://github.com/etcd-io/raft/issues/397"],
  hunt: {by: "scenario", seeds: 16},
};
