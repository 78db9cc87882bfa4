// One endpoint of a real etcd over gRPC: calls, and streams of watches and keep-alives. It answers in our words, and an
// error is an answer too.

import {Client as Channel, credentials, Metadata as GrpcMetadata} from "@grpc/grpc-js";
import type {ClientDuplexStream, ServiceError, StatusObject} from "@grpc/grpc-js";
import type {LeaseKeepAliveRequest} from "../../core/lease/lease.ts";
import type {ApiError, Metadata, Response} from "../../core/server/request.ts";
import type {WatchCancelRequest, WatchCreateRequest, WatchProgressRequest} from "../../core/watch/watch.ts";
import {int64OfLease} from "./quantities.ts";
import type {MemberIds} from "./quantities.ts";
import {callOf, watchMessage} from "./requestWire.ts";
import type {CallRequest} from "./requestWire.ts";
import {errorOf, errorResponse, keepAliveResponseOf, responseOf, watchResponseOf} from "./responseWire.ts";
import {methodOf} from "./services.ts";
import type {Message} from "./services.ts";

type Stream = ClientDuplexStream<Message, Message>;

export interface WatchStream {
  send(request: WatchCreateRequest | WatchCancelRequest | WatchProgressRequest): void;
  close(): void;
}

/** Who listens to a watch stream. */
export interface WatchListener {
  readonly response: (response: Response) => void;
  /** It is over; nothing comes any more. */
  readonly ended: (error: ApiError) => void;
}

/** A snapshot comes in pieces of 32 KiB; answers are let be as large as etcd may make them. */
const options = {"grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1};

export class Connection {
  private readonly channel: Channel;
  private readonly ids: MemberIds;
  /** The stream of keep-alives, with who waits for an answer on it: answers come in the order of the requests. */
  private keepAlives:
    | {readonly stream: Stream; readonly waiting: ((response: Response) => void)[]}
    | undefined;

  /** `target`: host:port. */
  constructor(target: string, ids: MemberIds) {
    this.channel = new Channel(target, credentials.createInsecure(), options);
    this.ids = ids;
  }

  call(request: CallRequest, answer: (response: Response) => void, metadata: Metadata = {}): void {
    if (request.kind === "snapshot") return this.snapshot(answer, metadata);
    const {method, message} = callOf(request, this.ids);
    const {path, write, read} = methodOf(method);
    const done = (error: ServiceError | null, reply?: Message): void => {
      answer(
        error !== null || reply === undefined
          ? errorResponse(errorOf(error ?? {code: 2, details: "an answer without a message"}))
          : responseOf(request, reply, this.ids),
      );
    };
    this.channel.makeUnaryRequest(path, write, read, message, metadataOf(metadata), done);
  }

  keepAlive({lease}: LeaseKeepAliveRequest, answer: (response: Response) => void): void {
    const {stream, waiting} = this.keepAlives ?? this.openKeepAlives();
    waiting.push(answer);
    stream.write({ID: int64OfLease(lease)});
  }

  watch(listener: WatchListener, metadata: Metadata = {}): WatchStream {
    const stream = this.duplex("Watch/Watch", metadata);
    stream.on("data", (message: Message) => listener.response(watchResponseOf(message, this.ids)));
    whenOver(stream, listener.ended);
    return {
      send: (request) => stream.write(watchMessage(request)),
      close: () => stream.cancel(),
    };
  }

  close(): void {
    this.keepAlives?.stream.cancel();
    this.channel.close();
  }

  private duplex(name: "Watch/Watch" | "Lease/LeaseKeepAlive", metadata: Metadata): Stream {
    const {path, write, read} = methodOf(name);
    return this.channel.makeBidiStreamRequest(path, write, read, metadataOf(metadata));
  }

  private openKeepAlives(): NonNullable<Connection["keepAlives"]> {
    const waiting: ((response: Response) => void)[] = [];
    const stream = this.duplex("Lease/LeaseKeepAlive", {});
    const opened = {stream, waiting};
    this.keepAlives = opened;
    stream.on("data", (message: Message) => waiting.shift()?.(keepAliveResponseOf(message, this.ids)));
    whenOver(stream, (error) => {
      if (this.keepAlives === opened) this.keepAlives = undefined;
      for (const answer of waiting.splice(0)) answer(errorResponse(error));
    });
    return opened;
  }

  private snapshot(answer: (response: Response) => void, metadata: Metadata): void {
    const request = {kind: "snapshot"} as const;
    const {path, write, read} = methodOf("Maintenance/Snapshot");
    const stream = this.channel.makeServerStreamRequest(path, write, read, {}, metadataOf(metadata));
    const blobs: Uint8Array[] = [];
    let last: Message = {};
    stream.on("data", (message: Message) => {
      last = message;
      blobs.push(message["blob"] as Uint8Array);
    });
    stream.on("error", (error: ServiceError) => answer(errorResponse(errorOf(error))));
    stream.on("end", () =>
      answer(responseOf(request, {...last, blob: new Uint8Array(Buffer.concat(blobs))}, this.ids)),
    );
  }
}

/** gRPC says how a stream ended once, as its status; what it also says as an error is the same. */
function whenOver(stream: Stream, over: (error: ApiError) => void): void {
  stream.on("error", () => undefined);
  stream.on("status", (status: StatusObject) =>
    over(
      status.code === 0 ? {code: "Unavailable", message: "error reading from server: EOF"} : errorOf(status),
    ),
  );
}

function metadataOf({token, requireLeader}: Metadata): GrpcMetadata {
  const metadata = new GrpcMetadata();
  if (token !== undefined) metadata.set("token", token);
  if (requireLeader === true) metadata.set("hasleader", "true");
  return metadata;
}
