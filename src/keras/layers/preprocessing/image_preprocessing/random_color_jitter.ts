/** Brightness, contrast, saturation and hue changed at random. */
import type { Tensor } from "../../../../engine/index.ts";
import type { ShapeTree } from "../../../backend/keras_tensor.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import type { Factor } from "./factors.ts";
import type { ImageSizes } from "./image_batch.ts";
import { type BrightnessTransformation, RandomBrightness } from "./random_brightness.ts";
import type { FactorTransformation } from "./random_color_degeneration.ts";
import { type ContrastTransformation, RandomContrast } from "./random_contrast.ts";
import { RandomHue } from "./random_hue.ts";
import { RandomSaturation } from "./random_saturation.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** Options of {@link RandomColorJitter}. */
export interface RandomColorJitterOptions extends ValueRangeOptions {
  /** That of {@link RandomBrightness}. Default null: it stays. */
  readonly brightnessFactor?: Factor | null;
  /** That of {@link RandomContrast}. Default null: it stays. */
  readonly contrastFactor?: Factor | null;
  /** That of {@link RandomSaturation}. Default null: it stays. */
  readonly saturationFactor?: Factor | null;
  /** That of {@link RandomHue}. Default null: it stays. */
  readonly hueFactor?: Factor | null;
}

/** The transformations of the four layers, as far as there are such. */
export interface ColorJitterTransformation {
  readonly brightness?: BrightnessTransformation;
  readonly contrast?: ContrastTransformation;
  readonly saturation?: FactorTransformation;
  readonly hue?: FactorTransformation;
}

/**
 * While training, changes brightness, then contrast, then saturation, then hue of images.
 *
 * Input and output: an image or a batch with three channels; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors that the single layers refuse
 *
 * @example
 * ```ts
 * const layer = new RandomColorJitter({ brightnessFactor: [0.2, 0.2] });
 * layer([[[0, 51, 255]]]).arraySync(); // → [[[51, 102, 255]]]
 * ```
 */
export class RandomColorJitter extends ValueRangeLayer<ColorJitterTransformation> {
  static readonly className: string = "RandomColorJitter";
  readonly brightnessFactor: Factor | null;
  readonly contrastFactor: Factor | null;
  readonly saturationFactor: Factor | null;
  readonly hueFactor: Factor | null;
  readonly randomBrightness: RandomBrightness | null;
  readonly randomContrast: RandomContrast | null;
  readonly randomSaturation: RandomSaturation | null;
  readonly randomHue: RandomHue | null;

  /**
   * @param options `valueRange` (default `[0, 255]`), `brightnessFactor`, `contrastFactor`, `saturationFactor`, `hueFactor`
   *   (default null), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(options: RandomColorJitterOptions = {}) {
    const own = ["brightnessFactor", "contrastFactor", "saturationFactor", "hueFactor"];
    super("RandomColorJitter", options, own);
    const {
      brightnessFactor = null,
      contrastFactor = null,
      saturationFactor = null,
      hueFactor = null,
    } = options;
    this.brightnessFactor = brightnessFactor;
    this.contrastFactor = contrastFactor;
    this.saturationFactor = saturationFactor;
    this.hueFactor = hueFactor;
    const { valueRange, seed, dataFormat } = this;
    const shared = { valueRange, seed, dataFormat, dtype: this.dtypePolicy };
    const made = <L>(factor: Factor | null, make: (factor: Factor) => L): L | null =>
      factor === null ? null : make(factor);
    this.randomBrightness = made(brightnessFactor, (f) => new RandomBrightness(f, shared));
    this.randomContrast = made(contrastFactor, (f) => new RandomContrast(f, shared));
    this.randomSaturation = made(saturationFactor, (f) => new RandomSaturation(f, shared));
    this.randomHue = made(hueFactor, (f) => new RandomHue(f, shared));
  }

  override build(inputShape: ShapeTree): void {
    for (const layer of this.sublayers()) layer.build(inputShape);
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw(sizes: ImageSizes, seed: Seed): ColorJitterTransformation {
    const { randomBrightness, randomContrast, randomSaturation, randomHue } = this;
    return {
      ...(randomBrightness && { brightness: randomBrightness.draw(sizes, seed) }),
      ...(randomContrast && { contrast: randomContrast.draw(sizes, seed) }),
      ...(randomSaturation && { saturation: randomSaturation.draw(sizes, seed) }),
      ...(randomHue && { hue: randomHue.draw(sizes, seed) }),
    };
  }

  protected override transform(given: Tensor, transformation: ColorJitterTransformation): Tensor {
    const { brightness = null, contrast = null, saturation = null, hue = null } = transformation;
    let images = given.astype(this.computeDtype);
    images = this.randomBrightness?.transformImages(images, brightness) ?? images;
    images = this.randomContrast?.transformImages(images, contrast) ?? images;
    images = this.randomSaturation?.transformImages(images, saturation) ?? images;
    images = this.randomHue?.transformImages(images, hue) ?? images;
    return images.astype(this.computeDtype);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      brightness_factor: this.brightnessFactor,
      contrast_factor: this.contrastFactor,
      saturation_factor: this.saturationFactor,
      hue_factor: this.hueFactor,
    };
  }
}
