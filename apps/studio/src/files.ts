/** The files of notebooks, in the browser's own file system: what readers drop into the page, and what cells write. */

/** The folder, as `tsuno` names it; the kernel tells this to the library. */
export const folder = "opfs://tsuno-studio";

/** A file as the list shows it. */
export interface Listed {
  readonly name: string;
  readonly size: number;
}

async function directory(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(folder.slice("opfs://".length), { create: true });
}

type Entries = AsyncIterable<[string, FileSystemFileHandle | FileSystemDirectoryHandle]>;

/** All files, by name. */
export async function listFiles(): Promise<Listed[]> {
  const found: Listed[] = [];
  const walk = async (from: FileSystemDirectoryHandle, before: string): Promise<void> => {
    for await (const [name, handle] of from as unknown as Entries) {
      if (handle.kind === "directory") await walk(handle, `${before}${name}/`);
      // Browsers write beside a file before they replace it.
      else if (!name.endsWith(".crswap"))
        found.push({ name: before + name, size: (await handle.getFile()).size });
    }
  };
  await walk(await directory(), "");
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function folderOf(name: string): Promise<[FileSystemDirectoryHandle, string]> {
  const parts = name.split("/");
  let at = await directory();
  for (const part of parts.slice(0, -1)) at = await at.getDirectoryHandle(part);
  return [at, parts.at(-1)!];
}

/** Keeps a file; one of the same name is replaced. */
export async function addFile(file: File): Promise<void> {
  const handle = await (await directory()).getFileHandle(file.name, { create: true });
  const writable = await handle.createWritable();
  await writable.write(file);
  await writable.close();
}

export async function removeFile(name: string): Promise<void> {
  const [at, own] = await folderOf(name);
  await at.removeEntry(own);
}

export async function readFile(name: string): Promise<File> {
  const [at, own] = await folderOf(name);
  return (await at.getFileHandle(own)).getFile();
}

/**
 * The code with which a cell reads a file, by its ending.
 *
 * @param head how the file begins
 */
export function readingOf(name: string, head: string): string {
  const { imports, code } = reading(name, head);
  return `${imports}\n${code}`;
}

/** Whether the first line of a table has a name in it, or is numbers all over. */
const hasTitles = (head: string): boolean =>
  (head.split(/\r?\n/, 1)[0] ?? "").split(/[,;\t]/).some((part) => !Number.isFinite(Number(part)));

function reading(name: string, head: string): { readonly imports: string; readonly code: string } {
  const quoted = JSON.stringify(name);
  const numpy = 'import { np } from "tsuno";';
  const files = 'import { files } from "tsuno/notebook";';
  switch (/\.([^./]+)$/.exec(name)?.[1]?.toLowerCase()) {
    case "csv":
    case "tsv": {
      const delimiter = JSON.stringify(name.toLowerCase().endsWith("tsv") ? "\t" : ",");
      const titles = hasTitles(head) ? ", skipHeader: 1" : "";
      return { imports: numpy, code: `await np.genfromtxt(${quoted}, { delimiter: ${delimiter}${titles} })` };
    }
    case "dat":
      return { imports: numpy, code: `await np.loadtxt(${quoted})` };
    case "txt":
    case "md":
      return { imports: files, code: `await files.text(${quoted})` };
    case "npy":
      return { imports: numpy, code: `await np.load(${quoted})` };
    case "npz":
      return { imports: numpy, code: `await np.loadz(${quoted})` };
    case "json":
      return { imports: files, code: `await files.json(${quoted})` };
    case "png":
    case "jpg":
    case "jpeg":
    case "gif":
    case "webp":
    case "bmp":
    case "svg":
      return { imports: files, code: `await files.image(${quoted})` };
    case "keras":
    case "h5":
      return { imports: 'import { saving } from "tsuno";', code: `await saving.loadModel(${quoted})` };
    default:
      return { imports: files, code: `await files.bytes(${quoted})` };
  }
}
