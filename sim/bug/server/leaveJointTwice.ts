import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

const proposes = withRules("raft", (rules) => ({
  mustProposeLeaving: () => true,
  refusalOfChange: (asked) => (asked.leaves ? undefined : rules.refusalOfChange(asked)),
}));
const applies = withRules("server", {judgesChangeAgain: () => false});

export const leaveJointTwice: Bug = {
  id: "leave-joint-twice",
  apply: (version) => proposes(applies(version)),
};

export const plaque: Plaque = {
  title: {
    en: "A leader proposes to leave the joint configuration with every entry that it applies",
    zh: "领导者每应用一个条目就提议退出联合配置",
  },
  happened: {
    en: "The second proposal leaves what was left already: etcd's members panicked with \"can't leave a non-joint config\". Here a leader screens its own proposals, and a server judges a change once more as it applies it; the model takes out both.",
    zh: '第二个提议要退出已经退出的配置：etcd 的成员因此 panic："can\'t leave a non-joint config"。本代码中领导者会筛查自己的提议，服务器应用时还会再判断一次；本模型把两者都去掉。',
  },
  source: "Raft §6; etcd #12582",
  condition: {
    en: "Other entries follow the change in the log before the joint configuration is left.",
    zh: "退出联合配置之前，日志中变更之后还有其他条目。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "It is proposed once, and again only if it was refused.",
    zh: "只提议一次，仅在被拒绝后才再提议。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/12582"],
  hunt: {by: "scenario", seeds: 16},
};
