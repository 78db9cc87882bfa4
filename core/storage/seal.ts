// Drafts become pages: from the leaves up, because a branch holds the checksums of what is below it.

import type {Value} from "../base/key.ts";
import type {PageHead, PageId, Version} from "./page.ts";
import {encodeBranchEntries, encodeLeafEntries, encodePage, pagesFor} from "./page.ts";
import type {BranchDraft, Draft, LeafDraft, PageNode, PagePlace, PageTree} from "./pageTree.ts";

/** What was made for one page and its overflow. */
export interface SealedPage {
  readonly page: PagePlace;
  readonly bytes: Uint8Array;
}

export interface SealPlan {
  readonly pageBytes: number;
  readonly version: Version;
  /** The first of so many pages in a row. */
  readonly allocate: (count: number) => PageId;
  /** Takes every page, in the order of allocation. */
  readonly written: (sealed: SealedPage) => void;
}

/** The tree with pages for its drafts; `bucket` is the place of its name. */
export function seal(draft: Draft | undefined, bucket: number, plan: SealPlan): PageTree {
  return draft === undefined ? undefined : sealNode(draft, bucket, plan);
}

function sealNode(draft: Draft, bucket: number, plan: SealPlan): PageNode {
  if (draft.page !== undefined) return draft;
  const {level, entryBytes, keys} = draft;
  if (draft.kind === "leaf") {
    const body = encodeLeafEntries(keys, draft.values);
    const values: readonly Value[] = draft.values;
    return {kind: "leaf", level: 0, entryBytes, keys, values, page: place(draft, body, bucket, plan)};
  }
  const children = draft.children.map((child) => sealNode(child, bucket, plan));
  const links = children.map(({page}) => page);
  const body = encodeBranchEntries(keys, links);
  return {kind: "branch", level, entryBytes, keys, children, page: place(draft, body, bucket, plan)};
}

function place(draft: LeafDraft | BranchDraft, body: Uint8Array, bucket: number, plan: SealPlan): PagePlace {
  const {kind, level, keys} = draft;
  const {pageBytes, version} = plan;
  const overflow = pagesFor(body.length, pageBytes) - 1;
  const id = plan.allocate(overflow + 1);
  const head: PageHead = {id, kind, bucket, level, count: keys.length, overflow, version};
  const {bytes, sum} = encodePage(head, body, pageBytes);
  const page = {id, sum, overflow, version};
  plan.written({page, bytes});
  return page;
}
