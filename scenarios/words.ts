// What claims say when they fail, in every language.

import {sayer} from "../core/base/said.ts";
import type {Catalogue} from "../core/base/said.ts";

export const scenarioWords = {
  claimFalse: {
    en: 'the scenario expects "{claim}", but it is not so: {en}',
    zh: "场景期望“{claim}”成立，但事实并非如此：{zh}",
  },
  claimUnreached: {
    en: 'the moment at which the scenario tests "{claim}" never came',
    zh: "场景检验“{claim}”的时刻从未到来",
  },
  stepUnfired: {
    en: 'the run reached its limit and the step "{step}" was still waiting',
    zh: "运行到达上限时，步骤“{step}”仍在等待",
  },
  stepSkipped: {
    en: 'the step "{step}" could not be done: {en}',
    zh: "步骤“{step}”无法执行：{zh}",
  },
  stepWaitsInVain: {
    en: 'the step "{step}" was still waiting: {operation} had failed at {at} ms with "{error}"',
    zh: "步骤“{step}”仍在等待：{operation} 在 {at} ms 时失败，错误为“{error}”",
  },
  untilUnreached: {
    en: "the run reached its limit before what it waits for",
    zh: "运行在等到结束条件之前到达了上限",
  },
} as const satisfies Catalogue;

export const say = sayer<typeof scenarioWords>();
