// The part of an address behind `#`, as the page reads it (viz/app/link.ts): a scenario of ours by name, anything else
// as a whole link, deflated.

import {deflateSync, strToU8} from "fflate";
import type {Intervention} from "../sim/run.ts";

/** A shared moment (viz/protocol.ts, Link). */
export interface WholeLink {
  readonly format: 1;
  readonly scenario: string | {readonly text: string};
  readonly seed: string;
  readonly acts: readonly Intervention[];
  readonly cursor: {readonly event: string; readonly time: number};
  readonly chain: string;
  readonly code: string;
}

/** `#scenario=leader-partition&seed=7&event=…` */
export function scenarioHash(id: string, seed: string | undefined, event: string | undefined): string {
  const parts = [`scenario=${encodeURIComponent(id)}`];
  if (seed !== undefined) parts.push(`seed=${encodeURIComponent(seed)}`);
  if (event !== undefined) parts.push(`event=${encodeURIComponent(event)}`);
  return `#${parts.join("&")}`;
}

/** `#run=…` */
export function wholeHash(link: WholeLink): string {
  const bytes = deflateSync(strToU8(JSON.stringify(link)), {level: 9});
  return `#run=${Buffer.from(bytes).toString("base64url")}`;
}
