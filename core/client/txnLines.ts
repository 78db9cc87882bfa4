// etcdctl's own form of a transaction: compares, an empty line, what is done if they hold, an empty line, what is done if
// not, an empty line (etcdctl/ctlv3/command/txn_command.go). Turned into the one line that txnCommand.ts reads.

import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import {parseCommand} from "./command.ts";
import type {Output} from "./output/output.ts";
import {exits, refused} from "./output/output.ts";
import {piecesOf} from "./scanner.ts";

/** What `txn -i` asks for, part by part. */
const prompts = [
  "compares:",
  "success requests (get, put, del):",
  "failure requests (get, put, del):",
] as const;

const operations: ReadonlySet<string> = new Set(["get", "put", "del", "delete"]);

/** A line on the terminal: what is asked for, or what was typed. */
export interface TxnShown {
  readonly kind: "out" | "more";
  readonly text: string;
}

/** Takes one line after the other until the third empty one. */
export class TxnLines {
  private readonly parts: string[][] = [[]];
  private readonly terminal: TxnShown[] = [{kind: "out", text: prompts[0]}];

  /** What stands on the terminal behind `txn -i`, in order. */
  get shown(): readonly TxnShown[] {
    return this.terminal;
  }

  get isComplete(): boolean {
    return this.parts.length > prompts.length;
  }

  /** What comes on the terminal with it: the line itself and, if another part begins, what is asked for. */
  take(line: string): readonly TxnShown[] {
    const before = this.terminal.length;
    this.terminal.push({kind: "more", text: line});
    if (line.trim() !== "") this.parts.at(-1)?.push(line.trim());
    else {
      const prompt = prompts[this.parts.length];
      this.parts.push([]);
      if (prompt !== undefined) this.terminal.push({kind: "out", text: prompt});
    }
    return this.terminal.slice(before);
  }

  /** The whole as one line, or what etcdctl prints of it. `globals` stands in front, as said with `txn`. */
  line(globals = ""): Result<string, Output> {
    const [compares = [], success = [], failure = []] = this.parts;
    for (const compare of compares) {
      const problem = problemOfCompare(compare);
      if (problem !== undefined) return failed(refused(problem, exits.invalidInput));
    }
    const branches: string[] = [];
    for (const lines of [success, failure]) {
      const branch: string[] = [];
      for (const one of lines) {
        const operation = operationOf(one);
        if (!operation.ok) return failed(refused(operation.error, exits.invalidInput));
        branch.push(operation.value);
      }
      branches.push(branch.join(" ; "));
    }
    return ok(["txn", globals, ...compares, ":", branches[0] ?? "", ":", branches[1] ?? ""].join(" "));
  }
}

function problemOfCompare(line: string): string | undefined {
  const parsed = parseCommand(`txn ${line} :`);
  if (parsed.ok) return undefined;
  const target = /^([^(]*)\(/.exec(line)?.[1];
  return /no compare at/.test(parsed.error) && target !== undefined
    ? `malformed comparison: ${line} (unknown target ${target})`
    : `malformed comparison: ${line} (${parsed.error})`;
}

/** A lone `:`, `;` or parenthesis is a word like another here. */
function operationOf(line: string): Result<string, string> {
  const pieces = piecesOf(line);
  if (!pieces.ok) return pieces;
  const words = pieces.value.map(({raw}) => (/^[:;()]$/.test(raw) ? `"${raw}"` : raw));
  if (!operations.has(words[0] ?? "")) return failed(`invalid txn request: ${line}`);
  const parsed = parseCommand(`txn : ${words.join(" ")} :`);
  return parsed.ok ? ok(words.join(" ")) : parsed;
}
