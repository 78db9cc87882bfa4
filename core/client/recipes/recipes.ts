// Every recipe by its request. To add one: its words in recipe.ts, its file here, a case below, its form in
// ../recipeCommand.ts.

import {unreachable} from "../../base/assert.ts";
import type {Recipe} from "./await.ts";
import {barrierHold, barrierRelease, barrierWait, enter, leave} from "./barrier.ts";
import {critical} from "./critical.ts";
import {campaign, leader, observe, proclaim, resign} from "./election.ts";
import {isOwner, lock, tryLock, unlock} from "./mutex.ts";
import {dequeue, enqueue} from "./queue.ts";
import type {RecipeRequest, RecipeResult} from "./recipe.ts";
import {deregister, discover, register} from "./registry.ts";
import {readWriteLock} from "./rwmutex.ts";
import {endSession, session} from "./session.ts";
import {standby} from "./standby.ts";
import {stm} from "./stm.ts";

/** The code of a recipe, not yet started. */
export function recipeOf(request: RecipeRequest): Recipe<RecipeResult> {
  switch (request.kind) {
    case "session":
      return session(request);
    case "orphan":
    case "close":
      return endSession(request);
    case "lock":
      return lock(request);
    case "tryLock":
      return tryLock(request);
    case "rlock":
    case "wlock":
      return readWriteLock(request);
    case "unlock":
      return unlock(request);
    case "isOwner":
      return isOwner(request);
    case "campaign":
      return campaign(request);
    case "proclaim":
      return proclaim(request);
    case "resign":
      return resign(request);
    case "leader":
      return leader(request);
    case "observe":
      return observe(request);
    case "stm":
      return stm(request);
    case "enqueue":
      return enqueue(request);
    case "dequeue":
      return dequeue(request);
    case "barrierHold":
      return barrierHold(request);
    case "barrierRelease":
      return barrierRelease(request);
    case "barrierWait":
      return barrierWait(request);
    case "enter":
      return enter(request);
    case "leave":
      return leave(request);
    case "register":
      return register(request);
    case "deregister":
      return deregister(request);
    case "discover":
      return discover(request);
    case "standby":
      return standby(request);
    case "critical":
      return critical(request);
    default:
      return unreachable(request);
  }
}
