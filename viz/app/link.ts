// A moment in the address: `#run=` holds a whole link, deflated and in base64url; `#scenario=ID&seed=S&event=E` is the
// readable form that the command prints.

import {deflateSync, inflateSync, strFromU8, strToU8} from "fflate";
import type {Link, Source, Target} from "../protocol.ts";

export interface Opening {
  readonly source: Source;
  readonly goTo?: Target;
}

export function encodeLink(link: Link): string {
  const bytes = deflateSync(strToU8(JSON.stringify(link)), {level: 9});
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `#run=${btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}

/** What an address asks to open; undefined when it asks for nothing, "unreadable" when it is broken. */
export function decodeHash(hash: string): Opening | "unreadable" | undefined {
  const parameters = new URLSearchParams(hash.replace(/^#/, "").replace(/\+/g, "%2B"));
  const run = parameters.get("run");
  if (run !== null) {
    const link = decodeLink(run);
    return link === undefined ? "unreadable" : {source: {kind: "link", link}};
  }
  const scenario = parameters.get("scenario");
  if (scenario === null) return undefined;
  const seed = parameters.get("seed");
  const event = parameters.get("event");
  return {
    source: {kind: "scenario", id: scenario, ...(seed === null ? {} : {seed})},
    ...(event === null ? {} : {goTo: {kind: "event", event}}),
  };
}

function decodeLink(text: string): Link | undefined {
  try {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const link: unknown = JSON.parse(strFromU8(inflateSync(bytes)));
    return isLink(link) ? link : undefined;
  } catch {
    return undefined;
  }
}

function isLink(value: unknown): value is Link {
  if (typeof value !== "object" || value === null) return false;
  const link = value as Partial<Record<keyof Link, unknown>>;
  return (
    link.format === 1 &&
    link.scenario !== undefined &&
    typeof link.seed === "string" &&
    Array.isArray(link.acts) &&
    typeof link.cursor === "object"
  );
}
