// Facts of who is in the cluster, who is handed the leadership, and how far members are behind.

import {noMember} from "../core/base/quantity.ts";
import {isJoint, isLearner, isVoter} from "../core/raft/confState.ts";
import {leaderOf} from "./configuration.ts";
import type {FactKind, FactOf} from "./fact.ts";
import {integer, memberShape, object, oneOf} from "./shape.ts";
import {stateless} from "./watch.ts";
import {memberOf} from "./who.ts";

export const member: FactKind<"member"> = {
  doc: "The server is a voter (while joint: of either half), a learner or no member, in the configuration as the leader has applied it, or as the one named `at` has.",
  example: {member: "n4", is: "learner"},
  shape: object<FactOf<"member">>(
    {member: memberShape, is: oneOf("voter", "learner", "none"), "at?": memberShape},
    'a member: {"member": "n4", "is": "learner"}',
  ),
  words: {
    yes: {en: "{member} is {is} in the configuration", zh: "{member} 在配置中是 {is}"},
    no: {en: "{member} is not {is} in the configuration", zh: "{member} 在配置中不是 {is}"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const conf = memberOf(fact.at ?? "leader", scene)?.server?.raft.confState;
      const id = memberOf(fact.member, scene)?.id;
      if (conf === undefined || id === undefined) return false;
      return fact.is === (isVoter(conf, id) ? "voter" : isLearner(conf, id) ? "learner" : "none");
    }),
};

export const configuration: FactKind<"configuration"> = {
  doc: "The configuration that the member has applied is joint (two halves decide together), or simple.",
  example: {configuration: "leader", is: "joint"},
  shape: object<FactOf<"configuration">>(
    {configuration: memberShape, is: oneOf("joint", "simple")},
    'a configuration: {"configuration": "leader", "is": "joint"}',
  ),
  words: {
    yes: {en: "the configuration of {configuration} is {is}", zh: "{configuration} 的配置是 {is}"},
    no: {en: "the configuration of {configuration} is not {is}", zh: "{configuration} 的配置不是 {is}"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const conf = memberOf(fact.configuration, scene)?.server?.raft.confState;
      return conf !== undefined && isJoint(conf) === (fact.is === "joint");
    }),
};

export const transfer: FactKind<"transfer"> = {
  doc: 'The leader is handing the leadership over to that member; "none": it is handing over to nobody, or nobody leads.',
  example: {transfer: "n3"},
  shape: object<FactOf<"transfer">>(
    {transfer: {...memberShape, pattern: `^(none|${String(memberShape["pattern"]).slice(1, -1)})$`}},
    'a transfer: {"transfer": "n3"}',
  ),
  words: {
    yes: {en: "the leadership is being handed over to {transfer}", zh: "领导权正在移交给 {transfer}"},
    no: {en: "the leadership is not being handed over to {transfer}", zh: "领导权并未在移交给 {transfer}"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const to = leaderOf(scene.view)?.server?.raft.transferee ?? noMember;
      return to === (fact.transfer === "none" ? noMember : memberOf(fact.transfer, scene)?.id);
    }),
};

export const snapshot: FactKind<"snapshot"> = {
  doc: "The member's log begins behind a snapshot (with `atLeast`: which stands for the log up to that index or further); with `received`: another member's came in place of its log.",
  example: {snapshot: "n4", received: true},
  shape: object<FactOf<"snapshot">>(
    {
      snapshot: memberShape,
      "received?": {const: true, expected: "true"},
      "atLeast?": integer(1, 1_000_000_000),
    },
    'a snapshot: {"snapshot": "n4", "received": true}',
  ),
  words: {
    yes: {en: "the log of {snapshot} begins behind a snapshot", zh: "{snapshot} 的日志从快照之后开始"},
    no: {
      en: "the log of {snapshot} does not begin behind such a snapshot",
      zh: "{snapshot} 的日志并非从这样的快照之后开始",
    },
  },
  watch: (fact) =>
    stateless((scene) => {
      const found = memberOf(fact.snapshot, scene);
      const raft = found?.server?.raft;
      if (found === undefined || raft === undefined) return false;
      const index = fact.received === true ? scene.story.receivedSnapshot(found.id) : raft.firstIndex - 1;
      return index >= (fact.atLeast ?? 1);
    }),
};

export const progress: FactKind<"progress"> = {
  doc: "The leader sends to the member in that state: probe (one message at a time, to find where the logs agree), replicate (as entries come), snapshot (nothing, until one has arrived).",
  example: {progress: "n4", is: "snapshot"},
  shape: object<FactOf<"progress">>(
    {progress: memberShape, is: oneOf("probe", "replicate", "snapshot")},
    'a progress: {"progress": "n4", "is": "snapshot"}',
  ),
  words: {
    yes: {en: "the leader’s progress of {progress} is {is}", zh: "领导者对 {progress} 的进度状态是 {is}"},
    no: {
      en: "the leader’s progress of {progress} is not {is}",
      zh: "领导者对 {progress} 的进度状态不是 {is}",
    },
  },
  watch: (fact) =>
    stateless((scene) => {
      const id = memberOf(fact.progress, scene)?.id;
      const all = leaderOf(scene.view)?.server?.raft.progress() ?? [];
      return all.find((one) => one.member === id)?.state === fact.is;
    }),
};
