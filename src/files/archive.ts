/** Unpacks archives into folders: zip, and tar as it is or packed with gzip or bzip2. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { fileIn, makePlace, removeFile, splitPlace } from "./place.ts";
import { writeTarget } from "./target.ts";

/** A kind of archive. */
export type ArchiveFormat = "tar" | "zip";

/** A file of an archive. */
interface Member {
  readonly name: string;
  readonly read: () => Promise<Uint8Array>;
}

/**
 * Unpacks an archive. Nothing is written outside of the folder: files whose names lead out of it are left out with a
 * warning, as are links to anything but a file of the archive, of which they become copies.
 *
 * @param folder where its files go
 * @param formats what it may be
 * @param where what reads, for messages
 * @returns whether it is such an archive
 * @throws FileError when it is damaged; the folder is then removed
 */
export async function unpackArchive(
  bytes: Uint8Array,
  folder: string,
  formats: readonly ArchiveFormat[],
  where: string,
): Promise<boolean> {
  for (const format of formats) {
    const members = await (format === "zip" ? zipMembers : tarMembers)(bytes, where);
    if (members === undefined) continue;
    try {
      await makePlace(folder);
      for (const { name, read } of members) {
        const file = fileIn(folder, name);
        await makePlace(splitPlace(file).place);
        await writeTarget(file, (await read()) as Uint8Array<ArrayBuffer>, where);
      }
    } catch (error) {
      await removeFile(folder);
      throw error;
    }
    return true;
  }
  return false;
}

async function zipMembers(bytes: Uint8Array, where: string): Promise<Member[] | undefined> {
  const { isZip, openZip } = await import("./zip.ts");
  if (!isZip(bytes)) return undefined;
  const archive = openZip(bytes, where);
  return archive.names.map((name) => ({ name, read: () => archive.read(name) }));
}

async function tarMembers(packed: Uint8Array, where: string): Promise<Iterable<Member> | undefined> {
  const [{ isTar, readTar }, { gunzip, isGzip }, { isBzip2, unpackBzip2 }] = await Promise.all([
    import("./tar.ts"),
    import("./unpack_stream.ts"),
    import("./bzip2.ts"),
  ]);
  if (isXz(packed)) throw new UnsupportedError(`${where}: archives packed with xz are not read.`);
  const bytes = isGzip(packed)
    ? await gunzip(packed, where)
    : isBzip2(packed)
      ? unpackBzip2(packed, where)
      : packed;
  if (!isTar(bytes)) return undefined;
  const files = new Map<string, Uint8Array>();
  const leftOut = (name: string, why: string): void =>
    console.warn(`${where}: ${JSON.stringify(name)} is not unpacked: ${why}.`);
  for (const entry of readTar(bytes, where)) {
    const name = plainName(entry.name);
    if (name === undefined) {
      leftOut(entry.name, "its name leads out of the archive");
      continue;
    }
    const target = entry.link === undefined ? undefined : plainName(entry.link);
    const content = entry.link === undefined ? entry.bytes : files.get(target ?? "");
    if (content === undefined) leftOut(entry.name, "it is a link to no file before it in the archive");
    else files.set(name, content);
  }
  return [...files].map(([name, content]) => ({ name, read: async () => content }));
}

function isXz(bytes: Uint8Array): boolean {
  return bytes[0] === 0xfd && new TextDecoder().decode(bytes.subarray(1, 5)) === "7zXZ";
}

/** A name without `.` and `..`; undefined if it leads out of the archive. */
function plainName(name: string): string | undefined {
  if (/^[/\\]|^[A-Za-z]:|\0/.test(name)) return undefined;
  const parts: string[] = [];
  for (const part of name.split(/[/\\]/)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join("/");
}
