/** Tape archives (POSIX ustar and pax, GNU), read with suspicion: names that lead out of the archive are told apart. */
import { FileError } from "../engine/tensor/errors.ts";

/** A file or link of an archive. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The name that a link points at, relative to the archive; undefined for files. */
  readonly link?: string;
}

const decoder = new TextDecoder();
const block = 512;

/** Whether bytes begin with the header of an archive. */
export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= block && (isHeader(bytes, 0) || (bytes.length >= 2 * block && isEmpty(bytes, 0)));
}

/** A header's checksum counts its own eight bytes as spaces. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  let sum = 8 * 32;
  for (let i = 0; i < block; i++) if (i < 148 || i >= 156) sum += bytes[at + i]!;
  return !isEmpty(bytes, at) && number(bytes, at + 148, 8) === sum;
}

function isEmpty(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < block; i++) if (bytes[at + i] !== 0) return false;
  return true;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or in GNU's archives a binary number. */
function number(bytes: Uint8Array, at: number, length: number): number {
  if ((bytes[at]! & 0x80) !== 0) {
    let value = bytes[at]! & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i]!;
    return value;
  }
  return Number.parseInt(text(bytes, at, length).trim() || "0", 8);
}

/** The records of a pax header: `length key=value` and a line's end. */
function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const length = Number(decoder.decode(bytes.subarray(at, space)));
    if (space < 0 || !Number.isInteger(length) || length <= 0 || at + length > bytes.length) break;
    const record = decoder.decode(bytes.subarray(space + 1, at + length - 1));
    const cut = record.indexOf("=");
    records.set(record.slice(0, cut), record.slice(cut + 1));
    at += length;
  }
  return records;
}

/**
 * The files and links of an archive, in its order.
 *
 * @param where what reads, for messages
 * @throws FileError when the archive is damaged or cut off
 */
export function* readTar(bytes: Uint8Array, where: string): Generator<TarEntry> {
  let longName: string | undefined;
  let longLink: string | undefined;
  const shared = new Map<string, string>();
  let own = new Map<string, string>();
  for (let at = 0; at + block <= bytes.length && !isEmpty(bytes, at); ) {
    if (!isHeader(bytes, at)) throw new FileError(`${where}: the archive is damaged at byte ${at}`);
    const pax = (key: string): string | undefined => own.get(key) ?? shared.get(key);
    const kind = String.fromCharCode(bytes[at + 156]!);
    const size = Number(pax("size") ?? number(bytes, at + 124, 12));
    const start = at + block;
    if (!(Number.isSafeInteger(size) && size >= 0 && start + size <= bytes.length))
      throw new FileError(`${where}: the archive is cut off`);
    const body = bytes.subarray(start, start + size);
    const isPosix = text(bytes, at + 257, 6) === "ustar" && bytes[at + 262] === 0;
    const prefix = isPosix ? text(bytes, at + 345, 155) : "";
    const short = text(bytes, at, 100);
    at = start + Math.ceil(size / block) * block;
    if (kind === "L") longName = text(body, 0, size);
    else if (kind === "K") longLink = text(body, 0, size);
    else if (kind === "x") own = paxRecords(body);
    else if (kind === "g") for (const [key, value] of paxRecords(body)) shared.set(key, value);
    else {
      const name = pax("path") ?? longName ?? (prefix === "" ? short : `${prefix}/${short}`);
      const target = pax("linkpath") ?? longLink ?? text(bytes, start - block + 157, 100);
      if (kind === "0" || kind === "\0" || kind === "7") {
        // Old archives have folders as files whose names end so.
        if (!name.endsWith("/")) yield { name, bytes: body };
      } else if (kind === "1") yield { name, bytes: body, link: target };
      else if (kind === "2") {
        const folder = name.slice(0, name.lastIndexOf("/") + 1);
        yield { name, bytes: body, link: target.startsWith("/") ? target : folder + target };
      }
      [longName, longLink, own] = [undefined, undefined, new Map()];
    }
  }
}
