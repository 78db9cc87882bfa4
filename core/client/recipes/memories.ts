// What the recipes of one client made and hold, by the call that made it, so that later calls can give it back.

import type {Hasher} from "../../base/hasher.ts";
import {digestPlain} from "../../base/plain.ts";
import type {Plain} from "../../base/plain.ts";
import type {LeaseId} from "../../base/quantity.ts";
import type {Memory} from "./await.ts";
import type {Holding, RecipeRequest} from "./recipe.ts";

export class Memories {
  /** Gone when nothing is left of it. */
  private readonly byCall = new Map<number, Memory>();

  /** That call keeps `lease` alive. */
  keeps(call: number, recipe: RecipeRequest, lease: LeaseId): void {
    this.byCall.set(call, {...this.byCall.get(call), recipe, lease, ownSession: true});
  }

  holds(call: number, recipe: RecipeRequest, holding: Holding): void {
    const before = this.byCall.get(call);
    this.byCall.set(call, {lease: holding.lease, ownSession: false, ...before, recipe, holding});
  }

  /** The call's holding was given back. */
  release(call: number): void {
    const memory = this.byCall.get(call);
    if (memory === undefined) return;
    const {holding: _, ...rest} = memory;
    if (rest.ownSession) this.byCall.set(call, rest);
    else this.byCall.delete(call);
  }

  /** Nobody keeps `lease` alive any more. */
  forget(lease: LeaseId): void {
    for (const [call, memory] of this.byCall) {
      if (!memory.ownSession || memory.lease !== lease) continue;
      if (memory.holding === undefined) this.byCall.delete(call);
      else this.byCall.set(call, {...memory, ownSession: false});
    }
  }

  recall(call: number): Memory | undefined {
    return this.byCall.get(call);
  }

  fork(): Memories {
    const twin = new Memories();
    for (const [call, memory] of this.byCall) twin.byCall.set(call, memory);
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.byCall.size);
    for (const [call, memory] of [...this.byCall].sort(([a], [b]) => a - b)) {
      into.int(call);
      digestPlain(memory as unknown as Plain, into);
    }
  }
}
