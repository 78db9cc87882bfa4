// What the store may refuse. The names are keys of `apiErrors` (server/request.ts), which holds etcd's texts and codes.

/** Why a request was refused; nothing was changed then. */
export type StoreError =
  | "emptyKey"
  | "keyNotFound"
  | "valueProvided"
  | "leaseProvided"
  | "invalidSortOption"
  | "duplicateKey"
  | "tooManyOps"
  | "compacted"
  | "futureRevision"
  | "leaseNotFound"
  | "unsupported";
