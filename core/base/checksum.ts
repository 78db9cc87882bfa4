// CRC-32C (Castagnoli), as etcd's write-ahead log uses it. Bitwise table, reflected polynomial 0x82f63b78.

const table = makeTable();

function makeTable(): Int32Array {
  const made = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let word = i;
    for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0x82f63b78 : word >>> 1;
    made[i] = word;
  }
  return made;
}

/** CRC-32C of `bytes`, going on from `seed` (the checksum of what came before; 0 at the start). Unsigned 32 bits. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  for (let i = 0; i < bytes.length; i++) crc = (table[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
