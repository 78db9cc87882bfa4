// What the bundler defines (codeHash.ts); ask with `typeof` first, since nothing is defined when run from the sources.

declare const __CODE_HASH__: string;
