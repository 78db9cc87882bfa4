// Keys are byte strings: JavaScript strings whose chars are 0..255, so that `<` is byte order and equality is `===`.

import {assert} from "./assert.ts";

/** A byte string: every char is 0..255. */
export type Key = string;

/** Never written after birth, so sharing it is safe. */
export type Value = Uint8Array;

/**
 * Keys from `from` (included) to `to` (not included). As on etcd's wire: `to` "" means exactly `from`, "\0" means no
 * upper bound.
 */
export interface KeyRange {
  readonly from: Key;
  readonly to: Key;
}

/** The keys of `key` and `rangeEnd`, as requests name them. */
export function rangeOf({key, rangeEnd}: {readonly key: Key; readonly rangeEnd?: Key}): KeyRange {
  return {from: key, to: rangeEnd ?? ""};
}

/** `range_end` for "no upper bound". */
export const unbounded: Key = "\0";

/** Byte order. Never returns the same sign both ways. */
export function compareKeys(a: Key, b: Key): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `key` lies in `range`. */
export function contains(range: KeyRange, key: Key): boolean {
  if (range.to === "") return key === range.from;
  return key >= range.from && (range.to === unbounded || key < range.to);
}

/** The end of the range of all keys that begin with `prefix`; all of 0xff (or empty) has no upper bound. */
export function prefixEnd(prefix: Key): Key {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix.charCodeAt(i);
    if (byte < 0xff) return prefix.slice(0, i) + String.fromCharCode(byte + 1);
  }
  return unbounded;
}

/** UTF-16 text to the byte string of its UTF-8 form. */
export function keyFromText(text: string): Key {
  if (isAscii(text)) return text;
  let key = "";
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) key += String.fromCharCode(code);
    else if (code < 0x800) key += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      key += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      key += String.fromCharCode(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
    }
  }
  return key;
}

/** Whether a text is its own UTF-8 form. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/** Bytes of a byte string. */
export function bytesOfKey(key: Key): Uint8Array {
  const bytes = new Uint8Array(key.length);
  for (let i = 0; i < key.length; i++) {
    const char = key.charCodeAt(i);
    if (char > 255) assert(false, `a key holds bytes, char ${char} at ${i} is none`);
    bytes[i] = char;
  }
  return bytes;
}

/** The byte string of some bytes. */
export function keyOfBytes(bytes: Uint8Array): Key {
  let key = "";
  for (const byte of bytes) key += String.fromCharCode(byte);
  return key;
}

/** The UTF-8 text of bytes, for people: a malformed sequence becomes `\xNN`. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length;) {
    const [code, length] = decodeAt(bytes, i);
    text += code < 0 ? `\\x${(bytes[i] ?? 0).toString(16).padStart(2, "0")}` : String.fromCodePoint(code);
    i += length;
  }
  return text;
}

const escapes: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** In double quotes, with Go's escapes (`%q`): `"x"`, `"a\"b"`, `"\x00"`. Control characters and malformed UTF-8 are escaped. */
export function quotedText(bytes: Uint8Array): string {
  let text = '"';
  for (let i = 0; i < bytes.length;) {
    const [code, length] = decodeAt(bytes, i);
    const byte = bytes[i] ?? 0;
    if (code < 0 || code < 0x20 || code === 0x7f)
      text += escapes[byte] ?? `\\x${byte.toString(16).padStart(2, "0")}`;
    else if (code < 0xa0 && code >= 0x80) text += `\\u${code.toString(16).padStart(4, "0")}`;
    else text += escapes[code] ?? String.fromCodePoint(code);
    i += length;
  }
  return `${text}"`;
}

/** Code point and length at `i`; code −1 where the bytes are not UTF-8. */
function decodeAt(bytes: Uint8Array, i: number): readonly [number, number] {
  const lead = bytes[i] ?? 0;
  if (lead < 0x80) return [lead, 1];
  const length = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || lead >= 0xf8 || i + length > bytes.length) return [-1, 1];
  let code = lead & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) {
    const next = bytes[i + k] ?? 0;
    if ((next & 0xc0) !== 0x80) return [-1, 1];
    code = (code << 6) | (next & 63);
  }
  const least = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return [-1, 1];
  return [code, length];
}
