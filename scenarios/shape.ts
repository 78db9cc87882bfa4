// Pieces of the JSON schema. Every piece says in `expected` what should stand there, in the words that an error ends
// with. Key sets are closed; a union is decided by the first key that tells which case is meant, so that an error speaks
// of that case alone.

/** A JSON schema (draft 7) with our one keyword of its own, `expected`. */
export type Shape = Readonly<Record<string, unknown>>;

/** Longest text for people, and longest name. */
const textMax = 2_000;
const nameMax = 40;

export function reference(name: string): Shape {
  return {$ref: `#/definitions/${name}`};
}

export function oneOf(...values: readonly (string | number | boolean)[]): Shape {
  return {enum: values, expected: listed(values.map((value) => JSON.stringify(value)))};
}

export function integer(minimum: number, maximum: number): Shape {
  return {type: "integer", minimum, maximum, expected: `a whole number from ${minimum} to ${maximum}`};
}

export function text(expected: string, pattern?: string): Shape {
  return {
    type: "string",
    minLength: 1,
    maxLength: textMax,
    ...(pattern === undefined ? {} : {pattern}),
    expected,
  };
}

/** The same for what a machine wrote. */
export function longText(expected: string): Shape {
  return {...text(expected), maxLength: 100_000};
}

const namePattern = "^[A-Za-z][A-Za-z0-9-]*$";

export function name(expected: string): Shape {
  return {type: "string", maxLength: nameMax, pattern: namePattern, expected};
}

/** Whether a scenario may call a step so. */
export function mayBeName(text: string): boolean {
  return text.length <= nameMax && new RegExp(namePattern).test(text);
}

const operationPattern = "^[A-Za-z][A-Za-z0-9/-]*$";

/** What an operation may be called: `last/n1`. */
export const operationNameShape: Shape = {
  type: "string",
  maxLength: nameMax,
  pattern: operationPattern,
  expected: "a name: letters, digits, dashes and slashes, at most 40",
};

export function mayBeOperation(text: string): boolean {
  return text.length <= nameMax && new RegExp(operationPattern).test(text);
}

export function listOf(items: Shape, expected: string, least = 0, most = 1_000): Shape {
  return {type: "array", items, minItems: least, maxItems: most, expected};
}

export function pairOf(items: Shape, expected: string): Shape {
  return listOf(items, expected, 2, 2);
}

/** One shape for every key of `T`; those that may be absent end in `?`. So types and schema cannot drift apart. */
export type Shapes<T> = {
  readonly [K in keyof T & string as Record<never, never> extends Pick<T, K> ? `${K}?` : K]-?: Shape;
};

/** A closed object: what `T` is. */
export function object<T>(properties: Shapes<T>, expected: string): Shape {
  const keys = Object.keys(properties);
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries<Shape>(properties).map(([key, shape]) => [key.replace("?", ""), shape]),
    ),
    required: keys.filter((key) => !key.endsWith("?")),
    additionalProperties: false,
    expected,
  };
}

/** The shape with a line for whoever looks it up. */
export function described(description: string, shape: Shape): Shape {
  return {description, ...shape};
}

/** An object of names to `values`. */
export function record(values: Shape, expected: string): Shape {
  return {
    type: "object",
    propertyNames: name("a name: letters, digits and dashes"),
    additionalProperties: values,
    expected,
  };
}

/** The shape of the first case whose key is there; without any, `expected` lists the keys. */
export function byKey(cases: readonly (readonly [key: string, shape: Shape])[], what: string): Shape {
  const expected = `${what}: an object with one of ${listed(cases.map(([key]) => key))}`;
  let shape: Shape = {not: {}, expected};
  for (const [key, then] of cases.toReversed()) shape = {if: {required: [key]}, then, else: shape};
  return {type: "object", expected, ...shape};
}

/** The shape of the case whose name stands at `key`; any other name is refused with the list of them. */
export function byValue(key: string, cases: readonly (readonly [value: string, shape: Shape])[]): Shape {
  const names = cases.map(([value]) => value);
  let shape: Shape = {properties: {[key]: oneOf(...names)}};
  for (const [value, then] of cases.toReversed())
    shape = {if: {properties: {[key]: oneOf(value)}}, then, else: shape};
  return shape;
}

export const timeShape = text(
  'a time such as "150ms" (us, ms or s; at most 3600s)',
  "^[0-9]{1,10}(us|ms|s)$",
);
export const timesShape = text(
  'a time or a range of times such as "5ms..15ms"',
  "^[0-9]{1,10}(us|ms|s)(\\.\\.[0-9]{1,10}(us|ms|s))?$",
);
export const memberShape = text(
  'a member: "n2", "leader" or "@name"',
  "^(n[0-9]+|leader|@[A-Za-z][A-Za-z0-9-]*)$",
);
export const clientShape = text('a client: "c1" or "@name"', "^(c[0-9]+|@[A-Za-z][A-Za-z0-9-]*)$");
export const whoShape = text(
  'a name: "n2", "c1", "leader", "a follower" or "@name"',
  "^(n[0-9]+|c[0-9]+|leader|a follower|@[A-Za-z][A-Za-z0-9-]*)$",
);
export const groupShape = text(
  'a name: "n2", "c1", "leader", "a follower", "others" or "@name"',
  "^(n[0-9]+|c[0-9]+|leader|a follower|others|@[A-Za-z][A-Za-z0-9-]*)$",
);
export const operationShape = text(
  'an operation: "op:#name" or "op:c1#4"',
  "^op:(#[A-Za-z][A-Za-z0-9/-]*|c[0-9]+#[0-9]+)$",
);
export const entryShape = text(
  'an entry: "entry:n1/6", or "op:#name" for the one that an operation proposed',
  "^(entry:n[0-9]+/[0-9]+|op:#[A-Za-z][A-Za-z0-9/-]*)$",
);
export const eventShape = text("an event such as n1→n3#17", "^[^#]+#[1-9][0-9]*$");
export const keyShape = text("a key");

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
