// What the system answered, in words: `ENOENT` says nothing to whoever mistyped a path.

const words: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EADDRINUSE: "the port is taken",
  EEXIST: "a file that is there already",
  EISDIR: "a folder",
  ELOOP: "links that lead back to themselves",
  ENAMETOOLONG: "a name that is too long",
  ENOSPC: "a full disk",
  ENOTDIR: "a file where a folder must be",
  EPERM: "no permission",
  EROFS: "a disk that cannot be written to",
};

/** What was found where a file or a port was asked for. `missing` says what is not there. */
export function foundWords(error: unknown, missing: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
  return words[code] ?? (code === "ENOENT" ? missing : code);
}
