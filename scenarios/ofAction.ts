// What was done to a world, as the step that does it: worldStep.ts, fault.ts and director.ts the other way round.

import {unreachable} from "../core/base/assert.ts";
import type {Action, RestartWith} from "../sim/action.ts";
import type {DiskFault} from "../sim/disk/fault.ts";
import type {FaultStep, RestartSettings, StepAction} from "./format.ts";
import {worded} from "./settings.ts";
import {mayBeOperation} from "./shape.ts";
import {timesText, timeText} from "./time.ts";

/** Names are resolved in it already. */
export function stepOf(action: Action): StepAction {
  switch (action.kind) {
    case "cut":
      return {cut: [action.from, action.to], ...(action.oneWay === true ? {oneWay: true} : {})};
    case "split":
      return {split: action.groups};
    case "heal":
      return {heal: action.link ?? "all"};
    case "crash":
      return {crash: action.member};
    case "restart":
      return {restart: action.member, ...(action.with === undefined ? {} : {with: restartOf(action.with)})};
    case "link":
      return linkStepOf(action);
    case "connection":
      return {connection: [action.client, action.member], do: action.do};
    case "crashAt":
      return {crashAt: action.point, on: action.member, nth: action.nth};
    case "crashAtDisk":
      return {
        crashAtDisk: action.when,
        on: action.member,
        nth: action.nth,
        ...(action.what === undefined ? {} : {what: action.what}),
      };
    case "slow":
      return {slow: action.actor, on: action.member, factor: action.factor};
    case "pause":
      return {pause: action.member};
    case "resume":
      return {resume: action.member};
    case "timeout":
      return {timeout: action.member};
    case "pauseClient":
      return {pause: action.client};
    case "resumeClient":
      return {resume: action.client};
    case "clock":
      return {clock: action.who, rate: action.rate};
    case "jump":
      return {jump: action.who, forward: timeText(action.by)};
    case "client": {
      const {client, op, as, to} = action;
      return {
        client,
        op,
        ...(as !== undefined && mayBeOperation(as) ? {as} : {}),
        ...(to === undefined ? {} : {to}),
      };
    }
    case "loss":
      return {loss: action.perMillion};
    case "disk":
      return faultStepOf(action.member, action.fault);
    case "mark":
      return {wait: true};
    case "message":
      return {message: action.event, do: action.do === "delay" ? {delay: timeText(action.by)} : action.do};
    case "pin":
      return {pin: action.stream, draw: action.n, value: action.value};
    default:
      return unreachable(action);
  }
}

function linkStepOf(action: Extract<Action, {readonly kind: "link"}>): StepAction {
  const head = {
    link: [action.from, action.to] as const,
    ...(action.oneWay === true ? {oneWay: true as const} : {}),
  };
  if ("reset" in action) return {...head, set: "as configured"};
  const {latency, ...others} = action.set;
  return {...head, set: {...others, ...(latency === undefined ? {} : {latency: timesText(latency)})}};
}

function faultStepOf(on: string, {kind, ...parameters}: DiskFault): FaultStep {
  const shown = Object.entries(parameters).map(([key, value]) => [
    key,
    key === "for" ? timeText(Number(value)) : value,
  ]);
  return {fault: kind, on, ...(Object.fromEntries(shown) as object)} as FaultStep;
}

function restartOf({versions, raft, store}: RestartWith): RestartSettings {
  return {
    ...(versions === undefined ? {} : {versions}),
    ...(raft === undefined ? {} : {raft}),
    ...(store === undefined ? {} : {store: worded(store)}),
  };
}
