import {Ajv} from "ajv";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {factNames} from "../../scenarios/fact.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {scenarios} from "../../scenarios/index.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import {vocabulary} from "../../scenarios/vocabulary.ts";
import {scenarioSchema} from "../../scenarios/schema.ts";

type Json = Record<string, unknown>;

const ajv = new Ajv({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
  keywords: ["expected"],
});
const validate = ajv.compile(scenarioSchema);
const reader = new ScenarioReader();

/** Every object below a value, with its path. */
function objectsIn(
  value: unknown,
  path: readonly string[] = [],
): readonly (readonly [readonly string[], Json])[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : [[path, value as Json] as const];
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => objectsIn(inner, [...path, key]))];
}

/** A copy in which the object at `path` has one more key. */
function withKey(scenario: Scenario, path: readonly string[], key: string): unknown {
  const copy = structuredClone(scenario) as unknown as Json;
  let at: Json = copy;
  for (const step of path) at = at[step] as Json;
  at[key] = "x";
  return copy;
}

describe("the schema", () => {
  it("is a schema of draft 7, in strict mode", () => {
    expect(ajv.validateSchema(scenarioSchema)).toBe(true);
  });

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))("accepts %s", (_id, scenario) => {
    expect(validate(JSON.parse(JSON.stringify(scenario))), JSON.stringify(validate.errors)).toBe(true);
  });

  it("knows every fact of the registry as a case of its own", () => {
    const text = JSON.stringify((scenarioSchema["definitions"] as Json)["When"]);
    for (const name of factNames) expect(text).toContain(`{"required":["${name}"]}`);
  });

  it("describes every definition in a line; a fact by its own", () => {
    const definitions = scenarioSchema["definitions"] as Readonly<Record<string, Json>>;
    for (const [name, {description}] of Object.entries(definitions))
      expect(description, name).toMatch(/^[^\n]{10,300}$/);
    const described = Object.values(definitions).map(({description}) => description);
    for (const {name, doc} of vocabulary) expect(described, name).toContain(doc);
  });

  it("accepts the example of every fact and combinator", () => {
    const [first] = scenarios;
    if (first === undefined) throw new Error("there is no scenario");
    for (const {name, example} of vocabulary) {
      expect(validate({...first, open: example}), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
      expect(Object.keys(example)[0]).toBe(name);
    }
  });

  it("says what is expected wherever a value can be wrong", () => {
    for (const [path, shape] of objectsIn(scenarioSchema)) {
      const decides = ["type", "enum", "const", "pattern", "not"].some((keyword) => keyword in shape);
      const isName = path.at(-1) === "properties" || path.at(-2) === "if" || path.at(-1) === "if";
      if (decides && !isName) expect(shape["expected"], path.join("/")).toEqual(expect.any(String));
    }
  });

  it("closes every set of keys: one key more anywhere is refused in one line that names it", () => {
    const places = scenarios.flatMap((scenario) =>
      objectsIn(JSON.parse(JSON.stringify(scenario))).map(([path]) => ({scenario, path})),
    );
    expect(places.length).toBeGreaterThan(300);
    // Names that a person gives are no closed set: what is bound, and variants.
    const closed = places.filter(({path}) => path.at(-1) !== "let" && path.at(-1) !== "variants");
    fc.assert(
      fc.property(fc.constantFrom(...closed), ({scenario, path}) => {
        const read = reader.check(withKey(scenario, path, "unheardOf"));
        expect(read.ok ? "accepted" : read.error).toContain('"unheardOf"');
      }),
      {numRuns: 400},
    );
  });
});
