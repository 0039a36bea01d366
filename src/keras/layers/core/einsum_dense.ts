/** The dense layer whose product is an Einstein sum. */
import {
  add,
  matmul,
  ShapeError,
  StateError,
  show,
  showShape,
  type Tensor,
  UnsupportedError,
  ValueError,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import * as constraints from "../../constraints/index.ts";
import * as initializers from "../../initializers/index.ts";
import { VarianceScaling } from "../../initializers/variance_scaling.ts";
import { einsum } from "../../ops/numpy_linear.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import type { LoraOptions } from "./dense.ts";
import { refuseQuantized } from "./quantization.ts";

/** Options of {@link EinsumDense}. */
export interface EinsumDenseOptions extends LayerOptions {
  /** Default none, which is `"linear"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** The letters of the output's axes that the bias has. Default none: there is no bias. */
  readonly biasAxes?: string | null;
  /** Default `"glorot_uniform"`. */
  readonly kernelInitializer?: initializers.InitializerIdentifier;
  /** Default `"zeros"`. */
  readonly biasInitializer?: initializers.InitializerIdentifier;
  readonly kernelRegularizer?: regularizers.RegularizerLike | null;
  readonly biasRegularizer?: regularizers.RegularizerLike | null;
  readonly kernelConstraint?: constraints.ConstraintLike | null;
  readonly biasConstraint?: constraints.ConstraintLike | null;
  /** The rank of a trainable change to the kernel, which itself is frozen (LoRA). */
  readonly loraRank?: number | null;
  /** The change is scaled by `loraAlpha / loraRank`. Default: the rank. */
  readonly loraAlpha?: number | null;
}

const optionNames: readonly (keyof EinsumDenseOptions)[] = [
  ...(["activation", "biasAxes", "kernelInitializer", "biasInitializer", "kernelRegularizer"] as const),
  ...(["biasRegularizer", "kernelConstraint", "biasConstraint", "loraRank", "loraAlpha"] as const),
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
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  readonly biasConstraint: constraints.Constraint | null;
  loraRank: number | null;
  loraAlpha: number | null;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;
  bias: Variable | undefined;
  loraKernelA: Variable | undefined;
  loraKernelB: Variable | undefined;

  /**
   * @param equation such as `"abc,cd->abd"`
   * @param outputShape the lengths of the output's axes but that of samples, and without those that `...` stands for; `null`
   *   where the length is the input's
   * @param options `activation` (default none), `biasAxes` (default none: no bias), `kernelInitializer` (default
   *   `"glorot_uniform"`), `biasInitializer` (default `"zeros"`), regularizers and constraints of kernel and bias,
   *   `loraRank`, `loraAlpha`, and those of every layer
   */
  constructor(equation: string, outputShape: number | KerasShape, options: EinsumDenseOptions = {}) {
    super(baseOptions("EinsumDense", options, optionNames));
    this.equation = equation;
    parseEquation(equation);
    this.partialOutputShape = typeof outputShape === "number" ? [outputShape] : outputShape;
    this.biasAxes = options.biasAxes ?? null;
    this.activation = activations.get(options.activation);
    this.kernelInitializer = initializers.get(options.kernelInitializer ?? "glorot_uniform");
    this.biasInitializer = initializers.get(options.biasInitializer ?? "zeros");
    this.kernelRegularizer = regularizers.get(options.kernelRegularizer);
    this.biasRegularizer = regularizers.get(options.biasRegularizer);
    this.kernelConstraint = constraints.get(options.kernelConstraint);
    this.biasConstraint = constraints.get(options.biasConstraint);
    this.loraRank = options.loraRank ?? null;
    this.loraAlpha = options.loraAlpha ?? this.loraRank;
  }

  override build(inputShape: KerasShape): void {
    refuseQuantized(this);
    const { kernelShape, biasShape, inputAxes, outputAxes } = this.#analyze(inputShape);
    this.inputSpec = new InputSpec({ ndim: inputShape.length });
    this.kernel = this.addWeight({
      name: "kernel",
      shape: kernelShape,
      initializer: withAxes(this.kernelInitializer, inputAxes, outputAxes),
      regularizer: this.kernelRegularizer,
      constraint: this.kernelConstraint,
    });
    if (biasShape !== null) {
      this.bias = this.addWeight({
        name: "bias",
        shape: biasShape,
        initializer: this.biasInitializer,
        regularizer: this.biasRegularizer,
        constraint: this.biasConstraint,
      });
    }
    if (this.loraRank !== null) this.enableLora(this.loraRank, { loraAlpha: this.loraAlpha });
  }

  override call(x: Tensor): Tensor {
    const product = einsum(this.equation, x, this.#effectiveKernel());
    return this.activation(this.bias === undefined ? product : add(product, this.bias));
  }

  #effectiveKernel(): Tensor {
    const kernel = this.kernel!.value;
    if (this.loraKernelA === undefined || this.loraKernelB === undefined) return kernel;
    const change = matmul(this.loraKernelA, this.loraKernelB).multiply(this.loraAlpha! / this.loraRank!);
    return kernel.add(change).astype(this.computeDtype);
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
    if (this.kernelConstraint !== null) {
      throw new ValueError(
        `enableLora: layer "${this.name}" has a kernelConstraint, which does not go together with LoRA.`,
      );
    }
    if (this.kernel === undefined) throw new StateError(`enableLora: layer "${this.name}" is not built yet.`);
    if (this.loraKernelA !== undefined)
      throw new StateError(`enableLora: layer "${this.name}" has LoRA already.`);
    const regularizer = this.kernelRegularizer;
    const { shape } = this.kernel;
    this.loraKernelA = this.addWeight({
      name: "lora_kernel_a",
      shape: [...shape.slice(0, -1), rank],
      initializer: options.aInitializer ?? "he_uniform",
      dtype: "float32",
      regularizer,
    });
    this.loraKernelB = this.addWeight({
      name: "lora_kernel_b",
      shape: [rank, shape.at(-1)],
      initializer: options.bInitializer ?? "zeros",
      dtype: "float32",
      regularizer,
    });
    this.kernel.trainable = false;
    this.loraRank = rank;
    this.loraAlpha = options.loraAlpha ?? rank;
  }

  #analyze(inputShape: KerasShape): Analysis {
    return analyze(this.equation, this.biasAxes, inputShape, this.partialOutputShape, `Layer "${this.name}"`);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.#analyze(inputShape).outputShape;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      output_shape: this.partialOutputShape,
      equation: this.equation,
      activation: activations.serialize(this.activation),
      bias_axes: this.biasAxes,
      kernel_initializer: initializers.serialize(this.kernelInitializer as initializers.Initializer),
      bias_initializer: initializers.serialize(this.biasInitializer as initializers.Initializer),
      kernel_regularizer: this.kernelRegularizer && regularizers.serialize(this.kernelRegularizer),
      bias_regularizer: this.biasRegularizer && regularizers.serialize(this.biasRegularizer),
      activity_regularizer: this.activityRegularizer && regularizers.serialize(this.activityRegularizer),
      kernel_constraint: this.kernelConstraint && constraints.serialize(this.kernelConstraint),
      bias_constraint: this.biasConstraint && constraints.serialize(this.biasConstraint),
      quantization_config: null,
      ...(this.loraRank !== null && { lora_rank: this.loraRank, lora_alpha: this.loraAlpha }),
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const { quantization_config: quantization = null, ...rest } = config;
    if (quantization !== null) throw new UnsupportedError("EinsumDense: quantized layers are not supported.");
    return Layer.fromConfig.call(this, rest) as T;
  }
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
