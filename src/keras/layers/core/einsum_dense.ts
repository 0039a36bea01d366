/** The dense layer whose product is an Einstein sum. */
import {
  add,
  customGradient,
  divide,
  multiply,
  ShapeError,
  show,
  showShape,
  type Tensor,
  ValueError,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import { VarianceScaling } from "../../initializers/variance_scaling.ts";
import { einsum } from "../../ops/numpy_linear.ts";
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
import { Quantization, type QuantizationOptions } from "./quantization.ts";

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
  /** Written into configs for Keras, which needs it to unpack kernels that GPTQ has packed. Default none. */
  readonly gptqUnpackedColumnSize?: number | null;
}

const optionNames: readonly (keyof EinsumDenseOptions)[] = [
  ...(["activation", "biasAxes", "gptqUnpackedColumnSize", "quantizationConfig"] as const),
  ...weightOptionNames("kernel", "bias"),
  ...loraOptionNames,
];

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
  readonly gptqUnpackedColumnSize: number | null;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  readonly biasConstraint: constraints.Constraint | null;
  /** The trainable change of the kernel, if there is one. */
  lora: Lora;
  /** How the kernel is quantized, if the dtype policy says that it is. */
  quantization: Quantization;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;
  bias: Variable | undefined;

  /**
   * @param equation such as `"abc,cd->abd"`
   * @param outputShape the lengths of the output's axes but that of samples, and without those that `...` stands for; `null`
   *   where the length is the input's
   * @param options `activation` (default none), `biasAxes` (default none: no bias), `kernelInitializer` (default
   *   `"glorot_uniform"`), `biasInitializer` (default `"zeros"`), regularizers and constraints of kernel and bias,
   *   `loraRank`, `loraAlpha`, `quantizationConfig`, `gptqUnpackedColumnSize` (for configs of Keras only), and those of every layer
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
    this.quantization = Quantization.wanted(options);
  }

  override build(inputShape: KerasShape): void {
    const { kernelShape, biasShape, inputAxes, outputAxes } = this.#analyze(inputShape);
    this.inputSpec = new InputSpec({ ndim: inputShape.length });
    if (!this.#buildQuantized(kernelShape)) {
      this.kernel = this.addWeight({
        name: "kernel",
        shape: kernelShape,
        ...weightActions(this, "kernel"),
        initializer: withAxes(this.kernelInitializer, inputAxes, outputAxes),
      });
    }
    if (biasShape !== null) {
      this.bias = this.addWeight({
        name: "bias",
        shape: biasShape,
        ...weightActions(this, "bias"),
      });
    }
    if (this.lora.rank !== null) this.enableLora(this.lora.rank, { loraAlpha: this.lora.alpha });
  }

  override call(x: Tensor): Tensor {
    const quantized = this.quantization.scale !== undefined;
    const product = quantized
      ? this.#quantizedProduct(x)
      : einsum(this.equation, x, this.lora.changed(this, this.kernel!));
    return this.activation(this.bias === undefined ? product : add(product, this.bias));
  }

  /**
   * Freezes the kernel and trains a change of low rank in its place.
   *
   * @param rank of the change
   * @param options `loraAlpha` (default the rank), `aInitializer` (default `"he_uniform"`), `bInitializer` (default
   *   `"zeros"`)
   * @throws StateError before the layer is built and when it is done already; ValueError with a kernel constraint
   */
  enableLora(rank: number, options: LoraOptions = {}): void {
    this.lora = this.lora.enable(this, "kernel", this.kernel, rank, options);
  }

  /** The letters of input, kernel and output, with some for what the dots stand for. */
  get #letters(): { readonly input: string; readonly kernel: string; readonly output: string } {
    const { input, kernel, output, dots } = parseEquation(this.equation);
    const unused = [..."abcdefghijklmnopqrstuvwxyz"].filter((c) => !(input + kernel + output).includes(c));
    const { ndim } = this.inputSpec as InputSpec;
    const hidden = unused.slice(0, ndim! - input.length).join("");
    const whole = (term: string): string =>
      dots === "left" ? hidden + term : dots === "right" ? term + hidden : term;
    return { input: whole(input), kernel, output: whole(output) };
  }

  /** Makes the kernel in int8, if it is to be. */
  #buildQuantized(kernelShape: KerasShape): boolean {
    const { kernel, output } = this.#letters;
    const scaleShape = [...output].map((c) => (kernel.includes(c) ? kernelShape[kernel.indexOf(c)]! : 1));
    const built = this.quantization.build(this, "kernel", kernelShape, "kernel_scale", scaleShape);
    if (built !== undefined) [this.kernel, this.quantization] = built;
    return built !== undefined;
  }

  /** What the integers of the kernel stand for. */
  #floats(): Tensor {
    const { kernel, output } = this.#letters;
    const scale = aligned(this.quantization.scale!.value, output, kernel, output);
    return divide(this.kernel!.value.astype(this.computeDtype), scale);
  }

  #quantizedProduct(x: Tensor): Tensor {
    const { computeDtype } = this;
    const { input, kernel, output } = this.#letters;
    const [values, scale] = [this.kernel!.value, this.quantization.scale!.value];
    const floats = (): Tensor => this.#floats();
    const product = customGradient((x) => {
      const upstreamToX = (upstream: Tensor): Tensor =>
        einsum(`${output},${kernel}->${input}`, upstream, floats());
      const { inputs } = this.quantization;
      const equation = `${input},${kernel}->${output}`;
      if (inputs === null) return [einsum(equation, x, floats()), upstreamToX];
      const [whole, inputScale] = inputs(x, summedAxes(input, output));
      const sums = einsum(equation, whole.astype("int32"), values.astype("int32")).astype(computeDtype);
      return [divide(sums, multiply(aligned(inputScale, input, output, output), scale)), upstreamToX];
    })(x);
    return this.lora.added(this, product, (factor) => einsum(this.equation, x, factor));
  }

  /**
   * Makes the kernel int8 with a scale for each of its outputs. Inputs are then quantized at each call, and products are
   * summed in int32.
   *
   * @param mode `"int8"`
   * @param options `config` (default: by the largest magnitudes), `typeCheck` (default true: refuses subclasses)
   * @throws UnsupportedError for another mode; StateError before the layer is built and when it is quantized already
   */
  override quantize(mode: string, options: QuantizeOptions = {}): void {
    const { weight, policy, quantization } = this.quantization.check(
      this,
      EinsumDense,
      mode,
      this.kernel,
      options,
    );
    const { kernel, output } = this.#letters;
    const [values, scale] = quantization.quantize(weight.value, summedAxes(kernel, output));
    this.forgetWeight(weight);
    this.dtypePolicy = policy;
    this.quantization = quantization;
    this.#buildQuantized(weight.shape);
    this.kernel!.assign(values);
    this.quantization.scale!.assign(aligned(scale, kernel, output, output));
  }

  #analyze(inputShape: KerasShape): Analysis {
    return analyze(this.equation, this.biasAxes, inputShape, this.partialOutputShape, `Layer "${this.name}"`);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.#analyze(inputShape).outputShape;
  }

  protected override get storedVariables(): readonly Variable[] {
    return this.quantization.stored(super.storedVariables, this.kernel);
  }

  /** The first factor of the kernel's trainable change; undefined without LoRA. */
  get loraKernelA(): Variable | undefined {
    return this.lora.factors?.a;
  }

  /** The second factor. */
  get loraKernelB(): Variable | undefined {
    return this.lora.factors?.b;
  }

  protected override get storedChange(): StoredChange | undefined {
    const { quantization } = this;
    const { scale } = quantization;
    if (scale === undefined) return this.lora.stored(this.kernel);
    return this.lora.storedQuantized(
      this.kernel!,
      scale,
      () => this.#floats(),
      (changed) => {
        const { kernel, output } = this.#letters;
        const [values, wide] = quantization.quantize(changed, summedAxes(kernel, output));
        return [values, aligned(wide, kernel, output, output)];
      },
    );
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
      quantization_config: this.quantization.toConfig(),
      ...this.lora.config(),
      // Like Keras, which leaves it out where it says nothing.
      ...(this.gptqUnpackedColumnSize && { gptq_unpacked_column_size: this.gptqUnpackedColumnSize }),
    };
  }
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
