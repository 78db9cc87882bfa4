// Numbers for whoever does one thing at a time: who has several calls under way has several.

export class Processes {
  private next = 0;
  /** By client: those that have nothing to do. */
  private readonly idle = new Map<string, number[]>();
  private readonly busy = new Map<string, number>();

  begin(name: string, client: string): number {
    const process = this.idle.get(client)?.pop() ?? this.next++;
    this.busy.set(name, process);
    return process;
  }

  /** `isKnown`: it may do something else. */
  end(name: string, client: string, isKnown: boolean): number {
    const process = this.busy.get(name) ?? this.next++;
    this.busy.delete(name);
    if (isKnown) this.idle.set(client, [...(this.idle.get(client) ?? []), process]);
    return process;
  }
}
