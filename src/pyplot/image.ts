/** From the numbers given to `imshow` to pixels. */
import { ShapeError, show, ValueError } from "../engine/tensor/errors.ts";
import { colormap } from "./colormap.ts";
import { finiteRange, type NumberBlock } from "./data.ts";
import type { ImageArtist } from "./model.ts";
import { type ImshowOptions, readChoice, readNumber } from "./options.ts";

/** Colours a matrix through the map of the options. */
function mapped(data: Float64Array, options: ImshowOptions): Uint8ClampedArray {
  const map = colormap("imshow: cmap", options.cmap ?? "viridis");
  const [low, high] = finiteRange(data) ?? [0, 1];
  const from = readNumber("imshow: vmin", options.vmin, low);
  const to = readNumber("imshow: vmax", options.vmax, high);
  const rgba = new Uint8ClampedArray(4 * data.length);
  data.forEach((value, i) => {
    const { r, g, b, a } = map(to === from ? value - value : (value - from) / (to - from));
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

/**
 * A picture from a block of numbers.
 *
 * @throws ShapeError unless the shape is [height, width] or [height, width, 1, 3 or 4], ValueError for bad options
 */
export function imageArtist(block: NumberBlock, options: ImshowOptions): ImageArtist {
  const [height = 0, width = 0, channels = 1] = block.shape;
  const rank = block.shape.length;
  const known = rank === 2 || (rank === 3 && (channels === 1 || channels === 3 || channels === 4));
  if (!known || height === 0 || width === 0) {
    throw new ShapeError(
      "imshow expects shape [height, width], [height, width, 1], [height, width, 3] or [height, width, 4], " +
        `none of them empty. Received shape: [${block.shape.join(", ")}]`,
    );
  }
  const lower = readChoice("imshow: origin", options.origin, "upper", ["upper", "lower"]) === "lower";
  const smooth =
    readChoice("imshow: interpolation", options.interpolation, "nearest", ["nearest", "bilinear"]) ===
    "bilinear";
  const edges = [-0.5, width - 0.5, ...(lower ? [-0.5, height - 0.5] : [height - 0.5, -0.5])];
  const extent: readonly number[] = options.extent ?? edges;
  if (extent.length !== 4 || !extent.every(Number.isFinite)) {
    throw new ValueError(`imshow: extent must be four finite numbers. Received: ${show(options.extent)}`);
  }
  const rgba = channels === 1 ? mapped(block.data, options) : direct(block, channels);
  return {
    kind: "image",
    width,
    height,
    rgba: lower ? flipped(rgba, width) : rgba,
    left: extent[0]!,
    right: extent[1]!,
    bottom: extent[2]!,
    top: extent[3]!,
    smooth,
    label: undefined,
    alpha: readNumber("imshow: alpha", options.alpha, 1, 0, 1),
    zorder: readNumber("imshow: zorder", options.zorder, 0),
  };
}
