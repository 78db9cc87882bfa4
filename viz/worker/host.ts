// A scenario's director as the page's guest: it acts as always, but once a person has acted, the end of the scenario is
// not the end of the run. What a person changed is worth watching beyond what the scenario waited for.

import type {Action} from "../../sim/action.ts";
import type {Cue, Director} from "../../sim/director.ts";
import type {EventRecord} from "../../sim/event.ts";
import type {WorldView} from "../../sim/view.ts";

export class Host implements Director {
  private readonly guest: Director;
  /** What the guest wanted done and has not seen done yet. */
  private own: readonly Action[] = [];
  private acted = false;

  constructor(guest: Director) {
    this.guest = guest;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    if (event?.payload.kind === "script") this.note(event.payload.action);
    const cues = this.guest.after(view, event);
    if (cues.length > 0) this.own = [...this.own, ...cues.map((cue) => cue.do)];
    return cues;
  }

  deadline(): number | undefined {
    return this.guest.deadline();
  }

  done(view: WorldView): boolean {
    return !this.acted && this.guest.done(view);
  }

  fork(): this {
    const twin = new Host(this.guest.fork());
    twin.own = this.own;
    twin.acted = this.acted;
    return twin as this;
  }

  /** An action that the guest did not ask for is a person's. Actions are known by identity: nobody copies them. */
  private note(action: Action): void {
    const place = this.own.indexOf(action);
    if (place < 0) this.acted = true;
    // Whatever stands before it was skipped.
    else this.own = this.own.slice(place + 1);
  }
}
