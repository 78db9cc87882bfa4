// What a command prints, and how it ends, as etcdctl does (etcdctl/ctlv3/command/printer.go, pkg/cobrautl/error.go).

import type {Key, Value} from "../../base/key.ts";
import {bytesOfKey, textOfBytes} from "../../base/key.ts";
import type {ApiError} from "../../server/request.ts";
import type {Globals, WriteOut} from "../globals.ts";

/** Both streams as text; bytes that are no UTF-8 stand as `\xNN`, where etcdctl writes them as they are. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: ExitCode;
}

/** etcdctl's exit codes (pkg/cobrautl/error.go). */
export const exits = {
  success: 0,
  error: 1,
  badConnection: 2,
  invalidInput: 3,
  badFeature: 4,
  interrupted: 5,
  io: 6,
  badArgs: 128,
} as const;

export type ExitCode = (typeof exits)[keyof typeof exits];

export interface OutputOptions {
  readonly writeOut: WriteOut;
  /** Byte strings and ids in hex. */
  readonly hex: boolean;
  /** `--print-value-only` */
  readonly valueOnly: boolean;
  /** In every header; answers do not carry it here. */
  readonly clusterId: number;
}

export function outputOptions(globals: Globals, clusterId: number, valueOnly = false): OutputOptions {
  return {writeOut: globals.writeOut ?? "simple", hex: globals.hex === true, valueOnly, clusterId};
}

export function printed(stdout: string): Output {
  return {stdout, stderr: "", exitCode: exits.success};
}

/** `Error: …`, and that exit code. etcdctl 3.4 logs a line of JSON before it; today's does not by default, nor do we. */
export function refused(message: string, exitCode: ExitCode = exits.error): Output {
  return {stdout: "", stderr: `Error: ${message}\n`, exitCode};
}

export function failedWith({message}: ApiError, exitCode: ExitCode = exits.error): Output {
  return refused(message, exitCode);
}

export function unsupportedFormat(writeOut: WriteOut): Output {
  return refused(`${writeOut} not supported as output format`, exits.badFeature);
}

/** A key or a value as it is printed. */
export function bytesText(bytes: Key | Value): string {
  return textOfBytes(typeof bytes === "string" ? bytesOfKey(bytes) : bytes);
}
