// Scripts about changes of membership: what becomes of a configuration, and of the leader's view of its members.
// etcd: confchange/datadriven_test.go.
//
//   enter-joint autoleave=true
//   v2 r1

import {failed} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Changed, SingleChange} from "../../core/raft/confChange.ts";
import {enterJoint, leave, simple} from "../../core/raft/confChange.ts";
import {emptyConfState} from "../../core/raft/confState.ts";
import {describeConfiguration} from "../../core/raft/describe.ts";
import {continued} from "../../core/raft/replicas.ts";
import type {Progress} from "../../core/raft/progress.ts";
import {changesIn, switchIn, valueOf} from "./arguments.ts";
import type {Directive} from "./dataDriven.ts";
import {progressLines} from "./views.ts";
import type {Script} from "./script.ts";

const limits = {max: 10, bytesMax: 0};

export class ConfChangeScript implements Script {
  private conf = emptyConfState;
  private progress: readonly Progress[] = [];
  /** Grows with every directive, so that `next=` tells when a member came. */
  private lastIndex = 0;

  handle(directive: Directive): string {
    const {lastIndex} = this;
    this.lastIndex++;
    const changes = changesIn(directive.input);
    if (!changes.ok) return changes.error;
    const changed = this.change(directive, changes.value);
    if (!changed.ok) return changed.error;
    this.conf = changed.value.conf;
    this.progress = continued(this.progress, changed.value, {lastIndex, limits});
    return `${describeConfiguration(this.conf)}\n${progressLines(this.progress.map((one) => one.view()))}`;
  }

  rest(): string {
    return "";
  }

  private change(directive: Directive, changes: readonly SingleChange[]): Result<Changed, string> {
    switch (directive.command) {
      case "simple":
        return simple(this.conf, changes);
      case "enter-joint":
        return enterJoint(this.conf, changes, autoLeaveIn(directive));
      case "leave-joint":
        return changes.length > 0 ? failed("this command takes no input") : leave(this.conf);
      default:
        return failed("unknown command");
    }
  }
}

function autoLeaveIn(directive: Directive): boolean {
  return directive.arguments.length > 0 && switchIn(valueOf(directive, "autoleave"));
}
