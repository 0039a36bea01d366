/** Histograms of parts of images made even, contrast limited. */
import {
  floor,
  full,
  iota,
  minimum,
  show,
  type Tensor,
  type TensorLike,
  take,
  toTensor,
  ValueError,
  where,
} from "../../../../engine/index.ts";
import { segmentSum } from "../../../ops/math.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import { pad } from "../../../ops/numpy_pad.ts";
import { cumsum } from "../../../ops/numpy_reductions.ts";
import { channelsBack, channelsLast, perAxis } from "../../../ops/window_arguments.ts";
import type { Config } from "../../../saving/config.ts";
import { BaseImagePreprocessingLayer, type ImageLayerOptions } from "./base_image_preprocessing_layer.ts";
import { type Range, valueRange } from "./factors.ts";
import { asBatch } from "./image_batch.ts";
import { bytes, moveRange } from "./value_range.ts";

/** Options of {@link ContrastLimitedAdaptiveHistogramEqualization}. */
export interface ContrastLimitedAdaptiveHistogramEqualizationOptions extends ImageLayerOptions {
  /** The lowest and the highest value of pixels. Default `[0, 255]`. */
  readonly valueRange?: Range;
  /** How much more often than on average a value may be counted; 0 for no limit. Default 4. */
  readonly clipLimit?: number;
  /** Into how many parts height and width are cut. Default `[8, 8]`. */
  readonly tileGridSize?: readonly [rows: number, columns: number];
}

/**
 * Makes the histograms of parts of images even (CLAHE, Pizer et al., 1987): what is counted too often is spread over all
 * values, and between the middles of the parts results are interpolated. It does so while not training, too.
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError unless `valueRange` is a pair of numbers and `tileGridSize` one of positive whole numbers
 *
 * @example
 * ```ts
 * const layer = new ContrastLimitedAdaptiveHistogramEqualization({ tileGridSize: [2, 2] });
 * layer(np.ones([1, 8, 8, 3])).shape; // → [1, 8, 8, 3]
 * ```
 */
export class ContrastLimitedAdaptiveHistogramEqualization extends BaseImagePreprocessingLayer<never> {
  static readonly className: string = "ContrastLimitedAdaptiveHistogramEqualization";
  readonly valueRange: Range;
  readonly clipLimit: number;
  readonly tileGridSize: readonly [number, number];

  /**
   * @param options `valueRange` (default `[0, 255]`), `clipLimit` (default 4), `tileGridSize` (default `[8, 8]`),
   *   `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(options: ContrastLimitedAdaptiveHistogramEqualizationOptions = {}) {
    const where = "ContrastLimitedAdaptiveHistogramEqualization";
    super(where, options, ["valueRange", "clipLimit", "tileGridSize"]);
    this.valueRange = valueRange(options.valueRange ?? bytes, where);
    this.clipLimit = options.clipLimit ?? 4;
    if (typeof this.clipLimit !== "number" || Number.isNaN(this.clipLimit)) {
      throw new ValueError(
        `${where}: expected clipLimit to be a number. Received: clipLimit=${show(this.clipLimit)}`,
      );
    }
    this.tileGridSize = perAxis(options.tileGridSize ?? [8, 8], 2, where, "tileGridSize") as [number, number];
  }

  override transformImages(images: TensorLike): Tensor {
    const given = toTensor(images);
    return asBatch(given, (batch) => {
      const x = moveRange(channelsLast(batch, this.dataFormat).astype("float32"), this.valueRange, bytes);
      const even = moveRange(this.#equalize(x), bytes, this.valueRange);
      return channelsBack(even.astype(given.dtype), this.dataFormat);
    });
  }

  /** A batch with channels last, values from 0 to 255. */
  #equalize(images: Tensor): Tensor {
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const [rows, columns] = this.tileGridSize;
    const [high, wide] = [Math.ceil(height / rows), Math.ceil(width / columns)];
    const widths: [number, number][] = [
      [0, 0],
      [0, high * rows - height],
      [0, wide * columns - width],
      [0, 0],
    ];
    const padded = pad(images, widths, { mode: "symmetric" });
    const pixels = clip(padded.astype("int32"), 0, 255);
    const tables = this.#tables(pixels, high, wide);
    const { shape } = pixels;
    // The tables at both sides of each place, and how near the second is.
    const along = (axis: 1 | 2, size: number, parts: number): readonly [Tensor, Tensor, Tensor] => {
      const place = iota(
        shape.map((n, i) => (i === axis ? n : 1)),
        axis,
        "float32",
      )
        .add(0.5 * size)
        .divide(size);
      const before = floor(place);
      const index = (x: Tensor): Tensor => clip(x.subtract(1), 0, parts - 1).astype("int32");
      return [index(before), index(before.add(1)), place.subtract(before)];
    };
    const [top, bottom, down] = along(1, high, rows);
    const [left, right, across] = along(2, wide, columns);
    const image = iota([batch, 1, 1, 1], 0).multiply(rows);
    const channel = iota([1, 1, 1, channels], 3);
    const flat = tables.flatten();
    const value = (row: Tensor, column: Tensor): Tensor => {
      const table = image.add(row).multiply(columns).add(column).multiply(channels).add(channel);
      return take(flat, table.multiply(256).add(pixels), 0);
    };
    const mix = (a: Tensor, b: Tensor, share: Tensor): Tensor =>
      a.multiply(share.negate().add(1)).add(b.multiply(share));
    const result = mix(
      mix(value(top, left), value(top, right), across),
      mix(value(bottom, left), value(bottom, right), across),
      down,
    );
    return result.at([], [0, height], [0, width]);
  }

  /** What each value becomes: shape (batch, rows, columns, channels, 256). */
  #tables(pixels: Tensor, high: number, wide: number): Tensor {
    const [batch, , , channels] = pixels.shape as [number, number, number, number];
    const [rows, columns] = this.tileGridSize;
    const tiles = [batch, rows, 1, columns, 1, channels];
    const tile = iota([batch, rows, 1, columns, 1, 1], 0)
      .multiply(rows)
      .add(iota([1, rows, 1, 1, 1, 1], 1))
      .multiply(columns)
      .add(iota([1, 1, 1, columns, 1, 1], 3))
      .multiply(channels)
      .add(iota([1, 1, 1, 1, 1, channels], 5));
    const index = tile
      .multiply(256)
      .add(pixels.reshape(batch, rows, high, columns, wide, channels))
      .flatten();
    const count = tiles.reduce((a, b) => a * b, 256);
    const counts = segmentSum(full(index.shape, 1), index, { numSegments: count });
    let histograms = counts.reshape(batch, rows, columns, channels, 256);
    if (this.clipLimit > 0) {
      const clipped = minimum(histograms, (this.clipLimit * high * wide) / 256);
      const excess = histograms.subtract(clipped).sum(-1, { keepdims: true });
      histograms = clipped.add(excess.divide(256));
    }
    const sums = cumsum(histograms, { axis: -1 });
    const least = sums.min(-1, { keepdims: true });
    const room = least.negate().add(high * wide);
    const parts = sums
      .subtract(least)
      .multiply(255)
      .divide(where(room.astype("bool"), room, 1));
    return clip(parts, 0, 255);
  }

  override getConfig(): Config {
    const { clipLimit, tileGridSize } = this;
    return {
      ...super.getConfig(),
      value_range: this.valueRange,
      clip_limit: clipLimit,
      tile_grid_size: tileGridSize,
    };
  }
}
