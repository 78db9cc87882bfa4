// Reading a person's scenario: JSON (with comments, if they like), then the schema, then what a schema cannot say (names that exist, ids that are
// unique, lines that etcdctl understands). The first problem is answered in one line: where, what stood there, what was
// expected.

import {Ajv} from "ajv";
import type {ErrorObject, ValidateFunction} from "ajv";
import {failed, ok} from "../core/base/result.ts";
import type {Result} from "../core/base/result.ts";
import type {Scenario} from "./format.ts";
import {parseJson} from "./json.ts";
import {problemOf} from "./names.ts";
import {scenarioSchema} from "./schema.ts";

/** Deepest nesting, so that no file can exhaust the stack. */
const depthMax = 60;

/** Characters of a file. */
const lengthMax = 4_000_000;

/** Longest quotation of what stood there. */
const quoteMax = 60;

/** Makes a reader; compiling the schema takes a while, so one is made when the first file is read. */
export class ScenarioReader {
  private readonly validate: ValidateFunction;

  constructor() {
    // Our schema is known to be one (a test), and runs once or twice: what would check or polish it only costs time.
    const quick = {meta: false, validateSchema: false, code: {optimize: false}};
    const ajv = new Ajv({
      ...quick,
      verbose: true,
      strictTypes: false,
      strictRequired: false,
      keywords: ["expected"],
    });
    this.validate = ajv.compile(scenarioSchema);
  }

  /** The scenario in `text`, or one line that says what is wrong with it. */
  read(text: string): Result<Scenario, string> {
    if (text.length > lengthMax)
      return failed(`the file has ${text.length} characters, expected at most ${lengthMax}`);
    const json = parseJson(text);
    return json.ok ? this.check(json.value) : json;
  }

  /** The same for JSON that was parsed already. */
  check(value: unknown): Result<Scenario, string> {
    if (depthOf(value) > depthMax)
      return failed(`the file nests deeper than ${depthMax} levels, expected a scenario`);
    if (!this.validate(value)) return failed(worst(this.validate.errors ?? []));
    const scenario = value as Scenario;
    const problem = problemOf(scenario);
    return problem === undefined ? ok(scenario) : failed(problem);
  }
}

/** A value as it may stand in an error: one line, not too long. */
export function quote(value: unknown): string {
  const text = oneLine(JSON.stringify(value) ?? String(value));
  return text.length <= quoteMax ? text : `${text.slice(0, quoteMax - 1)}…`;
}

/** `/run/steps/2/when` as `run.steps[2].when`; the whole is "the scenario". */
export function pathText(pointer: string): string {
  let path = "";
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path += /^\d+$/.test(key) ? `[${key}]` : path === "" ? key : `.${key}`;
  }
  return path === "" ? "the scenario" : path;
}

/** The first error that is not about a branch of an `if`. */
function worst(errors: readonly ErrorObject[]): string {
  const error = errors.find(({keyword}) => keyword !== "if") ?? errors[0];
  if (error === undefined) return "the scenario does not match the schema";
  const at = pathText(error.instancePath);
  const shape = (error.parentSchema ?? {}) as Readonly<Record<string, unknown>>;
  const expected =
    typeof shape["expected"] === "string" ? shape["expected"] : (error.message ?? "something else");
  if (error.keyword === "additionalProperties" || error.keyword === "propertyNames") {
    const key = String(error.params["additionalProperty"] ?? error.params["propertyName"]);
    const known = Object.keys((shape["properties"] ?? {}) as object);
    const wanted = known.length === 0 ? expected : `one of ${known.join(", ")}`;
    return `${at}: found the key ${quote(key)}, expected ${wanted}`;
  }
  if (error.keyword === "required") {
    return `${at}: found no ${quote(error.params["missingProperty"])}, expected ${expected}`;
  }
  if (error.keyword === "minItems" || error.keyword === "maxItems") {
    const count = Array.isArray(error.data) ? error.data.length : 0;
    const {minItems: least, maxItems: most} = shape;
    const wanted = least === most ? `exactly ${String(least)}` : `${String(least)} to ${String(most)}`;
    return `${at}: found ${count} items, expected ${expected} with ${wanted}`;
  }
  return `${at}: found ${quote(error.data)}, expected ${expected}`;
}

/** Levels of nesting, found without recursion. */
function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  let depth = 0;
  while (level.length > 0 && depth <= depthMax) {
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
    depth++;
  }
  return depth;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
