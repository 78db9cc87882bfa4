// `etcdscope list`: every scenario, with what it teaches.

import {scenarios} from "../scenarios/index.ts";
import type {Exit, Io} from "./io.ts";

export function list(options: {readonly json?: true}, io: Io): Exit {
  if (options.json === true) {
    io.out(
      `${JSON.stringify(scenarios.map(({id, group, title, teaches}) => ({id, group, title, teaches})))}\n`,
    );
    return 0;
  }
  const width = Math.max(...scenarios.map(({id}) => id.length));
  for (const {id, group, title, teaches} of scenarios) {
    io.out(`${id.padEnd(width)}  ${group}: ${title.en}\n${" ".repeat(width)}  ${teaches.en}\n`);
  }
  return 0;
}
