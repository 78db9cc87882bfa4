// How Go writes what etcdctl prints: JSON (encoding/json), durations (time.Duration), sizes (dustin/go-humanize), and
// int64 ids.

import type {Value} from "../../base/key.ts";
import type {LeaseId, Micros} from "../../base/quantity.ts";

/** A field that is `undefined` is left out. */
export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Json[]
  | {readonly [name: string]: Json | undefined};

/** In the order of the fields, without blanks. Go escapes what HTML could take for its own. */
export function jsonText(value: Json): string {
  if (typeof value === "string") return jsonString(value);
  if (value === null || typeof value !== "object") return `${value}`;
  if (isList(value)) return `[${value.map(jsonText).join(",")}]`;
  const fields: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) fields.push(`${jsonString(name)}:${jsonText(field)}`);
  }
  return `{${fields.join(",")}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** With padding (RFC 4648 §4). */
export function base64(bytes: Value): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] ?? 0, bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += digits[word >> 18] ?? "";
    text += digits[(word >> 12) & 63] ?? "";
    text += b === undefined ? "=" : (digits[(word >> 6) & 63] ?? "");
    text += c === undefined ? "=" : (digits[word & 63] ?? "");
  }
  return text;
}

/** A lease's id as the int64 that it is. */
export function leaseNumber(lease: LeaseId): bigint {
  return lease === "" ? 0n : BigInt.asIntN(64, BigInt(`0x${lease}`));
}

/** `%016x` */
export function leaseHex(lease: LeaseId): string {
  return lease.padStart(16, "0");
}

/** `%x`, and `%16x` with a width: blanks in front. */
export function hex(id: number, width = 0): string {
  return id.toString(16).padStart(width);
}

const sizes = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Powers of 1,000; below ten of a unit with one digit behind the point, rounded (go-humanize, Bytes). */
export function humanBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  let unit = 0;
  let scale = 1;
  while (unit < sizes.length - 1 && bytes >= scale * 1000) {
    scale *= 1000;
    unit++;
  }
  const tenths = Math.floor((bytes * 10) / scale + 0.5);
  const text = tenths < 100 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : `${Math.floor(tenths / 10)}`;
  return `${unit === 0 ? bytes : text} ${sizes[unit] ?? ""}`;
}

/** As Go's time.Duration prints itself: `1.5ms`, `2s`, `1m0.5s`. */
export function durationText(micros: Micros): string {
  if (micros === 0) return "0s";
  if (micros < 1000) return `${micros}µs`;
  if (micros < 1_000_000) return `${decimal(micros, 1000)}ms`;
  const minutes = Math.floor(micros / 60_000_000);
  const seconds = `${decimal(micros % 60_000_000, 1_000_000)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${hours}h${minutes % 60}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function decimal(value: number, scale: number): string {
  const rest = `${value % scale}`.padStart(`${scale}`.length - 1, "0").replace(/0+$/, "");
  const whole = Math.floor(value / scale);
  return rest === "" ? `${whole}` : `${whole}.${rest}`;
}
