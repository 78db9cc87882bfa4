// How what is on its way in a script arrives, or is lost: one recipient after the other.

import type {MemberId} from "../../core/base/quantity.ts";
import {stepErrors} from "../../core/raft/stepResult.ts";
import {numberIn} from "./arguments.ts";
import type {Cluster, Failure} from "./cluster.ts";
import type {Directive} from "./dataDriven.ts";
import {ScriptError} from "./dataDriven.ts";
import type {Wanted} from "./mail.ts";
import {describeLetter, handOver, letterTypes} from "./mail.ts";

/** `deliver-msgs 1 2 drop=(3) type=MsgApp`. */
export function deliverMessages(cluster: Cluster, directive: Directive): Failure {
  let handled = 0;
  for (const wanted of wantedBy(directive)) handled += deliver(cluster, wanted);
  if (handled === 0) cluster.output.write("no messages\n");
  return undefined;
}

/** Takes what is wanted off the mail, and hands it over unless it is to be dropped. Returns how much it was. */
export function deliver(cluster: Cluster, wanted: Wanted): number {
  const {mail, output} = cluster;
  const letters = mail.take(wanted);
  for (const letter of letters) {
    output.write(`${wanted.drop ? "dropped: " : ""}${describeLetter(letter)}\n`);
    // Also to a member that is not there yet.
    if (wanted.drop) continue;
    const outcome = handOver(letter, cluster.member(letter.to).node);
    if (!outcome.ok) output.write(`${stepErrors[outcome.error]}\n`);
  }
  return letters.length;
}

/** Recipients in the order written. */
function wantedBy({arguments: given}: Directive): readonly Wanted[] {
  let type: string | undefined;
  const recipients: {readonly to: MemberId; readonly drop: boolean}[] = [];
  for (const {key, values} of given) {
    if (values.length === 0) recipients.push({to: numberIn(key), drop: false});
    for (const value of values) {
      if (key === "type") type = typeIn(value);
      if (key !== "drop") continue;
      const to = numberIn(value);
      if (recipients.some((one) => one.to === to))
        throw new ScriptError(`messages to ${to} are to be delivered, and to be dropped`);
      recipients.push({to, drop: true});
    }
  }
  return recipients.map((recipient) => ({...recipient, type}));
}

function typeIn(word: string): string {
  if (!letterTypes.has(word)) throw new ScriptError(`expected a type of messages, not "${word}"`);
  return word;
}
