import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {formOf, formatRecipe, parseCommand} from "../../../core/client/command.ts";
import {recipeNames} from "../../../core/client/recipeCommand.ts";
import {recipes} from "./drawnRecipes.ts";
import {bytes} from "./scene.ts";

function read(line: string): unknown {
  const parsed = parseCommand(line);
  if (!parsed.ok) return parsed.error;
  return parsed.value.kind === "recipe" ? parsed.value.recipe : parsed.value.kind;
}

describe("a recipe as a line", () => {
  test("reads back as it was written, whatever it holds", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        expect(read(formatRecipe(recipe))).toEqual(recipe);
      }),
      {numRuns: 500},
    );
  });

  test.each([
    ["lock jobs", {kind: "lock", name: "jobs"}],
    ["lock jobs --ttl 5", {kind: "lock", name: "jobs", ttl: 5}],
    ["lock jobs --session 3", {kind: "lock", name: "jobs", session: 3}],
    ["unlock 3", {kind: "unlock", of: 3}],
    ["elect db n1", {kind: "campaign", name: "db", value: bytes("n1")}],
    ["barrier wait gate", {kind: "barrierWait", name: "gate"}],
    [
      "critical jobs n --hold 50ms --fenced",
      {kind: "critical", name: "jobs", key: "n", hold: 50_000, fenced: true},
    ],
    [
      'stm --isolation read-committed fetch n ; add n 1 ; put x ";"',
      {
        kind: "stm",
        isolation: "readCommitted",
        prefetch: ["n"],
        ops: [
          {kind: "add", key: "n", by: 1},
          {kind: "put", key: "x", value: bytes(";")},
        ],
      },
    ],
  ])("%s", (line, recipe) => {
    expect(read(line)).toEqual(recipe);
  });

  test.each([
    ["unlock x", `unlock: "x" is no call's number; expected: unlock <call>`],
    [
      "lock a --ttl 1 --session 2",
      `lock: --ttl and --session exclude each other; expected: ${formOf("lock")}`,
    ],
    [
      "critical a b --hold 5",
      `critical: --hold: "5" is no time such as 50ms; expected: ${formOf("critical")}`,
    ],
    ["enqueue q v --priority 70000", `enqueue: a priority is 0 to 65535; expected: ${formOf("enqueue")}`],
    ["enter gate 0", `enter: "0" is no number of clients; expected: ${formOf("enter")}`],
    ["stm", `stm: an operation is missing; expected: ${formOf("stm")}`],
    ["stm add n x", `stm: "add x" is no operation; expected: ${formOf("stm")}`],
    [
      "barrier",
      'unknown command "barrier" at column 1; expected one of: barrier hold, barrier release, barrier wait',
    ],
    ["lock", `lock: an argument is missing; expected: ${formOf("lock")}`],
  ])("%s: what is wrong", (line, error) => {
    expect(read(line)).toBe(error);
  });

  test("every name has its form, which begins with it", () => {
    for (const name of recipeNames) expect(formOf(name)?.startsWith(name)).toBe(true);
  });
});
