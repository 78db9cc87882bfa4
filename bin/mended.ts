// A plan of faults from which some are left out, made whole again: for what is still wrong at its end, what undoes it then.
// So a plan can be made smaller by leaving out anything, and stays what it was: something that ends.

import type {Micros} from "../core/base/quantity.ts";
import type {Action} from "../sim/action.ts";
import {trueRate} from "../sim/clock.ts";
import type {Config, Intervention} from "../sim/run.ts";

/** What is wrong, by a name of its own, and what undoes it. */
type Wrongs = Map<string, readonly Action[]>;

/** The plan, in order of time, and behind it what it leaves undone, at `at`. */
export function mended(
  plan: readonly Intervention[],
  {network}: Pick<Config, "network">,
  at: Micros,
): readonly Intervention[] {
  const wrongs: Wrongs = new Map();
  for (const {do: action} of plan) {
    note(wrongs, action, network.lossPerMillion);
  }
  const undoing = [...wrongs.values()].flat();
  const last = Math.max(0, ...plan.map(({id}) => id));
  return [
    ...plan,
    ...undoing.map((action, i): Intervention => ({id: last + 1 + i, when: {at}, do: action, origin: "plan"})),
  ];
}

function note(wrongs: Wrongs, action: Action, lossPerMillion: number): void {
  switch (action.kind) {
    case "cut":
      wrongs.set(cutOf(action.from, action.to), [{kind: "heal", link: [action.from, action.to]}]);
      return;
    case "split":
      wrongs.set("split", [{kind: "heal"}]);
      return;
    case "heal":
      if (action.link !== undefined) wrongs.delete(cutOf(...action.link));
      else
        for (const name of wrongs.keys())
          if (name === "split" || name.startsWith("cut ")) wrongs.delete(name);
      return;
    case "link": {
      const {from, to, oneWay} = action;
      const which = {from, to, ...(oneWay === undefined ? {} : {oneWay})};
      set(wrongs, `link ${from} ${to} ${oneWay === true}`, !("reset" in action), {
        kind: "link",
        ...which,
        reset: true,
      });
      return;
    }
    case "connection": {
      const {client, member} = action;
      if (action.do === "reset") return;
      set(wrongs, `connection ${client} ${member}`, action.do === "refuse", {...action, do: "accept"});
      return;
    }
    case "loss":
      set(wrongs, "loss", action.perMillion !== lossPerMillion, {kind: "loss", perMillion: lossPerMillion});
      return;
    case "clock":
      set(wrongs, `clock ${action.who}`, action.rate !== trueRate, {...action, rate: trueRate});
      return;
    case "pauseClient":
    case "resumeClient": {
      const {client} = action;
      set(wrongs, `pause ${client}`, action.kind === "pauseClient", {kind: "resumeClient", client});
      return;
    }
    default:
      noteMember(wrongs, action);
  }
}

function noteMember(wrongs: Wrongs, action: Action): void {
  if (!("member" in action)) return;
  const {member} = action;
  const restart: Action = {kind: "restart", member};
  switch (action.kind) {
    case "crash":
      wrongs.set(`process ${member}`, [restart]);
      return;
    case "restart":
      // What was armed while it was down may still come.
      if (wrongs.get(`process ${member}`)?.length === 1) wrongs.delete(`process ${member}`);
      return;
    case "crashAt":
    case "crashAtDisk":
      wrongs.set(`process ${member}`, [{kind: "crash", member}, restart]);
      return;
    case "pause":
    case "resume":
      set(wrongs, `pause ${member}`, action.kind === "pause", {kind: "resume", member});
      return;
    case "slow":
      set(wrongs, `slow ${member} ${action.actor}`, action.factor !== 1, {...action, factor: 1});
      return;
    case "disk":
      if (action.fault.kind === "slow" || action.fault.kind === "mend")
        set(wrongs, `disk ${member}`, action.fault.kind === "slow", {
          kind: "disk",
          member,
          fault: {kind: "mend"},
        });
      return;
    default:
      return;
  }
}

function set(wrongs: Wrongs, name: string, isWrong: boolean, undoing: Action): void {
  if (isWrong) wrongs.set(name, [undoing]);
  else wrongs.delete(name);
}

/** Between two, whichever way. */
function cutOf(a: string, b: string): string {
  return `cut ${[a, b].toSorted().join(" ")}`;
}
