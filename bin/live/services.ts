// etcd's gRPC methods, from etcd.proto: their paths, and how their messages are written and read.

import {fileURLToPath} from "node:url";
import {loadSync} from "@grpc/proto-loader";

/** A message as the proto loader has it: camelCase fields, int64 as decimal digits, enums by name. */
export type Message = Readonly<Record<string, unknown>>;

export interface Method {
  readonly path: string;
  readonly write: (message: Message) => Buffer;
  readonly read: (bytes: Buffer) => Message;
}

/** `Service/Method`. */
export type MethodName = `${"KV" | "Watch" | "Lease" | "Cluster" | "Maintenance" | "Auth"}/${string}`;

const methods = loadMethods();

export function methodOf(name: MethodName): Method {
  const method = methods.get(name);
  if (method === undefined) throw new Error(`etcd.proto has no method ${name}`);
  return method;
}

function loadMethods(): ReadonlyMap<string, Method> {
  const file = fileURLToPath(new URL("etcd.proto", import.meta.url));
  const definitions = loadSync(file, {longs: String, enums: String, defaults: true, oneofs: true});
  const found = new Map<string, Method>();
  for (const [service, definition] of Object.entries(definitions)) {
    // Messages stand there too; only services have methods.
    for (const [name, {path, requestSerialize, responseDeserialize}] of methodsIn(definition)) {
      const method = {
        path,
        write: requestSerialize,
        read: (bytes: Buffer) => responseDeserialize(bytes) as Message,
      };
      found.set(`${service.replace("etcdserverpb.", "")}/${name}`, method);
    }
  }
  return found;
}

type Definition = ReturnType<typeof loadSync>[string];
type ServiceMethods = Exclude<Definition, {readonly format: string}>;

function methodsIn(definition: Definition): readonly [string, ServiceMethods[string]][] {
  return "format" in definition ? [] : Object.entries(definition as ServiceMethods);
}
