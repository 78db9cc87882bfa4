// The cluster of an interaction script: its members, what is on its way, and what the running directive prints.

import type {MemberId} from "../../core/base/quantity.ts";
import {firstNumber} from "./arguments.ts";
import type {Directive} from "./dataDriven.ts";
import {ScriptError} from "./dataDriven.ts";
import {Mail} from "./mail.ts";
import type {Member} from "./member.ts";
import {levelList, levelOf, Output} from "./output.ts";

/** What is wrong, as the script is told; undefined if nothing is. */
export type Failure = string | undefined;

export class Cluster {
  readonly output = new Output();
  readonly mail = new Mail();
  /** Member i + 1 at place i. */
  readonly members: Member[] = [];

  member(id: MemberId): Member {
    const member = this.members[id - 1];
    if (member === undefined)
      throw new ScriptError(`expected a member of 1..${this.members.length}, not ${id}`);
    return member;
  }

  /** The member that the directive names first. */
  first(directive: Directive): Member {
    return this.member(firstNumber(directive));
  }
}

/** Which logger lines are shown, from now on. */
export function setLevel({output}: Cluster, name: string): Failure {
  const level = levelOf(name);
  if (level === undefined) return `log levels must be either of ${levelList}`;
  output.level = level;
  return undefined;
}
