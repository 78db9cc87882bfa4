// A recipe in a few words: what was asked, what it told, what came of it. In the words of the API; not translated.

import type {Key, Value} from "../../core/base/key.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {RecipeOutcome} from "../../core/client/io.ts";
import type {RecipeRequest, RecipeResult, Told} from "../../core/client/recipes/recipe.ts";

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

export function toldText(told: Told): string {
  switch (told.kind) {
    case "waits":
      return `waits for ${keyText(told.key)}`;
    case "holds":
      return `holds ${keyText(told.key)}, revision ${told.revision}`;
    case "lost":
      return `lost its lease: ${told.reason}`;
    case "leader":
      return `${keyText(told.key)}=${valueText(told.value)} leads`;
    case "instances":
      return told.instances.map(({id, address}) => `${keyText(id)}=${valueText(address)}`).join(", ");
    case "primary":
      return `primary, token ${told.token}`;
    case "standby":
      return "standby";
  }
}

function keyText(key: Key): string {
  return textOfBytes(bytesOfKey(key));
}

function valueText(value: Value): string {
  return textOfBytes(value);
}
