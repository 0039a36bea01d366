/** The base of all layers: how they are built and called. */
import {
  checkOptions,
  currentTrace,
  type DType,
  defineDisplay,
  isFloat,
  ShapeError,
  StateError,
  show,
  showShape,
  Tensor,
  type TensorLike,
  type Trace,
  toTensor,
  treeLeaves,
  treeMap,
  UnsupportedError,
  untraced,
  ValueError,
  withOrigin,
} from "../../engine/index.ts";
import { abstractCall, knownShape } from "../backend/abstract_call.ts";
import { autocastDType, autocastScope } from "../backend/autocast_scope.ts";
import { type KerasShape, KerasTensor, mapShapes, type ShapeTree } from "../backend/keras_tensor.ts";
import { type AnyMasks, getKerasMask, type Masks, masksOf, setKerasMask } from "../backend/masking.ts";
import type { KerasArguments } from "../backend/operation.ts";
import { rematerialized } from "../backend/remat.ts";
import { needBuilt, noteLoss, statelessly } from "../backend/stateless_scope.ts";
import { Variable } from "../backend/variable.ts";
import * as dtypePolicies from "../dtype_policies/index.ts";
import * as regularizers from "../regularizers/index.ts";
import { type Config, fromConfig, toConfig } from "../saving/config.ts";
import { classNameOf } from "../saving/registry.ts";
import { learnClass } from "../saving/serialization_lib.ts";
import { warnOnce } from "../utils/warnings.ts";
import { aboutToBuild, buildSafely } from "./build_journal.ts";
import { callContext, inCall } from "./call_context.ts";
import {
  type CallArguments,
  type CallOptions,
  enter,
  type LayerInputs,
  mapInputs,
  type OptionalTensors,
  type SymbolicInputs,
  type SymbolicOf,
  type Tensors,
} from "./call_inputs.ts";
import { assertInputCompatibility, type InputSpec } from "./input_spec.ts";
import { explain } from "./layer_errors.ts";
import { type LayerOptions, optionsFromConfig } from "./layer_options.ts";
import { LayerState } from "./layer_state.ts";
import type { QuantizeOptions } from "./quantize_options.ts";

/** A layer, whatever its calls give. */
export type AnyLayer = Layer<Tensors>;

export interface Layer<Out extends Tensors = Tensor> {
  /** Calls the layer on inputs: `layer(x)` is `layer.apply(x)`. */
  (inputs: LayerInputs, options?: CallOptions): Out;
  (inputs: SymbolicInputs, options?: CallOptions): SymbolicOf<Out>;
}

/**
 * Base class of layers, to extend.
 *
 * A layer is a function with state. Weights that do not depend on the input are made in the constructor, others in
 * `build`, which the first call runs with the shape of the input; `call` computes. Layers and variables that a layer holds
 * in its properties, directly or in arrays and plain objects, belong to it (in private `#` properties they are not seen).
 *
 * @param options `name` (default: automatic, such as `dense_1`), `trainable` (default true), `dtype` (default
 *   `config.dtypePolicy()`), `autocast` (default true: inputs of a float dtype are cast to the layer's), `activityRegularizer`,
 *   `inputShape` (without the axis of samples) or `inputDim` for the first layer of a Sequential
 * @throws ValueError for unknown options
 *
 * @example
 * ```ts
 * import type { Tensor } from "tsuno/engine";
 * import type { KerasShape } from "tsuno/layers";
 *
 * class Scale extends Layer {
 *   factor!: Variable;
 *   override build(inputShape: KerasShape): void {
 *     this.factor = this.addWeight({ shape: [inputShape.at(-1)], initializer: "ones", name: "factor" });
 *   }
 *   override call(x: Tensor): Tensor {
 *     return x.multiply(this.factor);
 *   }
 * }
 * const layer = new Scale();
 * layer([[1, 2, 3]]).arraySync(); // → [[1, 2, 3]]
 * layer.weights[0]?.path; // → "scale/factor"
 * ```
 */
export class Layer<Out extends Tensors = Tensor> extends LayerState {
  /** Where Keras keeps the class; written into configs. */
  static readonly module: string = "keras.layers";
  /** The options that the constructor takes by position, before the options object. */
  static readonly positional: readonly string[] = [];
  /** How Keras calls properties whose names differ from its own; their layers are saved under these. */
  static readonly stateNames: Readonly<Record<string, string>> = {};

  /** What is asked of inputs; checked at each call. */
  inputSpec: InputSpec | readonly (InputSpec | null)[] | null = null;
  /** Whether masks of inputs are passed on through `computeMask`. */
  supportsMasking: boolean;
  activityRegularizer: regularizers.Regularizer | null;
  /** Whether inputs of a float dtype are cast to the compute dtype. */
  autocast: boolean;
  #buildShape: ShapeTree | undefined;
  readonly #losses: { readonly loss: Tensor; readonly trace: Trace | undefined }[] = [];
  readonly #inputShapeOption: KerasShape | undefined;

  constructor(options: LayerOptions = {}) {
    super(options);
    learnClass(this.constructor);
    this.autocast = options.autocast ?? true;
    this.activityRegularizer = regularizers.get(options.activityRegularizer);
    this.supportsMasking = this.computeMask !== Layer.prototype.computeMask;
    const { inputDim, inputShape } = options;
    this.#inputShapeOption = typeof inputDim === "number" ? [inputDim] : (inputShape ?? undefined);
    // Whoever calls `build`, weights get the layer's name into their paths, and the layer knows afterwards that it is built.
    const value = (shape: ShapeTree): void => this.#build(shape);
    Object.defineProperty(this, "build", { value, writable: true, configurable: true });
  }

  static {
    defineDisplay(Layer.prototype, { text: (layer) => layer.toString() });
  }

  override toString(): string {
    return `<${classNameOf(this)} name=${this.name}, built=${this.built}>`;
  }

  // What subclasses define.

  /**
   * Makes the weights that depend on the shape of the input. The first call of the layer runs it.
   *
   * @param inputShape the shape of the input with the axis of samples, `null` where a length is unknown; for several
   *   inputs, shapes in their structure
   */
  build(inputShape: ShapeTree): void {
    // Layers inside are built by running `call` without data.
    if (this.sublayers().some((layer) => !layer.built)) this.traceCall(this.#symbolic(inputShape));
  }

  /**
   * Computes the outputs. Subclasses define it; to use a layer, call the layer itself.
   *
   * @param inputs one tensor, or several in the structure in which they were given; `null` for what was left out
   * @param options `training`, `mask`, and what else the caller gave
   */
  override call(inputs: OptionalTensors, options: CallArguments): Out;
  override call(): Out {
    throw new StateError(`Layer ${classNameOf(this)} does not have a call() method.`);
  }

  /**
   * The shape of the output for a shape of the input, both with the axis of samples. Without a definition in the subclass,
   * `call` is traced to find out.
   */
  computeOutputShape(inputShape: ShapeTree): ShapeTree {
    if (!this.built) this.build(inputShape);
    return shapesOf(this.traceCall(this.#symbolic(inputShape)));
  }

  /** The masks of the outputs; by default that of the input. Keras's own layers take symbolic tensors here, too. */
  computeMask(_inputs: Tensors | SymbolicInputs, previousMask?: AnyMasks): AnyMasks | null | undefined {
    return previousMask;
  }

  /** Whether Keras notes the masks that symbolic calls find at their inputs: of layers whose call takes a mask as such. */
  protected get notesMask(): boolean {
    return false;
  }

  /** Whether a call is training that does not say so, outside of a call that does. */
  protected get defaultTraining(): boolean {
    return false;
  }

  /**
   * Makes the weights narrow. `Dense`, `EinsumDense`, `Embedding`, `ReversibleEmbedding` and `TernaryDense` know how.
   *
   * @param mode `"int8"`, `"int4"`, `"float8"`, `"ternary"`, `"gptq"` or `"awq"`
   * @throws UnsupportedError where the layer does not know how
   */
  quantize(mode?: string | null, _options: QuantizeOptions = {}): unknown {
    throw new UnsupportedError(
      `quantize: layer "${this.name}" of class ${classNameOf(this)} has no weights that can be quantized. Received: mode=${show(mode)}`,
    );
  }

  /** The names of the options that calls take besides `training` and `mask`. */
  protected callOptionNames(): readonly string[] {
    return [];
  }

  /** The options, with Keras's names. */
  override getConfig(): Config {
    return {
      ...super.getConfig(),
      trainable: this.trainable,
      dtype: dtypePolicies.serialize(this.dtypePolicy),
      ...(this.activityRegularizer && {
        activity_regularizer: regularizers.serialize(this.activityRegularizer),
      }),
    };
  }

  /** A layer from what `getConfig` gave. */
  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const [args, options] = optionsFromConfig(config, this.positional);
    return new this(...([...args, options] as never[]));
  }

  // Calling.

  /**
   * Calls the layer; `layer(x)` is the same. The first call builds it.
   *
   * @param inputs a tensor, an array, or several in arrays and plain objects; or symbolic tensors, which give symbolic ones
   * @param options `training`, `mask`, and what else the layer takes
   * @throws ShapeError, DTypeError when the inputs do not suit the layer
   */
  override apply(inputs: LayerInputs, options?: CallOptions): Out;
  override apply(inputs: SymbolicInputs, options?: CallOptions): SymbolicOf<Out>;
  override apply(inputs: LayerInputs | SymbolicInputs, options: CallOptions = {}): Out | SymbolicOf<Out> {
    // Layers of users take whatever options they read; those of Keras are known.
    if (Object.hasOwn(this.constructor, "className")) {
      checkOptions(`Layer "${this.name}"`, options, ["training", "mask", ...this.callOptionNames()]);
    }
    const given = this.convertInputs(inputs);
    if (this.inputSpec !== null) assertInputCompatibility(this.inputSpec, given, this.name);
    const symbolic = treeLeaves([given, options]).some((x) => x instanceof KerasTensor);
    return buildSafely(() =>
      this.inScope(() => {
        if (!this.built) this.#firstCall(given, symbolic);
        const outputs = symbolic
          ? this.#callSymbolic(inputs, given, options)
          : this.#callEager(given as Tensors, options);
        this.built = true;
        return outputs as Out | SymbolicOf<Out>;
      }),
    );
  }

  /** The inputs as tensors, in the dtype that the layer computes with. */
  protected convertInputs(inputs: LayerInputs | SymbolicInputs): unknown {
    const policy = this.autocast ? this.ownPolicy : undefined;
    return mapInputs(inputs, (x) => enter(x, policy));
  }

  /**
   * Calls the layer with values for its variables, which stay as they are: for loops in which the weights are arguments,
   * such as those of `valueAndGrad`.
   *
   * @param trainableVariables one value for each of the layer's `trainableVariables`
   * @param nonTrainableVariables one value for each of its `nonTrainableVariables`: statistics, states of random generators
   * @param options those of a call, and `returnLosses`: whether the losses of the call come, too (default false)
   * @returns the outputs and the new values of `nonTrainableVariables`; with `returnLosses` also the losses of the call
   * @throws StateError before the layer is built; ValueError when there is not one value for each variable
   *
   * @example
   * ```ts
   * const dense = new Dense(1, { kernelInitializer: "ones" });
   * dense.build([null, 2]);
   * const [y] = dense.statelessCall([[[2], [3]], [1]], [], [[1, 1]]);
   * y.arraySync(); // → [[6]]
   * dense([[1, 1]]).arraySync(); // → [[2]]
   * ```
   */
  statelessCall(
    trainableVariables: readonly TensorLike[],
    nonTrainableVariables: readonly TensorLike[],
    inputs: LayerInputs,
    options: CallOptions & { readonly returnLosses: true },
  ): [outputs: Out, nonTrainableVariables: Tensor[], losses: Tensor[]];
  statelessCall(
    trainableVariables: readonly TensorLike[],
    nonTrainableVariables: readonly TensorLike[],
    inputs: LayerInputs,
    options?: CallOptions,
  ): [outputs: Out, nonTrainableVariables: Tensor[]];
  statelessCall(
    trainableVariables: readonly TensorLike[],
    nonTrainableVariables: readonly TensorLike[],
    inputs: LayerInputs,
    { returnLosses = false, ...options }: CallOptions & { readonly returnLosses?: boolean } = {},
  ): [Out, Tensor[]] | [Out, Tensor[], Tensor[]] {
    needBuilt(
      "statelessCall",
      this.name,
      this.built,
      "Call it on data, or build it: layer.build(inputShape)",
    );
    const others = this.nonTrainableVariables;
    const { result, valuesOf } = statelessly(
      "statelessCall",
      [
        { what: "trainableVariables", variables: this.trainableVariables, values: trainableVariables },
        { what: "nonTrainableVariables", variables: others, values: nonTrainableVariables },
      ],
      () => [this.apply(inputs, options), returnLosses ? this.losses : []] as const,
    );
    const [outputs, losses] = result;
    return returnLosses ? [outputs, valuesOf(others), losses] : [outputs, valuesOf(others)];
  }

  #firstCall(inputs: unknown, symbolic: boolean): void {
    aboutToBuild(this);
    const shape = shapesOf(inputs);
    // Layers inside of a layer without a `build` of its own are built by the call itself, when there is data.
    const definesBuild = this.#methods.build !== Layer.prototype.build;
    if (symbolic || definesBuild) this.build(shape);
    else this.#buildShape = shape;
    if (this.inputSpec !== null) assertInputCompatibility(this.inputSpec, inputs, this.name);
  }

  /** The methods as the class defines them. */
  get #methods(): Layer<Out> {
    return Object.getPrototypeOf(this) as Layer<Out>;
  }

  #build(inputShape: ShapeTree): void {
    buildSafely(() => {
      aboutToBuild(this);
      this.inScope(() => {
        explain(this, inputShape, () => untraced(() => this.#methods.build.call(this, inputShape)));
        this.built = true;
        this.#buildShape = inputShape;
      });
    });
  }

  #callEager(inputs: Tensors, options: CallOptions): Tensors {
    const outer = callContext();
    if (outer === undefined) for (const layer of this.flattenLayers()) layer.#losses.length = 0;
    const said = options.training ?? outer?.training ?? (this.defaultTraining || undefined);
    const training = said ?? false;
    const mask = (
      options.mask ? mapInputs(options.mask, (m) => toTensor(m as TensorLike)) : masksOf(inputs)
    ) as Masks | undefined;
    const outputs = explain(this, shapesOf(inputs), () =>
      inCall({ training: said }, () =>
        withOrigin(this.name, () =>
          this.#inComputeDtype(() =>
            rematerialized(this.rematScope, this, true, () =>
              this.#checkOutputs(this.call(inputs, { ...options, training, mask })),
            ),
          ),
        ),
      ),
    );
    this.#regularizeActivity(outputs);
    this.#passMasks(inputs, outputs, mask);
    return outputs;
  }

  /** Runs a function in which the layer's float variables are read in the dtype that it computes with. */
  #inComputeDtype<R>(fn: () => R): R {
    const outer = autocastDType();
    const { computeDtype } = this;
    if (outer === undefined)
      return computeDtype === this.variableDtype ? fn() : autocastScope(computeDtype, fn);
    return autocastScope(this.autocast && isFloat(computeDtype) ? computeDtype : null, fn);
  }

  /** Variables among the outputs stand for their values; anything else but tensors is a mistake. */
  #checkOutputs(outputs: unknown): Tensors {
    return treeMap((x) => {
      if (x instanceof Tensor) return x;
      if (x instanceof Variable) return x.value;
      throw new ValueError(`call() of layer "${this.name}" should return tensors. Received: ${show(x)}`);
    }, outputs) as Tensors;
  }

  /** Gives the outputs their masks; a layer that cannot do that says that it loses those of its inputs. */
  #passMasks(inputs: unknown, outputs: unknown, previous: AnyMasks | undefined): void {
    if (!this.supportsMasking) {
      if (previous === undefined || treeLeaves(previous).every((m) => (m ?? null) === null)) return;
      warnOnce(
        `Layer '${this.name}' (of type ${classNameOf(this)}) was passed an input with a mask attached to it. ` +
          "However, this layer does not support masking and will therefore destroy the mask information. " +
          "Downstream layers will not see the mask.",
      );
      return;
    }
    const leaves = treeLeaves(outputs) as (Tensor | KerasTensor)[];
    if (leaves.every((x) => getKerasMask(x) !== undefined)) return;
    const masks = treeLeaves(this.#masksFor(inputs, previous) ?? null);
    leaves.forEach((x, i) => {
      const mask = masks[i];
      const isMask = mask instanceof Tensor || mask instanceof KerasTensor;
      if (isMask && getKerasMask(x) === undefined) setKerasMask(x, mask);
    });
  }

  #masksFor(inputs: unknown, previous: AnyMasks | undefined): unknown {
    try {
      return this.computeMask(inputs as Tensors, previous);
    } catch (error) {
      if (!treeLeaves(inputs).some((x) => x instanceof KerasTensor)) throw error;
      // A layer of a user may know tensors with values only. Then their mask has no place in the graph.
      const find = (args: unknown): unknown => this.computeMask(...(args as [Tensors, Masks | undefined]));
      return abstractCall(find, [inputs, previous], makeSymbolic);
    }
  }

  #callSymbolic(inputs: unknown, given: unknown, options: CallOptions): unknown {
    const mask = options.mask ?? masksOf(given);
    const outputs = explain(this, shapesOf(given), () => this.computeOutputSpec(given, options));
    this.#passMasks(given, outputs, mask as AnyMasks | undefined);
    this.record([inputs, this.#withMask(given, options)], outputs);
    return outputs;
  }

  /** The options of a symbolic call with the masks that Keras notes there. */
  #withMask(inputs: unknown, options: CallOptions): CallOptions {
    if (!this.notesMask || Object.values(options).some((option) => option !== undefined)) return options;
    // Only of calls that need no conversion, because Keras notes it by accident; models do not convert.
    const converted = !(inputs instanceof KerasTensor && inputs.dtype === this.computeDtype);
    if (converted && this.autocast) return options;
    const masks = treeMap((x) => {
      const mask = x instanceof KerasTensor ? getKerasMask(x) : undefined;
      return mask instanceof KerasTensor && mask.history !== undefined ? mask : null;
    }, inputs);
    return { mask: masks as CallOptions["mask"] };
  }

  /** What the layer gives for symbolic inputs, without noting the call. */
  override computeOutputSpec(inputs: unknown, options: CallOptions = {}): unknown {
    if (this.computeOutputShape === Layer.prototype.computeOutputShape)
      return this.traceCall(inputs, options);
    return this.#symbolic(this.computeOutputShape(shapesOf(inputs)), this.outputDType(inputs));
  }

  /** The dtype of the outputs, where it is not found by tracing. */
  protected outputDType(_inputs: unknown): DType {
    return this.computeDtype;
  }

  /** What `call` gives for symbolic inputs: symbolic tensors, found by tracing it. */
  protected traceCall(inputs: unknown, options: CallOptions = {}): unknown {
    const training = options.training ?? false;
    const call = (x: unknown): Tensors =>
      inCall({ training }, () =>
        this.#inComputeDtype(() =>
          this.#checkOutputs(this.call(x as Tensors, { ...options, training, mask: undefined })),
        ),
      );
    return this.inScope(() => abstractCall(call, inputs, makeSymbolic));
  }

  #symbolic(shapes: ShapeTree, dtype: DType = this.computeDtype): unknown {
    return mapShapes(shapes, (shape) => new KerasTensor(shape, { dtype }));
  }

  // Losses.

  /**
   * Adds scalars to the loss of the model. To be called inside of `call`.
   *
   * @throws ShapeError for what is no scalar
   */
  addLoss(loss: TensorLike | readonly Tensor[]): void {
    const list = Array.isArray(loss) ? (loss as readonly TensorLike[]) : [loss as TensorLike];
    for (const item of list) {
      const scalar = toTensor(item);
      if (scalar.ndim !== 0) {
        throw new ShapeError(
          `addLoss: layer "${this.name}" expected a scalar. Received shape ${showShape(scalar.shape)}`,
        );
      }
      this.#losses.push({ loss: scalar, trace: currentTrace() });
      noteLoss(scalar);
    }
  }

  #regularizeActivity(outputs: Tensors): void {
    if (this.activityRegularizer === null) return;
    for (const output of treeLeaves(outputs) as Tensor[]) {
      // Per sample, so that the strength does not depend on the size of batches.
      this.addLoss(this.activityRegularizer.call(output).divide(output.shape[0] || 1));
    }
  }

  /** The scalars that the last call added to the loss, in this layer and inside of it, and the penalties on weights. */
  get losses(): Tensor[] {
    // What was noted inside of a compiled function has no value outside of it.
    const trace = currentTrace();
    const added = this.flattenLayers().flatMap((layer) => layer.#losses.filter((l) => l.trace === trace));
    const penalties = this.trainableWeights.flatMap((v) =>
      v.regularizer === null ? [] : [toTensor(v.regularizer.call(v))],
    );
    return [...added.map((l) => l.loss), ...penalties];
  }

  // The layers inside, and the graph of symbolic calls.

  protected override sublayers(): readonly AnyLayer[] {
    return super.sublayers().filter((layer) => layer instanceof Layer);
  }

  /**
   * The layers inside, each before those inside of it.
   *
   * @param options `includeSelf`: whether the layer itself is one of them (default true); `recursive` (default true): not
   *   only the layers held directly
   */
  flattenLayers(options: { readonly includeSelf?: boolean; readonly recursive?: boolean } = {}): AnyLayer[] {
    const { includeSelf = true, recursive = true } = options;
    const inner = recursive ? (this.allLayers() as AnyLayer[]).slice(1) : [...this.sublayers()];
    return includeSelf ? [this, ...inner] : inner;
  }

  /** The symbolic output of the first call on symbolic tensors. */
  override get output(): SymbolicOf<Out> {
    return super.output as SymbolicOf<Out>;
  }

  override kerasArguments([inputs, options]: readonly unknown[]): KerasArguments {
    return { args: [inputs], kwargs: toConfig(options as object) };
  }

  override argumentsFromKeras({ args, kwargs }: KerasArguments): readonly unknown[] {
    const options = fromConfig(kwargs);
    const inputs = args.length > 0 ? args[0] : options.inputs;
    Reflect.deleteProperty(options, "inputs");
    return [inputs, options];
  }

  /** The shape that the layer was built with. */
  get buildShape(): ShapeTree | undefined {
    return this.#buildShape;
  }

  /** The shape of inputs that the options `inputShape` or `inputDim` gave, without the axis of samples. */
  get inputShapeOption(): KerasShape | undefined {
    return this.#inputShapeOption;
  }

  /** What `buildFromConfig` needs to make the weights again. */
  getBuildConfig(): Config | null {
    return this.#buildShape === undefined ? null : { input_shape: this.#buildShape };
  }

  /** Makes the weights from what `getBuildConfig` gave. */
  buildFromConfig(config: Config): void {
    const shape = config.input_shape;
    if (shape !== undefined && shape !== null) this.build(shape as ShapeTree);
  }

  override beforeBuild(): () => void {
    const restore = super.beforeBuild();
    const [buildShape, nodes] = [this.#buildShape, this.inboundNodes.length];
    return () => {
      restore();
      this.#buildShape = buildShape;
      this.forgetCalls(nodes);
    };
  }
}

/** A class of layers. */
export interface LayerClass<T> {
  new (...args: never[]): T;
  readonly positional: readonly string[];
}

function makeSymbolic(shape: KerasShape, dtype: DType): KerasTensor {
  return new KerasTensor(shape, { dtype });
}

/** The shapes of tensors and symbolic tensors, in their structure. */
function shapesOf(inputs: unknown): ShapeTree {
  return treeMap(
    (x) => (x instanceof Tensor || x instanceof KerasTensor ? knownShape(x.shape) : x),
    inputs,
  ) as ShapeTree;
}
