import type {Key} from "../../core/base/key.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import {decodeCommand} from "../../core/server/command.ts";
import type {WorldView} from "../view.ts";
import type {Checker} from "./checker.ts";
import {EndClaim} from "./endClaim.ts";
import {say} from "./words.ts";

/** A shorter one may stand anywhere by chance. */
const lengthLeast = 4;

/** No password can be read in the log, by whoever reads a disk: what stands there is made of it and does not show it. */
export function passwordsHidden(): Checker {
  return new EndClaim("Passwords Stay Hidden", (view, count) => {
    const passwords = passwordsIn(view);
    if (passwords.length === 0) return undefined;
    for (const {entry, moment} of view.appliedLog ?? []) {
      const request = entry.type === "normal" ? decodeCommand(entry.data)?.request : undefined;
      if (request?.kind !== "userAdd" && request?.kind !== "userChangePassword") continue;
      const {name, hashedPassword = ""} = request;
      count(1);
      if (!passwords.some((password) => hashedPassword.includes(password))) continue;
      const args = {user: textOfBytes(bytesOfKey(name)), index: entry.index};
      return {said: say("passwordInLog", args, []), step: moment.step};
    }
    return undefined;
  });
}

/** That clients asked to be kept. */
function passwordsIn({operations}: WorldView): readonly Key[] {
  const given = operations.flatMap(({request}) =>
    request.kind === "userAdd" || request.kind === "userChangePassword" ? [request.password ?? ""] : [],
  );
  return given.filter((password) => password.length >= lengthLeast);
}
