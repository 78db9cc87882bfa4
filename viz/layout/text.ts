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

/** An upper bound of the width in CSS pixels of `text` set at `size`; `weight` above 400 is wider. */
export function textWidth(text: string, size: number, weight = 400): number {
  let sum = 0;
  for (const char of text) sum += advance(char);
  return sum * size * (weight > 400 ? 1.12 : 1);
}

/** As much of `text` as fits into `width`, with "…" when some is missing; "" when not even that fits. */
export function cut(text: string, width: number, size: number, weight = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  const chars = [...text];
  while (chars.length > 0) {
    chars.pop();
    const shorter = `${chars.join("").trimEnd()}…`;
    if (chars.length > 0 && textWidth(shorter, size, weight) <= width) return shorter;
  }
  return "";
}
