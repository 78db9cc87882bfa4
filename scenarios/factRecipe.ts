// Facts of what clients were asked for in recipes: locks, elections, critical sections.

import type {RecipeOperation} from "../sim/history/operation.ts";
import type {FactKind, FactOf} from "./fact.ts";
import {integer, object, oneOf, operationShape} from "./shape.ts";
import type {Scene} from "./story.ts";
import {stateless} from "./watch.ts";

const numberShape = integer(0, 1_000_000_000);

export const recipe: FactKind<"recipe"> = {
  doc: "The recipe was asked for, waits for others, holds what it wanted and is not over, was told that its lease is lost, or came out so; of a critical section with `read` and `wrote`: it read and wrote these numbers; with `refused`: its write was refused.",
  example: {recipe: "op:#first", is: "holds"},
  shape: object<FactOf<"recipe">>(
    {
      recipe: operationShape,
      is: oneOf("asked", "waits", "holds", "lost", "done", "failed"),
      "read?": numberShape,
      "wrote?": numberShape,
      "refused?": {const: true, expected: "true, or nothing"},
    },
    'a recipe: {"recipe": "op:#name", "is": "holds"}',
  ),
  words: {
    yes: {en: "{recipe} stands at: {is}", zh: "{recipe} 的状态是 {is}"},
    no: {en: "{recipe} does not stand at: {is}", zh: "{recipe} 的状态不是 {is}"},
  },
  watch: (fact) => stateless((scene) => holds(fact, scene)),
};

function holds(fact: FactOf<"recipe">, {view: {recipes}}: Scene): boolean {
  const found = recipes.find((one) => named(one, fact.recipe));
  if (found === undefined || !stands(fact.is, found)) return false;
  if (fact.read === undefined && fact.wrote === undefined && fact.refused === undefined) return true;
  const {outcome} = found;
  if (outcome?.kind !== "done" || outcome.result.kind !== "critical") return false;
  const {read, wrote, refused} = outcome.result;
  if (fact.read !== undefined && fact.read !== read) return false;
  return (fact.wrote === undefined || fact.wrote === wrote) && (fact.refused === undefined || refused);
}

function named({client, call, as}: RecipeOperation, ref: string): boolean {
  return ref === `op:${client}#${call}` || (as !== undefined && ref === `op:#${as}`);
}

function stands(is: FactOf<"recipe">["is"], {outcome, told}: RecipeOperation): boolean {
  if (is === "asked") return true;
  if (is === "done" || is === "failed")
    return outcome !== undefined && (outcome.kind === "done") === (is === "done");
  if (is === "lost") return told.some((one) => one.told.kind === "lost");
  return outcome === undefined && told.at(-1)?.told.kind === is;
}
