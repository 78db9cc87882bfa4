// For tests: a script of our own must agree with itself as it stands.

import {expect} from "vitest";
import type {Outcome} from "./outcome.ts";
import {outcomeOf} from "./outcome.ts";
import {newScript} from "./run.ts";

export function outcomeOfText(text: string): Outcome {
  return outcomeOf(text, newScript("", text));
}

export function expectAgreement(text: string): void {
  expect(outcomeOfText(text)).toEqual({strict: undefined, semantic: undefined});
}
