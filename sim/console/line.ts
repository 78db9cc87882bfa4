// What one line at a console is: a command for a client, the beginning of a transaction that is typed part by part, or
// a line with a dot, which acts on the world.

export type ConsoleLine =
  | {readonly kind: "nothing"}
  | {readonly kind: "dot"; readonly text: string}
  | {readonly kind: "command"; readonly client: string; readonly text: string}
  /** `globals` is what stood behind `txn`; `asks`: it wants to be asked for the parts. */
  | {readonly kind: "txn"; readonly client: string; readonly globals: string; readonly asks: boolean};

/** Typed in place of a line, it ends the last command that is open. */
export const interruptLine = "^C";

/** `@c2 put x 1` is for c2, everything else for c1; `etcdctl` in front is allowed. */
export function readLine(typed: string): ConsoleLine {
  const line = typed.trim().replace(/^etcdctl\s+/, "");
  if (line === "" || line.startsWith("#")) return {kind: "nothing"};
  if (line.startsWith(".")) return {kind: "dot", text: line};
  const [, client = "c1", given = line] = /^@(c\d+)\s+(.*)$/.exec(line) ?? [];
  const text = given.replace(/^etcdctl\s+/, "");
  const bare = /^txn((?:\s+(?:-i|--interactive|-w[ =]?\w+|--write-out[ =]\w+|--hex))*)$/.exec(text);
  if (bare === null) return {kind: "command", client, text};
  const said = bare[1] ?? "";
  const asks = /(?:^|\s)(?:-i|--interactive)\b/.test(said);
  const globals = said.replace(/(?:^|\s)(?:-i|--interactive)\b/, "").trim();
  return {kind: "txn", client, globals, asks};
}
