/** The rectifier with a slope that is learned. */
import { add, composite, multiply, negate, normalizeAxis, type Tensor } from "../../../engine/index.ts";
import { relu } from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { readWeightOptions, weightActions, weightConfig, weightOptionNames } from "../weight_options.ts";

/** Options of {@link PReLU}. */
export interface PReLUOptions extends LayerOptions {
  /** What the slopes begin with. Default `"zeros"`. */
  readonly alphaInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the slopes. Default none. */
  readonly alphaRegularizer?: regularizers.RegularizerLike | null;
  /** What the slopes are made to fulfil after each update. Default none. */
  readonly alphaConstraint?: constraints.ConstraintLike | null;
  /** Axes along which all elements have the same slope, counted with the axis of samples. Default none. */
  readonly sharedAxes?: number | readonly number[] | null;
}

/**
 * The parametric rectifier: `x` where it is positive, else `alpha · x`, with an `alpha` that is learned (He et al., 2015).
 *
 * Input: any shape. Output: the same. Weight: `alpha`, of the input's shape without the axis of samples, and of length 1
 * along shared axes.
 *
 * @example
 * ```ts
 * new PReLU({ alphaInitializer: "ones" })([[-1, 2]]).arraySync(); // → [[-1, 2]]
 * ```
 */
export class PReLU extends Layer {
  static readonly className: string = "PReLU";
  readonly alphaInitializer: initializers.InitializerFunction;
  readonly alphaRegularizer: regularizers.Regularizer | null;
  readonly alphaConstraint: constraints.Constraint | null;
  readonly sharedAxes: readonly number[] | null;
  /** There once the layer is built. */
  alpha: Variable | undefined;

  /** @param options `alphaInitializer`, `alphaRegularizer`, `alphaConstraint`, `sharedAxes`, and those of every layer */
  constructor(options: PReLUOptions = {}) {
    super(baseOptions("PReLU", options, [...weightOptionNames("alpha"), "sharedAxes"]));
    [this.alphaInitializer, this.alphaRegularizer, this.alphaConstraint] = readWeightOptions(
      options,
      "alpha",
      "zeros",
    );
    const { sharedAxes = null } = options;
    this.sharedAxes = typeof sharedAxes === "number" ? [sharedAxes] : sharedAxes;
    this.supportsMasking = true;
  }

  override build(inputShape: KerasShape): void {
    const shared = new Set(
      this.sharedAxes?.map((axis) =>
        normalizeAxis(axis, inputShape.length, `Layer "${this.name}": sharedAxes`),
      ),
    );
    this.alpha = this.addWeight({
      name: "alpha",
      shape: inputShape.map((n, axis) => (shared.has(axis) ? 1 : n)).slice(1),
      ...weightActions(this, "alpha"),
    });
    // With a slope for each element all lengths are fixed by the weight.
    const fixed = inputShape.map((n, axis) => [axis, n] as const).slice(1);
    const axes = Object.fromEntries(fixed.filter(([axis]) => !shared.has(axis)));
    this.inputSpec = new InputSpec({ ndim: inputShape.length, axes });
  }

  override call(x: Tensor): Tensor {
    const alpha = this.alpha!.value;
    const [y] = composite(
      "prelu",
      () => ({ attributes: {}, operands: [x, alpha] }),
      () => [add(relu(x), multiply(negate(alpha), relu(negate(x))))],
    );
    return y!;
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      ...weightConfig(this, "alpha"),
      shared_axes: this.sharedAxes,
    };
  }
}
