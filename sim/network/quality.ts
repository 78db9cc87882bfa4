// How a link treats what is sent over it.
//
//              0                                                    1,000,000
//   luck  ─────┼─ lost ─┼─ duplicated ─┼─ reordered ─┼── as it should ──┼
//
// A message draws one luck whatever the link is like, and the parts lie side by side: so that a link that gets worse moves
// nobody's luck, not even its own.

import type {Between} from "../run.ts";

export interface LinkQuality {
  /** From the last byte's leaving to its arrival; drawn for each message, so the width is the jitter. */
  readonly latency: Between;
  readonly lossPerMillion: number;
  /** A copy comes too, with a latency of its own. Forwarded proposals never (action.ts says why). */
  readonly duplicatePerMillion: number;
  /** Takes twice the latency it drew, and holds up nothing that was sent later. */
  readonly reorderPerMillion: number;
  /** Messages leave one after the other, each in the time that its bytes need; 0: at once. */
  readonly bytesPerSecond: number;
  /** Room for bytes that have not left; what finds none is lost, or waits if a client's stream sends it. 0: any number. */
  readonly queueBytes: number;
}

export type LinkKey = keyof LinkQuality;

/** What can only be set between members: a client's stream is TCP. */
export const peerOnly: readonly LinkKey[] = ["lossPerMillion", "duplicatePerMillion", "reorderPerMillion"];

/** What chance does to a message. */
export type Chance = "lost" | "duplicated" | "reordered" | undefined;

/** Which part a luck in [0, 1,000,000) falls into; what would lie beyond the end is cut off. */
export function chanceOf(
  luck: number,
  {
    lossPerMillion,
    duplicatePerMillion,
    reorderPerMillion,
  }: Pick<LinkQuality, "lossPerMillion" | "duplicatePerMillion" | "reorderPerMillion">,
): Chance {
  if (luck < lossPerMillion) return "lost";
  if (luck < lossPerMillion + duplicatePerMillion) return "duplicated";
  return luck < lossPerMillion + duplicatePerMillion + reorderPerMillion ? "reordered" : undefined;
}
