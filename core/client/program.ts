// What etcdctl does for one command: mostly one request, but some ask several members, or ask again depending on the
// answer. A program is a function of the answers so far, so that it can be kept, repeated and forked like data.
//
//   nextStep(command, [], …)  ─▶ print, ask […]  ─▶ answers ─▶ nextStep(command, answers, …)  ─▶ … ─▶ print, exit

import {second} from "../base/quantity.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import {keyFromText} from "../base/key.ts";
import {clientUrlOf} from "../server/cluster.ts";
import type {ApiError, Request} from "../server/request.ts";
import {apiErrors} from "../server/request.ts";
import type {RequestCommand} from "./command.ts";
import {formatCommand} from "./formatCommand.ts";
import {endpointOf} from "./globals.ts";
import type {Outcome} from "./io.ts";
import {clientErrors} from "./outcome.ts";
import type {EndpointHash, EndpointHealth, EndpointStatus} from "./output/endpointsText.ts";
import {hashOutput, healthOutput, statusOutput} from "./output/endpointsText.ts";
import type {ExitCode, Output} from "./output/output.ts";
import {bytesText, errorText, exits, failedWith, outputOptions, printed, refused} from "./output/output.ts";
import {printError, printResponse} from "./output/print.ts";
import {leaseHex} from "./output/goText.ts";

/** One request of a program. */
export interface Ask {
  readonly request: Request;
  /** Pins the endpoint. */
  readonly to?: MemberId;
  /** Only after this time. */
  readonly after?: Micros;
  /** Who asks. */
  readonly token?: string;
}

/** The line that a client is given for an ask. */
export function lineOf({request, token}: Ask): string {
  return formatCommand(request) + (token === undefined ? "" : ` --auth-jwt-token=${token}`);
}

/** What became of an ask. */
export interface Answer {
  readonly outcome: Outcome;
  readonly took: Micros;
}

export interface Step {
  /** To be printed now. */
  readonly stdout: string;
  readonly stderr: string;
  /** To be asked next, all at once; none: it is over. */
  readonly asks: readonly Ask[];
  /** Of what was printed so far. */
  readonly exitCode: ExitCode;
}

/** Where a command runs. */
export interface Surroundings {
  readonly clusterId: number;
  /** Of the client, for commands that ask all of them. */
  readonly endpoints: readonly MemberId[];
}

/**
 * How a program goes on after the answers so far, in order of the asks. A watch is no program beyond its first step: it
 * only prints.
 */
export function nextStep(command: RequestCommand, answers: readonly Answer[], around: Surroundings): Step {
  const {user} = command.globals;
  if (user === undefined) return programStep(command, answers, around);
  const [login, ...rest] = answers;
  if (login === undefined) return asking([{request: {kind: "authenticate", ...user}, ...pinOf(command)}]);
  const result = login.outcome.kind === "ok" ? login.outcome.response.result : undefined;
  const error = login.outcome.kind === "ok" ? undefined : errorOf(login.outcome);
  if (error !== undefined && error.message !== apiErrors.authNotEnabled.message)
    return over(failedWith(error));
  const step = programStep(command, rest, around);
  if (result?.kind !== "authenticate") return step;
  const {token} = result;
  return {...step, asks: step.asks.map((ask) => ({...ask, token}))};
}

function programStep(command: RequestCommand, answers: readonly Answer[], around: Surroundings): Step {
  switch (command.name) {
    case "status":
    case "endpoint status":
    case "endpoint health":
    case "endpoint hashkv":
    case "defrag":
      return atEndpoints(command, answers, around);
    case "lease keep-alive":
      return keepAlive(command, answers, around);
    case "auth enable":
      return authEnable(command, answers, around);
    case "user get":
      return command.said.has("--detail")
        ? userDetail(command, answers, around)
        : single(command, answers, around);
    default:
      return single(command, answers, around);
  }
}

/** etcdctl's own refusals of a line that says what cannot be together: before anything is asked. */
export function refusalOf({name, request, said, globals}: RequestCommand): Output | undefined {
  const writeOut = globals.writeOut ?? "simple";
  if (writeOut === "protobuf")
    return refused("protobuf is not written here, expected simple, fields, json or table", exits.badFeature);
  if (name !== "get" || request.kind !== "range") return undefined;
  if (request.keysOnly === true && request.countOnly === true)
    return refused(
      "`--keys-only` and `--count-only` cannot be set at the same time, choose one",
      exits.badArgs,
    );
  if (said.has("--print-value-only") && writeOut !== "simple")
    return refused("print-value-only is only for `--write-out=simple`", exits.badArgs);
  if (request.countOnly === true && writeOut !== "fields")
    return refused("--count-only is only for `--write-out=fields`", exits.badArgs);
  return undefined;
}

function asking(asks: readonly Ask[], stdout = ""): Step {
  return {stdout, stderr: "", asks, exitCode: exits.success};
}

function over(output: Output): Step {
  return {...output, asks: []};
}

/** The endpoint that a command is pinned to: the one that it names. */
export function pinOf({globals: {endpoints = []}}: RequestCommand): {readonly to?: MemberId} {
  const [to] = endpoints;
  return to === undefined || endpoints.length > 1 ? {} : {to};
}

function single(command: RequestCommand, answers: readonly Answer[], around: Surroundings): Step {
  const answer = answers[0];
  if (answer !== undefined) return over(outputOf(command, answer, around));
  // etcdctl's list is linearizable unless it is told otherwise.
  const {request, said} = command;
  const isList = request.kind === "memberList" && said.text("--consistency") === undefined;
  return asking([{request: isList ? {...request, linearizable: true} : request, ...pinOf(command)}]);
}

function outputOf(command: RequestCommand, answer: Answer, {clusterId, endpoints}: Surroundings): Output {
  const {outcome, took} = answer;
  const options = outputOptions(command.globals, clusterId, command.said.has("--print-value-only"));
  const to = pinOf(command).to ?? endpoints[0] ?? 0;
  const asked = {took, endpoint: endpointOf(to)};
  if (outcome.kind === "ok") return printResponse(command, outcome.response, options, asked);
  return printError(command, errorOf(outcome), asked);
}

/** What an outcome that is no answer says. */
export function errorOf(outcome: Outcome): ApiError {
  return (outcome.kind === "ok" ? undefined : outcome.error) ?? clientErrors.deadline;
}

// ---- endpoint status, health, hashkv; defrag

function atEndpoints(command: RequestCommand, answers: readonly Answer[], around: Surroundings): Step {
  const ofCluster = command.said.has("--cluster");
  if (ofCluster && answers.length === 0)
    return asking([{request: {kind: "memberList", linearizable: true}, ...pinOf(command)}]);
  const list = ofCluster ? answers[0]?.outcome : undefined;
  if (list !== undefined && list.kind !== "ok")
    return over(
      refused(`failed to fetch endpoints from etcd cluster member list: ${errorText(errorOf(list))}`),
    );
  const members =
    list?.response.result.kind === "members"
      ? list.response.result.members.filter(({name}) => name !== "").map(({member}) => member)
      : (command.globals.endpoints ?? around.endpoints);
  const endpoints = members.map((to) => ({to, text: ofCluster ? clientUrlOf(to) : endpointOf(to)}));
  const rest = ofCluster ? answers.slice(1) : answers;
  if (rest.length === 0) return asking(members.map((to) => ({request: command.request, to})));
  if (command.name === "endpoint health") return health(command, endpoints, rest, around);
  if (command.name === "defrag") return defrag(command, endpoints, rest, around);
  return statusOrHash(command, endpoints, rest, around);
}

interface Endpoint {
  readonly to: MemberId;
  readonly text: string;
}

function statusOrHash(
  command: RequestCommand,
  endpoints: readonly Endpoint[],
  answers: readonly Answer[],
  {clusterId}: Surroundings,
): Step {
  const what = command.request.kind === "hashKv" ? "hash" : "status";
  const statuses: EndpointStatus[] = [];
  const hashes: EndpointHash[] = [];
  let stderr = "";
  for (const [i, {text: endpoint}] of endpoints.entries()) {
    const outcome = answers[i]?.outcome;
    if (outcome?.kind !== "ok") {
      const error = outcome === undefined ? clientErrors.deadline : errorOf(outcome);
      stderr += `Failed to get the ${what} of endpoint ${endpoint} (${errorText(error)})\n`;
      continue;
    }
    const {header, result} = outcome.response;
    if (result.kind === "status") statuses.push({endpoint, response: {header, result}});
    if (result.kind === "hashKv") hashes.push({endpoint, response: {header, result}});
  }
  const options = outputOptions(command.globals, clusterId);
  const output = what === "status" ? statusOutput(statuses, options) : hashOutput(hashes, options);
  if (stderr === "" || output.exitCode !== exits.success) return over(output);
  return over({stdout: output.stdout, stderr: stderr + output.stderr, exitCode: exits.error});
}

/** A read through the quorum at each endpoint, then the alarms of those that answered. */
function health(
  command: RequestCommand,
  endpoints: readonly Endpoint[],
  answers: readonly Answer[],
  {clusterId}: Surroundings,
): Step {
  // A read that is not permitted went through the quorum all the same.
  const reached = endpoints.filter((_, i) => isReached(answers[i]));
  if (reached.length > 0 && answers.length === endpoints.length)
    return asking(reached.map(({to}) => ({request: {kind: "alarmList"}, to})));
  const alarms = answers.slice(endpoints.length);
  const all: EndpointHealth[] = endpoints.map((endpoint, i) => {
    const place = reached.indexOf(endpoint);
    const answer = answers[i];
    const error =
      place >= 0
        ? alarmsText(alarms[place]?.outcome)
        : errorText(errorOf(answer?.outcome ?? {kind: "failed"}));
    return {endpoint: endpoint.text, took: answer?.took ?? 0, error};
  });
  const byTime = all
    .map((one, i) => ({one, i}))
    .sort((a, b) => a.one.took - b.one.took || a.i - b.i)
    .map(({one}) => one);
  return over(healthOutput(byTime, outputOptions(command.globals, clusterId)));
}

function isReached(answer: Answer | undefined): boolean {
  if (answer === undefined) return false;
  const {outcome} = answer;
  return outcome.kind === "ok" || outcome.error?.message === apiErrors.permissionDenied.message;
}

function alarmsText(outcome: Outcome | undefined): string {
  if (outcome?.kind !== "ok") return "Unable to fetch the alarm list";
  const {result} = outcome.response;
  const alarms = result.kind === "alarms" ? result.alarms : [];
  return alarms.length === 0
    ? ""
    : `Active Alarm(s): ${alarms.map(({alarm}) => `${alarm}, `).join("")}`.trimEnd();
}

function defrag(
  command: RequestCommand,
  endpoints: readonly Endpoint[],
  answers: readonly Answer[],
  {clusterId}: Surroundings,
): Step {
  let [stdout, stderr] = ["", ""];
  let exitCode: ExitCode = exits.success;
  for (const [i, {text: endpoint}] of endpoints.entries()) {
    const {outcome, took} = answers[i] ?? {outcome: {kind: "failed"} as const, took: 0};
    const output =
      outcome.kind === "ok"
        ? printResponse(command, outcome.response, outputOptions(command.globals, clusterId), {
            took,
            endpoint,
          })
        : printError(command, errorOf(outcome), {took, endpoint});
    stdout += output.stdout;
    stderr += output.stderr;
    if (output.exitCode !== exits.success) exitCode = output.exitCode;
  }
  return over({stdout, stderr, exitCode});
}

// ---- leases

/** Again after a third of the time that it was given, until it is gone (client/v3/lease.go). */
function keepAlive(command: RequestCommand, answers: readonly Answer[], around: Surroundings): Step {
  const ask: Ask = {request: command.request, ...pinOf(command)};
  const answer = answers.at(-1);
  if (answer === undefined) return asking([ask]);
  const once = command.said.has("--once");
  const result = answer.outcome.kind === "ok" ? answer.outcome.response.result : undefined;
  const ttl = result?.kind === "leaseKeepAlive" ? result.ttl : 0;
  const isGone =
    (result !== undefined && ttl <= 0) || errorOf(answer.outcome).message === apiErrors.leaseNotFound.message;
  if (isGone && !once) return over(printed(goneText(command)));
  if (isGone)
    return over(
      printError(command, apiErrors.leaseNotFound, {took: 0, endpoint: endpointOf(around.endpoints[0] ?? 0)}),
    );
  // A member that cannot be reached is asked again; the lease may live on.
  if (result === undefined && !once) return asking([{...ask, after: second / 2}]);
  const output = outputOf(command, answer, around);
  if (once || output.exitCode !== exits.success) return over(output);
  return asking([{...ask, after: Math.floor((ttl * second) / 3)}], output.stdout);
}

function goneText({request, globals}: RequestCommand): string {
  const isSimple = (globals.writeOut ?? "simple") === "simple";
  return isSimple && request.kind === "leaseKeepAlive"
    ? `lease ${leaseHex(request.lease)} expired or revoked.\n`
    : "";
}

// ---- users and roles

/** Makes the role root and gives it to the user root when that is all that is missing (etcdctl, auth_command.go). */
function authEnable(command: RequestCommand, answers: readonly Answer[], around: Surroundings): Step {
  const answer = answers.at(-1);
  const root = keyFromText("root");
  const repair: readonly Request[] = [
    {kind: "roleAdd", role: root},
    {kind: "userGrantRole", name: root, role: root},
    command.request,
  ];
  const ask = (request: Request): Step => asking([{request, ...pinOf(command)}]);
  if (answer === undefined) return ask(command.request);
  const isBare =
    answers.length === 1 &&
    answer.outcome.kind !== "ok" &&
    errorOf(answer.outcome).message === apiErrors.rootRoleNotExist.message;
  const isRepairing = answers.length > 1 && answer.outcome.kind === "ok";
  const next = isBare || isRepairing ? repair[answers.length - 1] : undefined;
  return next === undefined ? over(outputOf(command, answer, around)) : ask(next);
}

/** The user's roles, each with what it permits. */
function userDetail(command: RequestCommand, answers: readonly Answer[], around: Surroundings): Step {
  const [first, ...rest] = answers;
  if (first === undefined) return asking([{request: command.request, ...pinOf(command)}]);
  const result = first.outcome.kind === "ok" ? first.outcome.response.result : undefined;
  if (result?.kind !== "userGet") return over(outputOf(command, first, around));
  const role = result.roles[rest.length];
  const done = rest.at(-1);
  const header = rest.length === 0 ? `User: ${bytesText(command.said.at(0))}\n` : "";
  const detail =
    done === undefined ? undefined : roleOutput(command, result.roles[rest.length - 1] ?? "", done, around);
  if (detail !== undefined && detail.exitCode !== exits.success) return over(detail);
  const text = header + (detail === undefined ? "" : `\n${detail.stdout}`);
  if (role === undefined) return over(printed(text));
  return asking([{request: {kind: "roleGet", role}, ...pinOf(command)}], text);
}

function roleOutput(command: RequestCommand, role: string, answer: Answer, around: Surroundings): Output {
  const get: RequestCommand = {...command, name: "role get", request: {kind: "roleGet", role}};
  return outputOf(get, answer, around);
}
