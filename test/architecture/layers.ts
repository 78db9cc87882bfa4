// Who may import what, folder by folder. Between rooms the compiler holds the same line (project references); inside a
// room only this table does.

export interface Layer {
  /** Folders and files that it may import, besides itself. A folder stands for all that is under it. */
  readonly may: readonly string[];
  /** Packages, or scopes of them ("d3-*"). `node:*` is Node itself. */
  readonly packages: readonly string[];
}

const none: readonly string[] = [];
const simulated = ["core", "sim", "scenarios"];
const shown = ["viz/theme", "viz/words", "viz/frame.ts", "viz/protocol.ts"];

export const layers: Readonly<Record<string, Layer>> = {
  "core/base": {may: none, packages: none},
  "core/raft": {may: ["core/base"], packages: none},
  "core/btree": {may: ["core/base"], packages: none},
  // What it writes down are raft's words for what must last.
  "core/storage": {
    may: ["base", "btree", "raft/entry.ts", "raft/confState.ts", "raft/snapshot.ts"].map(
      (room) => `core/${room}`,
    ),
    packages: none,
  },
  "core/mvcc": {may: ["core/base", "core/btree"], packages: none},
  "core/watch": {may: ["core/base", "core/btree", "core/mvcc"], packages: none},
  "core/lease": {may: ["core/base", "core/btree"], packages: none},
  "core/auth": {may: ["core/base", "core/btree"], packages: none},
  // A version (config.ts) is what members and clients are made of: their rules stand side by side.
  "core/server": {
    may: ["base", "raft", "btree", "storage", "mvcc", "watch", "lease", "auth", "client/rules.ts"].map(
      (room) => `core/${room}`,
    ),
    packages: none,
  },
  "core/client": {
    may: [
      "core/base",
      "core/server/request.ts",
      "core/server/requestDigest.ts",
      "core/server/responseDigest.ts",
      "core/server/describe.ts",
      "core/server/cluster.ts",
      "core/lease/lease.ts",
      "core/auth/auth.ts",
      "core/mvcc/kv.ts",
      "core/watch/watch.ts",
    ],
    packages: none,
  },
  core: {may: none, packages: none},
  sim: {may: ["core"], packages: ["seedrandom"]},
  scenarios: {may: ["core", "sim"], packages: ["ajv"]},
  "viz/theme": {may: none, packages: none},
  "viz/words": {may: [...simulated, "viz/theme", "viz/frame.ts", "viz/protocol.ts"], packages: none},
  "viz/frame.ts": {may: [...simulated, "viz/theme"], packages: none},
  "viz/protocol.ts": {may: [...simulated, "viz/frame.ts"], packages: none},
  "viz/model": {may: [...simulated, ...shown], packages: none},
  "viz/layout": {may: ["core/base", "viz/model", ...shown], packages: ["d3-shape", "d3-scale"]},
  "viz/draw": {may: ["viz/theme", "viz/layout"], packages: ["d3-*"]},
  "viz/worker": {may: [...simulated, "viz/model", ...shown], packages: ["fflate"]},
  viz: {may: simulated, packages: ["*"]},
  bin: {may: [...simulated, "viz"], packages: ["*", "node:*"]},
};

/** The layer that a path belongs to: the longest folder in the table that holds it. */
export function layerOf(path: string): string {
  const holding = Object.keys(layers).filter((folder) => isUnder(path, folder));
  return holding.reduce((longest, folder) => (folder.length > longest.length ? folder : longest), "");
}

export function mayImport(layer: string, path: string): boolean {
  return [layer, ...(layers[layer]?.may ?? none)].some((allowed) => isUnder(path, allowed));
}

export function mayUse(layer: string, name: string): boolean {
  const [kind, allowed] = [name.startsWith("node:"), layers[layer]?.packages ?? none];
  return allowed.some((pattern) => {
    if (kind !== pattern.startsWith("node:")) return false;
    return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  });
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
