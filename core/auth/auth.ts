// The auth API's words. etcd's names in camelCase. Names and passwords are byte strings, like keys.

import type {Key} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";

/** The user who must exist before authentication is enabled, and the role that may do everything. */
export const rootName: Key = "root";

/** `rangeEnd` as in a range: "" exactly `key`, "\0" all keys from `key` on. */
export interface Permission {
  readonly type: "read" | "write" | "readwrite";
  readonly key: Key;
  readonly rangeEnd?: Key;
}

/** Auth requests go through the log, those that only ask too. */
export type AuthRequest =
  | {readonly kind: "authEnable" | "authDisable"}
  | {readonly kind: "authStatus" | "userList" | "roleList"}
  | {readonly kind: "authenticate"; readonly name: Key; readonly password: Key}
  | {
      readonly kind: "userAdd";
      readonly name: Key;
      readonly password?: Key;
      /** It can be nobody's who logs in with a password. */
      readonly noPassword?: boolean;
    }
  | {readonly kind: "userDelete"; readonly name: Key}
  | {readonly kind: "userGet"; readonly name: Key}
  | {readonly kind: "userChangePassword"; readonly name: Key; readonly password: Key}
  | {readonly kind: "userGrantRole" | "userRevokeRole"; readonly name: Key; readonly role: Key}
  | {readonly kind: "roleAdd" | "roleDelete"; readonly role: Key}
  | {readonly kind: "roleGet"; readonly role: Key}
  | {readonly kind: "roleGrantPermission"; readonly role: Key; readonly permission: Permission}
  | {
      readonly kind: "roleRevokePermission";
      readonly role: Key;
      readonly key: Key;
      readonly rangeEnd?: Key;
    };

export type AuthResult =
  | {readonly kind: "authStatus"; readonly enabled: boolean; readonly authRevision: number}
  /** `token` goes with every later request. */
  | {readonly kind: "authenticate"; readonly token: string}
  | {readonly kind: "userGet"; readonly roles: readonly Key[]}
  | {readonly kind: "userList"; readonly users: readonly Key[]}
  | {readonly kind: "roleGet"; readonly permissions: readonly Permission[]}
  | {readonly kind: "roleList"; readonly roles: readonly Key[]}
  /** The rest answer only that they were done. */
  | {
      readonly kind:
        | "authEnable"
        | "authDisable"
        | "userAdd"
        | "userDelete"
        | "userChangePassword"
        | "userGrantRole"
        | "userRevokeRole"
        | "roleAdd"
        | "roleDelete"
        | "roleGrantPermission"
        | "roleRevokePermission";
    };

/** An authenticate request, as a client asks it. */
export type AuthenticateRequest = Extract<AuthRequest, {readonly kind: "authenticate"}>;

type WithPassword = Extract<AuthRequest, {readonly kind: "authenticate" | "userAdd" | "userChangePassword"}>;

/**
 * What stands in the log: no password. The member asked has made a digest of it, or has checked it and made the first half of
 * a token (etcd: `InternalAuthenticateRequest`, `hashedPassword`).
 */
export type LoggedAuthRequest =
  | Exclude<AuthRequest, WithPassword>
  | {readonly kind: "authenticate"; readonly name: Key; readonly simpleToken: string}
  | {
      readonly kind: "userAdd";
      readonly name: Key;
      readonly hashedPassword?: Key;
      readonly noPassword?: boolean;
    }
  | {readonly kind: "userChangePassword"; readonly name: Key; readonly hashedPassword: Key};

const authKinds: Readonly<Record<AuthRequest["kind"], true>> = {
  authEnable: true,
  authDisable: true,
  authStatus: true,
  authenticate: true,
  userAdd: true,
  userDelete: true,
  userGet: true,
  userList: true,
  userChangePassword: true,
  userGrantRole: true,
  userRevokeRole: true,
  roleAdd: true,
  roleDelete: true,
  roleGet: true,
  roleList: true,
  roleGrantPermission: true,
  roleRevokePermission: true,
};

/** Whether a request is the auth store's, as it is asked or as it stands in the log. */
export function isAuthRequest<R extends {readonly kind: string}>(
  request: R,
): request is Extract<R, {readonly kind: AuthRequest["kind"]}> {
  return Object.hasOwn(authKinds, request.kind);
}

/** Who asks: "" is nobody, at revision 0. */
export interface AuthInfo {
  readonly user: Key;
  /** Of the auth store, when the token was looked up. */
  readonly revision: Revision;
}

/** A request without a token. */
export const nobody: AuthInfo = {user: "", revision: 0};

/** Names of errors in `apiErrors` (core/server/request.ts). etcd: server/auth/store.go. */
export type AuthError =
  | "rootUserNotExist"
  | "rootRoleNotExist"
  | "userExists"
  | "userEmpty"
  | "userNotFound"
  | "roleExists"
  | "roleNotFound"
  | "roleEmpty"
  | "authFailed"
  | "noPasswordUser"
  | "permissionDenied"
  | "roleNotGranted"
  | "permissionNotGranted"
  | "authNotEnabled"
  | "invalidAuthToken"
  | "invalidAuthManagement"
  | "authOldRevision";
