/** Several optimizers as one, each for some of the weights. */
import {
  checkOptions,
  StateError,
  show,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { isSerialized, serializeObject } from "../saving/registry.ts";
import { Optimizer } from "./optimizer.ts";
import { OptimizerMap } from "./optimizer_map.ts";
import type { LearningRate } from "./optimizer_options.ts";

/** Options of {@link MultiOptimizer}. */
export interface MultiOptimizerOptions {
  /** What the loss is multiplied with before gradients are computed; it takes the place of that of the optimizers. */
  readonly lossScaleFactor?: number | null;
  /** What the optimizer is called. Default: the class's name in snake_case. */
  readonly name?: string | null;
}

const noRate =
  "the learning rate of a MultiOptimizer may differ from weight to weight. Use that of one of its `optimizers`.";

/**
 * Changes weights by different optimizers.
 *
 * @param optimizerMap an {@link OptimizerMap}, or a function that gives the optimizer of a weight
 * @param options `lossScaleFactor` (default: none), `name`
 *
 * @example
 * ```ts
 * const map = new OptimizerMap(new SGD({ learningRate: 1 }), { "slow/.*": new SGD({ learningRate: 0.25 }) });
 * const optimizer = new MultiOptimizer(map);
 * const a = new Variable([1], { dtype: "float32", path: "slow/w" });
 * const b = new Variable([1], { dtype: "float32", path: "fast/w" });
 * optimizer.apply([[1], [1]], [a, b]);
 * [a.value.item(), b.value.item()]; // → [0.75, 0]
 * ```
 */
export class MultiOptimizer extends Optimizer {
  static override readonly className: string = "MultiOptimizer";
  override readonly isWrapper: boolean = true;
  readonly optimizerMap: OptimizerMap | ((variable: Variable) => Optimizer);
  readonly #optimizers: Optimizer[] = [];
  #optimizerOf: ReadonlyMap<Variable, Optimizer> = new Map();

  /** @throws ValueError when `optimizerMap` is no function */
  constructor(
    optimizerMap: OptimizerMap | ((variable: Variable) => Optimizer),
    options: MultiOptimizerOptions = {},
  ) {
    if (typeof optimizerMap !== "function") {
      throw new ValueError(
        `MultiOptimizer: expected an OptimizerMap or a function. Received: ${show(optimizerMap)}`,
      );
    }
    checkOptions("MultiOptimizer", options, ["lossScaleFactor", "name"]);
    super({ ...options, learningRate: 0 });
    this.optimizerMap = optimizerMap;
    if (optimizerMap instanceof OptimizerMap) {
      for (const optimizer of [...optimizerMap.values(), optimizerMap.defaultOptimizer]) this.#add(optimizer);
    }
  }

  #add(optimizer: Optimizer): void {
    if (this.#optimizers.includes(optimizer)) return;
    optimizer.lossScaleFactor = this.lossScaleFactor;
    this.#optimizers.push(optimizer);
  }

  /** The optimizers that the weights have. */
  get optimizers(): readonly Optimizer[] {
    return [...this.#optimizers];
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    const optimizerOf = new Map<Variable, Optimizer>();
    for (const variable of variables) {
      const optimizer = this.optimizerMap(variable);
      if (!(optimizer instanceof Optimizer) || optimizer.isWrapper) {
        throw new ValueError(
          `MultiOptimizer: expected for variable ${show(variable.path)} an optimizer that is no LossScaleOptimizer and no ` +
            `MultiOptimizer. Received: ${show(optimizer)}`,
        );
      }
      optimizerOf.set(variable, optimizer);
    }
    for (const optimizer of optimizerOf.values()) this.#add(optimizer);
    this.#optimizerOf = optimizerOf;
    for (const [optimizer, own] of this.#shares(variables)) optimizer.build(own);
    super.build(variables);
  }

  override beforeBuild(): () => void {
    const restore = [super.beforeBuild(), ...this.#optimizers.map((o) => o.beforeBuild())];
    return () => {
      for (const undo of restore) undo();
    };
  }

  /** The variables of each optimizer, as far as it has some. */
  #shares(variables: readonly Variable[]): readonly (readonly [Optimizer, Variable[]])[] {
    return this.#optimizers
      .map((o) => [o, variables.filter((v) => this.#optimizerOf.get(v) === o)] as const)
      .filter(([, own]) => own.length > 0);
  }

  override get variables(): readonly Variable[] {
    return [...super.variables, ...this.#optimizers.flatMap((o) => o.variables)];
  }

  /** @throws StateError always: the learning rate may differ from weight to weight */
  override get learningRate(): Tensor {
    throw new StateError(`${this.name}: ${noRate}`);
  }

  override set learningRate(_rate: LearningRate) {
    throw new StateError(`${this.name}: ${noRate}`);
  }

  /** The weight's optimizer does that. */
  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    this.#optimizerOf.get(variable)?.updateStep(gradient, variable, learningRate);
  }

  override apply(grads: readonly (TensorLike | null)[], variables?: readonly Variable[]): void {
    if (grads.length === 0) return;
    const targets = this.targetsOf(grads, variables);
    for (const [optimizer, own] of this.#shares(targets)) {
      optimizer.lossScaleFactor = this.lossScaleFactor;
      optimizer.apply(
        own.map((v) => grads[targets.indexOf(v)]!),
        own,
      );
    }
    this.countIteration();
  }

  override finalizeVariableValues(variables: readonly Variable[]): void {
    for (const [optimizer, own] of this.#shares(variables)) optimizer.finalizeVariableValues(own);
  }

  override getConfig(): Config {
    return {
      optimizer_map:
        this.optimizerMap instanceof OptimizerMap
          ? serializeObject(this.optimizerMap, "keras.optimizers")
          : this.optimizerMap,
      loss_scale_factor: this.lossScaleFactor,
      name: this.name,
    };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { optimizer_map: map, ...rest } = config;
    const optimizerMap = isSerialized(map) ? OptimizerMap.fromConfig(map.config as Config) : map;
    return new this(optimizerMap as never, fromConfig(rest) as never);
  }
}
