import {describe, expect, it} from "vitest";
import {bracesOf, problemOfBraces} from "../../scenarios/fill.ts";
import {facts} from "../../scenarios/fact.ts";
import type {Scenario, Text} from "../../scenarios/format.ts";
import {scenarios} from "../../scenarios/index.ts";

/** Every text below a value, with its path. */
function textsIn(value: unknown, path: string): readonly (readonly [string, Text])[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "en" in value && "zh" in value ? [[path, value as Text] as const] : [];
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${path}.${key}`))];
}

const all = scenarios.flatMap((scenario) => textsIn(scenario, scenario.id));
const factTexts = Object.entries(facts).flatMap(([name, {words}]) => textsIn(words, name));

/** What is said to people while a run plays; titles and sources may name what they like. */
function narration({id, tell = [], run}: Scenario): readonly (readonly [string, Text])[] {
  return [...textsIn(tell, `${id}.tell`), ...textsIn(run.expect, `${id}.expect`)];
}

describe("the scenarios' texts", () => {
  it("fill the same braces in both languages, and only braces that something fills", () => {
    expect(all.length).toBeGreaterThan(60);
    for (const [path, {en, zh}] of all) {
      expect(bracesOf(zh), path).toEqual(bracesOf(en));
      expect(
        bracesOf(en).flatMap((inner) => problemOfBraces(inner) ?? []),
        path,
      ).toEqual([]);
    }
  });

  it("have no digit outside of braces", () => {
    for (const scenario of scenarios) {
      for (const [path, text] of narration(scenario)) {
        for (const words of [text.en, text.zh]) {
          expect(words.replaceAll(/\{[^}]*\}/g, ""), path).not.toMatch(/[0-9０-９]/);
        }
      }
    }
  });

  it("are Chinese in Chinese and English in English", () => {
    for (const [path, {en, zh}] of [...all, ...factTexts]) {
      expect(zh, path).toMatch(/\p{Script=Han}/u);
      expect(en, path).not.toMatch(/\p{Script=Han}/u);
      expect(en, path).toMatch(/[a-z]/);
    }
  });

  it("back every sentence of at most a third of a beat by nothing", () => {
    for (const {id, tell = []} of scenarios) {
      const sentences = tell.flatMap((beat) => ("say" in beat ? beat.say : []));
      const asides = sentences.filter((sentence) => "aside" in sentence);
      expect(asides.length, id).toBeLessThanOrEqual(sentences.length / 3);
    }
  });
});
