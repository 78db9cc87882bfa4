// One thing that a program asked, from its line in the script to what came of it; it can be given up on the way.
//
//   wanted ──▶ invoked: it has a call's number ──▶ settled, or finished
//      └─────abort: taken back      └─────abort: `cancel <call>`, and the answer tells

import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {Told} from "../../core/client/recipes/recipe.ts";
import type {Response} from "../../core/server/request.ts";
import type {Caller, ProgramDirector} from "./director.ts";
import type {Signal} from "./program.ts";

/** What is told of it. */
export interface AskedNews extends Omit<Caller, "invoked"> {
  /** It was given up before it was asked. */
  takenBack(): void;
}

export class Asked implements Caller {
  /** The call's number, once it has one. */
  call: number | undefined;
  private readonly director: ProgramDirector;
  private readonly client: string;
  private readonly news: AskedNews;
  private isAborted = false;
  private isOver = false;

  constructor(director: ProgramDirector, client: string, line: string, news: AskedNews) {
    this.director = director;
    this.client = client;
    this.news = news;
    director.ask(client, line, this);
  }

  abortBy(signal: Signal | undefined): void {
    if (signal?.aborted === true) return this.abort();
    signal?.addEventListener("abort", () => this.abort());
  }

  abort(): void {
    if (this.isOver || this.isAborted) return;
    this.isAborted = true;
    if (this.call !== undefined) return this.cancel(this.call);
    if (!this.director.takeBack(this)) return;
    this.isOver = true;
    this.news.takenBack();
  }

  invoked(call: number): void {
    this.call = call;
    if (this.isAborted) this.cancel(call);
  }

  settled(outcome: Outcome): void {
    this.isOver = true;
    this.news.settled?.(outcome);
  }

  watched(response: Response): void {
    this.news.watched?.(response);
  }

  told(told: Told): void {
    this.news.told?.(told);
  }

  finished(outcome: RecipeOutcome): void {
    this.isOver = true;
    this.news.finished?.(outcome);
  }

  private cancel(call: number): void {
    this.director.ask(this.client, `cancel ${call}`);
  }
}
