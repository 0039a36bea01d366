/** The checksum of zip archives (CRC-32 of ISO 3309). */
import { nodeProcess } from "./host.ts";

/** Eight tables: what a byte does to the checksum when it lies 0 to 7 bytes before the end of eight. */
function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
  const tables = [first];
  for (let i = 1; i < 8; i++) tables.push(tables[i - 1]!.map((crc) => (crc >>> 8) ^ first[crc & 255]!));
  return tables;
}

/** So many bytes take the tables a millisecond or two, which is what it takes to load Node's own. */
const fewBytes = 2 ** 20;
type Native = (data: Uint8Array, value?: number) => number;
/** Node's own, if it was looked for and found. */
let native: Native | undefined;
let tables: Uint32Array[] | undefined;

/**
 * The CRC-32 of some bytes, as an unsigned number.
 *
 * @param before the checksum of the bytes that come before them
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  // Newer versions of Node have it in machine code.
  if (bytes.length > fewBytes)
    native ??= (nodeProcess()?.getBuiltinModule("node:zlib") as { readonly crc32?: Native } | undefined)
      ?.crc32;
  if (native !== undefined) return native(bytes, before);
  tables ??= makeTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
  ];
  let crc = ~before;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      t7[crc & 255]! ^
      t6[(crc >>> 8) & 255]! ^
      t5[(crc >>> 16) & 255]! ^
      t4[crc >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}
