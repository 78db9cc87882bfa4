// `npm run bench`: the benchmarks, bundled as they would be installed, in a process of their own.

import {spawn} from "node:child_process";
import {bundled, nodeFlags} from "./bundled.ts";

const file = await bundled("bin/bench.ts");
const child = spawn(process.execPath, [...nodeFlags, file, ...process.argv.slice(2)], {stdio: "inherit"});
process.on("SIGINT", () => child.kill("SIGINT"));
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
