// Assertions stay on in every build. A failed one is our bug: it names what was expected, and nobody in core or sim
// catches it, save the world, which reports the member and the event at which it happened.

/** Thrown when something that must hold does not. Never used for outcomes that a caller should handle. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Throws {@link InvariantViolation} unless `condition` holds. `message` says what was expected and what stood there. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** The end of a switch over a union: compiles only when every kind is handled. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unhandled case ${JSON.stringify(value)}`);
}

/**
 * Returns `value`, which the caller knows to be there; `what`, with its number or name, says what is missing if it is not:
 * apart, because to join them costs more than to ask.
 */
export function present<T>(value: T | undefined, what: string, which: string | number = ""): T {
  if (value === undefined)
    throw new InvariantViolation(`${what}${which === "" ? "" : ` ${which}`} is absent`);
  return value;
}
