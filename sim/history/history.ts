// What the clients saw, as it is being written: operations in order of invocation, replaced when they change, and the
// recipes beside them. Forks share the lists until one of them writes.

import {assert} from "../../core/base/assert.ts";
import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {Told} from "../../core/client/recipes/recipe.ts";
import type {Response} from "../../core/server/request.ts";
import type {Moment, Operation, RecipeOperation, WatchedResponse} from "./operation.ts";
import {Revisions} from "./revisions.ts";
import {AppliedLog} from "./appliedLog.ts";
import {SharedList} from "./sharedList.ts";

export class History {
  /** What the store did, whoever saw it. */
  revisions = new Revisions();
  applied = new AppliedLog();
  private list: Operation[] = [];
  private recipeList: RecipeOperation[] = [];
  /** Whether another history has the same lists. */
  private shared = false;
  /** Of each client's calls, call 1 first: the place in the list; of recipes −1 − the place in theirs. */
  private readonly places = new Map<string, SharedList<number>>();
  /** What a watch got, by its place in the list. */
  private readonly responses = new Map<number, SharedList<WatchedResponse>>();

  get operations(): readonly Operation[] {
    return this.list;
  }

  get recipes(): readonly RecipeOperation[] {
    return this.recipeList;
  }

  find(client: string, call: number): Operation | undefined {
    const place = this.places.get(client)?.at(call - 1);
    return place === undefined ? undefined : this.list[place];
  }

  findRecipe(client: string, call: number): RecipeOperation | undefined {
    const place = this.places.get(client)?.at(call - 1);
    return place === undefined ? undefined : this.recipeList[-1 - place];
  }

  /** A client asks. Its calls come in the order of their numbers, from 1. */
  invoked(operation: Omit<Operation, "watched">): void {
    this.own();
    this.place(operation, this.list.push({...operation, watched: []}) - 1);
  }

  /** A client is asked for a recipe. */
  invokedRecipe(operation: Omit<RecipeOperation, "told">): void {
    this.own();
    this.place(operation, -this.recipeList.push({...operation, told: []}));
  }

  told(client: string, call: number, moment: Moment, told: Told): void {
    this.changeRecipe(client, call, (operation) => ({
      ...operation,
      told: [...operation.told, {moment, told}],
    }));
  }

  finished(client: string, call: number, returned: Moment, outcome: RecipeOutcome): void {
    this.changeRecipe(client, call, (operation) => ({...operation, returned, outcome}));
  }

  settled(client: string, call: number, returned: Moment, outcome: Outcome): void {
    this.change(client, call, (operation) => ({...operation, returned, outcome}));
  }

  watched(client: string, call: number, moment: Moment, response: Response): void {
    this.change(client, call, (operation, place) => {
      let responses = this.responses.get(place);
      if (responses === undefined) this.responses.set(place, (responses = new SharedList()));
      responses.push({moment, response});
      return withResponses(operation, responses.fork());
    });
  }

  fork(): History {
    const twin = new History();
    this.shared = true;
    twin.shared = true;
    twin.revisions = this.revisions.fork();
    twin.applied = this.applied.fork();
    twin.list = this.list;
    twin.recipeList = this.recipeList;
    for (const [client, places] of this.places) twin.places.set(client, places.fork());
    for (const [place, responses] of this.responses) twin.responses.set(place, responses.fork());
    return twin;
  }

  private change(client: string, call: number, to: (operation: Operation, place: number) => Operation): void {
    const place = this.places.get(client)?.at(call - 1);
    const operation = place === undefined ? undefined : this.list[place];
    if (place === undefined || operation === undefined) return;
    this.own();
    this.list[place] = to(operation, place);
  }

  private changeRecipe(
    client: string,
    call: number,
    to: (operation: RecipeOperation) => RecipeOperation,
  ): void {
    const operation = this.findRecipe(client, call);
    const place = this.places.get(client)?.at(call - 1);
    if (place === undefined || operation === undefined) return;
    this.own();
    this.recipeList[-1 - place] = to(operation);
  }

  private place({client, call}: {readonly client: string; readonly call: number}, place: number): void {
    let of = this.places.get(client);
    if (of === undefined) this.places.set(client, (of = new SharedList()));
    if (of.length !== call - 1) assert(false, `${client} makes call ${call} after ${of.length}`);
    of.push(place);
  }

  private own(): void {
    if (!this.shared) return;
    this.list = this.list.slice();
    this.recipeList = this.recipeList.slice();
    this.shared = false;
  }
}

/** An open watch as of now. Its responses become a list of their own only when somebody asks: a watch gets very many. */
function withResponses(
  {client, call, as, parent, request, token, invoked}: Operation,
  responses: SharedList<WatchedResponse>,
): Operation {
  let watched: readonly WatchedResponse[] | undefined;
  return {
    client,
    call,
    ...(as === undefined ? {} : {as}),
    ...(parent === undefined ? {} : {parent}),
    request,
    ...(token === undefined ? {} : {token}),
    invoked,
    get watched() {
      return (watched ??= responses.copy());
    },
  };
}
