// The auth API's words. etcd's names in camelCase. Names and passwords are byte strings, like keys.

import type {Key} from "../base/key.ts";

/** `rangeEnd` as in a range: "" exactly `key`, "\0" all keys from `key` on. */
export interface Permission {
  readonly type: "read" | "write" | "readwrite";
  readonly key: Key;
  readonly rangeEnd?: Key;
}

/** Auth requests go through the log, those that only ask too. */
export type AuthRequest =
  | {readonly kind: "authEnable" | "authDisable" | "authStatus" | "userList" | "roleList"}
  | {readonly kind: "authenticate"; readonly name: Key; readonly password: Key}
  | {
      readonly kind: "userAdd";
      readonly name: Key;
      readonly password?: Key;
      /** It can be nobody's who logs in with a password. */
      readonly noPassword?: boolean;
    }
  | {readonly kind: "userDelete" | "userGet"; readonly name: Key}
  | {readonly kind: "userChangePassword"; readonly name: Key; readonly password: Key}
  | {readonly kind: "userGrantRole" | "userRevokeRole"; readonly name: Key; readonly role: Key}
  | {readonly kind: "roleAdd" | "roleDelete" | "roleGet"; readonly role: Key}
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
