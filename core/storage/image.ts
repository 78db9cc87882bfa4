// A backend file written whole: what creation and defragmentation write, and what a snapshot carries to another member.
// Every page is reachable and, but for the last one of a level, full; leaves stand in the order of their keys. The bytes
// depend on the content and the page size alone, so members with equal content have equal images.
//
// Both metas are there, of versions 0 and 1, and lead to the same trees: whichever rots, the content is known.

import type {PerBucket} from "./meta.ts";
import {encodeMeta, metaPageOf, metaPages, perBucket} from "./meta.ts";
import {pageHeadBytes} from "./page.ts";
import type {PageTree} from "./pageTree.ts";
import type {SealedPage} from "./seal.ts";
import {seal} from "./seal.ts";
import type {Change} from "./treeEdit.ts";
import {TreeEdit} from "./treeEdit.ts";

/** The version at which a file written whole is opened. */
export const imageVersion = 1;

/** `contents`: all entries of each bucket, ascending. */
export function encodeImage(contents: PerBucket<readonly Change[]>, pageBytes: number): Uint8Array {
  const pages: SealedPage[] = [];
  let pageCount = metaPages;
  const plan = {
    pageBytes,
    version: 0,
    allocate: (count: number): number => {
      pageCount += count;
      return pageCount - count;
    },
    written: (sealed: SealedPage): void => {
      pages.push(sealed);
    },
  };
  const roots: PerBucket<PageTree> = perBucket((bucket, place) =>
    seal(new TreeEdit(pageBytes - pageHeadBytes).apply(undefined, contents[bucket]), place, plan),
  );
  const links = perBucket((bucket) => roots[bucket]?.page);
  const image = new Uint8Array(pageCount * pageBytes);
  for (const version of [imageVersion - 1, imageVersion]) {
    image.set(encodeMeta({version, pageBytes, pageCount, roots: links}), metaPageOf(version) * pageBytes);
  }
  for (const {page, bytes} of pages) image.set(bytes, page.id * pageBytes);
  return image;
}
