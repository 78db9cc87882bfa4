import {describe, expect, it} from "vitest";
import {ScenarioReader} from "../../scenarios/read.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {scenarios} from "../../scenarios/index.ts";
import {malformedScenarios} from "./malformed.ts";

const reader = new ScenarioReader();

describe("reading a scenario's file", () => {
  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "accepts %s as JSON",
    (_id, scenario) => {
      const read = reader.read(JSON.stringify(scenario));
      expect(read).toEqual({ok: true, value: JSON.parse(JSON.stringify(scenario))});
    },
  );

  it("takes comments for blanks, but not inside of texts", () => {
    const text = JSON.stringify(
      {...leaderCrash, title: {en: 'see // there /* and */ "here"', zh: "注"}},
      undefined,
      1,
    );
    const read = reader.read(`// first\n${text.replace('"run"', '/* what\nruns */ "run"')}`);
    expect(read.ok && read.value.title.en).toBe('see // there /* and */ "here"');
  });

  it("names line and column behind comments as they stand in the file", () => {
    const read = reader.read("// a comment\n/* and\nanother */ {!}");
    expect(read).toEqual({ok: false, error: 'line 3, column 13: found "!", expected JSON'});
  });

  it.each(malformedScenarios.map((file) => [file.name, file] as const))(
    "answers %s in one line",
    (_name, {text, where, says}) => {
      const read = reader.read(text);
      const line = read.ok ? "" : read.error;
      expect(line.startsWith(where), line).toBe(true);
      for (const part of says) expect(line).toContain(part);
      expect(line).not.toContain("\n");
      expect(line.length).toBeLessThan(500);
    },
  );
});
