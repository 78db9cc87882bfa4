// Where things are, from the root of the repository.

import {fileURLToPath} from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** An absolute path. */
export function at(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
