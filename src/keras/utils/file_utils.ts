/** Files from the network, kept in a folder of this machine or in the browser's own file system. */
import { checkOptions, FileError, show, UnsupportedError, ValueError } from "../../engine/index.ts";
import type { ArchiveFormat } from "../../files/archive.ts";
import { nodeFiles, nodeProcess } from "../../files/host.ts";
import { fileExists, fileIn, makePlace } from "../../files/place.ts";
import { readSource, reason } from "../../files/source.ts";
import { printMsg } from "./io_utils.ts";
import { Progbar } from "./progbar.ts";

/** Options of {@link getFile}. */
export interface GetFileOptions {
  /** The address of the file. */
  readonly origin: string | URL;
  /** The name that it gets; for archives without a dot in it, the name of the folder. Default: that in the address. */
  readonly fname?: string | null;
  /** Older name of `extract` for tar archives. Default false. */
  readonly untar?: boolean;
  /** Older name of `fileHash` for MD5. */
  readonly md5Hash?: string | null;
  /** The SHA-256 or MD5 that the file must have, in hexadecimal digits. Default: it is not compared. */
  readonly fileHash?: string | null;
  /** The folder inside of the cache, or an absolute path instead of it. Default `"datasets"`. */
  readonly cacheSubdir?: string;
  /** Which hash `fileHash` is. Default `"auto"`: SHA-256 if there are 64 digits, else MD5. */
  readonly hashAlgorithm?: "auto" | "sha256" | "md5";
  /** Whether the file is an archive that is unpacked. Default false. */
  readonly extract?: boolean;
  /** What archives to try. Default `"auto"`, both; null: none. `"tar"` may be packed with gzip or bzip2. */
  readonly archiveFormat?: "auto" | ArchiveFormat | readonly ArchiveFormat[] | null;
  /** The folder of the cache. Default: `$KERAS_HOME`, else `~/.keras`; in browsers `opfs://keras`. */
  readonly cacheDir?: string | null;
  /** Whether the file is fetched though it is there. Default false. */
  readonly forceDownload?: boolean;
}

const where = "getFile";

const optionNames: readonly string[] = [
  ...["origin", "fname", "untar", "md5Hash", "fileHash", "cacheSubdir", "hashAlgorithm", "extract"],
  ...["archiveFormat", "cacheDir", "forceDownload"],
];

/**
 * Fetches a file, unless it is in the cache, and gives its path. A file is written when all of it has come and its hash is
 * right, so that none in the cache is half there.
 *
 * Verify what you fetch from places that you do not trust: give `fileHash`.
 *
 * @param options `origin` must be given; `fname` (default: the name in the address), `fileHash`, `hashAlgorithm` (default
 *   `"auto"`), `extract` (default false), `archiveFormat` (default `"auto"`), `cacheSubdir` (default `"datasets"`), `cacheDir`,
 *   `forceDownload` (default false), `untar`, `md5Hash`
 * @returns the path of the file, or with `extract` of the folder: `~/.keras/datasets/name` in Node, Deno and Bun,
 *   `opfs://keras/datasets/name` in browsers (`indexeddb://…` where these have no file system), which all functions that read
 *   files understand
 * @throws FileError when it cannot be fetched or written, ValueError when the hash is another one or an option cannot be
 *
 * @example
 * ```ts
 * const origin = "data:text/plain,hello";
 * const path = await getFile({ origin, fname: "hello.txt", fileHash: "5d41402abc4b2a76b9719d911017c592", cacheDir: "." });
 * path; // → ./datasets/hello.txt
 * ```
 */
export async function getFile(options: GetFileOptions): Promise<string> {
  checkOptions(where, options, optionNames);
  if (options.origin === undefined || options.origin === null)
    throw new ValueError(`${where}: expected origin, the address of the file. Received: none`);
  const formats = formatsOf(options);
  const origin = String(options.origin);
  const given = options.fname ?? "";
  const name = given === "" ? nameIn(origin) : checkName(given);
  const folder = await cacheFolder(options);
  const unpacks = options.extract === true || options.untar === true;
  const stem = given.includes(".") ? `${name.slice(0, name.indexOf("."))}_extracted` : name;
  const file = fileIn(folder, unpacks && !given.includes(".") ? `${name}_archive` : name);

  const kept = await cached(file, options);
  const bytes = kept === undefined ? await download(origin, file, options) : kept;
  if (!unpacks) return file;
  const target = fileIn(folder, stem);
  const { unpackArchive } = await import("../../files/archive.ts");
  if (!(await unpackArchive(bytes ?? (await readSource(file, where)), target, formats, where)))
    console.warn(`${where}: ${show(file)} is no archive of a kind that is read, and was not unpacked.`);
  return target;
}

function formatsOf({
  archiveFormat = "auto",
  untar,
  hashAlgorithm = "auto",
}: GetFileOptions): ArchiveFormat[] {
  if (!["auto", "sha256", "md5"].includes(hashAlgorithm)) {
    throw new ValueError(
      `${where}: expected hashAlgorithm to be "auto", "sha256" or "md5". Received: ${show(hashAlgorithm)}`,
    );
  }
  if (untar === true) return ["tar"];
  if (archiveFormat === null) return [];
  const formats = archiveFormat === "auto" ? ["tar", "zip"] : [archiveFormat].flat();
  if (formats.every((one) => one === "tar" || one === "zip")) return formats;
  throw new ValueError(
    `${where}: expected archiveFormat to be "auto", "tar", "zip" or null. Received: ${show(archiveFormat)}`,
  );
}

/** The last part of an address' path. */
function nameIn(origin: string): string {
  const path = origin.replace(/[?#].*$/s, "").replace(/^[a-z][\w+.-]*:(\/\/[^/]*)?/i, "");
  const name = decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
  if (name !== "" && name !== "." && name !== ".." && !/[/\\:]/.test(name)) return name;
  throw new ValueError(`${where}: there is no file name in ${show(origin)}. Expected the option fname.`);
}

function checkName(name: string): string {
  if (!/[/\\]/.test(name) && name !== "." && name !== "..") return name;
  throw new ValueError(
    `${where}: expected fname to be a name, not a path; cacheDir and cacheSubdir say where it lies. Received: ${show(name)}`,
  );
}

/** The folder in which the file lies; it is made. */
async function cacheFolder({ cacheDir, cacheSubdir = "datasets" }: GetFileOptions): Promise<string> {
  const node = nodeFiles();
  let folder: string;
  if (node === undefined) {
    const hasFolders = globalThis.navigator?.storage?.getDirectory !== undefined;
    const base = cacheDir ?? (hasFolders ? "opfs://keras" : "indexeddb://keras");
    if (!/^(opfs|indexeddb):\/\//.test(base)) {
      throw new UnsupportedError(
        `${where}: in browsers cacheDir begins with opfs:// or indexeddb://. Received: ${show(base)}`,
      );
    }
    folder = [base, cacheSubdir].filter((part) => part !== "").join("/");
  } else {
    const host = nodeProcess()!;
    const os = host.getBuiltinModule("node:os");
    const home = (text: string): string => text.replace(/^~(?=$|[/\\])/, () => os.homedir());
    const base = home(cacheDir ?? (host.env["KERAS_HOME"] || "~/.keras"));
    if (node.path.isAbsolute(cacheSubdir)) folder = cacheSubdir;
    else folder = [await writable(base, os.tmpdir()), cacheSubdir].filter((part) => part !== "").join("/");
  }
  await makePlace(folder);
  return folder;
}

/** A folder if files can be written there, as Keras asks; else one for temporary files. */
async function writable(folder: string, temporary: string): Promise<string> {
  const { fs, path } = nodeFiles()!;
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.access(folder, fs.constants.W_OK);
    return folder;
  } catch {
    return path.join(temporary, ".keras");
  }
}

/** The bytes of the file in the cache, or null if they need not be looked at; undefined if it must be fetched. */
async function cached(file: string, options: GetFileOptions): Promise<Uint8Array | null | undefined> {
  if (options.forceDownload === true || !(await fileExists(file))) return undefined;
  if (wantedHash(options) === undefined) return null;
  const bytes = await readSource(file, where);
  if (await hasHash(bytes, options)) return bytes;
  printMsg(`The file ${file} does not have the hash that it should have; it is fetched again.`);
  return undefined;
}

const wantedHash = ({ fileHash, md5Hash }: GetFileOptions): string | undefined =>
  fileHash ?? md5Hash ?? undefined;

async function hasHash(bytes: Uint8Array, options: GetFileOptions): Promise<boolean> {
  const { digest } = await import("../../files/digest.ts");
  const wanted = wantedHash(options)!;
  const { hashAlgorithm = "auto", fileHash } = options;
  const isMd5 = (fileHash ?? undefined) === undefined || hashAlgorithm === "md5";
  const name = !isMd5 && (hashAlgorithm === "sha256" || wanted.length === 64) ? "sha256" : "md5";
  return digest(bytes, name) === wanted.toLowerCase();
}

async function download(origin: string, file: string, options: GetFileOptions): Promise<Uint8Array> {
  printMsg(`Downloading data from ${origin}`);
  let bar: Progbar | undefined;
  let done = 0;
  let bytes: Uint8Array;
  try {
    bytes = await readSource(origin, where, {
      onProgress(now, total) {
        bar ??= new Progbar(total ?? null);
        done = now;
        bar.update(now, [], false);
      },
    });
  } catch (error) {
    throw new FileError(`${where}: URL fetch failure on ${origin}: ${reason(error)}`, { cause: error });
  }
  bar?.update(done, [], true);
  if (wantedHash(options) !== undefined && !(await hasHash(bytes, options))) {
    throw new ValueError(
      `${where}: incomplete or corrupted file: the hash of what came from ${origin} does not match the provided value of ${wantedHash(options)}.`,
    );
  }
  const { writeTarget } = await import("../../files/target.ts");
  await writeTarget(file, bytes as Uint8Array<ArrayBuffer>, where);
  return bytes;
}
