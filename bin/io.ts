// What a command may touch of its surroundings, so that tests run it in the same process.

import type {ExitCode} from "../core/client/output/output.ts";
import type {Input} from "./input.ts";

export interface Io {
  /** Results. */
  out(text: string): void;
  /** Everything else: errors, progress, advice. */
  err(text: string): void;
  /** Errors go to a person who watches. */
  readonly interactive: boolean;
  /** How this command was called: `npx etcdscope`. For lines to paste. */
  readonly command: string;
  /** Asked when a command serves until it is stopped; resolves at once in tests. */
  stopped(): Promise<void>;
  /** What is typed or piped in; absent where nothing is. */
  readonly input?: Input;
}

/** Bad usage or bad input: one line that says what, where and what was expected. Exit 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Held · a check failed or a replay differed · bad usage or input · a budget ran out. The console's are etcdctl's. */
export type Exit = 0 | 1 | 2 | 3 | ExitCode;
