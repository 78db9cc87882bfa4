// Texts cut to length: by characters, with … in place of the rest.

import {bytesOfKey, textOfBytes, type Key} from "../../core/base/key.ts";

export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = Array.from(text);
  return points.length <= most ? text : `${points.slice(0, most - 1).join("")}…`;
}

/** A value for people; of a long one only its beginning is read. */
export function valueText(value: Uint8Array, most: number): string {
  return shortened(textOfBytes(value.length > 4 * most ? value.subarray(0, 4 * most) : value), most);
}

export function keyText(key: Key): string {
  return textOfBytes(bytesOfKey(key));
}
