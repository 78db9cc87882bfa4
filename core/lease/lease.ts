// The lease API's words. etcd's names in camelCase; times are whole seconds, as in etcd.

import type {Key} from "../base/key.ts";
import type {LeaseId} from "../base/quantity.ts";

export interface LeaseGrantRequest {
  readonly kind: "leaseGrant";
  /** Seconds; raised to the least that the server allows. */
  readonly ttl: number;
  /** Absent: the server picks one. */
  readonly lease?: LeaseId;
}

/** All keys attached to it are deleted with it. */
export interface LeaseRevokeRequest {
  readonly kind: "leaseRevoke";
  readonly lease: LeaseId;
}

/** On etcd's wire one message of a stream. */
export interface LeaseKeepAliveRequest {
  readonly kind: "leaseKeepAlive";
  readonly lease: LeaseId;
}

export interface LeaseTimeToLiveRequest {
  readonly kind: "leaseTimeToLive";
  readonly lease: LeaseId;
  readonly keys?: boolean;
}

/** The leases that the member asked knows. */
export interface LeaseListRequest {
  readonly kind: "leaseList";
}

/** How much is left of leases, as their leader tells the others, so that the next one need not begin anew. Goes through the log. */
export interface LeaseCheckpointRequest {
  readonly kind: "leaseCheckpoint";
  readonly checkpoints: readonly {readonly lease: LeaseId; readonly remainingTtl: number}[];
}

export type LeaseRequest =
  | LeaseGrantRequest
  | LeaseRevokeRequest
  | LeaseKeepAliveRequest
  | LeaseTimeToLiveRequest
  | LeaseListRequest;

export interface LeaseGrantResult {
  readonly kind: "leaseGrant";
  readonly lease: LeaseId;
  readonly ttl: number;
}

export interface LeaseRevokeResult {
  readonly kind: "leaseRevoke";
}

export interface LeaseKeepAliveResult {
  readonly kind: "leaseKeepAlive";
  readonly lease: LeaseId;
  /** 0: there is no such lease (any more). */
  readonly ttl: number;
}

export interface LeaseTimeToLiveResult {
  readonly kind: "leaseTimeToLive";
  readonly lease: LeaseId;
  /** Seconds left; −1: there is no such lease. */
  readonly ttl: number;
  readonly grantedTtl: number;
  /** Ascending; only if asked for. */
  readonly keys: readonly Key[];
}

export interface LeaseListResult {
  readonly kind: "leaseList";
  readonly leases: readonly LeaseId[];
}

export type LeaseResult =
  | LeaseGrantResult
  | LeaseRevokeResult
  | LeaseKeepAliveResult
  | LeaseTimeToLiveResult
  | LeaseListResult;
