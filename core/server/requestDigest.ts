// The digest of a request: equal requests, equal digest. In requests for keys an absent field and its zero value (etcd's
// wire does not tell them apart) are the same; in others they may ask for different things.

import type {Hasher} from "../base/hasher.ts";
import {digestPlain} from "../base/plain.ts";
import type {Plain} from "../base/plain.ts";
import {hashRequest} from "./command.ts";
import type {Metadata, Request} from "./request.ts";

export function digestRequest(request: Request, into: Hasher): void {
  switch (request.kind) {
    case "put":
    case "deleteRange":
    case "range":
    case "txn":
    case "compact":
      into.string(request.kind);
      return hashRequest(request, into);
    default:
      return digestPlain(request as unknown as Plain, into);
  }
}

export function digestMetadata(metadata: Metadata | undefined, into: Hasher): void {
  into.string(metadata?.token ?? "");
  into.bool(metadata?.requireLeader === true);
}
