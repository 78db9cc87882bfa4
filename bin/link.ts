// The part of an address behind `#`, as the page reads it (viz/app/link.ts): a scenario of ours by name, anything else
// as a whole link, deflated.

import {deflateSync, strToU8} from "fflate";
import type {Intervention} from "../sim/run.ts";
import type {TraceFile} from "../sim/trace/trace.ts";
import {scriptEvent} from "../sim/world/lanes.ts";
import type {Link} from "../viz/protocol.ts";

/** `#scenario=leader-partition&seed=7&event=…` */
export function scenarioHash(id: string, seed: string | undefined, event: string | undefined): string {
  const parts = [`scenario=${encodeURIComponent(id)}`];
  if (seed !== undefined) parts.push(`seed=${encodeURIComponent(seed)}`);
  if (event !== undefined) parts.push(`event=${encodeURIComponent(event)}`);
  return `#${parts.join("&")}`;
}

/** `#run=…` */
export function wholeHash(link: Link): string {
  const bytes = deflateSync(strToU8(JSON.stringify(link)), {level: 9});
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `#run=${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** What was done in a run besides the scenario's own steps and loads, each tied to the event that came before it. */
export function actsOf({header, lines}: TraceFile): readonly Intervention[] {
  const acts: Intervention[] = [];
  const script = new Map(header.script.map((one) => [scriptEvent(one), one]));
  let after: string | undefined;
  for (const {id, at} of lines) {
    const done = script.get(id);
    if (done === undefined) {
      after = id;
      continue;
    }
    if (done.step !== undefined || done.origin === "program") continue;
    acts.push({
      id: acts.length + 1,
      when: {at, ...(after === undefined ? {} : {after})},
      do: done.do,
      origin: "person",
    });
  }
  return acts;
}
