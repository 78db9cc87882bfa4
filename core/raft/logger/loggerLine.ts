// The form of etcd's logger lines: a level and a text.

import type {EntryId} from "../entry.ts";
import type {RaftNote} from "../notes.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LoggerLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** A note of one of some kinds. */
export type Note<K extends RaftNote["kind"]> = Extract<RaftNote, {readonly kind: K}>;

export const noLines: readonly LoggerLine[] = [];

export function debug(text: string): readonly LoggerLine[] {
  return [{level: "debug", text}];
}

export function info(...texts: readonly string[]): readonly LoggerLine[] {
  return texts.map((text) => ({level: "info", text}));
}

export function warn(text: string): readonly LoggerLine[] {
  return [{level: "warn", text}];
}

export function position(word: "logterm" | "term", {index, term}: EntryId): string {
  return `${word}: ${term}, index: ${index}`;
}
