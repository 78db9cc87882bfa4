// A standing rule: as long as something is true, every message that matches is lost, or held. It acts on one message at a
// time, by name, so that a run on record needs no rule; what it held goes on when the rule ends.

import type {Cue} from "../sim/director.ts";
import type {Pending} from "../sim/event.ts";
import type {EventId} from "../sim/run.ts";
import {matches} from "./factRun.ts";
import type {Step} from "./format.ts";
import type {Scene} from "./story.ts";
import type {Watch} from "./watch.ts";
import {watch} from "./when.ts";

export type RuleStep = Extract<Step, {readonly while: unknown}>;

export class Rule {
  private readonly step: RuleStep;
  private lasts: Watch;
  /** What waits and was acted on already, so that each is once. Never written: replaced. */
  private known: ReadonlySet<EventId> = new Set();
  /** It does nothing any more. */
  isOver = false;

  constructor(step: RuleStep) {
    this.step = step;
    this.lasts = watch(step.while);
  }

  after(scene: Scene): readonly Cue[] {
    if (!this.lasts.holds(scene)) return this.end(scene);
    const {message, do: deed} = this.step;
    const {known} = this;
    const meant = scene.view.pending().filter(({payload}) => matches(message, payload, scene));
    this.known = new Set(meant.map(nameOf));
    return meant
      .filter((pending) => mayBe(deed, pending) && !known.has(nameOf(pending)))
      .map((pending) => cueOf({kind: "message", event: nameOf(pending), do: deed}));
  }

  fork(): Rule {
    return Object.assign(Object.create(Rule.prototype) as Rule, this, {lasts: this.lasts.fork()});
  }

  private end({view}: Scene): readonly Cue[] {
    this.isOver = true;
    if (this.step.do === "drop") return [];
    return view
      .pending()
      .filter((pending) => pending.held === true && this.known.has(nameOf(pending)))
      .map((pending) => cueOf({kind: "message", event: nameOf(pending), do: "release"}));
  }
}

/** `n1→n3#17` */
export function nameOf({lane, ordinal}: Pick<Pending, "lane" | "ordinal">): EventId {
  return `${lane}#${ordinal}`;
}

function mayBe(deed: RuleStep["do"], {payload, fate, held}: Pending): boolean {
  if (fate !== undefined) return false;
  return deed === "drop" || (payload.kind === "message" && held !== true);
}

function cueOf(action: Cue["do"]): Cue {
  return {do: action, origin: "plan"};
}
