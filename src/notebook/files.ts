/**
 * The notebook's files: those that its reader has dropped into Tsuno Studio, or those of the folder in which Jupyter or a
 * program runs. `np.loadtxt`, `np.load`, `loadModel` and all other functions that take a path find them under the same names.
 */
import { checkOptions, show, type Tensor, tensor, ValueError } from "../engine/index.ts";
import { decodeImage } from "../files/image/decode.ts";
import { convert, type Raster } from "../files/image/raster.ts";
import { notebook } from "../files/notebook.ts";
import { filesIn } from "../files/place.ts";
import { readSource } from "../files/source.ts";
import { writeTarget } from "../files/target.ts";

/**
 * The names of all files, those in folders as `folder/name`.
 *
 * @example
 * ```ts
 * await save("squares.txt", "1\n4\n9\n");
 * (await list()).includes("squares.txt"); // → true
 * ```
 */
export async function list(): Promise<string[]> {
  return filesIn(notebook()?.folder ?? ".");
}

/**
 * The bytes of a file.
 *
 * @throws FileError when there is none
 * @example
 * ```ts
 * await save("hello.txt", "Hello");
 * (await bytes("hello.txt")).length; // → 5
 * await bytes("none.txt"); // → throws FileError: files.bytes: cannot read "none.txt": …
 * ```
 */
export async function bytes(name: string): Promise<Uint8Array> {
  return readSource(name, "files.bytes");
}

/**
 * The text of a file in UTF-8.
 *
 * @throws FileError when there is none
 * @example
 * ```ts
 * await save("hello.txt", "こんにちは");
 * await text("hello.txt"); // → こんにちは
 * ```
 */
export async function text(name: string): Promise<string> {
  return new TextDecoder().decode(await readSource(name, "files.text"));
}

/**
 * What a JSON file holds.
 *
 * @throws FileError when there is none, SyntaxError when it is no JSON
 * @example
 * ```ts
 * await save("point.json", JSON.stringify({ x: 1, y: 2 }));
 * await json("point.json"); // → { x: 1, y: 2 }
 * ```
 */
export async function json(name: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await readSource(name, "files.json"))) as unknown;
}

/**
 * Writes a file; one of the same name is replaced. In Tsuno Studio it appears among the files, from where it can be
 * downloaded.
 *
 * @param content text, or bytes
 * @throws FileError when that is impossible
 * @example
 * ```ts
 * await save("numbers.csv", "1,2\n3,4\n");
 * (await np.loadtxt("numbers.csv", { delimiter: "," })).shape; // → [2, 2]
 * ```
 */
export async function save(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<void> {
  await writeTarget(
    name,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
    "files.save",
  );
}

/** Options of {@link image}. */
export interface ImageOptions {
  /** Rows and columns that it is scaled to. Default: those that it has. */
  readonly size?: readonly [height: number, width: number];
  /** 1: grey, 3: red, green and blue, 4: with opacity. Default 3. */
  readonly channels?: 1 | 3 | 4;
}

/** With what the formats begin that we read ourselves, with the same pixels on every host: PNG, JPEG, BMP, GIF. */
const ownFormats: readonly (number | undefined)[] = [0x89, 0xff, 0x42, 0x47];

/** Pillow's mode for each number of channels. */
const modes = { 1: "L", 3: "RGB", 4: "RGBA" } as const;

/**
 * An image as a tensor: PNG, JPEG, BMP and GIF on every host, and in browsers all else that they show, such as WebP and SVG.
 *
 * @param options `size` (default: as it is), `channels` (default 3)
 * @returns shape `(height, width, channels)`, float32, from 0 to 1
 * @throws FileError when there is no such file, or no such image; ValueError for a size that is none
 * @example
 * ```ts
 * await image("photo.jpg", { channels: 2 as never });
 * // → throws ValueError: files.image: expected 1, 3 or 4 channels. Received: 2
 * ```
 */
export async function image(name: string, options: ImageOptions = {}): Promise<Tensor> {
  const where = "files.image";
  checkOptions(where, options, ["size", "channels"]);
  const { size, channels = 3 } = options;
  if (![1, 3, 4].includes(channels))
    throw new ValueError(`${where}: expected 1, 3 or 4 channels. Received: ${show(channels)}`);
  if (size !== undefined && !(size.length === 2 && size.every((n) => Number.isInteger(n) && n > 0)))
    throw new ValueError(`${where}: expected a size of [height, width]. Received: ${show(size)}`);
  const bytes = await readSource(name, where);
  if (ownFormats.includes(bytes[0]) || typeof OffscreenCanvas === "undefined")
    return decoded(await decodeImage(bytes, where), size, channels);
  const bitmap = await createImageBitmap(new Blob([bytes.slice()]));
  const [height, width] = size ?? [bitmap.height, bitmap.width];
  const pen = new OffscreenCanvas(width, height).getContext("2d")!;
  pen.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return tensor(channelsOf(pen.getImageData(0, 0, width, height).data, channels)).reshape(
    height,
    width,
    channels,
  );
}

async function decoded(
  image: Raster,
  size: readonly [height: number, width: number] | undefined,
  channels: 1 | 3 | 4,
): Promise<Tensor> {
  // Grey of 16 bits keeps its shades where grey is wanted.
  let raster = image.mode === "I;16" && channels === 1 ? image : convert(image, modes[channels]);
  if (size !== undefined) {
    const { resizeRaster } = await import("../files/image/resample.ts");
    raster = resizeRaster(raster, size[1], size[0], "bilinear");
  }
  const most = raster.mode === "I;16" ? 65535 : 255;
  return tensor(Float32Array.from(raster.data, (value) => value / most)).reshape(
    raster.height,
    raster.width,
    channels,
  );
}

/**
 * Pixels of four bytes as numbers from 0 to 1.
 *
 * @example
 * ```ts
 * Array.from(channelsOf([255, 0, 51, 255], 3)); // → [1, 0, 0.2]
 * ```
 */
export function channelsOf(rgba: ArrayLike<number>, channels: 1 | 3 | 4): Float32Array {
  const count = rgba.length / 4;
  const out = new Float32Array(count * channels);
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!];
    // Grey as television has it, and Pillow.
    if (channels === 1) out[i] = (0.299 * r + 0.587 * g + 0.114 * b) / 255;
    else for (let c = 0; c < channels; c++) out[i * channels + c] = rgba[4 * i + c]! / 255;
  }
  return out;
}
