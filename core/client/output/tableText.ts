// A table in ASCII as etcdctl draws it (olekukonko/tablewriter): headers in capitals in the middle, cells to the right.
// It does not wrap long cells.

export function tableText(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const titles = headers.map((header) => header.replaceAll("_", " ").toUpperCase());
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => [...(row[i] ?? "")].length)),
  );
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+\n`;
  const head = line(titles.map((title, i) => centred(title, widths[i] ?? 0)));
  const body = rows.map((row) => line(widths.map((width, i) => (row[i] ?? "").padStart(width))));
  return rule + head + rule + body.join("") + (body.length === 0 ? "" : rule);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return `${" ".repeat(left)}${text}`.padEnd(width);
}
