/** What layers share that normalize and then scale and shift by weights. */
import { ShapeError, show, showShape, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { readWeightOptions, weightActions, weightConfig, weightOptionNames } from "../weight_options.ts";

/** Options of layers that normalize and then scale and shift. */
export interface BaseNormalizationOptions extends LayerOptions {
  /** Is added to the variance. Default 0.001. */
  readonly epsilon?: number;
  /** Whether `beta` is added. Default true. */
  readonly center?: boolean;
  /** Whether `gamma` is multiplied. Default true. */
  readonly scale?: boolean;
  /** What the offset begins with. Default `"zeros"`. */
  readonly betaInitializer?: initializers.InitializerIdentifier;
  /** What the factor begins with. Default `"ones"`. */
  readonly gammaInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the offset. Default none. */
  readonly betaRegularizer?: regularizers.RegularizerLike | null;
  /** A penalty on the factor. Default none. */
  readonly gammaRegularizer?: regularizers.RegularizerLike | null;
  /** What the offset is made to fulfil after each update. Default none. */
  readonly betaConstraint?: constraints.ConstraintLike | null;
  /** What the factor is made to fulfil after each update. Default none. */
  readonly gammaConstraint?: constraints.ConstraintLike | null;
}

const optionNames: readonly (keyof BaseNormalizationOptions)[] = [
  ...(["epsilon", "center", "scale"] as const),
  ...weightOptionNames("beta", "gamma"),
];

/** A layer that normalizes, multiplies `gamma` and adds `beta`. */
export abstract class BaseNormalization extends Layer {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly betaInitializer: initializers.InitializerFunction;
  readonly gammaInitializer: initializers.InitializerFunction;
  readonly betaRegularizer: regularizers.Regularizer | null;
  readonly gammaRegularizer: regularizers.Regularizer | null;
  readonly betaConstraint: constraints.Constraint | null;
  readonly gammaConstraint: constraints.Constraint | null;
  /** The weights; there once the layer is built. */
  gamma: Variable | undefined;
  /** The offset; there once the layer is built, if it has one. */
  beta: Variable | undefined;

  /**
   * @param where the class
   * @param own the names of the options that only this class has
   */
  constructor(where: string, options: BaseNormalizationOptions, own: readonly string[]) {
    super(baseOptions(where, options, [...own, ...optionNames]));
    this.epsilon = options.epsilon ?? 1e-3;
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    [this.betaInitializer, this.betaRegularizer, this.betaConstraint] = readWeightOptions(
      options,
      "beta",
      "zeros",
    );
    [this.gammaInitializer, this.gammaRegularizer, this.gammaConstraint] = readWeightOptions(
      options,
      "gamma",
      "ones",
    );
    this.supportsMasking = true;
  }

  /** Makes `gamma` and `beta`, as far as they are wanted. */
  protected addGammaAndBeta(shape: KerasShape, scale: boolean, center: boolean): void {
    if (scale) {
      this.gamma = this.addWeight({
        name: "gamma",
        shape,
        ...weightActions(this, "gamma"),
        autocast: false,
      });
    }
    if (center) {
      this.beta = this.addWeight({
        name: "beta",
        shape,
        ...weightActions(this, "beta"),
        autocast: false,
      });
    }
  }

  /** The layer's output in the dtype that it computes with. */
  protected finish(x: Tensor): Tensor {
    return x.dtype === this.computeDtype ? x : x.astype(this.computeDtype);
  }

  /** The part of the config that all these layers have. */
  protected affineConfig(): Config {
    return {
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      ...weightConfig(this, "beta", "gamma"),
    };
  }
}

/** An option that is one axis or several. */
export function checkAxis<A extends number | readonly number[]>(axis: A, where: string): A {
  if ((Array.isArray(axis) ? (axis as readonly number[]) : [axis]).every(Number.isSafeInteger)) return axis;
  throw new ValueError(
    `${where}: expected axis to be a whole number or an array of them. Received: axis=${show(axis)}`,
  );
}

/**
 * Axes counted from the front.
 *
 * @throws ShapeError when the shape does not have one of them
 */
export function axesOf(axis: number | readonly number[], shape: KerasShape, where: string): number[] {
  return (Array.isArray(axis) ? (axis as readonly number[]) : [axis as number]).map((d) => {
    if (d < shape.length && d >= -shape.length) return d < 0 ? d + shape.length : d;
    throw new ShapeError(
      `${where}: axis ${d} is out of bounds for an input of shape ${showShape(shape)}. Received: axis=${show(axis)}`,
    );
  });
}
