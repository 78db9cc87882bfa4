// What a program's call throws, or a fault that it asks for. The stack is where the program asked, not where the answer came.

import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {GrpcCode} from "../../core/server/request.ts";
import type {Action} from "../action.ts";
import {actionText} from "../actionText.ts";
import type {Inapplicable} from "../world/actions.ts";
import {whyNot} from "../whyNot.ts";

export class EtcdError extends Error {
  override readonly name = "EtcdError";
  readonly code: GrpcCode;
  /** `failed`: nothing was done. `unknown`: it may have been done, may yet be done, or not. */
  readonly outcome: "failed" | "unknown";

  constructor(message: string, code: GrpcCode, outcome: "failed" | "unknown") {
    super(message);
    this.code = code;
    this.outcome = outcome;
  }
}

/** A fault that did not apply at its moment, such as the crash of a member that is down: nothing happened. */
export class FaultError extends Error {
  override readonly name = "FaultError";
  readonly why: Inapplicable;

  constructor(action: Action, why: Inapplicable) {
    super(`${actionText(action)} did not apply: ${whyNot(action, why).en}`);
    this.why = why;
  }
}

/** The error of an outcome that is none; `asked` was made where the program asked. */
export function errorOf(outcome: Outcome | RecipeOutcome, asked: Error): EtcdError {
  const kind = outcome.kind === "unknown" ? "unknown" : "failed";
  const {message, code} = ("error" in outcome ? outcome.error : undefined) ?? {
    message: "the call came to nothing",
    code: "Unknown" as const,
  };
  return at(new EtcdError(message, code, kind), asked);
}

/** The error, as if it had been made there. */
export function at<E extends Error>(error: E, asked: Error): E {
  const frames = (asked.stack ?? "").split("\n").filter((line) => /^\s+at |@/.test(line));
  error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
  return error;
}
