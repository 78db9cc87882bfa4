// An empty folder in which the packed package is installed, as somebody has it who never saw this repository. What the package
// wants beside it (fast-check, vitest) is linked, so that nothing is fetched.

import {execFile} from "node:child_process";
import {mkdtemp, readdir, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

export interface Ran {
  readonly code: number;
  readonly out: string;
}

export class Outsider {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Of what was built. */
  static async install(): Promise<Outsider> {
    const here = new Outsider(await mkdtemp(join(tmpdir(), "outsider-")));
    await run("npm", ["pack", "--ignore-scripts", "--pack-destination", here.folder], {cwd: root});
    const [packed = ""] = (await readdir(here.folder)).filter((name) => name.endsWith(".tgz"));
    await here.write("package.json", `{"name": "outsider", "private": true, "type": "module"}`);
    const quiet = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    await run("npm", ["install", ...quiet, `./${packed}`], {cwd: here.folder});
    for (const peer of ["fast-check", "vitest"])
      await symlink(join(root, "node_modules", peer), join(here.folder, "node_modules", peer));
    return here;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** One of the examples, as it is installed; its name. */
  async example(name: string): Promise<string> {
    const text = await readFile(join(root, "examples", name), "utf8");
    await this.write(
      name,
      text.replaceAll("../bin/libTest.ts", "etcdscope/test").replaceAll("../bin/lib.ts", "etcdscope"),
    );
    return name;
  }

  /** A program of Node's, by its path from the folder. */
  async node(...args: readonly string[]): Promise<Ran> {
    const options = {cwd: this.folder, env: {...process.env, NO_COLOR: "1"}, maxBuffer: 16_000_000};
    try {
      const {stdout, stderr} = await run(process.execPath, [...args], options);
      return {code: 0, out: stdout + stderr};
    } catch (error) {
      const {code, stdout, stderr} = error as {code: number; stdout: string; stderr: string};
      return {code, out: stdout + stderr};
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, {recursive: true});
  }
}
