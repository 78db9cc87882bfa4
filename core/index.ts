// The room's public face: what the other rooms and the package use of an etcd. Each name is explained where it is made.

export {InvariantViolation} from "./base/assert.ts";
export {Hasher} from "./base/hasher.ts";
export type {Hash} from "./base/hasher.ts";
export {
  bytesOfKey,
  contains,
  keyFromText,
  keyOfBytes,
  prefixEnd,
  textOfBytes,
  unbounded,
} from "./base/key.ts";
export type {Key, KeyRange, Value} from "./base/key.ts";
export type {Machine} from "./base/machine.ts";
export {noMember} from "./base/quantity.ts";
export type {LeaseId, MemberId, Micros, Revision} from "./base/quantity.ts";
export type {Ref} from "./base/ref.ts";
export type {Result} from "./base/result.ts";
export type {Said} from "./base/said.ts";

export {describeMessage} from "./raft/describe.ts";
export type {Entry, HardState, Index, RoleName, Term} from "./raft/entry.ts";
export type {Message, MessageKind} from "./raft/message.ts";
export {RawNode} from "./raft/rawNode.ts";
export type {ProgressView, Ready} from "./raft/ready.ts";
export {raftRules} from "./raft/rules.ts";
export type {RaftRules} from "./raft/rules.ts";

export type * from "./mvcc/kv.ts";
export {Store} from "./mvcc/store.ts";
export type {StoreError} from "./mvcc/store.ts";
export type {WatchCancelRequest, WatchCreateRequest, WatchResult} from "./watch/watch.ts";
export {Watchers} from "./watch/watchers.ts";
export type {WatcherView} from "./watch/watchers.ts";

export type {Damage, DiskOp, DiskReader, DiskStep} from "./storage/disk.ts";
export {readWal} from "./storage/readWal.ts";
export type {WalContents} from "./storage/readWal.ts";

export {alarmText} from "./server/alarm.ts";
export type {Alarm, AlarmRequest} from "./server/alarm.ts";
export {boot} from "./server/boot.ts";
export {decodeCommand} from "./server/command.ts";
export type {Command, ProposalId, WriteRequest} from "./server/command.ts";
export {soundVersion} from "./server/config.ts";
export type {BootOptions, Bug, ServerConfig, Version} from "./server/config.ts";
export {describeCommand, describeRequest, entryText} from "./server/describe.ts";
export type {Actor, Effect, Input, Point} from "./server/io.ts";
export {apiErrors} from "./server/request.ts";
export type {ApiError, GrpcCode, Header, Request, Response} from "./server/request.ts";
export {Server} from "./server/server.ts";
export {serverWords} from "./server/words.ts";

export {Client} from "./client/client.ts";
export type {ClientConfig} from "./client/client.ts";
export {formatCommand, formatRecipe, parseCommand} from "./client/command.ts";
export type {ClientCommand} from "./client/command.ts";
export type {ClientEffect, ClientInput, Outcome, RecipeOutcome} from "./client/io.ts";
export {RecipeError} from "./client/recipes/await.ts";
export type {Await, Memory, Recipe, Resumed, Wait, Waited} from "./client/recipes/await.ts";
export type * from "./client/recipes/recipe.ts";
export {changesNothing, outcomeOf} from "./client/outcome.ts";
