// What a program lets go wrong: actions on the world, asked as a client's lines are, so that they stand in the run's script.
//
//   await faults.cut("c1", "n1");        resolves when it was done, before anything else happens
//   await faults.restart("n1");          FaultError: restart n1 did not apply: n1 was not down
//   await faults.crash("n9");            TypeError, at once: the run knows no such name

import type {Action, RestartWith} from "../action.ts";
import {actionText} from "../actionText.ts";
import type {Config} from "../run.ts";
import {readAction} from "../trace/runText.ts";
import type {ProgramDirector} from "./director.ts";
import {at, FaultError} from "./error.ts";
import type {Waits} from "./waits.ts";

/** Members are named `n1`, clients `c1`. Whatever goes wrong stays so until it is undone. */
export class ProgramFaults {
  private readonly client: string;
  private readonly config: Config;
  private readonly director: ProgramDirector;
  private readonly waits: Waits;

  constructor(client: string, config: Config, director: ProgramDirector, waits: Waits) {
    this.client = client;
    this.config = config;
    this.director = director;
    this.waits = waits;
  }

  /** The member's process is gone; what was not synced may be lost. */
  crash(member: string): Promise<void> {
    return this.ask({kind: "crash", member}, "faults.crash");
  }

  /** It boots from its disk. `other`: as another version, or with other flags, from now on. */
  restart(member: string, other?: RestartWith): Promise<void> {
    const how = other === undefined ? {} : {with: other};
    return this.ask({kind: "restart", member, ...how}, "faults.restart");
  }

  /** A member or a client stands still: what arrives waits. A client's program stands still with it, so it cannot resume itself. */
  pause(who: string): Promise<void> {
    return this.ask(ofProcess("pause", who), "faults.pause");
  }

  resume(who: string): Promise<void> {
    return this.ask(ofProcess("resume", who), "faults.resume");
  }

  /** Nothing passes between two, members or clients; `oneWay`: from the first to the second. What is on the way is lost too. */
  cut(from: string, to: string, {oneWay}: {readonly oneWay?: boolean} = {}): Promise<void> {
    const way = oneWay === undefined ? {} : {oneWay};
    return this.ask({kind: "cut", from, to, ...way}, "faults.cut");
  }

  /** `[["n1", "c1"], ["n2", "n3"]]`: only within a group do messages pass. Whoever is in none stays connected to all. */
  split(groups: readonly (readonly string[])[]): Promise<void> {
    return this.ask({kind: "split", groups}, "faults.split");
  }

  /** Undoes cuts and splits: all of them, or those between two. */
  heal(link?: readonly [string, string]): Promise<void> {
    return this.ask({kind: "heal", ...(link === undefined ? {} : {link})}, "faults.heal");
  }

  /** Any other action, as a script has it: `{kind: "clock", who: "n1", rate: 1_100_000}`. Times are microseconds. */
  do(action: Exclude<Action, {readonly kind: "client"}>): Promise<void> {
    return this.ask(action, "faults.do");
  }

  private ask(given: Action, where: string): Promise<void> {
    const read = readAction(given, this.config, where);
    if (!read.ok) throw new TypeError(read.error);
    const action = read.value;
    if (action.kind === "client") throw new TypeError(`${where}: a client's line is client.do(…)`);
    const name = actionText(action);
    const place = new Error(name);
    return this.waits.promise<void>(name, ({resolve, reject}) => {
      this.director.act(this.client, action, {
        done: () => resolve(undefined),
        refused: (why) => reject(at(new FaultError(action, why), place)),
      });
    });
  }
}

/** From plain JavaScript no type stops what is no name. */
function ofProcess(what: "pause" | "resume", who: string): Action {
  if (!`${who}`.startsWith("c")) return {kind: what, member: who};
  return {kind: what === "pause" ? "pauseClient" : "resumeClient", client: who};
}
