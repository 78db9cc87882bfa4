// Who has which bug: members and clients, in trials, in scenarios and in traces.

import {describe, expect, it} from "vitest";
import {exhibitOf} from "../../../scenarios/museum/index.ts";
import {ScenarioReader} from "../../../scenarios/read.ts";
import {stage} from "../../../scenarios/resolve.ts";
import {versionOf, versionsWith} from "../../../sim/bug/museum.ts";
import {execute} from "../../../sim/execute.ts";
import {trialOf} from "../../../sim/explore/trial.ts";
import {readTrace, writeTrace} from "../../../sim/trace/file.ts";
import {replay, traceOf} from "../../../sim/trace/replay.ts";

const [ofClients, ofMembers] = ["timeout-is-failure", "vote-twice"];

describe("a bug", () => {
  it("is had by those whom it concerns", () => {
    expect(versionsWith(["n1", "c1", "c2"], [ofClients, ofMembers])).toEqual({
      n1: [ofMembers],
      c1: [ofClients],
      c2: [ofClients],
    });
    expect(versionsWith(["n1", "c1"], [])).toEqual({});
  });

  it("is had by all of them in a trial, or by the one that is named", () => {
    const {clients} = trialOf(1).run.config;
    const all = Array.from({length: clients}, (_, i) => [`c${i + 1}`, [ofClients]]);
    expect(trialOf(1, {bugs: [ofClients]}).run.versions).toEqual(Object.fromEntries(all));
    expect(trialOf(1, {bugs: [ofClients], buggy: "c1"}).run.versions).toEqual({c1: [ofClients]});
    expect(trialOf(1, {bugs: [ofMembers], buggy: "c1"}).run.versions).toEqual({});
  });

  it("of a client is in its trace, and happens again", () => {
    const scenario = exhibitOf(ofClients);
    if (scenario === undefined) throw new Error("there is no such scenario");
    const {run, director} = stage(scenario);
    const done = execute(run, {versions: versionOf, director, lines: true});
    const read = readTrace(writeTrace(traceOf(done, {code: "0123456789abcdef"})));
    if (!read.ok) throw new Error(read.error);
    expect(read.value.header.versions).toEqual({c1: [ofClients]});
    const again = replay(read.value, {versions: versionOf});
    expect(again.difference).toBeUndefined();
    expect(again.executed.operations.find(({request}) => request.kind === "put")?.outcome?.kind).toBe(
      "failed",
    );
  });

  it("of a client that there is not is refused in one line", () => {
    const scenario = exhibitOf(ofClients);
    if (scenario === undefined) throw new Error("there is no such scenario");
    const of = (who: string): string => {
      const text = JSON.stringify({...scenario, run: {...scenario.run, bugs: {[who]: [ofClients]}}});
      const read = new ScenarioReader().read(text);
      return read.ok ? "" : read.error;
    };
    expect(of("c2")).toBe("");
    expect(of("c3")).toMatch(/run\.bugs.*"c3".*one of n1 to n1 or c1 to c2/);
    expect(of("x1")).toMatch(/run\.bugs.*"x1"/);
  });
});
