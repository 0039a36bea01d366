/** The layers that RandAugment and AugMix choose from, and how one of them is applied that is chosen at run time. */
import { Tensor } from "../../../../engine/index.ts";
import type { DataFormat } from "../../../backend/data_format.ts";
import type { DTypePolicyLike } from "../../../dtype_policies/index.ts";
import { switch as choose } from "../../../ops/control_branches.ts";
import type { SampleInterpolation } from "../../../ops/image_sampling.ts";
import type { Seed } from "../../../random/index.ts";
import type { BoundingBoxFormat } from "../../../utils/bounding_boxes/index.ts";
import { AutoContrast } from "./auto_contrast.ts";
import type { BaseImagePreprocessingLayer } from "./base_image_preprocessing_layer.ts";
import { Equalization } from "./equalization.ts";
import type { Range } from "./factors.ts";
import type { ImageSizes } from "./image_batch.ts";
import { RandomBrightness } from "./random_brightness.ts";
import { RandomColorDegeneration } from "./random_color_degeneration.ts";
import { RandomContrast } from "./random_contrast.ts";
import { RandomImageLayer } from "./random_image_layer.ts";
import { RandomPosterization } from "./random_posterization.ts";
import { RandomRotation } from "./random_rotation.ts";
import { RandomSharpness } from "./random_sharpness.ts";
import { RandomShear } from "./random_shear.ts";
import { RandomTranslation } from "./random_translation.ts";
import { Solarization } from "./solarization.ts";

/** What all of the layers are made with. */
export interface AugmentationSettings {
  readonly factor: Range;
  readonly valueRange: Range;
  readonly interpolation: SampleInterpolation;
  readonly seed: number | null;
  readonly dataFormat: DataFormat;
  readonly boundingBoxFormat: BoundingBoxFormat | null;
  readonly dtype: DTypePolicyLike;
}

/** Layers by their names, in the order in which they are counted. */
export type Augmentations = Readonly<Record<string, BaseImagePreprocessingLayer<unknown>>>;

/** What was drawn for each layer by name; null where there is nothing to draw. */
export type Draws = Readonly<Record<string, unknown>>;

/** Layers that move pixels or turn their values, and, if wanted, those that change colors. */
export function makeAugmentations(settings: AugmentationSettings, withColors: boolean): Augmentations {
  const { factor, valueRange, interpolation, seed, ...all } = settings;
  const moved = { ...all, seed, interpolation };
  const colored = { ...all, seed, valueRange };
  return {
    randomShear: new RandomShear({ xFactor: factor, yFactor: factor, ...moved }),
    randomTranslation: new RandomTranslation(factor, factor, moved),
    randomRotation: new RandomRotation(factor, moved),
    ...(withColors && {
      randomBrightness: new RandomBrightness(factor, colored),
      randomColorDegeneration: new RandomColorDegeneration(factor, colored),
      randomContrast: new RandomContrast(factor, colored),
      randomSharpness: new RandomSharpness(factor, colored),
    }),
    randomPosterization: new RandomPosterization(Math.max(1, Math.trunc(8 * factor[1])), colored),
    solarization: new Solarization({ additionFactor: factor, thresholdFactor: factor, ...colored }),
    autoContrast: new AutoContrast({ ...all, valueRange }),
    equalization: new Equalization({ ...all, valueRange }),
  };
}

/**
 * Draws transformations of all layers, several for each image.
 *
 * @param times how many, in any number of axes, which come before that of images
 */
export function drawAll(
  layers: Augmentations,
  sizes: ImageSizes,
  times: readonly number[],
  seed: Seed,
): Draws {
  const batch = times.reduce((a, b) => a * b, sizes.batch);
  const [, ...rest] = sizes.shape;
  const many: ImageSizes = { ...sizes, batch, shape: [batch, ...rest] };
  const apart = (x: unknown): unknown =>
    x instanceof Tensor ? x.reshape(...times, sizes.batch, ...x.shape.slice(1)) : x;
  const draws = Object.entries(layers).map(([name, layer]) => {
    const drawn = layer instanceof RandomImageLayer ? (layer.draw(many, seed) as object) : null;
    if (drawn === null) return [name, null];
    return [name, Object.fromEntries(Object.entries(drawn).map(([key, x]) => [key, apart(x)]))];
  });
  return Object.fromEntries(draws) as Draws;
}

/** The tensors among what was drawn, and how others in their place are put back. */
export function tensorsOf(draws: Draws): readonly [Tensor[], (tensors: readonly Tensor[]) => Draws] {
  const tensors: Tensor[] = [];
  const visit = (x: unknown, found: (t: Tensor) => unknown): unknown =>
    typeof x === "object" && x !== null && !Array.isArray(x) && !(x instanceof Tensor)
      ? Object.fromEntries(Object.entries(x).map(([key, part]) => [key, visit(part, found)]))
      : x instanceof Tensor
        ? found(x)
        : x;
  visit(draws, (t) => tensors.push(t));
  return [
    tensors,
    (others) => {
      let i = 0;
      return visit(draws, () => others[i++]) as Draws;
    },
  ];
}

/**
 * What the layer with a given number makes of something; for a number after the last layer it stays.
 *
 * @param index an integer scalar, which may be known only at run time
 */
export function applyChosen<X>(
  index: Tensor,
  layers: Augmentations,
  draws: Draws,
  x: X,
  apply: (layer: BaseImagePreprocessingLayer<unknown>, x: X, transformation: unknown) => X,
): X {
  const branches = Object.entries(layers).map(
    ([name, layer]) =>
      (): X =>
        apply(layer, x, draws[name] ?? null),
  );
  return choose(index, [...branches, (): X => x]);
}
