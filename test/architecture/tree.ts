// The repository as the architecture tests see it: file names, syntax trees and imports. A tree has a root, so that a
// deliberately bad fixture can be laid out as a small repository of its own.

import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join, posix} from "node:path";
import {fileURLToPath} from "node:url";
import {parseSync} from "vite";

export const rooms = ["core", "sim", "scenarios", "viz", "bin"] as const;

export interface Tree {
  /** Paths from the root, of every file in the rooms. */
  readonly files: readonly string[];
  /** The TypeScript among them. */
  readonly sources: readonly Source[];
  read(path: string): string | undefined;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly Node[];
  readonly imports: readonly Import[];
}

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly parent: Node | undefined;
  readonly [field: string]: unknown;
}

export interface Import {
  /** As written. */
  readonly from: string;
  /** A path from the root, or the name of a package. */
  readonly target: string;
  readonly relative: boolean;
  readonly at: number;
}

/** The repository itself. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

export function readTree(root: string): Tree {
  const files = rooms.flatMap((room) => [...walk(root, room)]).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const read = (path: string): string | undefined => {
    const file = join(root, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const sources = files.filter((path) => path.endsWith(".ts")).map((path) => parse(path, read(path) ?? ""));
  return {files, sources, read};
}

function* walk(root: string, folder: string): Generator<string> {
  if (!existsSync(join(root, folder))) return;
  for (const entry of readdirSync(join(root, folder), {withFileTypes: true})) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, path);
    else yield path;
  }
}

function parse(path: string, text: string): Source {
  const {program, errors} = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`);
  const nodes: Node[] = [];
  collect(program as unknown as Record<string, unknown>, undefined, nodes);
  const imports: Import[] = [];
  for (const node of nodes) {
    const source = node["source"] as {type?: string; value?: unknown} | null | undefined;
    if (!/^(Import|ExportNamed|ExportAll)/.test(node.type) || typeof source?.value !== "string") continue;
    const from = source.value;
    const relative = from.startsWith(".");
    const target = relative ? posix.join(posix.dirname(path), from) : from;
    imports.push({from, target, relative, at: node.start});
  }
  return {path, text, nodes, imports};
}

function collect(value: unknown, parent: Node | undefined, into: Node[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, parent, into);
    return;
  }
  if (typeof value !== "object" || value === null || typeof (value as {type?: unknown}).type !== "string")
    return;
  const fields = value as Record<string, unknown> & {type: string; start: number};
  const node: Node = {...fields, parent};
  into.push(node);
  for (const field of Object.keys(fields)) collect(fields[field], node, into);
}

/** The line that an offset is on, from 1. */
export function lineAt(source: Source, offset: number): number {
  return source.text.slice(0, offset).split("\n").length;
}
