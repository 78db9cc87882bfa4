// The part of an address behind `#`, as the page reads it (viz/app/link.ts): a scenario of ours by name, anything else
// as a whole link, deflated.

import {deflateSync, inflateSync, strFromU8, strToU8} from "fflate";
import type {TraceFile, TraceLine} from "../sim/trace/trace.ts";
import type {Link} from "../viz/protocol.ts";

/** Digits of the chain in a link. */
const chainDigits = 8;

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

/** The link in a `#run=…`; undefined when it is damaged. Only its format is looked at: the page judges the rest. */
export function linkIn(hash: string): Link | undefined {
  try {
    const text = hash
      .replace(/^#run=/, "")
      .replaceAll("-", "+")
      .replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const link = JSON.parse(strFromU8(inflateSync(bytes))) as Partial<Link> | null;
    return link?.format === 1 ? (link as Link) : undefined;
  } catch {
    return undefined;
  }
}

/** A trace as a link: its scenario, with what was done on record, so that the run is the trace's, event by event. */
export function linkOfTrace({header, lines}: TraceFile, event: string | undefined): Link {
  const {scenario = "", source, variant, seed, script, end, code} = header;
  return {
    format: 1,
    scenario: source === undefined ? scenario : {text: source},
    ...(variant === undefined ? {} : {variant}),
    seed,
    recorded: {script, events: end.events},
    acts: [],
    ...cursorAt(event === undefined ? undefined : lines.named(event)),
    code,
  };
}

/** A trace as a link: a scenario's text that makes its run by itself. */
export function linkOfScenario(text: string, {header, lines}: TraceFile, event: string | undefined): Link {
  return {
    format: 1,
    scenario: {text},
    seed: header.seed,
    acts: [],
    ...cursorAt(event === undefined ? undefined : lines.named(event)),
    code: header.code,
  };
}

/** The moment of an event; without one, where the scenario wants the page to begin. */
export function cursorAt(line: TraceLine | undefined): Pick<Link, "cursor" | "chain"> {
  return {
    cursor: {event: line?.id ?? "", time: line?.at ?? 0},
    chain: line?.hash.slice(0, chainDigits) ?? "",
  };
}
