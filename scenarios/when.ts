// A `When` as a thing that is asked after every event: combinators here, facts by the registry. What must be remembered
// (that something was delivered, that something came first) is remembered from the moment a watch is made.

import type {Micros} from "../core/base/quantity.ts";
import {watchFact} from "./fact.ts";
import type {Fact, When} from "./format.ts";
import type {Scene} from "./story.ts";
import {microsOf} from "./time.ts";
import type {Watch} from "./watch.ts";

/** Begins to watch. */
export function watch(when: When): Watch {
  if ("not" in when) return new Not(watch(when.not));
  if ("all" in when) return new Every(when.all.map(watch));
  if ("any" in when) return new Not(new Every(when.any.map((one) => new Not(watch(one)))));
  if ("first" in when) {
    return new FirstThen(
      watch(when.first),
      when.then,
      when.within === undefined ? undefined : microsOf(when.within),
    );
  }
  if ("always" in when) return new Always(watch(when.always), when.since);
  return watchFact(when satisfies Fact);
}

class Not implements Watch {
  private readonly inner: Watch;
  constructor(inner: Watch) {
    this.inner = inner;
  }
  holds(scene: Scene): boolean {
    return !this.inner.holds(scene);
  }
  fork(): Watch {
    return new Not(this.inner.fork());
  }
}

class Every implements Watch {
  private readonly inner: readonly Watch[];
  constructor(inner: readonly Watch[]) {
    this.inner = inner;
  }
  /** Asks them all, since each may have something to remember. */
  holds(scene: Scene): boolean {
    let all = true;
    for (const one of this.inner) if (!one.holds(scene)) all = false;
    return all;
  }
  fork(): Watch {
    return new Every(this.inner.map((one) => one.fork()));
  }
}

class FirstThen implements Watch {
  private first: Watch;
  private readonly then: When;
  private readonly within: Micros | undefined;
  private second: {readonly watch: Watch; readonly since: Micros} | undefined;
  private outcome: boolean | undefined;

  constructor(first: Watch, then: When, within: Micros | undefined) {
    this.first = first;
    this.then = then;
    this.within = within;
  }

  holds(scene: Scene): boolean {
    if (this.outcome !== undefined) return this.outcome;
    if (this.second === undefined && this.first.holds(scene)) {
      this.second = {watch: watch(this.then), since: scene.view.now};
    }
    if (this.second === undefined) return false;
    const late = this.within !== undefined && scene.view.now - this.second.since > this.within;
    if (late) this.outcome = false;
    else if (this.second.watch.holds(scene)) this.outcome = true;
    return this.outcome ?? false;
  }

  fork(): Watch {
    const twin = new FirstThen(this.first.fork(), this.then, this.within);
    if (this.second !== undefined) twin.second = {...this.second, watch: this.second.watch.fork()};
    twin.outcome = this.outcome;
    return twin;
  }
}

class Always implements Watch {
  private readonly inner: Watch;
  private readonly since: string | undefined;
  private looked = false;
  private broken = false;

  constructor(inner: Watch, since: string | undefined) {
    this.inner = inner;
    this.since = since;
  }

  /** False until it was looked at once: a claim that nothing tested does not hold. */
  holds(scene: Scene): boolean {
    const now = this.inner.holds(scene);
    if (this.since === undefined || scene.story.fired(this.since) !== undefined) {
      this.looked = true;
      if (!now) this.broken = true;
    }
    return this.looked && !this.broken;
  }

  fork(): Watch {
    const twin = new Always(this.inner.fork(), this.since);
    twin.looked = this.looked;
    twin.broken = this.broken;
    return twin;
  }
}
