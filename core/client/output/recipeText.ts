// What a recipe's result is told as. etcdctl has only `lock` and `elect`, which show the key that they hold as `get` does
// (etcdctl/ctlv3/command/{lock,elect}_command.go); the rest is ours.

import type {Key, Value} from "../../base/key.ts";
import type {RecipeRequest, RecipeResult, Told} from "../recipes/recipe.ts";
import {leaseHex} from "./goText.ts";
import {bytesText} from "./output.ts";

/** Recipes whose result is shown as `get` shows the key that it holds. */
const shownAsKey: ReadonlySet<RecipeResult["kind"]> = new Set([
  "lock",
  "tryLock",
  "rlock",
  "wlock",
  "campaign",
  "enter",
  "register",
]);

export function isShownAsKey(result: RecipeResult): boolean {
  return shownAsKey.has(result.kind);
}

export function recipeText(result: RecipeResult): string {
  switch (result.kind) {
    case "session":
      return `session ${leaseHex(result.lease)} with TTL(${result.ttl}s)\n`;
    case "isOwner":
      return `${result.isOwner}\n`;
    case "leader":
    case "dequeue":
      return pair(result.key, result.value);
    case "enqueue":
      return `${bytesText(result.key)}\n`;
    case "stm": {
      const reads = result.reads.map(({key, value}) => pair(key, value ?? ""));
      return `SUCCESS\n\n${reads.join("")}committed at revision ${result.revision} in ${result.attempts} attempts\n`;
    }
    case "critical": {
      const wrote = result.wrote === undefined ? "the write was refused" : `wrote ${result.wrote}`;
      return `${bytesText(result.key)}\nread ${result.read}, ${wrote}\n`;
    }
    default:
      return isShownAsKey(result) ? "" : "OK\n";
  }
}

/** News that are a text by themselves; who holds or leads is read and shown. */
export function toldText(told: Told): string {
  switch (told.kind) {
    case "instances":
      return told.instances.map(({id, address}) => pair(id, address)).join("");
    case "primary":
      return `primary ${bytesText(told.key)}\n`;
    case "standby":
      return "standby\n";
    default:
      return "";
  }
}

/** What etcdctl says when the lease behind a recipe is gone. */
export function lossText({kind}: RecipeRequest): string {
  return kind === "campaign" ? "elect: session expired" : "session expired";
}

function pair(key: Key, value: Key | Value): string {
  return `${bytesText(key)}\n${bytesText(value)}\n`;
}
