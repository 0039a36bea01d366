/** What the layers share that attend with several heads: how they are called, masks, projections. */
import {
  abs,
  bitwiseAnd,
  iota,
  less,
  multiply,
  ShapeError,
  show,
  showShape,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../../engine/index.ts";
import { type KerasShape, KerasTensor, type ShapeTree } from "../../backend/keras_tensor.ts";
import type { AnyMasks, Masks } from "../../backend/masking.ts";
import type { KerasArguments } from "../../backend/operation.ts";
import type * as constraints from "../../constraints/index.ts";
import * as initializers from "../../initializers/index.ts";
import { causalMask, dotProductAttention } from "../../ops/nn_attention.ts";
import * as regularizers from "../../regularizers/index.ts";
import { type Config, fromConfig, toConfig } from "../../saving/config.ts";
import { Softmax } from "../activations/softmax.ts";
import type { CallArguments, CallOptions, LayerInputs, SymbolicInputs, SymbolicOf } from "../call_inputs.ts";
import { EinsumDense, type EinsumDenseOptions } from "../core/einsum_dense.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Dropout } from "../regularization/dropout.ts";
import {
  type BiasOptions,
  type KernelOptions,
  readWeightOptions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";

/** Options of layers that attend with several heads. */
export interface BaseMultiHeadAttentionOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** The rate of dropout of the scores. Default 0. */
  readonly dropout?: number;
  /** Whether the projections have biases. Default true. */
  readonly useBias?: boolean;
  /** Whether a gate, a sigmoid of a projection of the query, is multiplied with what the heads give. Default false. */
  readonly useGate?: boolean;
  /** How far from its own place a target may look: to places less than this away. Default: any. */
  readonly slidingWindow?: number | null;
  /** Accepted for Keras's sake: there is one implementation. It rules out dropout and returned scores. Default false. */
  readonly flashAttention?: boolean | null;
  /** The seed of dropout. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

const optionNames: readonly (keyof BaseMultiHeadAttentionOptions)[] = [
  ...(["dropout", "useBias", "useGate", "slidingWindow", "flashAttention", "seed"] as const),
  ...weightOptionNames("kernel", "bias"),
];

/** Options of a call of such a layer. */
export interface AttentionCallOptions extends CallOptions {
  /** The keys. Default: the values. */
  readonly key?: LayerInputs | KerasTensor | null;
  /** Which steps of the query, the value, the key count. Default: the masks that are attached to them. */
  readonly queryMask?: TensorLike | KerasTensor | null;
  /** Which values count, `(batch, values)`. Default: all. */
  readonly valueMask?: TensorLike | KerasTensor | null;
  /** Which keys count, `(batch, values)`. Default: all. */
  readonly keyMask?: TensorLike | KerasTensor | null;
  /** Which sources each target may look at: booleans `(batch, targets, sources)`. */
  readonly attentionMask?: TensorLike | KerasTensor | null;
  /** Whether the scores are given, too: `[output, scores]`. Default false. */
  readonly returnAttentionScores?: boolean;
  /** Whether targets may not look at what comes after them. Default false. */
  readonly useCausalMask?: boolean;
}

/** How such a layer is called: on a query and a value. */
export interface AttentionCall {
  (
    query: LayerInputs,
    value: LayerInputs,
    options: AttentionCallOptions & { readonly returnAttentionScores: true },
  ): [Tensor, Tensor];
  (query: LayerInputs, value: LayerInputs, options?: AttentionCallOptions): Tensor;
  (
    query: KerasTensor,
    value: KerasTensor,
    options: AttentionCallOptions & { readonly returnAttentionScores: true },
  ): [KerasTensor, KerasTensor];
  (query: KerasTensor, value: KerasTensor, options?: AttentionCallOptions): KerasTensor;
}

/** What the layer gives: the output, or the output and the scores. */
export type AttentionOutput = Tensor | [Tensor, Tensor];

/** The query, the value and the key, where it is another one. */
type Three<T> = readonly [T, T, T?];

/** Attention with several heads between projections of query, key and value. */
export abstract class BaseMultiHeadAttention extends Layer<AttentionOutput> {
  readonly dropout: number;
  readonly useBias: boolean;
  readonly useGate: boolean;
  readonly slidingWindow: number | null;
  readonly flashAttention: boolean;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  readonly biasConstraint: constraints.Constraint | null;
  /** The activity regularizer of the projections. */
  protected readonly projectionRegularizer: regularizers.Regularizer | null;
  readonly seed: number | null;
  /** The projections; there once the layer is built. */
  queryDense: EinsumDense | undefined;
  keyDense: EinsumDense | undefined;
  gateDense: EinsumDense | undefined;
  valueDense: EinsumDense | undefined;
  outputDense: EinsumDense | undefined;
  protected softmax: Softmax | undefined;
  protected dropoutLayer: Dropout | undefined;

  /**
   * @param where the class
   * @param own the names of the options that only this class has
   */
  constructor(where: string, options: BaseMultiHeadAttentionOptions, own: readonly string[]) {
    super(baseOptions(where, options, [...own, ...optionNames]));
    this.dropout = options.dropout ?? 0;
    this.useBias = options.useBias ?? true;
    this.useGate = options.useGate ?? false;
    this.slidingWindow = options.slidingWindow ?? null;
    if (this.slidingWindow !== null) checkPositive(this.slidingWindow, where, "slidingWindow");
    this.flashAttention = options.flashAttention ?? false;
    if (this.flashAttention && this.dropout > 0) {
      throw new ValueError(`${where}: flashAttention does not go together with dropout. Set dropout to 0.`);
    }
    [this.kernelInitializer, this.kernelRegularizer, this.kernelConstraint] = readWeightOptions(
      options,
      "kernel",
      "glorot_uniform",
    );
    [this.biasInitializer, this.biasRegularizer, this.biasConstraint] = readWeightOptions(
      options,
      "bias",
      "zeros",
    );
    this.projectionRegularizer = this.activityRegularizer;
    this.seed = options.seed ?? null;
    this.supportsMasking = true;
  }

  /**
   * Calls the layer; `layer(query, value, options)` is the same.
   *
   * @param query the targets
   * @param value the sources; or all of `[query, value, key]` as the first argument alone
   * @param options `key`, masks, `useCausalMask`, `returnAttentionScores`, `training`
   */
  override apply(inputs: LayerInputs, options?: CallOptions): AttentionOutput;
  override apply(inputs: SymbolicInputs, options?: CallOptions): SymbolicOf<AttentionOutput>;
  override apply(query: LayerInputs, value: LayerInputs, options?: AttentionCallOptions): AttentionOutput;
  override apply(
    query: KerasTensor,
    value: KerasTensor,
    options?: AttentionCallOptions,
  ): SymbolicOf<AttentionOutput>;
  override apply(
    first: LayerInputs | SymbolicInputs,
    second?: unknown,
    third?: CallOptions,
  ): AttentionOutput | SymbolicOf<AttentionOutput> {
    const together = isOptions(second);
    const { key = null, ...options } = ((together ? second : third) ?? {}) as AttentionCallOptions;
    const given = together ? (Array.isArray(first) ? (first as unknown[]) : [first]) : [first, second];
    const inputs = key === null ? given : [...given.slice(0, 2), key];
    if (inputs.length < 2 || inputs.length > 3) {
      throw new ValueError(
        `Layer "${this.name}" is called on a query and a value: layer(query, value, { key }). Received: ${show(first)}`,
      );
    }
    return super.apply(inputs as LayerInputs, options);
  }

  protected override callOptionNames(): readonly string[] {
    return [
      ...["queryMask", "valueMask", "keyMask", "attentionMask"],
      ...["returnAttentionScores", "useCausalMask"],
    ];
  }

  override call(inputs: readonly Tensor[], { training, mask, ...options }: CallArguments): AttentionOutput {
    const [query, value, given] = inputs as Three<Tensor>;
    const key = given ?? value;
    const { returnAttentionScores = false, useCausalMask = false } = options as AttentionCallOptions;
    const seen = this.#attentionMask(query, value, maskList(mask), options);
    const heads = {
      query: this.queryDense!(query),
      key: this.keyDense!(key),
      value: this.valueDense!(value),
    };
    let output: Tensor;
    let scores: Tensor | undefined;
    if (this.dropout > 0 || returnAttentionScores || heads.query.ndim !== 4) {
      if (this.flashAttention) {
        throw new ValueError(`Layer "${this.name}": flashAttention does not give the scores.`);
      }
      const causal = useCausalMask ? causalMask(heads.query.shape[1]!, heads.value.shape[1]!) : undefined;
      const scaled = { ...heads, query: multiply(heads.query, this.scale) };
      [output, scores] = this.attend(scaled, both(seen, causal), training);
    } else {
      output = dotProductAttention(heads.query, heads.key, heads.value, {
        mask: seen === undefined ? null : widen(seen, 4, 1),
        scale: this.scale,
        isCausal: useCausalMask,
      });
    }
    if (this.gateDense !== undefined) output = multiply(output, this.gateDense(query));
    const projected = this.outputDense!(output);
    return returnAttentionScores ? [projected, scores!] : projected;
  }

  /** Whether a `queryMask` that calls are given counts, not only the one that is attached to the query. */
  protected get takesQueryMask(): boolean {
    return true;
  }

  /** The factor of the scores. */
  protected abstract get scale(): number;

  /** What the heads give, and the scores, where the scores are needed; the query is scaled already. */
  protected abstract attend(
    heads: Readonly<Record<"query" | "key" | "value", Tensor>>,
    mask: Tensor | undefined,
    training: boolean,
  ): [Tensor, Tensor];

  /** Which sources each target may look at, by all masks but the causal one. */
  #attentionMask(
    query: Tensor,
    value: Tensor,
    attached: readonly (Tensor | null | undefined)[],
    options: AttentionCallOptions,
  ): Tensor | undefined {
    const given = (mask: TensorLike | KerasTensor | null | undefined): Tensor | undefined =>
      mask === null || mask === undefined ? undefined : toTensor(mask as TensorLike).astype("bool");
    const step = (mask: Tensor | undefined, axis: -1 | -2): Tensor | undefined =>
      mask?.reshape(mask.shape.toSpliced(axis === -1 ? mask.ndim : mask.ndim - 1, 0, 1));
    const masks = [
      step(given((this.takesQueryMask ? options.queryMask : null) ?? attached[0]), -1),
      step(given(options.valueMask ?? attached[1]), -2),
      step(given(options.keyMask ?? attached[2]), -2),
      this.slidingWindow === null ? undefined : near(query.shape[1]!, value.shape[1]!, this.slidingWindow),
      given(options.attentionMask),
    ];
    return masks.reduce(both, undefined);
  }

  /** A projection, with this layer's initializers and so on. */
  protected projection(
    name: string,
    equation: string,
    outputShape: KerasShape,
    biasAxes: string,
    options: EinsumDenseOptions = {},
  ): EinsumDense {
    return new EinsumDense(equation, outputShape, {
      name,
      biasAxes: this.useBias ? biasAxes : null,
      kernelInitializer: another(this.kernelInitializer),
      biasInitializer: another(this.biasInitializer),
      kernelRegularizer: this.kernelRegularizer,
      biasRegularizer: this.biasRegularizer,
      activityRegularizer: this.projectionRegularizer,
      kernelConstraint: this.kernelConstraint,
      biasConstraint: this.biasConstraint,
      dtype: this.dtypePolicy,
      ...options,
    });
  }

  /** The softmax and the dropout of the scores. */
  protected makeScoring(axis: number | readonly number[]): void {
    this.softmax = new Softmax({ axis, dtype: this.dtypePolicy });
    this.dropoutLayer = new Dropout(this.dropout, { dtype: this.dtypePolicy, seed: this.seed });
  }

  /** Scores to shares, with what the mask hides left out, and then dropout. */
  protected shares(
    scores: Tensor,
    mask: Tensor | undefined,
    headsAt: number,
    training: boolean,
  ): [Tensor, Tensor] {
    const shares = this.softmax!(scores, {
      mask: mask === undefined ? null : widen(mask, scores.ndim, headsAt),
    });
    return [shares, this.dropout > 0 ? this.dropoutLayer!(shares, { training }) : shares];
  }

  /** The mask of the output is that of the query. */
  override computeMask(_inputs: unknown, previous?: AnyMasks): AnyMasks | null {
    return maskList(previous as Masks | undefined)[0] ?? null;
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions = {}): unknown {
    const shapes = (inputs as Three<KerasTensor>).map((x) => x!.shape) as unknown as Three<KerasShape>;
    const output = new KerasTensor(this.computeOutputShape(shapes as ShapeTree) as KerasShape, {
      dtype: this.computeDtype,
    });
    if (options.returnAttentionScores !== true) return output;
    return [output, new KerasTensor(this.scoresShape(shapes), { dtype: this.computeDtype })];
  }

  protected abstract scoresShape(shapes: Three<KerasShape>): KerasShape;

  override kerasArguments([inputs, options]: readonly unknown[]): KerasArguments {
    const [query, value, key] = inputs as readonly unknown[];
    const named = toConfig(options as object);
    return { args: [query, value], kwargs: key === undefined ? named : { key, ...named } };
  }

  override argumentsFromKeras({ args, kwargs }: KerasArguments): readonly unknown[] {
    const { query, value, ...options } = fromConfig(kwargs);
    const [first = query, second = value, key] = args;
    return [first, second, key === undefined ? options : { key, ...options }];
  }

  override getBuildConfig(): Config | null {
    if (this.buildShape === undefined) return null;
    const names = ["query_shape", "value_shape", "key_shape"];
    const shapes = this.buildShape as readonly KerasShape[];
    return { shapes_dict: Object.fromEntries(shapes.map((shape, i) => [names[i]!, shape])) };
  }

  override buildFromConfig(config: Config): void {
    const shapes = config.shapes_dict as Readonly<Record<string, KerasShape>> | undefined;
    if (shapes === undefined) return;
    const { query_shape: query, value_shape: value, key_shape: key } = shapes;
    this.build([query, value, ...(key ? [key] : [])] as ShapeTree);
  }

  /** The part of the config that all these layers have. */
  protected attentionConfig(): Config {
    return {
      dropout: this.dropout,
      use_bias: this.useBias,
      use_gate: this.useGate,
      sliding_window: this.slidingWindow,
      ...weightConfig(this, "kernel", "bias"),
      activity_regularizer: this.projectionRegularizer && regularizers.serialize(this.projectionRegularizer),
      seed: this.seed,
    };
  }
}

/** The shapes of query, value and key. */
export function threeShapes(
  inputShape: ShapeTree,
  where: string,
): { readonly query: KerasShape; readonly value: KerasShape; readonly key: KerasShape } {
  const [query, value, given] = inputShape as readonly (KerasShape | undefined)[];
  if (!Array.isArray(query) || !Array.isArray(value)) {
    throw new ShapeError(`${where}: expected the shapes of query and value. Received: ${show(inputShape)}`);
  }
  const key = given ?? value;
  if (show(value.slice(1, -1)) !== show(key.slice(1, -1))) {
    throw new ShapeError(
      `${where}: value and key may differ in the last axis only. Received: value ${showShape(value)}, key ${showShape(key)}`,
    );
  }
  return { query, value, key };
}

/** Checks a number of heads or the like. */
export function checkPositive(value: number, where: string, name: string): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new ValueError(
    `${where}: expected ${name} to be a positive whole number. Received: ${name}=${show(value)}`,
  );
}

/** Whether a second argument is the options, and no input. */
function isOptions(x: unknown): boolean {
  if (x === undefined || x === null) return true;
  return typeof x === "object" && Object.getPrototypeOf(x) === Object.prototype;
}

function maskList(masks: Masks | undefined): readonly (Tensor | null)[] {
  return Array.isArray(masks) ? (masks as (Tensor | null)[]) : masks ? [masks as Tensor] : [];
}

function both(a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return bitwiseAnd(a, b);
}

/** Where targets and sources are less than a width apart: shape (1, targets, sources). */
function near(targets: number, sources: number, width: number): Tensor {
  const shape = [1, targets, sources];
  return less(abs(subtract(iota(shape, 1), iota(shape, 2))), width);
}

/** A mask (batch, targets, sources) with the axis of heads put in, and what else is missing. */
function widen(mask: Tensor, rank: number, headsAt: number): Tensor {
  if (mask.ndim >= rank) return mask;
  const at = Math.max(0, headsAt - (rank - mask.ndim - 1));
  return mask.reshape(mask.shape.toSpliced(at, 0, ...Array.from({ length: rank - mask.ndim }, () => 1)));
}

/** Initializers are stateless: a clone draws other numbers, as each projection should. */
function another(initializer: initializers.InitializerFunction): initializers.InitializerFunction {
  return initializer instanceof initializers.Initializer ? initializer.clone() : initializer;
}
