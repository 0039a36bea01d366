/** Parts of images, cut out at random. */
import { dynamicSlice, maximum, type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../../backend/keras_tensor.ts";
import { resize } from "../../../ops/image_resize.ts";
import { perAxis } from "../../../ops/window_arguments.ts";
import { makeDefaultSeed } from "../../../random/default_seed.ts";
import { type Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import {
  type BoundingBoxes,
  convertFormat,
  crop as cropBoxes,
} from "../../../utils/bounding_boxes/converters.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { asBatch, type ImageSizes } from "./image_batch.ts";
import { RandomImageLayer, type RandomImageOptions } from "./random_image_layer.ts";

/** Where the part begins: the row and the column. */
export type CropTransformation = readonly [top: TensorLike, left: TensorLike];

/**
 * While training, cuts a part of the given size out of images, for all of a batch at the same random place. Of images that
 * are not larger in both directions the middle is taken in the right proportions and resized. While not training images
 * stay as they are.
 *
 * Input: an image or a batch; or an object of `images`, `labels`, `boundingBoxes` and `segmentationMasks`. Output: the same
 * with the given height and width.
 *
 * @throws ValueError unless height and width are positive whole numbers
 *
 * @example
 * ```ts
 * new RandomCrop(2, 3)(np.ones([4, 8, 8, 3])).shape; // → [4, 2, 3, 3]
 * ```
 */
export class RandomCrop extends RandomImageLayer<CropTransformation> {
  static readonly className: string = "RandomCrop";
  static override readonly positional: readonly string[] = ["height", "width"];
  readonly height: number;
  readonly width: number;

  /**
   * @param height, width of the part
   * @param options `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(height: number, width: number, options: RandomImageOptions = {}) {
    super("RandomCrop", { ...options, seed: options.seed ?? makeDefaultSeed() }, []);
    [this.height, this.width] = perAxis([height, width], 2, "RandomCrop", "size") as [number, number];
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ height, width }: ImageSizes, seed: Seed): CropTransformation {
    if (height > this.height && width > this.width) {
      const start = (room: number): Tensor => this.drawFrom([0, room + 1], [], seed).astype("int32");
      return [start(height - this.height), start(width - this.width)];
    }
    const cropHeight = Math.max(Math.min(height, Math.trunc((width * this.height) / this.width)), 1);
    const cropWidth = Math.max(Math.min(width, Math.trunc((height * this.width) / this.height)), 1);
    return [Math.trunc((height - cropHeight) / 2), Math.trunc((width - cropWidth) / 2)];
  }

  /** The part of a batch, whatever is in it. */
  #crop(batch: Tensor, [top, left]: CropTransformation, interpolation: "bilinear" | "nearest"): Tensor {
    const row = this.dataFormat === "channels_last" ? 1 : 2;
    // As slices, which end where the image ends.
    const sizes = batch.shape.map((n, axis) => {
      const [start, size] =
        axis === row ? [top, this.height] : axis === row + 1 ? [left, this.width] : [0, n];
      return typeof start === "number" ? Math.min(size, Math.max(n - start, 0)) : Math.min(size, n);
    });
    const starts = batch.shape.map((_, axis) =>
      axis === row ? toTensor(top, "int32") : axis === row + 1 ? toTensor(left, "int32") : 0,
    );
    const part = dynamicSlice(batch, starts, sizes);
    if (sizes[row] === this.height && sizes[row + 1] === this.width) return part;
    const size = [this.height, this.width] as const;
    return resize(part, size, { interpolation, dataFormat: this.dataFormat });
  }

  protected override transform(images: Tensor, transformation: CropTransformation): Tensor {
    return this.#crop(images.astype(this.computeDtype), transformation, "bilinear").astype(this.computeDtype);
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: CropTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { training = true } = options;
    if (!training || transformation === null)
      return super.transformBoundingBoxes(boundingBoxes, transformation, options);
    const format = this.boundingBoxFormat ?? "xyxy";
    const { height, width } = this;
    const given = convertFormat(boundingBoxes, format, "xyxy", { height, width });
    const [top, left] = transformation.map((start) => maximum(toTensor(start, "float32"), 0)) as [
      Tensor,
      Tensor,
    ];
    const boxes = cropBoxes(given.boxes, top, left, height, width);
    const cut = super.transformBoundingBoxes({ ...given, boxes }, transformation);
    return convertFormat(cut, "xyxy", format, { height, width });
  }

  override transformSegmentationMasks(
    masks: TensorLike,
    transformation: CropTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(masks);
    if (!training || transformation === null) return given;
    return asBatch(given, (batch) => this.#crop(batch, transformation, "nearest"));
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    if (!Array.isArray(inputShape)) {
      const shapes = inputShape as { readonly [key: string]: ShapeTree };
      const cropped = ["images", "segmentationMasks"].filter((key) => key in shapes);
      return {
        ...shapes,
        ...Object.fromEntries(cropped.map((key) => [key, this.computeOutputShape(shapes[key]!)])),
      };
    }
    const shape = inputShape as KerasShape;
    const row = shape.length - (this.dataFormat === "channels_last" ? 3 : 2);
    return shape.map((n, i) => (i === row ? this.height : i === row + 1 ? this.width : n));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), height: this.height, width: this.width, seed: this.seed };
  }
}
