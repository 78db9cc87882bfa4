// Why what was typed was not done: what was found, and what was expected.

import type {Action} from "../action.ts";
import {trueRate} from "../clock.ts";
import type {WorldView} from "../view.ts";
import type {Inapplicable} from "../world/actions.ts";
import {memberName} from "../world/lanes.ts";

type Here = Pick<WorldView, "clients" | "members" | "pausedClients">;

/** Actions on members alone. */
const ofMembers: ReadonlySet<Action["kind"]> = new Set(["crash", "restart"]);

/** Of an action on the world. `name`: the line's first word, with its dot. */
export function whyNotText(name: string, action: Action, why: Inapplicable | undefined, here: Here): string {
  return `${name.slice(1)}: ${reason(action, why, here)}`;
}

function reason(action: Action, why: Inapplicable | undefined, here: Here): string {
  if (action.kind === "clock" && why === "badNumber")
    return `found ${action.rate / (trueRate / 100)} percent, expected 10 to 1000`;
  if (action.kind === "cut" && action.from === action.to)
    return `found ${action.from} twice, expected two different ones`;
  const members = here.members.map(({id}) => memberName(id));
  const known = ofMembers.has(action.kind) ? members : [...here.clients, ...members];
  const stranger = namesIn(action).find((one) => !known.includes(one));
  if (stranger !== undefined) {
    const clients = ofMembers.has(action.kind) ? "" : `${range(here.clients)} or `;
    return `found ${stranger}, expected ${clients}${range(members)}`;
  }
  if (action.kind === "connection") return noConnection[action.do];
  return `not possible, ${namesIn(action)
    .map((one) => `${one} is ${statusOf(one, here)}`)
    .join(", ")}`;
}

const noConnection = {
  reset: "found no connection between the two",
  refuse: "the member refuses the client already",
  accept: "the member does not refuse the client",
} as const;

function namesIn(action: Action): readonly string[] {
  if (action.kind === "connection") return [action.client, action.member];
  if ("member" in action) return [action.member];
  if (action.kind === "cut") return [action.from, action.to];
  if (action.kind === "heal") return action.link ?? [];
  if ("client" in action) return [action.client];
  return "who" in action ? [action.who] : [];
}

function statusOf(name: string, {members, pausedClients}: Here): string {
  const member = members.find(({id}) => memberName(id) === name);
  return member?.status ?? (pausedClients.includes(name) ? "paused" : "not paused");
}

/** Of a command: its client, or the member that it is for, cannot be asked. */
export function whyNotAsked(client: string, to: string | undefined, here: Here): string {
  const {clients, pausedClients} = here;
  const members = here.members.map(({id}) => memberName(id));
  if (!clients.includes(client)) return `${client} is no client, expected ${range(clients)}`;
  if (pausedClients.includes(client)) return `${client} is paused`;
  if (to !== undefined && !members.includes(to)) return `${to} is no member, expected ${range(members)}`;
  return `${client} did not take it`;
}

/** `n1 to n3`. */
function range(names: readonly string[]): string {
  const first = names[0] ?? "none";
  const last = names.at(-1) ?? first;
  return first === last ? first : `${first} to ${last}`;
}
