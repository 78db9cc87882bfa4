import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

const leads = withRules("raft", {leadsWithoutVote: () => true});
const stays = withRules("server", {stopsWhenRemoved: () => false, listensTo: () => true});

export const removedLeaderLeadsOn: Bug = {
  id: "removed-leader-leads-on",
  apply: (version) => leads(stays(version)),
};

export const plaque: Plaque = {
  title: {en: "A leader that was removed goes on sending heartbeats", zh: "被移除的领导者继续发送心跳"},
  happened: {
    en: "A leader that has left the configuration takes no more proposals, and as long as it is heard nobody else campaigns: so etcd's library has it, if nobody makes it step down. In a server two more guards stand in the way, which are taken out here: a removed member stops, and is not listened to.",
    zh: "已离开配置的领导者不再接受提议，而只要听得到它，别人就不参选：若没有人让它退位，etcd 的库就是如此。服务器另有两道防线，这里一并去掉：被移除的成员会停止，也没有人听它。",
  },
  source: "thesis §4.2.2; etcd #11038",
  condition: {en: "A leader removes itself.", zh: "领导者移除自己。"},
  caughtBy: ["Convergence"],
  fix: {
    en: "A leader steps down once it has applied its own removal.",
    zh: "领导者应用了自己的移除之后就退位。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/11038"],
  hunt: {by: "scenario", seeds: 60},
};
