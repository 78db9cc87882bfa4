// ShiViz's log: two lines per event, its words, then its host and vector clock; in the file's first line the pattern that
// takes them apart, in the second what would divide several runs (nothing). https://github.com/DistributedClocks/shiviz
//
//   5->1 MsgVote Term:1 Log:0/0
//   n1 {"n5":3,"n1":1}
//
// A host's clock counts its events that are shown; what an event follows from, by the cause on record, it knows. Shown is
// what says something by itself, and whatever another host's event follows from. What was lost arrived nowhere.

import type {WorldView} from "../../view.ts";
import type {TakenEvent} from "../../world/record.ts";
import type {Exporter, Exporting} from "./exporter.ts";
import {hostOf, lossOf} from "./exporter.ts";

/** ShiViz's default. */
export const shivizPattern = "(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})";

type Clock = ReadonlyMap<string, number>;

interface Row {
  readonly id: string;
  readonly host: string;
  /** A step; 0 for the beginning. */
  readonly cause: number;
  readonly text: string | undefined;
}

export class ShivizExporter implements Exporter {
  private readonly about: Exporting;
  /** By step, from 1; undefined where a message was lost. */
  private readonly rows: (Row | undefined)[] = [undefined];

  constructor(about: Exporting) {
    this.about = about;
  }

  take(record: TakenEvent): void {
    const {id, cause} = record;
    const text = this.about.text(record)?.split("\n", 1)[0];
    this.rows.push(lossOf(record) === undefined ? {id, host: hostOf(record), cause, text} : undefined);
  }

  end(_view: WorldView): string {
    const {rows} = this;
    const followed = this.followedElsewhere();
    const clocks = new Map<string, Clock>();
    const known = new Map<number, Clock>();
    const lines = [shivizPattern, ""];
    for (const [step, row] of rows.entries()) {
      if (row === undefined) continue;
      const {host, cause, text, id} = row;
      const clock = new Map(clocks.get(host));
      for (const [other, count] of known.get(cause) ?? [])
        clock.set(other, Math.max(count, clock.get(other) ?? 0));
      const isShown = text !== undefined || followed.has(step);
      if (isShown) {
        clock.set(host, (clock.get(host) ?? 0) + 1);
        lines.push(text ?? id, `${host} ${JSON.stringify(Object.fromEntries(clock))}`);
      }
      clocks.set(host, clock);
      if (followed.has(step)) known.set(step, clock);
    }
    return `${lines.join("\n")}\n`;
  }

  /** Steps from which something on another host follows. */
  private followedElsewhere(): ReadonlySet<number> {
    const found = new Set<number>();
    for (const row of this.rows) {
      const cause = row === undefined ? undefined : this.rows[row.cause];
      if (row !== undefined && cause !== undefined && cause.host !== row.host) found.add(row.cause);
    }
    return found;
  }
}
