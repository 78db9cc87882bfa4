// A history of requests, asked of both; and what to print when they do not agree.

import {disagreement} from "./agreement.ts";
import {isOtherOrder, isStricter} from "./differences.ts";
import {at} from "./moment.ts";
import type {Asked, Pair} from "./pair.ts";
import {source} from "./source.ts";

/** Asks all of both, from the start of things. Throws at the first request whose answers differ. */
export async function agree(pair: Pair, requests: readonly Asked[]): Promise<void> {
  await pair.reset();
  for (const [i, drawn] of requests.entries()) {
    const difference = await step(pair, drawn);
    if (difference !== undefined) throw new Error(report(pair, requests.slice(0, i + 1), difference));
  }
}

/** Asks one drawn request of both; what differs. */
export async function step(pair: Pair, drawn: Asked): Promise<string | undefined> {
  const request = at(pair.moment, drawn);
  const ours = pair.askOurs(request);
  if (isStricter(request, ours)) return undefined;
  const real = await pair.askReal(request);
  pair.count(request);
  if (isOtherOrder(request, ours, real)) return undefined;
  const difference = disagreement(request, {ours, real});
  if (difference !== undefined) return `asked: ${source(request)}\n${difference}`;
  pair.follow(request, real);
  return undefined;
}

/** `requests` are as drawn, relative to their moments: pasted into a test they do the same again. */
export function report(pair: Pair, requests: readonly unknown[], difference: string): string {
  const {start} = pair.moment;
  return [
    `ours and the real etcd differ (revision ${start} is the start):`,
    difference,
    "paste into test/differential/histories.test.ts:",
    'it("…", async () => agree(pair, [',
    ...requests.map((one) => `  ${source(one)},`),
    "]));",
  ].join("\n");
}
