// What the backend file holds at one version: the trees in memory, and which pages are whose.

import type {Damage} from "./disk.ts";
import type {FreeList} from "./freeList.ts";
import type {PerBucket} from "./meta.ts";
import type {PageId, Version} from "./page.ts";
import type {PageTree} from "./pageTree.ts";

export interface BackendFile {
  readonly pageBytes: number;
  readonly version: Version;
  readonly roots: PerBucket<PageTree>;
  /** All pages have smaller ids. */
  readonly pageCount: number;
  /** At least pageCount × pageBytes; longer after a crash in a commit that would have grown it. */
  readonly fileBytes: number;
  readonly free: FreeList;
  /** The meta page that was not intact when the file was opened. */
  readonly fellBack: Damage | undefined;
}

/** What one commit did to the pages. */
export interface CommitReport {
  readonly version: Version;
  /** Ascending, overflow pages too; without the meta page. */
  readonly written: readonly PageId[];
  /** What the commit before held and this one does not. */
  readonly freed: readonly PageId[];
  readonly splits: number;
  readonly merges: number;
}

/** The way of one read. */
export interface PagePath {
  /** From the root to the leaf that holds the key, or would. */
  readonly pages: readonly PageId[];
  /** What the buffer says of the key: it decides, when it says anything. */
  readonly buffered: "put" | "deleted" | undefined;
  /** Whether the leaf holds the key. */
  readonly committed: boolean;
}
