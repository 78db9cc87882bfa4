// How wide text is, without a browser: layouts must know before anything is drawn, in Node as in a worker. The widths
// are those of DejaVu Sans, the widest of the fonts the page may meet, so what fits here fits everywhere. A Chinese
// character is as wide as the text is high.

const narrow = new Set("ijlI|!.,:;'·‖ ()[]ft/\\-".split(""));
const wide = new Set("mwMW@%→←↑↓≤≥×—…∅".split(""));

function advance(char: string): number {
  if (char > "\u2e80") return 1;
  if (narrow.has(char)) return 0.4;
  if (wide.has(char)) return 1;
  if (char >= "A" && char <= "Z") return 0.76;
  return 0.64;
}

export type Face = "sans" | "bold" | "mono";

/** An upper bound of the width in CSS pixels of `text` set at `size`. */
export function textWidth(text: string, size: number, face: Face = "sans"): number {
  let sum = 0;
  for (const char of text) sum += face === "mono" && char <= "\u2e80" ? 0.61 : advance(char);
  return sum * size * (face === "bold" ? 1.12 : 1);
}

/** As much of `text` as fits into `width`, with "…" when some is missing; "" when not even that fits. */
export function cut(text: string, width: number, size: number, face: Face = "sans"): string {
  if (textWidth(text, size, face) <= width) return text;
  const chars = [...text];
  while (chars.length > 0) {
    chars.pop();
    const shorter = `${chars.join("").trimEnd()}…`;
    if (chars.length > 0 && textWidth(shorter, size, face) <= width) return shorter;
  }
  return "";
}
