/** `np.save`, `np.savez` and `np.load`: arrays in files, as NumPy keeps them. */
import {
  checkOptions,
  FileError,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { type ReadOptions, readSource, type Source } from "../../files/source.ts";
import { type Target, writeTarget } from "../../files/target.ts";
import { isZip, openZip, type ZipLimits } from "../../files/zip.ts";
import { writeZip } from "../../files/zip_write.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";

/** NumPy's habit: a path without an extension gets one. */
function withExtension(target: Target, extension: string): Target {
  if (typeof target !== "string" || target.endsWith(extension)) return target;
  return target + extension;
}

/**
 * Saves one array as an `.npy` file.
 *
 * @param file a path (`.npy` is added if it is missing) or any other target
 * @throws FileError when it cannot be written; what was there before stays
 *
 * @example
 * ```ts
 * await np.save("/tmp/numbers.npy", [[1, 2], [3, 4]]);
 * (await np.load("/tmp/numbers.npy")).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export async function save(file: Target, array: TensorLike): Promise<void> {
  await writeTarget(withExtension(file, ".npy"), encodeNpy(toTensor(array)), "np.save");
}

/** Arrays of an archive by name. */
export type NpzArrays = Readonly<Record<string, TensorLike>>;

/**
 * Saves several arrays as an `.npz` archive.
 *
 * @param file a path (`.npz` is added if it is missing) or any other target
 * @param arrays by name; an array of them gets the names `arr_0`, `arr_1`, …
 * @throws FileError when it cannot be written; what was there before stays
 *
 * @example
 * ```ts
 * await np.savez("/tmp/data.npz", { x: [1, 2, 3], y: [4, 5, 6] });
 * const { x, y } = await np.loadz("/tmp/data.npz");
 * x!.add(y!).arraySync(); // → [5, 7, 9]
 * ```
 */
export async function savez(file: Target, arrays: NpzArrays | readonly TensorLike[]): Promise<void> {
  await saveArchive(file, arrays, false, "np.savez");
}

/**
 * The same as `savez`, deflated.
 *
 * @example
 * ```ts
 * await np.savezCompressed("data.npz", { x: [1, 2] });
 * const { x } = await np.loadz("data.npz");
 * x?.arraySync(); // → [1, 2]
 * ```
 */
export async function savezCompressed(
  file: Target,
  arrays: NpzArrays | readonly TensorLike[],
): Promise<void> {
  await saveArchive(file, arrays, true, "np.savezCompressed");
}

async function saveArchive(
  file: Target,
  arrays: NpzArrays | readonly TensorLike[],
  compress: boolean,
  where: string,
): Promise<void> {
  const named: [string, TensorLike][] = Array.isArray(arrays)
    ? arrays.map((array: TensorLike, i) => [`arr_${i}`, array])
    : Object.entries(arrays as NpzArrays);
  const files = named.map(([name, array]) => ({ name: `${name}.npy`, bytes: encodeNpy(toTensor(array)) }));
  await writeTarget(withExtension(file, ".npz"), await writeZip(files, { compress }), where);
}

/** Options of {@link load} and {@link loadz}. */
export interface LoadOptions extends ReadOptions {
  /** How much an archive may expand to. */
  readonly limits?: ZipLimits;
}

/**
 * The array of an `.npy` file.
 *
 * @param file a path, a URL, bytes, a `File`, … (see `Source`)
 * @throws FileError when it cannot be read or is no such file; ValueError when it is an archive, which `loadz` reads
 *
 * @example
 * ```ts
 * await np.save("x.npy", [1, 2]);
 * (await np.load("x.npy")).arraySync(); // → [1, 2]
 * ```
 */
export async function load(file: Source, options: LoadOptions = {}): Promise<Tensor> {
  checkOptions("load", options, ["onProgress", "signal", "limits"]);
  const bytes = await readSource(file, "np.load", options);
  if (isZip(bytes))
    throw new ValueError("np.load: this is an archive of several arrays (.npz); np.loadz reads it");
  return decodeNpy(bytes, "np.load");
}

/**
 * The arrays of an `.npz` archive by name.
 *
 * @param file a path, a URL, bytes, a `File`, … (see `Source`)
 * @throws FileError when it cannot be read, is no archive, or holds something else than arrays
 *
 * @example
 * ```ts
 * await np.savez("xy.npz", { x: [1], y: [2] });
 * Object.keys(await np.loadz("xy.npz")); // → [x, y]
 * ```
 */
export async function loadz(file: Source, options: LoadOptions = {}): Promise<Record<string, Tensor>> {
  checkOptions("loadz", options, ["onProgress", "signal", "limits"]);
  const archive = openZip(await readSource(file, "np.loadz", options), "np.loadz", options.limits);
  const arrays = Object.create(null) as Record<string, Tensor>;
  for (const name of archive.names) {
    if (!name.endsWith(".npy"))
      throw new FileError(`np.loadz: the entry ${JSON.stringify(name)} is no array`);
    arrays[name.slice(0, -4)] = decodeNpy(await archive.read(name), `np.loadz: ${name}`);
  }
  return arrays;
}
