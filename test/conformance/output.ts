// What a script's directive prints: handlers' text and logger lines in one stream, as they come. Levels silence logger
// lines; at level "none" handlers are silent too.

import type {LoggerLine} from "../../core/raft/logger/loggerLine.ts";

const levels = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL", "NONE"] as const;

export type Level = (typeof levels)[number];

export class Output {
  level: Level = "DEBUG";
  private written = "";

  get isQuiet(): boolean {
    return this.level === "NONE";
  }

  write(text: string): void {
    if (!this.isQuiet) this.written += text;
  }

  log({level, text}: LoggerLine): void {
    const name = level.toUpperCase();
    if (levels.findIndex((one) => one === name) >= levels.indexOf(this.level))
      this.write(`${name} ${text}\n`);
  }

  /** Whatever `print` writes is indented, and ends with a line feed. */
  indented(print: () => void): void {
    const before = this.written;
    this.written = "";
    try {
      print();
    } finally {
      const lines = this.written.split("\n");
      if (lines.at(-1) === "") lines.pop();
      this.written = before + lines.map((line) => `  ${line}\n`).join("");
    }
  }

  /** All that was written since it was taken last. */
  take(): string {
    const {written} = this;
    this.written = "";
    return written;
  }
}

/** In any case of letters. */
export function levelOf(name: string): Level | undefined {
  return levels.find((level) => level === name.toUpperCase());
}

/** As etcd lists them when asked for another one. */
export const levelList = `[${levels.join(" ")}]`;
