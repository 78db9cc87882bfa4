// A recipe in a few words: what was asked and what came of it, in the words of the API, not translated; and the sentence
// for what it told.

import type {Key, Value} from "../../core/base/key.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {Said} from "../../core/base/said.ts";
import type {RecipeOutcome} from "../../core/client/io.ts";
import type {RecipeRequest, RecipeResult, Told} from "../../core/client/recipes/recipe.ts";
import type {WorldView} from "../../sim/view.ts";
import {say} from "../words/engine.ts";

/** Its kind and what it is about: `lock m`, `unlock #4`. */
export function recipeText(recipe: RecipeRequest): string {
  if ("of" in recipe) return `${recipe.kind} #${recipe.of}`;
  if ("name" in recipe) return `${recipe.kind} ${keyText(recipe.name)}`;
  if ("queue" in recipe) return `${recipe.kind} ${keyText(recipe.queue)}`;
  if ("service" in recipe) return `${recipe.kind} ${keyText(recipe.service)}`;
  return recipe.kind;
}

export function recipeOutcomeText(outcome: RecipeOutcome): string {
  return outcome.kind === "done" ? resultText(outcome.result) : outcome.error.message;
}

function resultText(result: RecipeResult): string {
  switch (result.kind) {
    case "critical":
      return result.refused ? `refused, token ${result.token}` : `${result.read} → ${result.wrote ?? "?"}`;
    case "leader":
      return `${keyText(result.key)}=${valueText(result.value)}`;
    case "dequeue":
      return valueText(result.value);
    case "isOwner":
      return result.isOwner ? "yes" : "no";
    case "session":
      return `lease ${result.lease}`;
    case "stm":
      return `revision ${result.revision}, attempts ${result.attempts}`;
    default:
      return "key" in result ? `${keyText(result.key)}, revision ${result.revision}` : "OK";
  }
}

/** The recipe that a call asked for, in a few words. */
export function recipeOf(
  client: string,
  call: number,
  {view}: {readonly view: Pick<WorldView, "recipes">},
): string {
  const found = view.recipes.findLast((one) => one.client === client && one.call === call);
  return found === undefined ? `#${call}` : recipeText(found.recipe);
}

export function toldLine(told: Told, client: string, what: string): Said {
  const by = {client, what};
  switch (told.kind) {
    case "waits":
      return say("told.waits", {...by, key: keyText(told.key)}, [client]);
    case "holds":
      return say("told.holds", {...by, key: keyText(told.key), revision: told.revision}, [client]);
    case "lost":
      return say("told.lost", {...by, reason: told.reason}, [client]);
    case "leader":
      return say("told.leader", {...by, value: valueText(told.value)}, [client]);
    case "instances": {
      const instances = told.instances.map(({id, address}) => `${keyText(id)}=${valueText(address)}`);
      return say("told.instances", {...by, instances: instances.join(", ") || "–"}, [client]);
    }
    case "primary":
      return say("told.primary", {...by, token: told.token}, [client]);
    case "standby":
      return say("told.standby", by, [client]);
  }
}

function keyText(key: Key): string {
  return textOfBytes(bytesOfKey(key));
}

function valueText(value: Value): string {
  return textOfBytes(value);
}
