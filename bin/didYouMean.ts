// A hint for whoever mistyped a word of a short list. Imports nothing: the command loads it at every start.

/** `; did you mean "x"?` when one of these is close, nothing otherwise. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map((one) => ({one, distance: distance(word.slice(0, 100).toLowerCase(), one.toLowerCase())}))
    .toSorted((a, b) => a.distance - b.distance)[0];
  const bearable = Math.max(1, Math.floor(word.length / 3));
  return near === undefined || near.distance > bearable ? "" : `; did you mean ${JSON.stringify(near.one)}?`;
}

/** Letters to be put in, left out, changed, or swapped with their neighbour (Damerau, restricted). */
function distance(from: string, to: string): number {
  let [before, row] = [[] as number[], Array.from({length: to.length + 1}, (_, k) => k)];
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let k = 1; k <= to.length; k++) {
      const same = from[i - 1] === to[k - 1];
      let least = Math.min((row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1, (row[k - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && k > 1 && from[i - 1] === to[k - 2] && from[i - 2] === to[k - 1];
      if (swapped) least = Math.min(least, (before[k - 2] ?? 0) + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}
