// `etcdscope schema`: the format for machines, and its vocabulary for people.

import {scenarioSchema} from "../scenarios/schema.ts";
import {combinatorNames, vocabulary} from "../scenarios/vocabulary.ts";
import type {Exit, Io} from "./io.ts";

export function printSchema(io: Io): Exit {
  io.out(`${JSON.stringify(scenarioSchema, undefined, 2)}\n`);
  return 0;
}

/** Each fact and combinator: its name, when it is true, and below an example. */
export function printFacts(io: Io): Exit {
  const width = Math.max(...vocabulary.map(({name}) => name.length));
  for (const {name, doc, example} of vocabulary) {
    if (name === combinatorNames[0]) io.out("\nput together:\n");
    io.out(`${name.padEnd(width)}  ${doc}\n${" ".repeat(width)}  ${spaced(JSON.stringify(example))}\n`);
  }
  return 0;
}

/** JSON as people write it in one line. */
function spaced(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|([:,])/g, (_, text?: string, sign?: string) => text ?? `${sign} `);
}
