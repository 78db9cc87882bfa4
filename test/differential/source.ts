// Data as TypeScript that makes it: what a failing test prints can be pasted into one.

import {keyOfBytes} from "../../core/base/key.ts";

export function source(data: unknown): string {
  if (data instanceof Uint8Array) return `bytesOfKey(${text(keyOfBytes(data))})`;
  if (typeof data === "string") return text(data);
  if (Array.isArray(data)) return `[${data.map(source).join(", ")}]`;
  if (typeof data !== "object" || data === null) return String(data);
  const fields = Object.entries(data).filter(([, field]) => field !== undefined);
  return `{${fields
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([name, field]) => `${name}: ${source(field)}`)
    .join(", ")}}`;
}

/** The kind comes first. */
function rank(name: string): number {
  return name === "kind" ? 0 : 1;
}

function text(bytes: string): string {
  const escaped = JSON.stringify(bytes).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return escaped.replaceAll(/\\u00([0-9a-f]{2})/g, "\\x$1");
}
