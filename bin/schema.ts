// `etcdscope schema`: the format for machines, and its vocabulary for people.

import {faultDocs, faultParameters} from "../scenarios/fault.ts";
import {scenarioSchema} from "../scenarios/schema.ts";
import type {Shape} from "../scenarios/shape.ts";
import {combinatorNames, vocabulary} from "../scenarios/vocabulary.ts";
import {diskFaultKinds} from "../sim/disk/fault.ts";
import type {Exit, Io} from "./io.ts";

export function printSchema(io: Io): Exit {
  io.out(`${JSON.stringify(scenarioSchema, undefined, 2)}\n`);
  return 0;
}

/** Each fact and combinator: its name, when it is true, and below an example. Then the faults of disks that a step may name. */
export function printFacts(io: Io): Exit {
  const width = Math.max(...vocabulary.map(({name}) => name.length));
  for (const {name, doc, example} of vocabulary) {
    if (name === combinatorNames[0]) io.out("\nput together:\n");
    io.out(`${name.padEnd(width)}  ${doc}\n${" ".repeat(width)}  ${spaced(JSON.stringify(example))}\n`);
  }
  printFaults(io);
  return 0;
}

/** Each fault: its name, what it does, and below its parameters. */
function printFaults(io: Io): void {
  io.out('\nno facts, but what a step may do to a disk: {"fault": "rot", "on": "n1", "file": "*.wal"}\n');
  io.out("parameters with a question mark may be left out; in brackets, what they are then:\n");
  const width = Math.max(...diskFaultKinds.map((kind) => kind.length));
  for (const kind of diskFaultKinds) {
    io.out(`${kind.padEnd(width)}  ${faultDocs[kind]}\n`);
    const parameters = Object.entries<Shape>(faultParameters[kind]).map(
      ([key, {expected}]) => `${key}: ${String(expected)}`,
    );
    if (parameters.length > 0) io.out(`${" ".repeat(width)}  ${parameters.join("; ")}\n`);
  }
}

/** JSON as people write it in one line. */
function spaced(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|([:,])/g, (_, text?: string, sign?: string) => text ?? `${sign} `);
}
