// Byte strings as pieces of a line: bare where that reads back as the same, else in quotes (scanner.ts reads them).

import type {Key} from "../base/key.ts";
import {bytesOfKey, keyFromText, textOfBytes} from "../base/key.ts";

/**
 * What stands for something a client has yet to see (operand.ts): `{revision-5}`, `{valueOf:x}`. Whatever is written
 * `{…Of:…}` is meant for one, so that a slip is found; all else in braces is text, as for etcdctl.
 */
export const operandPattern =
  /\{(?:(revision|listRevision)([+-]\d{1,9}|\*\d{1,3}%)?|(nextKey|lease)|(\w+Of):([^{}"\\]*))\}/;

/** Bare where that reads back as the same. */
export function text(key: Key): string {
  const bare = /^[!#-~]+$/.test(key) && !key.startsWith("-") && !/^[:;()]$/.test(key);
  return bare && !operandPattern.test(key) ? key : quote(key);
}

/** In quotes: UTF-8 as text, other bytes as `\xNN`. */
export function quote(key: Key): string {
  const decoded = textOfBytes(bytesOfKey(key));
  const isText = keyFromText(decoded) === key;
  const isOperand = operandPattern.test(key);
  let quoted = "";
  for (const char of isText ? decoded : key) {
    const code = char.codePointAt(0) ?? 0;
    const isOdd = code < 0x20 || code === 0x7f || (!isText && code > 0x7f) || (isOperand && char === "{");
    if (char === '"' || char === "\\") quoted += `\\${char}`;
    else if (isOdd) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else quoted += char;
  }
  return `"${quoted}"`;
}
