// A link's settings as a person reads them: no name of a setting in either language.

import {describe, expect, it} from "vitest";
import {worded} from "../../../core/base/said.ts";
import type {LinkQuality} from "../../../sim/network/quality.ts";
import {linkWords} from "../../../viz/model/linkWords.ts";
import {actionLine} from "../../../viz/model/line.ts";
import {engineWords} from "../../../viz/words/engine.ts";

describe("what was set of a link", () => {
  it.each<[Partial<LinkQuality>, string, string]>([
    [{lossPerMillion: 50_000}, "loses 5 % of messages", "丢失 5% 的消息"],
    [{lossPerMillion: 1_000_000}, "loses every message", "丢失所有消息"],
    [{lossPerMillion: 0}, "loses no message", "不丢失消息"],
    [{latency: {least: 40_000, most: 60_000}}, "takes 40 to 60 ms", "传送需 40 至 60 毫秒"],
    [{latency: {least: 1500, most: 1500}}, "takes 1.5 ms", "传送需 1.5 毫秒"],
    [{duplicatePerMillion: 100_000}, "delivers 10 % twice", "10% 送达两次"],
    [{reorderPerMillion: 30_000}, "lets 3 % be overtaken", "3% 被后来的消息超过"],
    [{bytesPerSecond: 2000}, "passes 2000 bytes a second", "每秒通过 2000 字节"],
    [{queueBytes: 500}, "loses what finds no room among 500 waiting bytes", "排队超过 500 字节即丢失"],
    [
      {latency: {least: 5000, most: 5000}, lossPerMillion: 1},
      "loses 0.0001 % of messages, takes 5 ms",
      "丢失 0.0001% 的消息，传送需 5 毫秒",
    ],
  ])("%j is %s", (set, en, zh) => {
    expect(linkWords(set)).toEqual({en, zh});
  });

  it("is told when it is set", () => {
    const said = actionLine({kind: "link", from: "n1", to: "n2", set: {lossPerMillion: 50_000}});
    expect(worded(engineWords, said, "en")).toBe("From now on the link n1 – n2 loses 5 % of messages.");
    expect(worded(engineWords, said, "zh")).toBe("从现在起，链路 n1 – n2 丢失 5% 的消息。");
  });
});
