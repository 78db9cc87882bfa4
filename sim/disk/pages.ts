// The bytes of one file, in pages that forks share until one of them writes. Each page remembers who may write it; a
// fork takes that right from both.

import type {Hasher} from "../../core/base/hasher.ts";

const pageBytes = 4096;

interface Page {
  readonly bytes: Uint8Array;
  /** The {@link Pages.owner} that may write it. */
  readonly owner: object;
}

export class Pages {
  private pages: Page[] = [];
  private owner = {};
  private length = 0;

  get size(): number {
    return this.length;
  }

  /** Writes beyond the end leave zeros between. */
  write(at: number, bytes: Uint8Array): void {
    this.length = Math.max(this.length, at + bytes.length);
    for (let done = 0; done < bytes.length;) {
      const place = at + done;
      const within = place % pageBytes;
      const part = Math.min(bytes.length - done, pageBytes - within);
      this.writable((place - within) / pageBytes).set(bytes.subarray(done, done + part), within);
      done += part;
    }
  }

  /** Cuts the file off, or lengthens it with zeros. */
  resize(size: number): void {
    if (size < this.length) {
      const kept = Math.ceil(size / pageBytes);
      this.pages.length = Math.min(this.pages.length, kept);
      if (size % pageBytes !== 0 && kept <= this.pages.length)
        this.writable(kept - 1).fill(0, size % pageBytes);
    }
    this.length = size;
  }

  /** A copy; shorter than `length` at the end. */
  read(at: number, length: number): Uint8Array {
    const out = new Uint8Array(Math.max(0, Math.min(length, this.length - at)));
    for (let done = 0; done < out.length;) {
      const place = at + done;
      const within = place % pageBytes;
      const part = Math.min(out.length - done, pageBytes - within);
      const page = this.pages[(place - within) / pageBytes];
      if (page !== undefined) out.set(page.bytes.subarray(within, within + part), done);
      done += part;
    }
    return out;
  }

  fork(): Pages {
    const twin = new Pages();
    twin.pages = this.pages.slice();
    twin.length = this.length;
    this.owner = {};
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.length);
    for (const page of this.pages) if (page !== undefined) into.bytes(page.bytes);
  }

  private writable(index: number): Uint8Array {
    for (let hole = this.pages.length; hole < index; hole++) {
      this.pages.push({bytes: new Uint8Array(pageBytes), owner: this.owner});
    }
    const page = this.pages[index];
    if (page?.owner === this.owner) return page.bytes;
    const bytes = page === undefined ? new Uint8Array(pageBytes) : page.bytes.slice();
    this.pages[index] = {bytes, owner: this.owner};
    return bytes;
  }
}
