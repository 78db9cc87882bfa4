// Lines of etcdctl that speak of members by name, so that a scenario need not know who leads: `member remove @old`,
// `member reconfigure v@new r@old`, `move-leader @new`. Elsewhere `@` is a character like others: a key may begin with it.

const aboutMembers = /^\s*(member|move-leader)\s/;
const names = /(?<=\s)([vlru]?)(@[A-Za-z][A-Za-z0-9-]*)/g;

/** The names in a line, each once. */
export function namesInLine(line: string): readonly string[] {
  if (!aboutMembers.test(line)) return [];
  return [...new Set([...line.matchAll(names)].map(([, , name = ""]) => name))];
}

/** The line with its names replaced by members; undefined when one names nobody. */
export function resolveLine(line: string, nameOf: (who: string) => string | undefined): string | undefined {
  if (namesInLine(line).length === 0) return line;
  if (namesInLine(line).some((who) => nameOf(who) === undefined)) return undefined;
  return line.replaceAll(names, (_, letter: string, who: string) => {
    const member = nameOf(who) ?? who;
    return letter === "" ? member : letter + member.slice(1);
  });
}
