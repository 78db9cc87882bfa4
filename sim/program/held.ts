// What a program holds under a lease: a lock, or the leadership of an election.

import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {LeaseId, Revision} from "../../core/base/quantity.ts";
import type {Holding, RecipeRequest, RecipeResult} from "../../core/client/recipes/recipe.ts";
import {valueOf} from "./values.ts";
import type {Given} from "./values.ts";

/** Whether its client was told that the lease is gone. */
export interface Fate {
  lost: boolean;
}

/** Asks for another recipe. */
export type AskRecipe = (recipe: RecipeRequest) => Promise<RecipeResult>;

export class Held {
  readonly key: string;
  /** That created the key: the token that fences. */
  readonly revision: Revision;
  readonly lease: LeaseId;
  /** The call that made it. */
  protected readonly of: number;
  protected readonly ask: AskRecipe;
  private readonly fate: Fate;

  constructor(holding: Holding, of: number, ask: AskRecipe, fate: Fate) {
    this.key = textOfBytes(bytesOfKey(holding.key));
    this.revision = holding.revision;
    this.lease = holding.lease;
    this.of = of;
    this.ask = ask;
    this.fate = fate;
  }

  /** Whether its client knows that the lease is gone; it may be gone before. */
  get isLost(): boolean {
    return this.fate.lost;
  }

  /** Asks the cluster whether the key is still the one that it made. */
  async isOwner(): Promise<boolean> {
    const result = await this.ask({kind: "isOwner", of: this.of});
    return result.kind === "isOwner" && result.isOwner;
  }
}

export class Lock extends Held {
  async unlock(): Promise<void> {
    await this.ask({kind: "unlock", of: this.of});
  }
}

export class Leadership extends Held {
  async proclaim(value: Given): Promise<void> {
    await this.ask({kind: "proclaim", of: this.of, value: valueOf(value)});
  }

  async resign(): Promise<void> {
    await this.ask({kind: "resign", of: this.of});
  }
}
