// The laws that neither the compiler nor the linter holds, each with its remedy. A rule looks at a tree and answers with
// places; test/fixtures/bad/architecture/<rule> is a small tree that breaks it.

import {posix} from "node:path";
import {layerOf, mayImport, mayUse} from "./layers.ts";
import {lineAt, type Node, type Source, type Tree} from "./tree.ts";

export interface Rule {
  readonly id: string;
  /** What must hold. */
  readonly law: string;
  check(tree: Tree): readonly Finding[];
}

export interface Finding {
  readonly path: string;
  readonly line: number;
  /** What stands there, and what to write instead. */
  readonly said: string;
}

export function describeFinding(finding: Finding): string {
  return `${finding.path}:${finding.line}: ${finding.said}`;
}

/** A rule about single syntax nodes, in some of the rooms. */
function nodeRule(
  id: string,
  law: string,
  places: readonly string[],
  find: (node: Node) => string | undefined,
): Rule {
  return {
    id,
    law,
    check(tree) {
      const findings: Finding[] = [];
      for (const source of tree.sources.filter(({path}) =>
        places.some((place) => path.startsWith(`${place}/`)),
      )) {
        for (const node of source.nodes) {
          const said = find(node);
          if (said !== undefined) findings.push({path: source.path, line: lineAt(source, node.start), said});
        }
      }
      return findings;
    },
  };
}

/** A rule about imports. */
function importRule(
  id: string,
  law: string,
  find: (source: Source, imported: Source["imports"][number]) => string | undefined,
): Rule {
  return {
    id,
    law,
    check: (tree) =>
      tree.sources.flatMap((source) =>
        source.imports.flatMap((imported) => {
          const said = find(source, imported);
          return said === undefined ? [] : [{path: source.path, line: lineAt(source, imported.at), said}];
        }),
      ),
  };
}

const deterministic = ["core", "sim"];

function isNamed(node: Node, pattern: RegExp): boolean {
  return node.type === "Identifier" && pattern.test(String(node["name"]));
}

const layering = importRule("layers", "imports only ever point left", ({path}, {target, relative}) => {
  const layer = layerOf(path);
  if (relative ? mayImport(layer, target) : mayUse(layer, target)) return undefined;
  return `${layer} may not import ${target}; see test/architecture/layers.ts`;
});

const extensions = importRule("extensions", "imports carry their file's extension", (_, {from, relative}) =>
  !relative || /\.(ts|json|css|svg|html)(\?\w+)?$/.test(from) ? undefined : `"${from}" lacks .ts`,
);

const moduleLet = nodeRule(
  "module-let",
  "no module holds state: two worlds live side by side in one page",
  ["core", "sim", "scenarios", "viz"],
  (node) => {
    if (node.type !== "VariableDeclaration" || node["kind"] === "const") return undefined;
    const outer = node.parent?.type === "ExportNamedDeclaration" ? node.parent.parent : node.parent;
    return outer?.type === "Program" ? "a module-level variable; make it a field of what owns it" : undefined;
  },
);

const asyncFree = nodeRule("async", "waiting is inside the machine, as data", ["core"], (node) => {
  const waits = node.type === "AwaitExpression" || node["async"] === true || node["await"] === true;
  return waits || isNamed(node, /^(Promise|PromiseLike|AsyncGenerator|AsyncIterable|AsyncIterator)$/)
    ? "a promise hides state; make it a field of the machine"
    : undefined;
});

const exponent = nodeRule("exponent", "engines differ in **", deterministic, (node) => {
  const raises =
    (node.type === "BinaryExpression" && node["operator"] === "**") ||
    (node.type === "AssignmentExpression" && node["operator"] === "**=");
  if (!raises) return undefined;
  const [left, right] = [node["left"], node["right"]] as {type: string}[];
  const constant = left?.type === "Literal" && right?.type === "Literal";
  return constant ? undefined : "** of a variable; multiply integers, or use a table";
});

const forIn = nodeRule("for-in", "no order that history made", deterministic, (node) =>
  node.type === "ForInStatement" ? "for…in; iterate sorted ids" : undefined,
);

const ambient = nodeRule("ambient", "no order of a locale, no way around the linter", deterministic, (node) =>
  isNamed(node, /^(localeCompare|toLocale\w+|Intl|globalThis)$/)
    ? `${String(node["name"])}; compare with <, and take what you need as an argument`
    : undefined,
);

const bigint = nodeRule(
  "bigint",
  "core has no BigInt: quantities saturate, ids are hex digits",
  ["core"],
  (node) =>
    isNamed(node, /^BigInt/) || node.type === "TSBigIntKeyword" || typeof node["bigint"] === "string"
      ? "a bigint; see core/base/quantity.ts"
      : undefined,
);

const bugSwitch = nodeRule("bug-switch", "bugs are replacements, not switches", ["core"], (node) => {
  if (!isNamed(node, /bug/i) || isNamed(node, /debug/i)) return undefined;
  for (let at: Node | undefined = node; at?.parent !== undefined; at = at.parent) {
    const decides = /^(If|While|DoWhile|For|Switch)Statement$|^(Conditional|Logical)Expression$/.test(
      at.parent.type,
    );
    if (decides) return `${String(node["name"])} decides something; make it a rule of the room's version`;
  }
  return undefined;
});

const exceptions: Rule = {
  id: "exceptions",
  law: "the linter is switched off only for a dispatching switch that is long, and with a reason",
  check: (tree) =>
    tree.sources.flatMap((source) =>
      source.text.split("\n").flatMap((line, i) => {
        const comment = /(oxlint|eslint)-disable|@ts-(ignore|nocheck|expect-error)/.exec(line);
        if (comment === null || /disable-next-line (eslint\/)?max-lines-per-function -- \w/.test(line))
          return [];
        return [{path: source.path, line: i + 1, said: `${comment[0]}; say it so that the rule holds`}];
      }),
    ),
};

const folderNames: Rule = {
  id: "folder-names",
  law: "a folder is named for what is in it",
  check: (tree) =>
    tree.files.flatMap((path) => {
      const folder = /(^|\/)(utils?|helpers?|common|shared|misc|managers?|types?)\//.exec(path)?.[2];
      if (folder === undefined) return [];
      return [
        {
          path,
          line: 1,
          said: `a folder called ${folder}; move it to the room that owns its noun, or to base`,
        },
      ];
    }),
};

const fileNames: Rule = {
  id: "file-names",
  law: "a file is camelCase.ts, named for its main noun",
  check: (tree) =>
    tree.sources.flatMap(({path}) =>
      /^[a-z][a-zA-Z0-9]*(\.(worker|d|gen))*\.ts$/.test(posix.basename(path))
        ? []
        : [{path, line: 1, said: "a name that is not camelCase"}],
    ),
};

const roomReadme: Rule = {
  id: "room-readme",
  law: "every room, and every folder of a room, has a README whose first line is one sentence",
  check(tree) {
    const folders = tree.sources.map(({path}) => posix.dirname(path).split("/").slice(0, 2).join("/"));
    return [...new Set(folders)].flatMap((folder) => {
      const path = `${folder}/README.md`;
      const first = tree.read(path)?.split("\n")[0];
      if (first === undefined)
        return [{path, line: 1, said: "no README; its first line is the room's one sentence"}];
      const sentence = /^[^#\s].*[^.]\.$/.test(first) && !/[.!?] [A-Z]/.test(first);
      return sentence ? [] : [{path, line: 1, said: `"${first}" is not one sentence`}];
    });
  },
};

const library: Rule = {
  id: "library",
  law: "the library runs in a browser too: nothing that it imports imports node:",
  check(tree) {
    const byPath = new Map(tree.sources.map((source) => [source.path, source]));
    const findings: Finding[] = [];
    const seen = new Set<string>();
    const queue = ["bin/lib.ts", "bin/libTest.ts"];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      const source = byPath.get(path);
      if (source === undefined || seen.has(path)) continue;
      seen.add(path);
      for (const {target, relative, at} of source.imports) {
        if (relative) queue.push(target);
        else if (target.startsWith("node:")) {
          findings.push({path, line: lineAt(source, at), said: `the library would import ${target}`});
        }
      }
    }
    return findings;
  },
};

export const rules: readonly Rule[] = [
  layering,
  extensions,
  library,
  moduleLet,
  asyncFree,
  exponent,
  forIn,
  ambient,
  bigint,
  bugSwitch,
  exceptions,
  folderNames,
  fileNames,
  roomReadme,
];
