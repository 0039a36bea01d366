/** Scales the loss as far as the gradients stay finite, for dtypes with a small range. */
import {
  add,
  all,
  bitwiseAnd,
  checkOptions,
  divide,
  equal,
  isFinite,
  multiply,
  show,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { Constant } from "../initializers/constant.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { isSerialized, serializeObject } from "../saving/registry.ts";
import { deserializeKerasObject } from "../saving/serialization_lib.ts";
import { keepUnless } from "./keep_unless.ts";
import { Optimizer } from "./optimizer.ts";
import type { LearningRate } from "./optimizer_options.ts";

/** Options of {@link LossScaleOptimizer}. */
export interface LossScaleOptimizerOptions {
  /** The first scale. Default 2¹⁵. */
  readonly initialScale?: number;
  /** After how many steps with finite gradients the scale doubles. Default 2000. */
  readonly dynamicGrowthSteps?: number;
  /** What the optimizer is called. Default: the class's name in snake_case. */
  readonly name?: string | null;
}

/**
 * Multiplies the loss with a scale and divides the gradients by it. If a gradient is not finite, the step is left out and the
 * scale is halved; after `dynamicGrowthSteps` steps with finite gradients it doubles.
 *
 * @param innerOptimizer what changes the weights; its own `lossScaleFactor` is not used
 * @param options `initialScale` (default 2¹⁵), `dynamicGrowthSteps` (default 2000), `name`
 *
 * @example
 * ```ts
 * const optimizer = new LossScaleOptimizer(new SGD({ learningRate: 1 }), { initialScale: 8 });
 * const w = new Variable([1], { dtype: "float32" });
 * optimizer.apply([[4]], [w]);
 * w.value.item(); // → 0.5
 * optimizer.apply([[Infinity]], [w]);
 * [w.value.item(), optimizer.scaleLoss(1).item()]; // → [0.5, 4]
 * ```
 */
export class LossScaleOptimizer extends Optimizer {
  static override readonly className: string = "LossScaleOptimizer";
  override readonly isWrapper: boolean = true;
  readonly innerOptimizer: Optimizer;
  readonly initialScale: number;
  readonly dynamicGrowthSteps: number;
  #stepCounter: Variable | undefined;
  #dynamicScale: Variable | undefined;

  /** @throws ValueError when `innerOptimizer` is no optimizer, or an option cannot be used */
  constructor(innerOptimizer: Optimizer, options: LossScaleOptimizerOptions = {}) {
    if (!(innerOptimizer instanceof Optimizer)) {
      throw new ValueError(
        `LossScaleOptimizer: expected innerOptimizer to be an optimizer. Received: ${show(innerOptimizer)}`,
      );
    }
    checkOptions("LossScaleOptimizer", options, ["initialScale", "dynamicGrowthSteps", "name"]);
    const { initialScale = 2 ** 15, dynamicGrowthSteps = 2000 } = options;
    if (!(Number.isFinite(initialScale) && initialScale > 0)) {
      throw new ValueError(
        `LossScaleOptimizer: expected a positive number. Received: initialScale=${show(initialScale)}`,
      );
    }
    if (!(Number.isInteger(dynamicGrowthSteps) && dynamicGrowthSteps >= 1)) {
      throw new ValueError(
        `LossScaleOptimizer: expected a whole number of at least 1. Received: dynamicGrowthSteps=${show(dynamicGrowthSteps)}`,
      );
    }
    super({ learningRate: 0, name: options.name ?? null });
    this.innerOptimizer = innerOptimizer;
    this.initialScale = initialScale;
    this.dynamicGrowthSteps = dynamicGrowthSteps;
    // Gradients would be divided twice.
    innerOptimizer.lossScaleFactor = null;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    this.#stepCounter = this.addVariable([], { dtype: "int32", name: "step_counter" });
    this.#dynamicScale = this.addVariable([], {
      dtype: "float32",
      initializer: new Constant(this.initialScale),
      name: "dynamic_scale",
    });
    this.innerOptimizer.build(variables);
    super.build(variables);
  }

  override beforeBuild(): () => void {
    const restore = [super.beforeBuild(), this.innerOptimizer.beforeBuild()];
    return () => {
      for (const undo of restore) undo();
    };
  }

  override get variables(): readonly Variable[] {
    return [...super.variables, ...(this.innerOptimizer?.variables ?? [])];
  }

  override get iterations(): Tensor {
    return this.innerOptimizer.iterations;
  }

  override get learningRate(): Tensor {
    return this.innerOptimizer.learningRate;
  }

  override set learningRate(rate: LearningRate) {
    this.innerOptimizer.learningRate = rate;
  }

  override get hasComputedLearningRate(): boolean {
    return this.innerOptimizer.hasComputedLearningRate;
  }

  /** The inner optimizer does that. */
  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    this.innerOptimizer.updateStep(gradient, variable, learningRate);
  }

  override apply(grads: readonly (TensorLike | null)[], variables?: readonly Variable[]): void {
    if (grads.length === 0) return;
    const targets = this.targetsOf(grads, variables);
    const given = grads.map((g, i) => (g === null ? null : toTensor(g, targets[i]!.dtype)));
    const finite = given
      .flatMap((g) => (g === null ? [] : [all(isFinite(g))]))
      .reduce((a, b) => bitwiseAnd(a, b), toTensor(true, "bool"));
    const counter = this.#stepCounter!;
    const scale = this.#dynamicScale!;
    const before = scale.value;
    keepUnless(finite, [...targets, ...this.innerOptimizer.variables], () =>
      this.innerOptimizer.apply(
        given.map((g, i) =>
          g === null || targets[i]!.overwriteWithGradient ? g : divide(g, toTensor(before, g.dtype)),
        ),
        targets,
      ),
    );
    const grows = equal(counter, this.dynamicGrowthSteps - 1);
    const next = add(counter, 1);
    counter.assign(where(bitwiseAnd(finite, equal(grows, false)), next, 0).astype("int32"));
    scale.assign(multiply(before, where(finite, where(grows, 2, 1), 0.5).astype("float32")));
  }

  override scaleLoss(loss: TensorLike): Tensor {
    const value = toTensor(loss);
    return multiply(value, toTensor(this.#dynamicScale ?? this.initialScale, value.dtype));
  }

  override finalizeVariableValues(variables: readonly Variable[]): void {
    this.innerOptimizer.finalizeVariableValues(variables);
  }

  override getConfig(): Config {
    return {
      name: this.name,
      inner_optimizer: serializeObject(this.innerOptimizer, "keras.optimizers"),
      initial_scale: this.initialScale,
      dynamic_growth_steps: this.dynamicGrowthSteps,
    };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { inner_optimizer: inner, ...rest } = config;
    const optimizer = isSerialized(inner) ? deserializeKerasObject(inner) : inner;
    return new this(optimizer as never, fromConfig(rest) as never);
  }
}
