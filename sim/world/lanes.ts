// Lanes by name and by number (law 7). A lane is an ordered source of events; inside the world it is a small integer,
// outside its name. The table only grows and its order decides nothing, so the forks of a world share it.

import {Hasher} from "../../core/base/hasher.ts";
import {present} from "../../core/base/assert.ts";
import type {Actor} from "../../core/server/io.ts";
import type {Action} from "../action.ts";
import type {Draws, StreamId} from "../random.ts";
import type {EventId, Intervention, Lane} from "../run.ts";

export type LaneIndex = number;

export interface LaneRow {
  readonly name: Lane;
  /** Digest of the name, for the chain. */
  readonly hashA: number;
  readonly hashB: number;
}

export class LaneTable {
  private readonly rows: LaneRow[] = [];
  private readonly byName = new Map<Lane, LaneIndex>();

  /** The number of a lane; a name not heard before gets one. */
  index(name: Lane): LaneIndex {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const hasher = new Hasher();
    hasher.string(name);
    const [hashA, hashB] = hasher.lanes();
    const made = this.rows.push({name, hashA, hashB}) - 1;
    this.byName.set(name, made);
    return made;
  }

  /** The number of a lane that has one. */
  find(name: Lane): LaneIndex | undefined {
    return this.byName.get(name);
  }

  row(index: LaneIndex): LaneRow {
    return present(this.rows[index], "lane", index);
  }

  name(index: LaneIndex): Lane {
    return this.row(index).name;
  }
}

/** The lanes of one member and the streams that decide in them, looked up once. */
export interface MemberLanes {
  readonly clock: LaneIndex;
  readonly wake: LaneIndex;
  /** What the transport tells of messages sent. */
  readonly report: {readonly lane: LaneIndex; readonly stream: StreamId};
  readonly actors: Readonly<Record<Actor, {readonly lane: LaneIndex; readonly stream: StreamId}>>;
  /** By kind of file; grows. */
  readonly files: Map<string, FileLane>;
}

export interface FileLane {
  readonly lane: LaneIndex;
  readonly write: StreamId;
  readonly sync: StreamId;
}

export function memberLanes(name: string, lanes: LaneTable, draws: Draws): MemberLanes {
  const drawn = (lane: Lane): {lane: LaneIndex; stream: StreamId} => {
    return {lane: lanes.index(lane), stream: draws.stream(lane)};
  };
  const actor = (of: Actor): {lane: LaneIndex; stream: StreamId} => drawn(`actor/${name}/${of}`);
  return {
    clock: lanes.index(`clock/${name}`),
    wake: lanes.index(`wake/${name}`),
    report: drawn(`report/${name}`),
    actors: {
      append: actor("append"),
      apply: actor("apply"),
      commit: actor("commit"),
      compact: actor("compact"),
      snapshot: actor("snapshot"),
      install: actor("install"),
      defragment: actor("defragment"),
      watchSync: actor("watchSync"),
      watchVictims: actor("watchVictims"),
      watchProgress: actor("watchProgress"),
      watchSend: actor("watchSend"),
      lease: actor("lease"),
      reads: actor("reads"),
      autoCompact: actor("autoCompact"),
      corruptCheck: actor("corruptCheck"),
    },
    files: new Map(),
  };
}

/** The lane of one file of a member. All segments of its log share one, so that lanes are few and keep their names. */
export function fileLane(
  member: MemberLanes,
  name: string,
  file: string,
  lanes: LaneTable,
  draws: Draws,
): FileLane {
  const kind = kindOfFile(file);
  const known = member.files.get(kind);
  if (known !== undefined) return known;
  const lane = `disk/${name}/${kind}`;
  const made = {
    lane: lanes.index(lane),
    write: draws.stream(`${lane}/write`),
    sync: draws.stream(`${lane}/sync`),
  };
  member.files.set(kind, made);
  return made;
}

function kindOfFile(file: string): "wal" | "snap" | "db" | "." {
  if (file === ".") return ".";
  if (file.includes(".wal")) return "wal";
  return file.includes(".snap") ? "snap" : "db";
}

/** `n1→n3#17`. */
export function eventId(lane: Lane, ordinal: number): EventId {
  return `${lane}#${ordinal}`;
}

/** Takes an event's name apart; undefined when it is none. */
export function parseEventId(id: EventId): {readonly lane: Lane; readonly ordinal: number} | undefined {
  const at = id.lastIndexOf("#");
  if (at < 1) return undefined;
  const digits = id.slice(at + 1);
  if (!/^[1-9][0-9]{0,15}$/.test(digits)) return undefined;
  const ordinal = Number(digits);
  return Number.isSafeInteger(ordinal) ? {lane: id.slice(0, at), ordinal} : undefined;
}

/** The lane of an intervention: its client's, so that one client more renames nobody's questions; else the script's own. */
export function scriptLane(action: Action): Lane {
  return action.kind === "client" ? `script/${action.client}` : "script";
}

/** The event of an intervention: `script#3`, `script/c1#7`. */
export function scriptEvent({id, do: action}: Pick<Intervention, "id" | "do">): EventId {
  return eventId(scriptLane(action), id);
}

/** A member's name: `n2`. */
export function memberName(member: number): string {
  return `n${member}`;
}

/** The member of a name; undefined when it is none. */
export function memberOf(name: string): number | undefined {
  return /^n[1-9][0-9]{0,5}$/.test(name) ? Number(name.slice(1)) : undefined;
}
