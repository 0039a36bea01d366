/** Images mixed with several changed versions of themselves. */
import { scan, type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import type { ShapeTree } from "../../../backend/keras_tensor.ts";
import { type SampleInterpolation, sampleInterpolations } from "../../../ops/image_sampling.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import { beta, gamma, randint, type Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { checkChoice, positiveInteger } from "../../../utils/argument_validation.ts";
import {
  type Augmentations,
  applyChosen,
  type Draws,
  drawAll,
  makeAugmentations,
  tensorsOf,
} from "./augmentations.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { asBatch, type ImageSizes } from "./image_batch.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** Options of {@link AugMix}. */
export interface AugMixOptions extends ValueRangeOptions {
  /** How many changed versions there are. Default 3. */
  readonly numChains?: number;
  /** How many changes each has. Default 3. */
  readonly chainDepth?: number;
  /** How strong they are, in [0, 1]: from one number to another, or from 0 to one. Default 0.3. */
  readonly factor?: Factor;
  /** The parameter of the distributions of the weights. Default 1. */
  readonly alpha?: number;
  /** Whether brightness, color degeneration, contrast and sharpness are among the changes. Default true. */
  readonly allOps?: boolean;
  /** `"bilinear"` (default) or `"nearest"`. */
  readonly interpolation?: SampleInterpolation;
}

/** Which changes there are, and how versions are mixed. */
export interface AugMixTransformation {
  /** One for each version; their sum is 1. */
  readonly chainMixingWeights: TensorLike;
  /** How much of the images themselves is left. */
  readonly weightSample: TensorLike;
  /** The numbers of the layers, shape (versions, changes); one more than there are layers changes nothing. */
  readonly layerIdxes: TensorLike;
  /** The transformations of each layer, with axes for versions and changes before that of images. */
  readonly transforms: Draws;
}

/**
 * While training, mixes images with a mix of changed versions of them (Hendrycks et al., 2020), each of which goes through
 * some image layers, the same for all of a batch.
 *
 * Input and output: an image or a batch with three channels; or an object of `images`, `labels` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1] and other options that cannot be
 *
 * @example
 * ```ts
 * new AugMix({ seed: 1, numChains: 2, chainDepth: 1 })(np.ones([2, 8, 8, 3])).shape; // → [2, 8, 8, 3]
 * ```
 */
export class AugMix extends ValueRangeLayer<AugMixTransformation> {
  static readonly className: string = "AugMix";
  readonly numChains: number;
  readonly chainDepth: number;
  readonly factor: Range;
  readonly alpha: number;
  readonly allOps: boolean;
  readonly interpolation: SampleInterpolation;
  readonly augmentations: Augmentations;

  /**
   * @param options `valueRange` (default `[0, 255]`), `numChains`, `chainDepth` (default 3), `factor` (default 0.3), `alpha`
   *   (default 1), `allOps` (default true), `interpolation` (default `"bilinear"`), `seed`, `dataFormat`,
   *   `boundingBoxFormat`, and those of every layer
   */
  constructor(options: AugMixOptions = {}) {
    const own = ["numChains", "chainDepth", "factor", "alpha", "allOps", "interpolation"];
    super("AugMix", options, own);
    this.numChains = positiveInteger(options.numChains ?? 3, "AugMix", "numChains");
    this.chainDepth = positiveInteger(options.chainDepth ?? 3, "AugMix", "chainDepth");
    this.factor = factorRange(options.factor ?? 0.3, [0, 1], "AugMix");
    this.alpha = options.alpha ?? 1;
    this.allOps = options.allOps ?? true;
    const method = options.interpolation ?? "bilinear";
    this.interpolation = checkChoice(method, sampleInterpolations, "AugMix", "interpolation");
    const { factor, valueRange, interpolation, seed, dataFormat, boundingBoxFormat } = this;
    const shared = { factor, valueRange, interpolation, seed, dataFormat, boundingBoxFormat };
    this.augmentations = makeAugmentations({ ...shared, dtype: this.dtypePolicy }, this.allOps);
  }

  override build(inputShape: ShapeTree): void {
    for (const layer of this.sublayers()) layer.build(inputShape);
  }

  override draw(sizes: ImageSizes, seed: Seed): AugMixTransformation {
    const { numChains, chainDepth, alpha, augmentations } = this;
    const shares = gamma([numChains], alpha, { seed });
    return {
      chainMixingWeights: shares.divide(shares.sum()),
      weightSample: beta([], alpha, alpha, { seed }),
      layerIdxes: randint([numChains, chainDepth], 0, Object.keys(augmentations).length + 1, { seed }),
      transforms: drawAll(augmentations, sizes, [numChains, chainDepth], seed),
    };
  }

  /** A mix of images, or masks, with their changed versions. */
  #mix(
    x: Tensor,
    transformation: AugMixTransformation,
    method: "transformImages" | "transformSegmentationMasks",
  ): Tensor {
    const { layerIdxes, transforms } = transformation;
    const order = toTensor(layerIdxes, "int32");
    const [chains, depth] = order.shape as [number, number];
    const dtype = this.computeDtype;
    const weights = toTensor(transformation.chainMixingWeights).astype(dtype);
    const [tensors, putBack] = tensorsOf(transforms);
    const change = (
      [now]: readonly Tensor[],
      [index, ...drawn]: readonly Tensor[],
    ): { carry: Tensor[]; outputs: [] } => ({
      carry: [
        applyChosen(index!, this.augmentations, putBack(drawn), now!, (layer, image, t) =>
          layer[method](image, t).astype(x.dtype),
        ),
      ],
      outputs: [],
    });
    const [mixed] = scan(
      [x.astype(dtype).multiply(0)],
      [order, weights, ...tensors],
      chains,
      ([sum], [indices, weight, ...drawn]) => {
        const [changed] = scan([x], [indices!, ...drawn], depth, change).carry;
        return { carry: [sum!.add(changed!.astype(dtype).multiply(weight!))], outputs: [] };
      },
    ).carry;
    const share = toTensor(transformation.weightSample).astype(dtype);
    return x
      .astype(dtype)
      .multiply(share)
      .add(mixed!.multiply(share.negate().add(1)));
  }

  protected override transform(images: Tensor, transformation: AugMixTransformation): Tensor {
    return clip(this.#mix(images, transformation, "transformImages"), ...this.valueRange);
  }

  override transformSegmentationMasks(
    masks: TensorLike,
    transformation: AugMixTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(masks);
    if (!training || transformation === null) return given;
    return asBatch(given, (batch) => this.#mix(batch, transformation, "transformSegmentationMasks"));
  }

  override getConfig(): Config {
    const { numChains, chainDepth, factor, alpha, allOps, interpolation } = this;
    return {
      ...super.getConfig(),
      num_chains: numChains,
      chain_depth: chainDepth,
      factor,
      alpha,
      all_ops: allOps,
      interpolation,
    };
  }
}
