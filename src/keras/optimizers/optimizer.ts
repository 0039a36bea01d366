/** The base class of optimizers: what turns gradients into new weights. */
import {
  add,
  type DType,
  divide,
  equal,
  full,
  maximum,
  multiply,
  notEqual,
  remainder,
  type Shape,
  ShapeError,
  StateError,
  sameShape,
  show,
  showShape,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
  truncatedDivide,
  ValueError,
  where,
} from "../../engine/index.ts";
import { needBuilt, statelessly } from "../backend/stateless_scope.ts";
import { Variable } from "../backend/variable.ts";
import { floatx } from "../config/config.ts";
import { get as getInitializer, type InitializerIdentifier } from "../initializers/get.ts";
import { initialValue } from "../initializers/initial_value.ts";
import { type Config, fromConfig, toConfig } from "../saving/config.ts";
import type { ReadStore, WriteStore } from "../saving/own_state.ts";
import { classNameOf, isSerialized } from "../saving/registry.ts";
import { learnClass } from "../saving/serialization_lib.ts";
import { autoName } from "../utils/naming.ts";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "./gradient_clipping.ts";
import { keepUnless } from "./keep_unless.ts";
import {
  checkLearningRate,
  checkOptimizerOptions,
  type LearningRate,
  type OptimizerOptions,
} from "./optimizer_options.ts";
import { LearningRateSchedule } from "./schedules/learning_rate_schedule.ts";
import { deserialize, serialize } from "./schedules/serialization.ts";

/** Options of a variable that an optimizer makes. */
export interface OptimizerVariableOptions {
  /** What the variable begins with. Default `"zeros"`. */
  readonly initializer?: InitializerIdentifier;
  /** The dtype of the variable. Default `config.floatx()`. */
  readonly dtype?: DType;
  /** What the variable is called. Default `"variable"`. */
  readonly name?: string;
}

/**
 * Base of all optimizers. A subclass makes its variables in `build` and says in `updateStep` how one weight changes;
 * clipping, weight decay, moving averages and gathering of gradients are done here.
 *
 * `apply` uses tensors alone, so that it can be part of a compiled function.
 *
 * @example
 * ```ts
 * class SignDescent extends Optimizer {
 *   override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor) {
 *     variable.assignSub(ops.multiply(learningRate, ops.sign(gradient)));
 *   }
 * }
 * const w = new Variable([1, -1], { dtype: "float32" });
 * new SignDescent({ learningRate: 0.5 }).apply([[3, -3]], [w]);
 * w.value.arraySync(); // → [0.5, -0.5]
 * ```
 */
export abstract class Optimizer {
  static readonly className: string = "Optimizer";
  readonly name: string;
  readonly weightDecay: number | null;
  readonly clipnorm: number | null;
  readonly clipvalue: number | null;
  readonly globalClipnorm: number | null;
  readonly useEma: boolean;
  readonly emaMomentum: number;
  readonly emaOverwriteFrequency: number | null;
  readonly gradientAccumulationSteps: number | null;
  lossScaleFactor: number | null;
  /** Whether the variables were made. */
  built = false;
  /** Whether it leaves the work to other optimizers. */
  readonly isWrapper: boolean = false;

  readonly #iterations: Variable;
  readonly #variables: Variable[] = [];
  #learningRate: Variable | LearningRateSchedule | (() => TensorLike);
  #trainable: readonly Variable[] = [];
  #indices: ReadonlyMap<Variable, number> = new Map();
  #averages: Variable[] = [];
  #gathered: Variable[] = [];
  #undecayed: { readonly variables: ReadonlySet<Variable>; readonly names: RegExp | undefined } | undefined;

  /**
   * @param options `learningRate` is required
   * @throws ValueError for options that cannot be used, such as a learning rate that is not finite
   */
  constructor(options: OptimizerOptions) {
    learnClass(this.constructor);
    const where = classNameOf(this);
    const rate = checkLearningRate(where, options.learningRate);
    checkOptimizerOptions(where, options);
    this.name = options.name ?? autoName(where);
    this.weightDecay = options.weightDecay ?? null;
    this.clipnorm = options.clipnorm ?? null;
    this.clipvalue = options.clipvalue ?? null;
    this.globalClipnorm = options.globalClipnorm ?? null;
    this.useEma = options.useEma ?? false;
    this.emaMomentum = options.emaMomentum ?? 0.99;
    this.emaOverwriteFrequency = options.emaOverwriteFrequency ?? null;
    this.lossScaleFactor = options.lossScaleFactor ?? null;
    this.gradientAccumulationSteps = options.gradientAccumulationSteps ?? null;
    this.#iterations = this.addVariable([], { dtype: "int32", name: "iteration" });
    this.#learningRate = typeof rate === "number" ? this.#rateVariable(rate) : rate;
  }

  #rateVariable(rate: number): Variable {
    return this.addVariable([], {
      initializer: (shape, { dtype } = {}) => full(shape, rate, dtype ?? floatx()),
      name: "learning_rate",
    });
  }

  /** Every variable of the optimizer: the step counter, the learning rate if it is a number, then what `build` made. */
  get variables(): readonly Variable[] {
    return [...this.#variables];
  }

  /** How many updates the weights have had: calls of `apply`, less those that only gathered gradients. */
  get iterations(): Tensor {
    const steps = this.gradientAccumulationSteps;
    const count = this.#iterations.value;
    return steps === null ? count : truncatedDivide(count, steps);
  }

  /**
   * The present learning rate. It can be set to a number, a schedule or a function.
   *
   * @throws ValueError when it is set to a number that is not finite; StateError when it is set to a number although the
   *   optimizer has a schedule
   */
  get learningRate(): Tensor {
    const rate = this.#learningRate;
    if (rate instanceof Variable) return rate.value;
    if (rate instanceof LearningRateSchedule) return toTensor(rate(this.#iterations), floatx());
    return toTensor(rate(), floatx());
  }

  set learningRate(rate: LearningRate) {
    const next = checkLearningRate(this.name, rate);
    const before = this.#learningRate;
    if (typeof next === "number") {
      if (before instanceof LearningRateSchedule) {
        throw new StateError(
          `${this.name}: the learning rate follows ${classNameOf(before)} and cannot be set to a number. Received: learningRate=${next}`,
        );
      }
      if (before instanceof Variable) before.assign(next);
      else this.#learningRate = this.#rateVariable(next);
      return;
    }
    if (before instanceof Variable) this.#variables.splice(this.#variables.indexOf(before), 1);
    this.#learningRate = next;
  }

  /** Whether the learning rate is computed (by a schedule or a function), not a number. */
  get hasComputedLearningRate(): boolean {
    return !(this.#learningRate instanceof Variable);
  }

  /**
   * Makes the variables for these weights. Subclasses call `super.build` first.
   *
   * @param variables the weights, in the order in which `apply` gets their gradients
   */
  build(variables: readonly Variable[]): void {
    if (this.built) return;
    this.built = true;
    this.#trainable = [...variables];
    this.#indices = new Map(variables.map((v, i) => [v, i]));
    if (this.useEma) this.#averages = this.addOptimizerVariables(variables, "average");
    if (this.gradientAccumulationSteps !== null) {
      this.#gathered = variables.map((v) => this.addVariableFromReference(v, "gradient_accumulator"));
    }
  }

  /** Notes what building changes: the function that it gives takes it back. */
  beforeBuild(): () => void {
    const [built, count] = [this.built, this.#variables.length];
    return () => {
      this.built = built;
      this.#variables.length = count;
    };
  }

  /** Makes a variable that belongs to the optimizer. */
  addVariable(shape: Shape, options: OptimizerVariableOptions = {}): Variable {
    const { initializer = "zeros", dtype = floatx(), name = "variable" } = options;
    const value = initialValue(getInitializer(initializer), shape, dtype);
    const variable = new Variable(value, { dtype, name, trainable: false, path: `${this.name}/${name}` });
    this.#variables.push(variable);
    return variable;
  }

  /** Makes a variable of the shape and dtype of another. */
  addVariableFromReference(
    reference: Variable,
    name = "var",
    initializer: InitializerIdentifier = "zeros",
  ): Variable {
    const fullName = `${reference.path.replaceAll("/", "_")}_${name}`;
    return this.addVariable(reference.shape, { dtype: reference.dtype, initializer, name: fullName });
  }

  /** Makes one variable for each weight; in the order of the weights. */
  addOptimizerVariables(
    variables: readonly Variable[],
    name: string,
    initializer?: InitializerIdentifier,
  ): Variable[] {
    return variables.map((v) => this.#slot(v, name, initializer));
  }

  /** A variable for a weight; one that its gradient overwrites needs none, and stands for itself. */
  #slot(v: Variable, name: string, initializer?: InitializerIdentifier): Variable {
    return v.overwriteWithGradient ? v : this.addVariableFromReference(v, name, initializer);
  }

  /** Makes several variables for each weight: all of the first weight, then all of the second, …. */
  addOptimizerVariableGroups(
    variables: readonly Variable[],
    names: readonly string[],
    initializers: readonly InitializerIdentifier[] = [],
  ): Variable[][] {
    const rows = variables.map((v) => names.map((name, i) => this.#slot(v, name, initializers[i])));
    return names.map((_, i) => rows.map((row) => row[i]!));
  }

  /**
   * Where a weight stands in the list that the optimizer was built with.
   *
   * @throws ValueError when it was not in that list
   */
  indexOf(variable: Variable): number {
    const index = this.#indices.get(variable);
    if (index === undefined) {
      throw new ValueError(
        `${this.name}: unknown variable ${show(variable.path)}. An optimizer works for the variables that it was built with; make a new one for others.`,
      );
    }
    return index;
  }

  /**
   * Changes one weight.
   *
   * @param gradient of the weight's dtype
   * @param learningRate a scalar of the weight's dtype
   */
  abstract updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void;

  /**
   * Changes weights by their gradients. Inside `jit` it becomes part of the program.
   *
   * @param grads one for each variable, in their order; null for a weight that the loss does not depend on
   * @param variables default: those that the optimizer was built with
   * @throws ValueError when there is not one gradient for each variable, or none at all
   */
  apply(grads: readonly (TensorLike | null)[], variables?: readonly Variable[]): void {
    if (grads.length === 0) return;
    const targets = this.targetsOf(grads, variables);
    const pairs: { readonly gradient: Tensor; readonly variable: Variable }[] = [];
    const overwritten: [Variable, Tensor][] = [];
    const missing: string[] = [];
    targets.forEach((variable, i) => {
      const gradient = grads[i];
      if (gradient === null || gradient === undefined) missing.push(variable.path);
      else if (variable.overwriteWithGradient)
        overwritten.push([variable, toTensor(gradient, variable.dtype)]);
      else pairs.push({ variable, gradient: this.#unscaled(toTensor(gradient, variable.dtype)) });
    });
    if (pairs.length + overwritten.length === 0)
      throw new ValueError(`${this.name}: no gradients provided for any variable.`);
    if (missing.length > 0)
      console.warn(`Gradients do not exist for variables ${missing.join(", ")} when minimizing the loss.`);

    for (const [variable, next] of overwritten) this.#overwrite(variable, next);
    this.#update(
      pairs.map((p) => p.gradient),
      pairs.map((p) => p.variable),
    );
    if (this.useEma) this.#updateAverages();
    for (const { variable } of pairs)
      if (variable.constraint) variable.assign(variable.constraint.call(variable));
    this.countIteration();
  }

  /** Puts what came as a gradient into the variable; of several steps that make one update the largest counts. */
  #overwrite(variable: Variable, next: Tensor): void {
    if (this.gradientAccumulationSteps === null) {
      variable.assign(next);
      return;
    }
    const gathered = this.#gathered[this.indexOf(variable)]!;
    const largest = maximum(next, gathered);
    const isUpdate = this.#isUpdate(this.gradientAccumulationSteps);
    variable.assign(where(isUpdate, largest, variable));
    gathered.assign(where(isUpdate, 0, largest));
  }

  #isUpdate(steps: number): Tensor {
    return equal(remainder(add(this.#iterations, 1), steps), 0);
  }

  /**
   * As `apply`, but with values for all variables, which stay as they are.
   *
   * @param optimizerVariables one value for each of `variables`
   * @param grads one for each weight
   * @param trainableVariables one value for each weight that the optimizer was built with
   * @returns the new values of the weights, and of `variables`
   * @throws StateError before the optimizer is built; ValueError when there is not one value for each variable
   *
   * @example
   * ```ts
   * const w = new keras.Variable([1, 2], { dtype: "float32" });
   * const optimizer = new SGD({ learningRate: 0.5 });
   * optimizer.build([w]);
   * const state = optimizer.variables.map((v) => v.value);
   * const [[changed]] = optimizer.statelessApply(state, [[1, 1]], [w.value]);
   * changed?.arraySync(); // → [0.5, 1.5]
   * w.value.arraySync(); // → [1, 2]
   * ```
   */
  statelessApply(
    optimizerVariables: readonly TensorLike[],
    grads: readonly (TensorLike | null)[],
    trainableVariables: readonly TensorLike[],
  ): [trainableVariables: Tensor[], optimizerVariables: Tensor[]] {
    needBuilt("statelessApply", this.name, this.built, "Build it: optimizer.build(variables)");
    const weights = this.#trainable;
    const { valuesOf } = statelessly(
      "statelessApply",
      [
        { what: "optimizerVariables", variables: this.variables, values: optimizerVariables },
        { what: "trainableVariables", variables: weights, values: trainableVariables },
      ],
      () => this.apply(grads),
    );
    return [valuesOf(weights), valuesOf(this.variables)];
  }

  /** Notes that there was a step. */
  protected countIteration(): void {
    this.#iterations.assignAdd(1);
  }

  /** The variables that gradients are for; the optimizer is built for them. */
  protected targetsOf(
    grads: readonly unknown[],
    variables: readonly Variable[] | undefined,
  ): readonly Variable[] {
    const targets = variables ?? this.#trainable;
    if (variables === undefined && !this.built) {
      throw new ValueError(
        `${this.name}: apply without variables needs an optimizer that was built. Call optimizer.build(variables) first.`,
      );
    }
    if (grads.length !== targets.length) {
      throw new ValueError(
        `${this.name}: expected one gradient for each variable. Received: ${grads.length} gradients, ${targets.length} variables`,
      );
    }
    this.build(targets);
    for (const v of targets) this.indexOf(v);
    return targets;
  }

  /** Changes weights by pairs of gradients and variables. */
  applyGradients(gradsAndVars: readonly (readonly [TensorLike | null, Variable])[]): void {
    this.apply(
      gradsAndVars.map(([gradient]) => gradient),
      gradsAndVars.map(([, variable]) => variable),
    );
  }

  #unscaled(gradient: Tensor): Tensor {
    return this.lossScaleFactor === null ? gradient : divide(gradient, this.lossScaleFactor);
  }

  #update(gradients: readonly Tensor[], variables: readonly Variable[]): void {
    const steps = this.gradientAccumulationSteps;
    if (steps === null) {
      this.#step(gradients, variables);
      return;
    }
    const gathered = variables.map((v) => this.#gathered[this.indexOf(v)]!);
    const sums = gradients.map((g, i) => add(g, gathered[i]!));
    const isUpdate = this.#isUpdate(steps);
    const slots = this.#variables.filter(
      (v) => v !== this.#iterations && !this.#gathered.includes(v) && !this.#averages.includes(v),
    );
    keepUnless(isUpdate, [...variables, ...slots], () =>
      this.#step(
        sums.map((s) => divide(s, steps)),
        variables,
      ),
    );
    this.#gathered.forEach((variable, i) => {
      if (this.#trainable[i]!.overwriteWithGradient) return;
      const next = sums[gathered.indexOf(variable)] ?? variable.value;
      variable.assign(where(isUpdate, 0, next));
    });
  }

  #step(gradients: readonly Tensor[], variables: readonly Variable[]): void {
    const clipped = this.#clip(gradients);
    this.applyWeightDecay(variables);
    this.updateSteps(clipped, variables);
  }

  /** Changes all weights: `updateStep` for each. */
  protected updateSteps(gradients: readonly Tensor[], variables: readonly Variable[]): void {
    const rate = this.learningRate;
    variables.forEach((v, i) => {
      this.updateStep(gradients[i]!, v, toTensor(rate, v.dtype));
    });
  }

  #clip(gradients: readonly Tensor[]): readonly Tensor[] {
    const { clipnorm, globalClipnorm, clipvalue } = this;
    if (clipnorm) return gradients.map((g) => clipByNorm(g, clipnorm));
    if (globalClipnorm) return clipByGlobalNorm(gradients, globalClipnorm);
    if (clipvalue) return gradients.map((g) => clipByValue(g, clipvalue));
    return gradients;
  }

  /**
   * Says which weights do not decay. To be called before the optimizer is built.
   *
   * @param options `varList`: these weights; `varNames`: those whose name has one of these words in it
   * @throws StateError when the optimizer was built already
   */
  excludeFromWeightDecay(
    options: {
      readonly varList?: readonly Variable[] | null;
      readonly varNames?: readonly string[] | null;
    } = {},
  ): void {
    if (this.built)
      throw new StateError(
        `${this.name}: excludeFromWeightDecay can only be called before the optimizer is built.`,
      );
    const names = options.varNames ?? [];
    this.#undecayed = {
      variables: new Set(options.varList ?? []),
      names: names.length > 0 ? new RegExp(names.join("|")) : undefined,
    };
  }

  /** Whether weight decay is applied to a weight. */
  protected usesWeightDecay(variable: Variable): boolean {
    const excluded = this.#undecayed;
    return !(excluded?.variables.has(variable) || excluded?.names?.test(variable.name));
  }

  /** Takes from each weight its share, before the update. */
  protected applyWeightDecay(variables: readonly Variable[]): void {
    if (this.weightDecay === null) return;
    for (const variable of variables)
      if (this.usesWeightDecay(variable)) this.decay(variable, this.weightDecay);
  }

  /** Takes `rate` times the learning rate from a weight. */
  protected decay(variable: Variable, rate: number): void {
    const share = multiply(toTensor(this.learningRate, variable.dtype), rate);
    variable.assign(subtract(variable, multiply(variable, share)));
  }

  #updateAverages(): void {
    const steps = this.iterations;
    const notFirst = notEqual(steps, 0);
    const frequency = this.emaOverwriteFrequency;
    const overwrite = frequency === null ? undefined : equal(remainder(add(steps, 1), frequency), 0);
    this.#trainable.forEach((variable, i) => {
      const average = this.#averages[i]!;
      if (average === variable) return;
      const momentum = multiply(notFirst.astype(variable.dtype), this.emaMomentum);
      const next = add(multiply(momentum, average), multiply(subtract(1, momentum), variable));
      average.assign(next);
      if (overwrite !== undefined) variable.assign(where(overwrite, next, variable));
    });
  }

  /** The weights, each with its moving average, if those are kept. */
  movingAverages(): { readonly variable: Variable; readonly average: Variable }[] {
    if (!this.useEma) return [];
    const all = this.#trainable.map((variable, i) => ({ variable, average: this.#averages[i]! }));
    return all.filter(({ variable, average }) => variable !== average);
  }

  /** Puts the moving averages in place of the weights, if they are kept; `fit` does it at its end. */
  finalizeVariableValues(variables: readonly Variable[]): void {
    if (!this.useEma) return;
    for (const variable of variables) variable.assign(this.#averages[this.indexOf(variable)]!);
  }

  /** The loss, multiplied with `lossScaleFactor`. */
  scaleLoss(loss: TensorLike): Tensor {
    return this.lossScaleFactor === null ? toTensor(loss) : multiply(loss, this.lossScaleFactor);
  }

  /** Puts the values of all variables into a file. */
  saveOwnVariables(store: WriteStore): void {
    for (const [i, v] of this.variables.entries()) store.set(String(i), v);
  }

  /**
   * Takes the values of all variables from a file; if that has more or fewer, as those of models that were never trained
   * do, it says so on the console and leaves the variables as they are.
   *
   * @throws ShapeError when one has another shape; then none is changed
   */
  loadOwnVariables(store: ReadStore): void {
    const { variables } = this;
    const { length } = store.keys;
    if (length !== variables.length) {
      console.warn(
        `Skipping variable loading for optimizer "${this.name}", because it has ${variables.length} variables whereas ` +
          `the saved optimizer has ${length} variables.`,
      );
      return;
    }
    variables.forEach((v, i) => {
      const shape = store.shapeOf(String(i));
      if (sameShape(shape, v.shape)) return;
      throw new ShapeError(
        `Optimizer "${this.name}": the variable "${v.path}" has shape ${showShape(v.shape)}. ` +
          `The file has shape ${showShape(shape)}`,
      );
    });
    variables.forEach((v, i) => {
      store.load(String(i), v);
    });
  }

  /** The options, as Keras's JSON has them. */
  getConfig(): Config {
    const rate = this.#learningRate;
    const { name, weightDecay, clipnorm, globalClipnorm, clipvalue, useEma, emaMomentum } = this;
    const { emaOverwriteFrequency, lossScaleFactor, gradientAccumulationSteps } = this;
    return toConfig({
      name,
      learningRate:
        rate instanceof Variable
          ? rate.value.item()
          : rate instanceof LearningRateSchedule
            ? serialize(rate)
            : rate,
      weightDecay,
      clipnorm,
      globalClipnorm,
      clipvalue,
      useEma,
      emaMomentum,
      emaOverwriteFrequency,
      lossScaleFactor,
      gradientAccumulationSteps,
    });
  }

  /** An optimizer from its config. */
  static fromConfig<T>(this: new (options: never) => T, config: Config): T {
    const { learningRate, ...options } = fromConfig(config);
    const rate = isSerialized(learningRate) ? deserialize(learningRate) : learningRate;
    return new this({ ...options, ...(rate !== undefined && { learningRate: rate }) } as never);
  }
}
