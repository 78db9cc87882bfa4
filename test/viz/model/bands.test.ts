// How long the tape shows a fault, and in which words.

import {describe, expect, it} from "vitest";
import {worded} from "../../../core/base/said.ts";
import type {Action} from "../../../sim/action.ts";
import {actionLine, faultLabel} from "../../../viz/model/line.ts";
import {engineWords} from "../../../viz/words/engine.ts";
import {Filmed} from "../support/filmed.ts";
import type {Deed} from "../support/filmed.ts";

const settings = {members: 3, clients: 1, profile: "teaching"} as const;

/** The bands at the end: their words, and their beginnings and ends in milliseconds. */
function bands(deeds: readonly Deed[], time = 2000): readonly (readonly [string, number, number?])[] {
  const film = new Filmed(settings, deeds);
  while ((film.view.last?.at ?? 0) < time * 1000) film.take();
  expect(film.world.skipped).toEqual([]);
  return film.recording.faults.map(({what: {action}, from, to}) => {
    const words = worded(engineWords, faultLabel(action), "en");
    const begin = Math.round(from.at / 1000);
    return to === undefined ? [words, begin] : [words, begin, Math.round(to.at / 1000)];
  });
}

describe("a band on the tape", () => {
  it("of a link ends where it is set anew, or as configured; each way counts", () => {
    const loss = (lossPerMillion: number, oneWay?: true): Action => {
      return {kind: "link", from: "n1", to: "n2", set: {lossPerMillion}, ...(oneWay ? {oneWay} : {})};
    };
    expect(
      bands([
        [100, loss(5)],
        [200, loss(6)],
        [300, {kind: "link", from: "n2", to: "n1", reset: true}],
        [400, loss(7, true)],
        [500, {kind: "link", from: "n2", to: "n1", oneWay: true, set: {lossPerMillion: 1}}],
        [600, {kind: "link", from: "n1", to: "n2", oneWay: true, reset: true}],
      ]),
    ).toEqual([
      ["n1 – n2 loses 0.0005 % of messages", 100, 200],
      ["n1 – n2 loses 0.0006 % of messages", 200, 300],
      ["n1 → n2 loses 0.0007 % of messages", 400, 600],
      ["n2 → n1 loses 0.0001 % of messages", 500],
    ]);
  });

  it("of an armed crash ends with the crash, from which on the member is down", () => {
    const crash: Action = {kind: "crashAtDisk", member: "n2", nth: 1, when: "before"};
    const [armed, down] = bands([
      [100, crash],
      [1500, {kind: "restart", member: "n2"}],
    ]);
    expect(armed).toEqual(["n2: crash before disk operation (1)", 100, down?.[1]]);
    expect(down).toEqual(["n2 down", expect.any(Number), 1500]);
    expect(down?.[1]).toBeGreaterThan(100);
  });

  it("of a slow actor and of a refusal ends where that does", () => {
    expect(
      bands([
        [100, {kind: "slow", member: "n1", actor: "apply", factor: 9}],
        [200, {kind: "connection", client: "c1", member: "n3", do: "refuse"}],
        [300, {kind: "slow", member: "n1", actor: "apply", factor: 1}],
        [400, {kind: "connection", client: "c1", member: "n3", do: "accept"}],
      ]),
    ).toEqual([
      ["n1: apply ×9", 100, 300],
      ["n3 refuses c1", 200, 400],
    ]);
  });

  it("has a sentence too, in both languages, that names what was set", () => {
    const action: Action = {
      kind: "link",
      from: "n1",
      to: "n2",
      oneWay: true,
      set: {latency: {least: 40_000, most: 60_000}, queueBytes: 9},
    };
    expect(worded(engineWords, actionLine(action), "en")).toBe(
      "From now on the link n1 → n2 takes 40 to 60 ms, loses what finds no room among 9 waiting bytes.",
    );
    expect(worded(engineWords, actionLine(action), "zh")).toBe(
      "从现在起，链路 n1 → n2 传送需 40 至 60 毫秒，排队超过 9 字节即丢失。",
    );
    const restart: Action = {
      kind: "restart",
      member: "n1",
      with: {raft: {preVote: true}, versions: []},
    };
    expect(worded(engineWords, actionLine(restart), "en")).toBe(
      "n1 starts again from its disk, as another: preVote true, versions none.",
    );
  });
});
