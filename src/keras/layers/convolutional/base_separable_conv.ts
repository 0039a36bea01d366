/** What separable convolutions of one and two dimensions share. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import * as constraints from "../../constraints/index.ts";
import * as initializers from "../../initializers/index.ts";
import { separableConv } from "../../ops/nn_convolutions.ts";
import type { Padding, PerAxis } from "../../ops/window_arguments.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernel_layer.ts";

/** Options of separable convolutions. */
export interface SeparableConvLayerOptions extends KernelLayerOptions {
  readonly padding?: Padding;
  /** How many filters each channel has in the first, depthwise step. Default 1. */
  readonly depthMultiplier?: number;
  /** Default `"glorot_uniform"`. */
  readonly depthwiseInitializer?: initializers.InitializerIdentifier;
  /** Default `"glorot_uniform"`. */
  readonly pointwiseInitializer?: initializers.InitializerIdentifier;
  readonly depthwiseRegularizer?: regularizers.RegularizerLike | null;
  readonly pointwiseRegularizer?: regularizers.RegularizerLike | null;
  readonly depthwiseConstraint?: constraints.ConstraintLike | null;
  readonly pointwiseConstraint?: constraints.ConstraintLike | null;
}

const optionNames: readonly (keyof SeparableConvLayerOptions)[] = [
  ...(["depthMultiplier", "depthwiseInitializer", "pointwiseInitializer", "depthwiseRegularizer"] as const),
  ...(["pointwiseRegularizer", "depthwiseConstraint", "pointwiseConstraint"] as const),
];

/** A separable convolution of any number of dimensions. */
export abstract class BaseSeparableConv extends KernelLayer {
  static override readonly positional: readonly string[] = ["filters", "kernelSize"];

  readonly filters: number;
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: initializers.InitializerFunction;
  readonly pointwiseInitializer: initializers.InitializerFunction;
  readonly depthwiseRegularizer: regularizers.Regularizer | null;
  readonly pointwiseRegularizer: regularizers.Regularizer | null;
  readonly depthwiseConstraint: constraints.Constraint | null;
  readonly pointwiseConstraint: constraints.Constraint | null;
  /** The weights; there once the layer is built. */
  depthwiseKernel: Variable | undefined;
  pointwiseKernel: Variable | undefined;

  constructor(
    where: string,
    rank: number,
    filters: number,
    kernelSize: PerAxis,
    options: SeparableConvLayerOptions,
  ) {
    super(where, rank, kernelSize, options, optionNames);
    this.filters = positiveInteger(filters, where, "filters");
    this.depthMultiplier = positiveInteger(options.depthMultiplier ?? 1, where, "depthMultiplier");
    this.depthwiseInitializer = initializers.get(options.depthwiseInitializer ?? "glorot_uniform");
    this.pointwiseInitializer = initializers.get(options.pointwiseInitializer ?? "glorot_uniform");
    this.depthwiseRegularizer = regularizers.get(options.depthwiseRegularizer);
    this.pointwiseRegularizer = regularizers.get(options.pointwiseRegularizer);
    this.depthwiseConstraint = constraints.get(options.depthwiseConstraint);
    this.pointwiseConstraint = constraints.get(options.pointwiseConstraint);
  }

  override build(inputShape: KerasShape): void {
    const channels = this.fixChannels(inputShape);
    this.computeOutputShape(inputShape);
    this.depthwiseKernel = this.addWeight({
      name: "depthwise_kernel",
      shape: [...this.kernelSize, channels, this.depthMultiplier],
      initializer: this.depthwiseInitializer,
      regularizer: this.depthwiseRegularizer,
      constraint: this.depthwiseConstraint,
    });
    this.pointwiseKernel = this.addWeight({
      name: "pointwise_kernel",
      shape: [...this.kernelSize.map(() => 1), channels * this.depthMultiplier, this.filters],
      initializer: this.pointwiseInitializer,
      regularizer: this.pointwiseRegularizer,
      constraint: this.pointwiseConstraint,
    });
    this.addBias(this.filters);
  }

  override call(x: Tensor): Tensor {
    const options = { ...this.windows, padding: this.padding as Padding };
    return this.finish(separableConv(x, this.depthwiseKernel!, this.pointwiseKernel!, options));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.outputShape(inputShape, this.filters, (n, axis) => this.windowsAlong(n, axis));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      filters: this.filters,
      depth_multiplier: this.depthMultiplier,
      depthwise_initializer: initializers.serialize(this.depthwiseInitializer as initializers.Initializer),
      pointwise_initializer: initializers.serialize(this.pointwiseInitializer as initializers.Initializer),
      depthwise_regularizer: this.depthwiseRegularizer && regularizers.serialize(this.depthwiseRegularizer),
      pointwise_regularizer: this.pointwiseRegularizer && regularizers.serialize(this.pointwiseRegularizer),
      depthwise_constraint: this.depthwiseConstraint && constraints.serialize(this.depthwiseConstraint),
      pointwise_constraint: this.pointwiseConstraint && constraints.serialize(this.pointwiseConstraint),
    };
  }
}
