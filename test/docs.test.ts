// What the documents tell to run is there: scripts of package.json, and commands of etcdscope.

import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {etcdscope} from "./bin/terminal.ts";

const root = new URL("../", import.meta.url);
const rooms = ["core", "sim", "scenarios", "viz", "bin", "build", "examples", "docs"];

/** The documents at the top and in the rooms, as paths from the root. */
function documentsBelow(): readonly string[] {
  const inRooms = rooms.flatMap((room) =>
    readdirSync(new URL(room, root), {recursive: true, encoding: "utf8"}).map((path) => `${room}/${path}`),
  );
  return [...readdirSync(root), ...inRooms].filter((path) => path.endsWith(".md")).toSorted();
}

const documents = documentsBelow();
const textOf = (path: string): string => readFileSync(new URL(path, root), "utf8");
const {scripts} = JSON.parse(textOf("package.json")) as {scripts: Readonly<Record<string, string>>};

/** The first group of every match in a document. */
function allIn(path: string, pattern: RegExp): readonly string[] {
  return [...textOf(path).matchAll(pattern)].map(([, name = ""]) => name);
}

describe("the documents", () => {
  it("are found", () =>
    expect(documents).toEqual(
      expect.arrayContaining(["README.md", "CONTRIBUTING.md", "core/raft/README.md"]),
    ));

  it.each(documents)("%s names only scripts that package.json has", (path) => {
    const named = [
      ...allIn(path, /\bnpm run (?:-s )?([a-z][\w:-]*)/g),
      ...allIn(path, /\bnpm (start|test)\b/g),
    ];
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("name only commands that etcdscope has", async () => {
    const {out} = await etcdscope("help");
    const known = [...out.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name);
    const named = documents.flatMap((path) =>
      allIn(path, /(?:`|npx |\$ )etcdscope (?:-- )?([a-z]+)\b/g).concat(
        allIn(path, /etcdscope -- ([a-z]+)/g),
      ),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});
