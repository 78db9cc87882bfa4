// Writes a trace while its run goes on, block by block: a process that is killed leaves all but its last 1,024 events.

import {Hasher} from "../../core/base/hasher.ts";
import type {Choice, Intervention, Run} from "../run.ts";
import {BlockWriter, bytesOfJson} from "./blocks.ts";
import {EventPacker} from "./eventBlock.ts";
import type {Marked} from "./lines.ts";
import type {About, TraceEnd} from "./trace.ts";

/** Events of a block. */
const blockEvents = 1024;

const nothing = new Uint8Array(0);

/** Where a file's bytes go, in order. */
export type Sink = (bytes: Uint8Array) => void;

/** What the writer asks of a run that goes on; `Life` has it. */
export interface Recordable {
  /** What was done so far, without what is known. In order, and never changed afterwards. */
  doneFrom(known: Known): Done;
}

/** What was done to a run: interventions that fired, and choices of a scheduler. */
export interface Done {
  readonly script: readonly Intervention[];
  readonly choices: readonly Choice[];
}

/** How many of each. */
export interface Known {
  readonly script: number;
  readonly choices: number;
}

/** The arguments of a run as they are known at its beginning: a director, or a scheduler, adds to script and choices. */
export type Head = Run & About;

/** What the last block holds: what was not known before. */
export interface Tail {
  readonly limits: Run["limits"];
  readonly end: TraceEnd;
  /** Of the run as recorded, unless the blocks before say the same. */
  readonly script?: readonly Intervention[];
  readonly choices?: readonly Choice[];
}

export class TraceWriter {
  private readonly sink: Sink;
  private readonly head: Head;
  private readonly given: ReadonlySet<Intervention>;
  private readonly blocks = new BlockWriter();
  private readonly events = new EventPacker();
  /** All that was done so far. */
  private readonly done: Intervention[] = [];
  private readonly chosen: Choice[] = [];
  /** Of the chosen: what the head does not have. */
  private readonly freshlyChosen: Choice[] = [];
  private readonly givenChoices: ReadonlySet<string>;

  /** Writes the head at once. */
  constructor(head: Head, sink: Sink) {
    this.sink = sink;
    this.head = head;
    this.given = new Set(head.script);
    this.givenChoices = new Set(head.choices.map(choiceKey));
    sink(this.blocks.block({kind: "head", payload: bytesOfJson({etcdscope: "trace", ...head})}));
  }

  /** The next event of `run`. */
  take(event: Marked, run: Recordable): void {
    this.events.add(event);
    if (this.events.count === blockEvents) this.flush(run);
  }

  /** The run is over; `recorded` is it with all that was done to it. */
  end(run: Recordable, recorded: Run, end: TraceEnd): void {
    if (this.events.count > 0) this.flush(run);
    const {limits, script, choices} = recorded;
    const tail: Tail = {
      limits,
      end,
      ...(sameItems(script, recordedScript(this.head.script, this.done)) ? {} : {script}),
      ...(sameChoices(choices, [...this.head.choices, ...this.freshlyChosen]) ? {} : {choices}),
    };
    this.sink(this.blocks.block({kind: "end", payload: bytesOfJson(tail)}));
  }

  private flush(run: Recordable): void {
    const {script, choices} = run.doneFrom({script: this.done.length, choices: this.chosen.length});
    this.done.push(...script);
    this.chosen.push(...choices);
    // What stood in the head needs no second place: its event names it.
    const fresh: Done = {
      script: script.filter((item) => !this.given.has(item)),
      choices: choices.filter((choice) => !this.givenChoices.has(choiceKey(choice))),
    };
    this.freshlyChosen.push(...fresh.choices);
    const isNothing = fresh.script.length === 0 && fresh.choices.length === 0;
    const payload = this.events.take(isNothing ? nothing : bytesOfJson(fresh));
    this.sink(this.blocks.block({kind: "events", payload}));
  }
}

/** A script as a run records it: what was done, in order, and what is left of the given one. */
export function recordedScript(
  given: readonly Intervention[],
  done: readonly Intervention[],
): readonly Intervention[] {
  const gone = new Set(done);
  return [...done, ...given.filter((item) => !gone.has(item))];
}

/** What no event's hash can be: of a run without events. */
export const emptyHash = new Hasher().hash();

function choiceKey({after, take}: Choice): string {
  return `${after} ${take}`;
}

function sameChoices(a: readonly Choice[], b: readonly Choice[]): boolean {
  return (
    a.length === b.length &&
    a.every((choice, i) => b[i] !== undefined && choiceKey(choice) === choiceKey(b[i]))
  );
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => item === b[i]));
}
