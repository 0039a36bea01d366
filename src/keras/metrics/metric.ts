/** The base class of metrics. */
import {
  checkOptions,
  type DType,
  full,
  type Shape,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { statelessly } from "../backend/stateless_scope.ts";
import { Variable } from "../backend/variable.ts";
import { floatx } from "../config/config.ts";
import { type DTypePolicyLike, get as dtypePolicy } from "../dtype_policies/index.ts";
import { get as getInitializer, type InitializerIdentifier } from "../initializers/get.ts";
import { initialValue } from "../initializers/initial_value.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { takeFromBudget } from "../saving/reading_limits.ts";
import { classNameOf } from "../saving/registry.ts";
import { Callable } from "../utils/callable.ts";
import { autoName } from "../utils/naming.ts";

/** Options of every metric. */
export interface MetricOptions {
  /** The name in logs. Default: the class's name in snake_case. */
  readonly name?: string | null;
  /** The dtype of the state and the result. Default `config.floatx()`. */
  readonly dtype?: DTypePolicyLike | null;
}

/** The names of {@link MetricOptions}. */
export const metricOptions: readonly string[] = ["name", "dtype"];

/** What a metric gives: a number or several, or some with names of their own. */
export type MetricResult = Tensor | Record<string, Tensor>;

/** Whether larger or smaller results are better. */
export type Direction = "up" | "down";

/** Options of a variable of a metric. */
export interface MetricVariableOptions {
  /** What the variable begins with. Default `"zeros"`. */
  readonly initializer?: InitializerIdentifier;
  /** The dtype of the variable. Default `config.floatx()`. */
  readonly dtype?: DType | null;
  /** What the variable is called. Default: automatic. */
  readonly name?: string;
}

/** A metric is called as its `updateState`, and gives its result. */
export interface Metric {
  /** Takes a batch into account and gives the value so far. */
  (...args: unknown[]): MetricResult;
}

/**
 * Base of all metrics: numbers that say how well a model does, gathered batch by batch. A subclass makes its state with
 * `addVariable`, changes it in `updateState` and says in `result` what it means; both become part of compiled training
 * and so compute with tensors alone.
 *
 * @example
 * ```ts
 * class Largest extends Metric {
 *   readonly largest = this.addVariable([], { name: "largest" });
 *   override updateState(values: TensorLike) {
 *     this.largest.assign(ops.maximum(this.largest, ops.max(values)));
 *   }
 *   override result() {
 *     return this.largest.value;
 *   }
 * }
 * const metric = new Largest();
 * metric.updateState([1, 5]);
 * metric.updateState([3]);
 * metric.result().item(); // → 5
 * ```
 */
export abstract class Metric extends Callable {
  static readonly className: string = "Metric";
  name: string;
  readonly dtype: DType;
  /** Whether larger or smaller results are better, if either is; callbacks with mode `"auto"` want to know. */
  readonly direction: Direction | undefined = undefined;
  readonly #variables: Variable[] = [];

  /** @throws ValueError for an unknown option */
  constructor(options: MetricOptions = {}) {
    super("apply");
    checkOptions(classNameOf(this), options, metricOptions);
    this.name = options.name ?? autoName(classNameOf(this));
    this.dtype = dtypePolicy(options.dtype ?? floatx()).computeDtype;
  }

  /** Changes the state by a batch: for most metrics `updateState(yTrue, yPred, { sampleWeight })`. */
  abstract updateState(...args: unknown[]): void;

  /** What the state means. */
  abstract result(): MetricResult;

  /** Changes the state by a batch and gives the result. */
  apply(...args: unknown[]): MetricResult {
    this.updateState(...args);
    return this.result();
  }

  /** Forgets all batches. */
  resetState(): void {
    for (const v of this.variables) v.assign(full(v.shape, 0, v.dtype));
  }

  /**
   * As `updateState`, but with values for the variables, which stay as they are.
   *
   * @param metricVariables one value for each of `variables`
   * @param args those of `updateState`
   * @returns the new values
   * @throws ValueError when there is not one value for each variable
   *
   * @example
   * ```ts
   * const mean = new Mean();
   * const state = mean.statelessUpdateState(mean.statelessResetState(), [2, 4]);
   * mean.statelessResult(state).item(); // → 3
   * mean.result().item(); // → 0
   * ```
   */
  statelessUpdateState(
    metricVariables: readonly TensorLike[],
    ...args: Parameters<this["updateState"]>
  ): Tensor[] {
    return this.#statelessly("statelessUpdateState", metricVariables, () => this.updateState(...args)).state;
  }

  /** As `result`, but of values for the variables. */
  statelessResult(metricVariables: readonly TensorLike[]): ReturnType<this["result"]> {
    const { result } = this.#statelessly("statelessResult", metricVariables, () => this.result());
    return result as ReturnType<this["result"]>;
  }

  /** The values that the variables have before the first batch. */
  statelessResetState(): Tensor[] {
    const values = this.variables.map((v) => v.value);
    return this.#statelessly("statelessResetState", values, () => this.resetState()).state;
  }

  #statelessly<R>(
    where: string,
    values: readonly TensorLike[],
    fn: () => R,
  ): { readonly result: R; readonly state: Tensor[] } {
    const { variables } = this;
    const { result, valuesOf } = statelessly(where, [{ what: "metricVariables", variables, values }], fn);
    return { result, state: valuesOf(variables) };
  }

  /** Makes a variable of the state. */
  addVariable(shape: Shape, options: MetricVariableOptions = {}): Variable {
    checkOptions("addVariable", options, ["initializer", "dtype", "name"]);
    const { initializer = "zeros", name = "variable" } = options;
    const dtype = options.dtype ?? floatx();
    takeFromBudget(shape, `Metric "${this.name}"`);
    const path = `${this.name.replaceAll("/", ">")}/${name}`;
    const variable = new Variable(initialValue(getInitializer(initializer), shape, dtype), {
      dtype,
      name,
      path,
      trainable: false,
    });
    this.#variables.push(variable);
    return variable;
  }

  /** Makes a variable of the state; a scalar unless a shape is given. */
  addWeight(shape: Shape = [], options: MetricVariableOptions = {}): Variable {
    return this.addVariable(shape, options);
  }

  /** The state: the metric's own variables, then those of metrics that it has as properties. */
  get variables(): readonly Variable[] {
    const inner = Object.values(this).filter((value) => value instanceof Metric);
    return [...this.#variables, ...inner.flatMap((m) => m.variables)];
  }

  /** Whether the variables are there; some metrics make theirs for the first batch, whose shape says how many. */
  get built(): boolean {
    return this.variables.length > 0;
  }

  /** The options, as Keras's JSON has them. */
  getConfig(): Config {
    return { name: this.name, dtype: this.dtype };
  }

  /** A metric from its config. */
  static fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    return new this(fromConfig(config) as never);
  }
}
