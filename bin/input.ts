// Lines that are typed, or come through a pipe.

import process from "node:process";
import {createInterface} from "node:readline";

export interface Input {
  /** A person types. */
  readonly isTerminal: boolean;
  /** `prompt` is shown before each line; `interrupted` is called for every Ctrl-C, and answers whether reading ends. */
  lines(prompt: () => string, interrupted: () => boolean): AsyncIterable<string>;
}

export const standardInput: Input = {
  isTerminal: process.stdin.isTTY,
  async *lines(prompt, interrupted) {
    const {isTerminal} = standardInput;
    const reader = createInterface({
      input: process.stdin,
      terminal: isTerminal,
      ...(isTerminal ? {output: process.stdout} : {}),
    });
    reader.on("SIGINT", () => {
      if (interrupted()) reader.close();
      else ask();
    });
    const ask = (): void => {
      if (!isTerminal) return;
      reader.setPrompt(prompt());
      reader.prompt();
    };
    ask();
    for await (const line of reader) {
      yield line;
      ask();
    }
  },
};
