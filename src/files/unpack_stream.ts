/** Unpacks gzip and zlib with what every host offers. */
import { FileError } from "../engine/tensor/errors.ts";
import { joinBytes } from "./bytes.ts";

/** Whether bytes look like gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * What gzip has packed.
 *
 * @param where what reads, for messages
 * @param maxBytes how many bytes there may be
 * @throws FileError for damaged data, or more than that
 */
export async function gunzip(
  bytes: Uint8Array,
  where: string,
  maxBytes: number = 8 * 2 ** 30,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = await unpack(bytes, "gzip", where, maxBytes);
  if (out.length <= maxBytes) return out;
  throw new FileError(`${where}: the data expand to more than ${maxBytes} bytes`);
}

/**
 * The first bytes of what zlib has packed: so many, or fewer if there are no more.
 *
 * @param where what reads, for messages
 * @throws FileError for damaged data
 */
export async function inflate(
  bytes: Uint8Array,
  size: number,
  where: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await unpack(bytes, "deflate", where, size)).subarray(0, size);
}

/** Stops when there are more bytes than wanted. */
async function unpack(
  bytes: Uint8Array,
  format: "gzip" | "deflate",
  where: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let total = 0;
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream(format))
    .getReader();
  try {
    for (let part = await reader.read(); !part.done && total <= most; part = await reader.read()) {
      total += part.value.length;
      parts.push(part.value);
    }
    await reader.cancel();
  } catch (error) {
    // What comes after the last byte that is wanted is of no interest.
    if (format === "gzip" || total < most)
      throw new FileError(`${where}: the packed data are damaged or cut off`, { cause: error });
  }
  return joinBytes(parts);
}
