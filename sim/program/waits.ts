// The promises that one program was handed and that are not settled: what it waits for. While there are none and it has
// not ended, nothing that the simulation could bring would make it go on.

import type {ProgramDirector} from "./director.ts";

export interface Settling<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export class Waits {
  private readonly client: string;
  private readonly director: ProgramDirector;
  private readonly open = new Map<number, string>();
  private next = 1;

  /** `client`: on whose machine the program runs. */
  constructor(client: string, director: ProgramDirector) {
    this.client = client;
    this.director = director;
  }

  /** In the order in which they were handed out. */
  get names(): readonly string[] {
    return [...this.open.values()];
  }

  get isWaiting(): boolean {
    return this.open.size > 0;
  }

  /** A promise that is settled when the program's turn comes. `name` says what it waits for. */
  promise<T>(name: string, begin: (settling: Settling<T>) => void): Promise<T> {
    const id = this.next++;
    this.open.set(id, name);
    return new Promise<T>((resolve, reject) => {
      const settle = (how: () => void): void => {
        this.director.tell(this.client, () => {
          // Whoever is cancelled may be answered too: a promise is settled once, by what came first.
          this.open.delete(id);
          how();
        });
      };
      begin({
        resolve: (value) => settle(() => resolve(value)),
        reject: (error) => settle(() => reject(error)),
      });
    });
  }
}
