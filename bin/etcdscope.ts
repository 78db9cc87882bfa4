// The command's beginning: hands the arguments on, and makes sure that whatever happens ends in one line and an exit
// status. Each command's own code is loaded only when it is asked for, so that starting stays quick.

import process from "node:process";
import {main} from "./command.ts";
import {standardInput} from "./input.ts";
import type {Io} from "./io.ts";

const fromSources = import.meta.url.endsWith(".ts");

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
  command: fromSources ? "npm run -s etcdscope --" : "npx etcdscope",
  stopped: () => new Promise((resolve) => void process.once("SIGINT", resolve).once("SIGTERM", resolve)),
  input: standardInput,
};

// A reader that has enough (head, less) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));

process.exitCode = await main(process.argv.slice(2), io);
