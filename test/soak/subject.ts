// What a soak is about: a claim that is tried with seed after seed, and what is written down of it.

export interface Standing {
  readonly claim: string;
  /** Of the code that decides what is played. */
  readonly codeHash: string;
  /** The first one is included, the last is not. */
  readonly seeds: readonly [from: number, to: number];
  readonly seconds: number;
}

/** `Played`: what came of some seeds; `Results`: what is written down. Both are JSON. */
export interface Subject<Played, Results extends Standing> {
  readonly name: SubjectName;
  /** The committed results. */
  readonly file: string;
  /** Seeds 0 to this are played, unless others are asked for. */
  readonly seeds: number;
  /** Seeds in one task of a worker. */
  readonly taskSize: number;
  hash(): string;
  nothingFrom(seed: number): Results;
  play(seeds: Iterable<number>): Played;
  /** The results with what came of the seeds that follow, up to `to`. */
  add(results: Results, played: Played, to: number, seconds: number): Results;
  /** Once nothing more is played. */
  finish?(results: Results): Results;
  /** What is to be told at once. */
  news(played: Played): readonly string[];
  progress(results: Results): string;
  summary(results: Results): readonly string[];
  isBroken(results: Results): boolean;
  /** The page that shows the committed results, with these. */
  page?(results: Results): {readonly file: string; readonly text: string};
}

export type SubjectName = "raft" | "disks" | "recipes" | "trials" | "detections" | "matrix" | "registers";
