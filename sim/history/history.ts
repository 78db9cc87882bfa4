// What the clients saw, as it is being written: operations in order of invocation, replaced when they change. Forks
// share the list until one of them writes.

import type {Outcome} from "../../core/client/io.ts";
import type {Response} from "../../core/server/request.ts";
import type {Moment, Operation, WatchedResponse} from "./operation.ts";
import {SharedList} from "./sharedList.ts";

export class History {
  private list: Operation[] = [];
  private shared = false;
  /** Place in the list of each client's calls, call 1 first. */
  private readonly places = new Map<string, SharedList<number>>();
  /** What a watch got, by its place in the list. */
  private readonly responses = new Map<number, SharedList<WatchedResponse>>();

  get operations(): readonly Operation[] {
    return this.list;
  }

  find(client: string, call: number): Operation | undefined {
    const place = this.places.get(client)?.at(call - 1);
    return place === undefined ? undefined : this.list[place];
  }

  /** How many calls the client has made. */
  calls(client: string): number {
    return this.places.get(client)?.length ?? 0;
  }

  /** A client asks. Its calls come in the order of their numbers, from 1. */
  invoked(operation: Omit<Operation, "watched">): void {
    this.own();
    const place = this.list.push({...operation, watched: []}) - 1;
    let of = this.places.get(operation.client);
    if (of === undefined) this.places.set(operation.client, (of = new SharedList()));
    of.push(place);
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
    twin.list = this.list;
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

  private own(): void {
    if (!this.shared) return;
    this.list = this.list.slice();
    this.shared = false;
  }
}

/** An open watch as of now. Its responses become a list of their own only when somebody asks: a watch gets very many. */
function withResponses(
  {client, call, as, request, invoked}: Operation,
  responses: SharedList<WatchedResponse>,
): Operation {
  let watched: readonly WatchedResponse[] | undefined;
  return {
    client,
    call,
    ...(as === undefined ? {} : {as}),
    request,
    invoked,
    get watched() {
      return (watched ??= responses.copy());
    },
  };
}
