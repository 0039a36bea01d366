/** From the numbers given to `imshow` to pixels. */
import { ShapeError, show, ValueError } from "../engine/tensor/errors.ts";
import { type NumberBlock, readBlock } from "./data.ts";
import { type Mappable, readMap } from "./mappable.ts";
import type { ImageArtist } from "./model.ts";
import { type ImshowOptions, readChoice, readNumber } from "./options.ts";
import type { RcParams } from "./rc.ts";

/** Colours a matrix. */
function mapped(data: Float64Array, { color }: Mappable): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * data.length);
  data.forEach((value, i) => {
    const { r, g, b, a } = color(value);
    rgba.set([r, g, b, 255 * a], 4 * i);
  });
  return rgba;
}

/** Takes the channels as they are: integers are 0..255, others 0..1. */
function direct({ data, integer }: NumberBlock, channels: number): Uint8ClampedArray {
  const unit = integer ? 1 : 255;
  const rgba = new Uint8ClampedArray((4 * data.length) / channels);
  for (let i = 0; i < rgba.length / 4; i++) {
    for (let k = 0; k < 4; k++) rgba[4 * i + k] = k < channels ? unit * data[channels * i + k]! : 255;
  }
  return rgba;
}

function flipped(rgba: Uint8ClampedArray, width: number): Uint8ClampedArray {
  const stride = 4 * width;
  const out = new Uint8ClampedArray(rgba.length);
  for (let at = 0; at < rgba.length; at += stride) {
    out.set(rgba.subarray(at, at + stride), rgba.length - stride - at);
  }
  return out;
}

/** Refuses shapes that are no picture. */
function checkShape(
  where: string,
  { shape }: NumberBlock,
): [height: number, width: number, channels: number] {
  const [height = 0, width = 0, channels = 1] = shape;
  const rank = shape.length;
  const known = rank === 2 || (rank === 3 && (channels === 1 || channels === 3 || channels === 4));
  if (known && height > 0 && width > 0) return [height, width, channels];
  throw new ShapeError(
    `${where} expects shape [height, width], [height, width, 1], [height, width, 3] or [height, width, 4], ` +
      `none of them empty. Received shape: [${shape.join(", ")}]`,
  );
}

/**
 * A picture as `imshow` returns it. `setData` changes what the next figure shows, as animations do.
 *
 * @example
 * ```ts
 * const image = plt.imshow([[0, 1]], { cmap: "gray" });
 * image.setData([[1, 0]]);
 * image.rgba[0]; // → 255
 * ```
 */
export class AxesImage implements ImageArtist {
  readonly kind = "image" as const;
  width: number;
  height: number;
  rgba: Uint8ClampedArray;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  readonly smooth: boolean;
  mappable: Mappable | undefined;
  label: string | undefined = undefined;
  alpha: number;
  zorder: number;
  readonly #lower: boolean;

  /**
   * @throws ShapeError unless the shape is [height, width] or [height, width, 1, 3 or 4], ValueError for bad options
   */
  constructor(where: string, block: NumberBlock, options: ImshowOptions, rc: Readonly<RcParams>) {
    const [height, width, channels] = checkShape(where, block);
    this.#lower = readChoice(`${where}: origin`, options.origin, "upper", ["upper", "lower"]) === "lower";
    const interpolation = readChoice(`${where}: interpolation`, options.interpolation, "nearest", [
      "nearest",
      "bilinear",
    ]);
    this.smooth = interpolation === "bilinear";
    const edges = [-0.5, width - 0.5, ...(this.#lower ? [-0.5, height - 0.5] : [height - 0.5, -0.5])];
    const extent: readonly number[] = options.extent ?? edges;
    if (extent.length !== 4 || !extent.every(Number.isFinite)) {
      throw new ValueError(`${where}: extent must be four finite numbers. Received: ${show(options.extent)}`);
    }
    [this.left, this.right, this.bottom, this.top] = extent as [number, number, number, number];
    this.alpha = readNumber(`${where}: alpha`, options.alpha, 1, 0, 1);
    this.zorder = readNumber(`${where}: zorder`, options.zorder, 0);
    this.mappable = channels === 1 ? readMap(where, block.data, options, rc, this.alpha) : undefined;
    [this.height, this.width] = [height, width];
    this.rgba = this.#pixels(block, width, channels);
  }

  #pixels(block: NumberBlock, width: number, channels: number): Uint8ClampedArray {
    const rgba =
      channels === 1 && this.mappable !== undefined
        ? mapped(block.data, this.mappable)
        : direct(block, channels);
    return this.#lower ? flipped(rgba, width) : rgba;
  }

  /**
   * Shows other numbers at the same place, through the same colours.
   *
   * @throws ShapeError for what is no picture; then nothing has changed
   */
  setData(data: unknown): void {
    const block = readBlock("setData", data);
    const [height, width, channels] = checkShape("setData", block);
    if ((channels === 1) !== (this.mappable !== undefined)) {
      throw new ShapeError(
        `setData: a picture of numbers cannot become one of colours, nor the reverse. Received shape: [${block.shape.join(", ")}]`,
      );
    }
    this.rgba = this.#pixels(block, width, channels);
    [this.height, this.width] = [height, width];
  }
}
