// Text in aligned columns: every cell as wide as the widest of its column, the last as it is.

/** Lines of rows. Columns are two spaces apart; numbers in `right` stand at the right of theirs. */
export function columns(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const room = " ".repeat((widths[i] ?? 0) - widthOf(cell));
        return right.includes(i) ? room + cell : i === row.length - 1 ? cell : cell + room;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** In code points: arrows are one. */
function widthOf(text: string): number {
  return [...text].length;
}

/** Cut to a width, with an ellipsis. */
export function cut(text: string, width: number): string {
  const chars = [...text];
  return chars.length <= width ? text : `${chars.slice(0, width - 1).join("")}…`;
}

/** `812.345` */
export function milliseconds(micros: number): string {
  return (micros / 1000).toFixed(3);
}

/** Lines of at most so many characters, broken between words; a word that is longer stands alone. */
export function filled(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
