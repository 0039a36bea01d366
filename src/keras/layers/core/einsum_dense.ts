/** The dense layer whose product is an Einstein sum. */
import {
  add,
  ShapeError,
  show,
  showShape,
  type Tensor,
  UnsupportedError,
  ValueError,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type { DTypePolicy } from "../../dtype_policies/dtype_policy.ts";
import type * as initializers from "../../initializers/index.ts";
import { VarianceScaling } from "../../initializers/variance_scaling.ts";
import { einsum } from "../../ops/numpy_linear.ts";
import type { CalibrationTarget } from "../../quantizers/calibration_target.ts";
import type { QuantizationConfig, QuantizationMode } from "../../quantizers/quantization_config.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import type { StoredChange } from "../layer_state.ts";
import { Lora, type LoraLayerOptions, type LoraOptions, loraOptionNames } from "../lora.ts";
import type { QuantizeOptions } from "../quantize_options.ts";
import {
  type BiasOptions,
  type KernelOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";
import {
  checkMode,
  prepareQuantization,
  type QuantizationOptions,
  readQuantizationConfig,
  writeQuantizationConfig,
} from "./quantization/quantization.ts";
import {
  biasBeside,
  buildKernel,
  CalibratedKernel,
  checkLora,
  fillKernel,
  type KernelProduct,
  type QuantizedKernel,
} from "./quantization/quantized_kernel.ts";

/** Options of {@link EinsumDense}. */
export interface EinsumDenseOptions
  extends LayerOptions,
    KernelOptions,
    BiasOptions,
    LoraLayerOptions,
    QuantizationOptions {
  /** The function that is applied to the output. Default none, which is `"linear"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** The letters of the output's axes that the bias has. Default none: there is no bias. */
  readonly biasAxes?: string | null;
  /** How many columns a kernel has that GPTQ has quantized; it follows from the shapes and is there for configs of Keras. */
  readonly gptqUnpackedColumnSize?: number | null;
}

const optionNames: readonly (keyof EinsumDenseOptions)[] = [
  ...(["activation", "biasAxes", "gptqUnpackedColumnSize", "quantizationConfig"] as const),
  ...weightOptionNames("kernel", "bias"),
  ...loraOptionNames,
];

const modes: readonly QuantizationMode[] = ["int8", "int4", "float8", "gptq", "awq"];

/** What an equation and shapes say of the layer. */
interface Analysis {
  readonly kernelShape: KerasShape;
  readonly biasShape: KerasShape | null;
  readonly outputShape: KerasShape;
  /** The axes of the kernel that are summed over, and those that the output has. */
  readonly inputAxes: readonly number[];
  readonly outputAxes: readonly number[];
}

/**
 * A dense layer for any product that an Einstein sum can say: `activation(einsum(equation, x, kernel) + bias)`.
 *
 * The equation has one term for the input, one for the kernel, and one for the output, such as `"abc,cd->abd"`; `...` at
 * the beginning, or at the end, of input and output stands for any number of axes.
 *
 * Weights: `kernel`, with an axis for each letter of its term; `bias`, if `biasAxes` is given.
 *
 * Input: as the first part of the equation says. Output: as its last part says, `(batch, …outputShape)`.
 *
 * @throws ValueError for equations of another form; ShapeError where shapes do not fit the equation
 *
 * @example
 * ```ts
 * const layer = new EinsumDense("ab,bc->ac", 2, { kernelInitializer: "ones", biasAxes: "c" });
 * layer([[1, 2, 3]]).arraySync(); // → [[6, 6]]
 * ```
 */
export class EinsumDense extends Layer {
  static readonly className: string = "EinsumDense";
  static override readonly positional: readonly string[] = ["equation", "outputShape"];

  readonly equation: string;
  /** The shape of the output without the axis of samples, as it was given. */
  readonly partialOutputShape: KerasShape;
  readonly activation: activations.Activation;
  readonly biasAxes: string | null;
  /** How many columns a kernel has that GPTQ has quantized. */
  gptqUnpackedColumnSize: number | null;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  readonly biasConstraint: constraints.Constraint | null;
  /** The trainable change of the kernel, if there is one. */
  lora: Lora;
  /** How the kernel is quantized, if something else is said than the dtype policy says. */
  quantizationConfig: QuantizationConfig | null;
  #quantized: QuantizedKernel | undefined;
  #kernelShape: readonly number[] = [];
  /** The weights; there once the layer is built. That of a quantized layer has integers, several to a byte if they are narrow. */
  kernel: Variable | undefined;
  /** The bias; there once the layer is built, if it has one. */
  bias: Variable | undefined;

  /**
   * @param equation such as `"abc,cd->abd"`
   * @param outputShape the lengths of the output's axes but that of samples, and without those that `...` stands for; `null`
   *   where the length is the input's
   * @param options `activation` (default none), `biasAxes` (default none: no bias), `kernelInitializer` (default
   *   `"glorot_uniform"`), `biasInitializer` (default `"zeros"`), regularizers and constraints of kernel and bias,
   *   `loraRank`, `loraAlpha`, `quantizationConfig`, `gptqUnpackedColumnSize` (of configs of Keras), and those of every layer
   */
  constructor(equation: string, outputShape: number | KerasShape, options: EinsumDenseOptions = {}) {
    super(baseOptions("EinsumDense", options, optionNames));
    this.equation = equation;
    parseEquation(equation);
    this.partialOutputShape = typeof outputShape === "number" ? [outputShape] : outputShape;
    this.biasAxes = options.biasAxes ?? null;
    this.gptqUnpackedColumnSize = options.gptqUnpackedColumnSize ?? null;
    this.activation = activations.get(options.activation);
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
    this.lora = Lora.wanted(options);
    this.quantizationConfig = readQuantizationConfig(options);
  }

  override build(inputShape: KerasShape): void {
    const { kernelShape, biasShape, inputAxes, outputAxes } = this.#analyze(inputShape);
    this.inputSpec = new InputSpec({ ndim: inputShape.length });
    this.#kernelShape = kernelShape as number[];
    const mode = this.quantizationMode;
    if (mode !== null) this.#buildQuantized(mode);
    this.kernel =
      this.#quantized?.kernel ??
      this.addWeight({
        name: "kernel",
        shape: kernelShape,
        ...weightActions(this, "kernel"),
        initializer: withAxes(this.kernelInitializer, inputAxes, outputAxes),
      });
    if (biasShape !== null) {
      this.bias = this.addWeight({
        name: "bias",
        shape: biasShape,
        ...weightActions(this, "bias"),
      });
    }
    if (this.lora.rank !== null) this.enableLora(this.lora.rank, { loraAlpha: this.lora.alpha });
  }

  override call(x: Tensor, { training = false }: { readonly training?: boolean } = {}): Tensor {
    const quantized = this.#quantized;
    const times = (kernel: Tensor | Variable): Tensor => einsum(this.equation, x, kernel);
    const product =
      quantized === undefined
        ? times(this.lora.changed(this, this.kernel!))
        : this.lora.added(this, quantized.product(x, training), times);
    if (this.bias === undefined) return this.activation(product);
    return this.activation(add(product, biasBeside(this.bias, this)));
  }

  /**
   * Freezes the kernel and trains a change of low rank in its place.
   *
   * @param rank of the change
   * @param options `loraAlpha` (default the rank), `aInitializer` (default `"he_uniform"`), `bInitializer` (default
   *   `"zeros"`)
   * @throws StateError before the layer is built and when it is done already; ValueError with a kernel constraint;
   *   UnsupportedError for a quantized kernel unless it is of int8 or int4
   */
  enableLora(rank: number, options: LoraOptions = {}): void {
    checkLora(this, this.quantizationMode);
    this.lora = this.lora.enable(this, "kernel", this.kernel, rank, options, this.#kernelShape);
  }

  /** The letters of input, kernel and output, with some for what the dots stand for. */
  get #letters(): Letters {
    const { input, kernel, output, dots } = parseEquation(this.equation);
    const unused = [..."abcdefghijklmnopqrstuvwxyz"].filter((c) => !(input + kernel + output).includes(c));
    const { ndim } = this.inputSpec as InputSpec;
    const hidden = unused.slice(0, ndim! - input.length).join("");
    const whole = (term: string): string =>
      dots === "left" ? hidden + term : dots === "right" ? term + hidden : term;
    return { input: whole(input), kernel, output: whole(output) };
  }

  /** Makes the variables of a quantized kernel. */
  #buildQuantized(mode: string, float?: Variable): QuantizedKernel {
    checkMode(this, mode, modes);
    const later = (): Variable => this.kernel!;
    const product = einsumProduct(this, this.ownPolicy, this.#kernelShape, this.#letters);
    if (mode === "gptq") this.gptqUnpackedColumnSize = product.calibratedMatrix()[1];
    this.#quantized = buildKernel(mode, product, this.quantizationConfig, { now: float, later });
    return this.#quantized;
  }

  /**
   * Makes the kernel narrow, so that it takes less memory; the modes are those of {@link Dense}, but for `"ternary"`. The
   * kernel is a matrix there, of what is summed over by what is not, as it lies in memory.
   *
   * @param mode `"int8"`, `"int4"`, `"float8"`, `"gptq"` or `"awq"`. Default: that of the config.
   * @param options `config` (default: that of the mode), `typeCheck` (default true: refuses subclasses)
   * @throws ValueError for an unknown mode and where mode and config contradict; StateError before the layer is built and
   *   when it is quantized already; UnsupportedError for subclasses, for kernels that cannot be calibrated, and with LoRA unless
   *   for int8 and int4
   */
  override quantize(mode?: string | null, options: QuantizeOptions = {}): void {
    const candidate = { layer: this, Class: EinsumDense, modes, policy: this.ownPolicy };
    const isQuantized = this.#quantized !== undefined;
    const { config, policy } = prepareQuantization({ ...candidate, isQuantized }, mode, options);
    if (this.lora.factors !== undefined) checkLora(this, config.mode);
    const weight = this.kernel!;
    if (config.mode === "gptq" || config.mode === "awq") calibratedMatrix(this, this.#kernelShape);
    this.quantizationConfig = config;
    this.dtypePolicy = policy;
    const quantized = this.#buildQuantized(config.mode, weight);
    fillKernel(quantized, weight.value, config);
    this.kernel = quantized.kernel ?? weight;
    if (this.kernel !== weight) this.forgetWeight(weight);
  }

  /** The kernel that GPTQ or AWQ is to quantize; undefined where there is none. */
  get calibrationTarget(): CalibrationTarget | undefined {
    const quantized = this.#quantized;
    if (!(quantized instanceof CalibratedKernel && quantized.isFloat)) return undefined;
    return {
      matrix: () => quantized.matrix(),
      finish: (result) => {
        this.forgetWeight(quantized.finish(result));
        this.kernel = quantized.kernel;
      },
    };
  }

  #analyze(inputShape: KerasShape): Analysis {
    return analyze(this.equation, this.biasAxes, inputShape, this.partialOutputShape, `Layer "${this.name}"`);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.#analyze(inputShape).outputShape;
  }

  protected override get storedVariables(): readonly Variable[] {
    const own = super.storedVariables;
    const { kernel, bias } = this;
    const quantized = this.#quantized;
    if (quantized === undefined || kernel === undefined) return own;
    return quantized.stored(kernel, bias === undefined ? [] : [bias]);
  }

  /** The first factor of the kernel's trainable change; undefined without LoRA. */
  get loraKernelA(): Variable | undefined {
    return this.lora.factors?.a;
  }

  /** The second factor. */
  get loraKernelB(): Variable | undefined {
    return this.lora.factors?.b;
  }

  /** The change lies in the kernel. */
  protected override get storedChange(): StoredChange | undefined {
    return this.lora.stored(this.kernel, this.#quantized);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      output_shape: this.partialOutputShape,
      equation: this.equation,
      activation: activations.serialize(this.activation),
      bias_axes: this.biasAxes,
      ...weightConfig(this, "kernel", "bias"),
      activity_regularizer: this.activityRegularizer && regularizers.serialize(this.activityRegularizer),
      quantization_config: writeQuantizationConfig(this.quantizationConfig),
      ...this.lora.config(),
      // Like Keras, which leaves it out where it says nothing.
      ...(this.gptqUnpackedColumnSize && { gptq_unpacked_column_size: this.gptqUnpackedColumnSize }),
    };
  }
}

interface Letters {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
}

/** The rows and columns of a kernel that is calibrated: in kernels of heads the longest axis is that of the model. */
function calibratedMatrix(
  layer: { readonly name: string },
  shape: readonly number[],
): readonly [rows: number, columns: number] {
  const [a, b, c] = shape as [number, number, number];
  if (shape.length === 2) return [a, b];
  if (shape.length === 3) return a === Math.max(a, b, c) ? [a, b * c] : [a * b, c];
  throw new UnsupportedError(
    `Layer "${layer.name}": only kernels with 2 or 3 axes can be calibrated. Received shape ${showShape(shape)}`,
  );
}

/** The product of inputs with a kernel of a shape, for kernels that are quantized. */
function einsumProduct(
  layer: EinsumDense,
  policy: DTypePolicy,
  shape: readonly number[],
  { input, kernel, output }: Letters,
): KernelProduct {
  const kernelAxes = summedAxes(kernel, output);
  const rows = kernelAxes.reduce((n, axis) => n * shape[axis]!, 1);
  return {
    ...{ layer, policy, shape, kernelAxes, zeroName: "zero_point" },
    matrix: [rows, shape.reduce((n, m) => n * m, 1) / rows],
    calibratedMatrix: () => calibratedMatrix(layer, shape),
    apply: (x, k) => einsum(`${input},${kernel}->${output}`, x, k),
    toInputs: (upstream, k) => einsum(`${output},${kernel}->${input}`, upstream, k),
    inputAxes: summedAxes(input, output),
    scaleShape: [...output].map((c) => (kernel.includes(c) ? shape[kernel.indexOf(c)]! : 1)),
    toOutput: (scale, from) => aligned(scale, from === "kernel" ? kernel : input, output, output),
    toKernel: (scale) => aligned(scale, output, kernel, output),
  };
}

/** The axes of a term that the output does not have. */
function summedAxes(term: string, output: string): number[] {
  return [...term].flatMap((c, axis) => (output.includes(c) ? [] : [axis]));
}

/**
 * A scale of one term, brought to the axes of another one: where one of both lacks an axis, or the output does, there is one
 * of length 1.
 */
function aligned(scale: Tensor, from: string, to: string, output: string): Tensor {
  const kept = [...from].filter((c) => to.includes(c) && output.includes(c));
  const small = scale.reshape(kept.map((c) => scale.shape[from.indexOf(c)]!));
  const ordered = [...to].filter((c) => kept.includes(c));
  const moved = small.transpose(ordered.map((c) => kept.indexOf(c)));
  return moved.reshape([...to].map((c) => (kept.includes(c) ? scale.shape[from.indexOf(c)]! : 1)));
}

/** The initializer, told which axes of the kernel are inputs and outputs, if its spread depends on them. */
function withAxes(
  initializer: initializers.InitializerFunction,
  inputAxes: readonly number[],
  outputAxes: readonly number[],
): initializers.InitializerFunction {
  if (!(initializer instanceof VarianceScaling)) return initializer;
  if (initializer.inputAxes !== null && initializer.outputAxes !== null) return initializer;
  const Class = initializer.constructor as typeof VarianceScaling;
  const axes = { input_axes: inputAxes, output_axes: outputAxes };
  // The drawn seed goes along, so that both initializers give the same numbers.
  return Class.fromConfig({ ...initializer.getConfig(), seed: initializer.seed, ...axes });
}

/** The terms of an equation without their dots, and where the dots stood. */
interface Equation {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
  readonly dots: "left" | "right" | "none";
}

function parseEquation(equation: string): Equation {
  const forms = [
    ["none", /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)$/],
    ["left", /^\.\.\.([a-zA-Z]+),([a-zA-Z]+)->\.\.\.([a-zA-Z]+)$/],
    ["right", /^([a-zA-Z]{2,})\.\.\.,([a-zA-Z]+)->([a-zA-Z]+)\.\.\.$/],
  ] as const;
  for (const [dots, form] of forms) {
    const [found, input, kernel, output] = form.exec(equation) ?? [];
    if (found !== undefined) return { input: input!, kernel: kernel!, output: output!, dots };
  }
  throw new ValueError(
    `EinsumDense: expected an equation of the form [X],[Y]->[Z], ...[X],[Y]->...[Z], or [X]...,[Y]->[Z]... Received: ${show(equation)}`,
  );
}

/** Finds the shapes of kernel, bias and output. */
function analyze(
  equation: string,
  biasAxes: string | null,
  inputShape: KerasShape,
  partial: KerasShape,
  where: string,
): Analysis {
  const { input, kernel, output, dots } = parseEquation(equation);
  const wrong = (why: string): never => {
    throw new ShapeError(
      `${where}: ${why}. Equation ${show(equation)}, input shape ${showShape(inputShape)}, output shape ${showShape(partial)}`,
    );
  };
  const hidden = inputShape.length - input.length;
  if (hidden < 0 || (hidden > 0 && dots === "none")) wrong("the input's rank does not fit the equation");
  // The axis of samples comes first, then what the dots on the left stand for.
  const before = dots === "left" ? inputShape.slice(0, hidden) : [];
  const after = dots === "right" ? inputShape.slice(input.length) : [];
  // Keras turns the order of the axes around that the dots on the left stand for; it matters before there is data only.
  const outputShape = [...inputShape.slice(0, 1), ...before.slice(1).reverse(), ...partial, ...after];
  if (outputShape.length !== before.length + output.length + after.length)
    wrong("the output shape does not fit the equation");
  const inputLength = (c: string): number | null => inputShape[before.length + input.indexOf(c)] ?? null;
  const outputLength = (c: string): number | null => outputShape[before.length + output.indexOf(c)] ?? null;
  for (const c of input) {
    const [there, here] = [output.includes(c) ? outputLength(c) : null, inputLength(c)];
    if (there !== null && there !== here)
      wrong(`the axis "${c}" has length ${here} in the input and ${there} in the output`);
  }
  for (const c of output) {
    if (!input.includes(c) && !kernel.includes(c))
      wrong(`the output's axis "${c}" is neither in the input nor in the kernel`);
  }
  for (const c of kernel) {
    if (!input.includes(c) && !output.includes(c))
      wrong(`the kernel's axis "${c}" is neither in the input nor in the output`);
  }
  for (const c of biasAxes ?? "") {
    if (!output.includes(c)) wrong(`the bias's axis "${c}" is not in the output`);
  }
  const letters = [...kernel];
  const first = Math.min(...[...(biasAxes ?? "")].map((c) => output.indexOf(c)));
  const axes = (inOutput: boolean): number[] =>
    letters.flatMap((c, i) => (output.includes(c) === inOutput ? [i] : []));
  const biasShape = [...output.slice(first)].map((c) => (biasAxes?.includes(c) ? outputLength(c) : 1));
  return {
    kernelShape: letters.map((c) => (output.includes(c) ? outputLength(c) : inputLength(c))),
    biasShape:
      biasAxes === null ? null : dots === "right" ? [...biasShape, ...after.map(() => 1)] : biasShape,
    outputShape,
    inputAxes: axes(false),
    outputAxes: axes(true),
  };
}
