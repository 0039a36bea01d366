/** The base of image layers that draw at random what they do. */
import {
  add,
  less,
  multiply,
  type Shape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../../../engine/index.ts";
import { type Seed, SeedGenerator, uniform } from "../../../random/index.ts";
import {
  BaseImagePreprocessingLayer,
  type ImageLayerOptions,
  type RandomTransformationOptions,
  type TransformOptions,
} from "./base_image_preprocessing_layer.ts";
import type { Range } from "./factors.ts";
import { asBatch, type ImageBatch, type ImageSizes, imagesOf, sizesOf } from "./image_batch.ts";

/** Options of image layers that draw at random. */
export interface RandomImageOptions extends ImageLayerOptions {
  /** Determines the random numbers. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

/** An image layer with a generator of its own. */
export abstract class RandomImageLayer<T> extends BaseImagePreprocessingLayer<T> {
  readonly seed: number | null;
  /** Where random numbers come from. */
  readonly generator: SeedGenerator;

  /** @param own the names of the options that only this class has */
  constructor(where: string, options: RandomImageOptions, own: readonly string[]) {
    super(where, options, [...own, "seed"]);
    this.seed = options.seed ?? null;
    this.generator = new SeedGenerator(this.seed);
  }

  override getRandomTransformation(
    data: TensorLike | ImageBatch,
    options: RandomTransformationOptions = {},
  ): T | null {
    const { training = true, seed } = options;
    if (!training) return null;
    const given = typeof data === "object" && data !== null && "images" in data ? data.images : data;
    const images = imagesOf(toTensor(given), `Layer "${this.name}"`);
    return this.draw(sizesOf(images, this.dataFormat), seed ?? this.generator);
  }

  /** Draws a transformation for a batch of images, one for each. */
  abstract draw(sizes: ImageSizes, seed: Seed): T | null;

  /** A batch of images under a transformation. */
  protected abstract transform(images: Tensor, transformation: T): Tensor;

  /** Whether images are cast to the compute dtype, while not training too. */
  protected get castsImages(): boolean {
    return true;
  }

  override transformImages(
    images: TensorLike,
    transformation: T | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = this.castsImages ? toTensor(images).astype(this.computeDtype) : toTensor(images);
    if (!training || transformation === null) return given;
    return asBatch(given, (batch) => this.transform(batch, transformation));
  }

  /** Which images something happens to: a probability for each is drawn from a range. */
  protected drawChoices(range: Range, batch: number, seed: Seed): Tensor {
    const probability = this.drawFrom(range, [batch], seed);
    return less(this.drawFrom([0, 1], [batch], seed), probability);
  }

  /** Numbers drawn evenly from a range; the ends can be one number. */
  protected drawFrom([lower, upper]: Range, shape: Shape, seed: Seed): Tensor {
    const drawn = uniform(shape, { seed });
    return add(multiply(drawn, upper - lower), lower);
  }
}
