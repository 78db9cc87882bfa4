// Histories of lists for tests, in short hand and drawn.

import fc from "fast-check";
import type {Micro, Transaction} from "../../../sim/anomaly/transaction.ts";

/** `ax1`: append 1 to x. `rx12`: x was read as 1 2; `rx`: as empty. */
function micro(text: string): Micro {
  const [kind = "", key = "", ...list] = text;
  return kind === "a" ? {kind: "append", key, element: list.join("")} : {kind: "read", key, list};
}

/**
 * Transactions in a line: `c1: ax1 ry | c2!: ry | c3?: rx1`. `!`: it was not done; `?`: nobody knows. All at once, but those that
 * stand behind `||` were asked for when all before it were over; `c1@2-5`: at these moments.
 */
export function history(text: string): readonly Transaction[] {
  let at = 0;
  return text.split("||").flatMap((part) => {
    const some = part.split("|").map((one) => one.trim());
    const invoked = ++at;
    const returned = ++at;
    return some.map((one): Transaction => {
      const [, process = "", mark = "", from, to, rest = ""] =
        /^(\w+)([!?]?)(?:@(\d+)-(\d+))?:(.*)$/.exec(one) ?? [];
      const outcome = mark === "!" ? "aborted" : mark === "?" ? "unknown" : "done";
      const micros = rest.split(" ").filter((word) => word !== "");
      const end = outcome === "unknown" ? undefined : Number(to ?? returned);
      const times = {invoked: Number(from ?? invoked), returned: end};
      return {name: process, process, micros: micros.map(micro), outcome, ...times};
    });
  });
}

interface Drawn {
  readonly clients: readonly number[];
  readonly outcomes: readonly Transaction["outcome"][];
  /** Per transaction: a list is appended to, or read, by how far it is read, or read wrongly. */
  readonly micros: readonly (readonly {
    readonly key: "x" | "y";
    readonly do: "append" | "read";
    readonly upTo: number;
  }[])[];
  readonly luck: readonly number[];
}

const drawn: fc.Arbitrary<Drawn> = fc.integer({min: 1, max: 6}).chain((count) => {
  const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(one, {minLength: count, maxLength: count});
  return fc.record({
    clients: some(fc.nat({max: 2})),
    outcomes: some(
      fc.oneof(
        {weight: 8, arbitrary: fc.constant("done" as const)},
        {weight: 1, arbitrary: fc.constant("unknown" as const)},
        {weight: 1, arbitrary: fc.constant("aborted" as const)},
      ),
    ),
    micros: some(
      fc.array(
        fc.record({
          key: fc.constantFrom("x" as const, "x" as const, "y" as const),
          do: fc.constantFrom("append" as const, "read" as const),
          upTo: fc.nat({max: 4}),
        }),
        {minLength: 1, maxLength: 3},
      ),
    ),
    luck: fc.array(fc.nat({max: 11}), {minLength: 40, maxLength: 40}),
  });
});

/**
 * Up to six transactions of three clients, each doing one thing at a time. What is read begins an order of what is appended that was drawn
 * for each list, and is seldom something else.
 */
export const histories: fc.Arbitrary<readonly Transaction[]> = drawn.map(
  ({clients, outcomes, micros, luck}) => {
    let used = 0;
    const pick = (bound: number): number => (luck[used++ % luck.length] ?? 0) % bound;
    const times = timesOf(clients, outcomes, pick);
    const elements: Record<"x" | "y", string[]> = {x: [], y: []};
    const named = micros.map((some) =>
      some.map((one) => ({...one, element: one.do === "append" ? `${elements[one.key].push("") - 1}` : ""})),
    );
    for (const list of [elements.x, elements.y]) {
      for (const place of list.keys()) list[place] = `${place}`;
      // Mostly as they are asked for, two of them perhaps exchanged.
      if (list.length > 1 && pick(3) === 0) {
        const at = pick(list.length - 1);
        [list[at], list[at + 1]] = [list[at + 1] ?? "", list[at] ?? ""];
      }
    }
    return named.map((some, place): Transaction => {
      const own: Record<"x" | "y", string[]> = {x: [], y: []};
      const list = some.map((one): Micro => {
        const {key, element, upTo} = one;
        if (one.do === "append") {
          own[key].push(element);
          return {kind: "append", key, element};
        }
        const others = elements[key].filter((element) => !own[key].includes(element));
        const read = [...others.slice(0, upTo), ...own[key]];
        return {kind: "read", key, list: pick(12) === 0 ? elements[key].slice(0, upTo) : read};
      });
      const [client, outcome = "done"] = [clients[place], outcomes[place]];
      const reads = outcome === "unknown" ? list.filter(({kind}) => kind === "append") : list;
      return {
        name: `t${place}`,
        process: `c${client}`,
        micros: reads,
        outcome,
        ...(times[place] ?? {invoked: 0, returned: 0}),
      };
    });
  },
);

/** In order of invocation. */
function timesOf(
  clients: readonly number[],
  outcomes: Drawn["outcomes"],
  pick: (bound: number) => number,
): readonly Pick<Transaction, "invoked" | "returned">[] {
  const times: {invoked: number; returned: number | undefined}[] = [];
  const open = new Map<number, number>();
  let at = 0;
  const close = (client: number): void => {
    const place = open.get(client);
    open.delete(client);
    const one = place === undefined ? undefined : times[place];
    if (one !== undefined && outcomes[place ?? 0] !== "unknown") one.returned = ++at;
  };
  for (const client of clients) {
    for (const other of [0, 1, 2]) if (other === client || pick(2) === 0) close(other);
    open.set(client, times.length);
    times.push({invoked: ++at, returned: undefined});
  }
  for (const client of [0, 1, 2]) close(client);
  return times;
}

/** A history of a store that does one after the other: every read is right. Mostly several at once. */
export const soundHistories: fc.Arbitrary<readonly Transaction[]> = drawn.map(
  ({clients, outcomes, micros, luck}) => {
    let used = 0;
    const pick = (bound: number): number => (luck[used++ % luck.length] ?? 0) % bound;
    const times = timesOf(clients, outcomes, pick);
    // Each is done at some moment between its ends: of those that overlap, in any order.
    const moments = times.map(
      ({invoked, returned}) => invoked + (((returned ?? 20) - invoked) * (pick(12) + 1)) / 14,
    );
    const order = moments.map((_, place) => place).sort((a, b) => (moments[a] ?? 0) - (moments[b] ?? 0));
    const lists: Record<"x" | "y", string[]> = {x: [], y: []};
    let count = 0;
    const done = new Map<number, readonly Micro[]>();
    for (const place of order) {
      const outcome = outcomes[place] ?? "done";
      const isDone = outcome === "done" || (outcome === "unknown" && pick(2) === 0);
      const after = {x: [...lists.x], y: [...lists.y]};
      const some = (micros[place] ?? []).map((one): Micro => {
        if (one.do === "read") return {kind: "read", key: one.key, list: [...after[one.key]]};
        const element = `${count++}`;
        after[one.key].push(element);
        return {kind: "append", key: one.key, element};
      });
      if (isDone) [lists.x, lists.y] = [after.x, after.y];
      done.set(place, outcome === "done" ? some : some.filter(({kind}) => kind === "append"));
    }
    return times.map((one, place) => ({
      name: `t${place}`,
      process: `c${clients[place] ?? 0}`,
      micros: done.get(place) ?? [],
      outcome: outcomes[place] ?? "done",
      ...one,
    }));
  },
);
