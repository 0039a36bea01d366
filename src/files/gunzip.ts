/** Unpacks gzip with what every host offers. */
import { FileError } from "../engine/tensor/errors.ts";
import { joinBytes } from "./bytes.ts";

/** Whether bytes look like gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The unpacked bytes.
 *
 * @param where what reads, for messages
 * @param maxBytes how many there may be
 * @throws FileError for damaged data, or more than that
 */
export async function gunzip(
  bytes: Uint8Array,
  where: string,
  maxBytes: number = 8 * 2 ** 30,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let total = 0;
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"))
    .getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      total += part.value.length;
      if (total > maxBytes) throw new FileError(`${where}: the data expand to more than ${maxBytes} bytes`);
      parts.push(part.value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof FileError) throw error;
    throw new FileError(`${where}: the gzip data are damaged or cut off`, { cause: error });
  }
  return joinBytes(parts);
}
