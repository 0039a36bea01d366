/** The kernels of Dense and EinsumDense when they are quantized: one class for each way. */
import {
  abs,
  customGradient,
  divide,
  greater,
  multiply,
  StateError,
  show,
  sign,
  stopGradient,
  type Tensor,
  UnsupportedError,
} from "../../../../engine/index.ts";
import type { Variable } from "../../../backend/variable.ts";
import * as dtypePolicies from "../../../dtype_policies/index.ts";
import { Constant } from "../../../initializers/constant.ts";
import { AbsMaxQuantizer } from "../../../quantizers/abs_max_quantizer.ts";
import type { CalibratedValues } from "../../../quantizers/calibration_target.ts";
import {
  computeFloat8AmaxHistory,
  computeFloat8Scale,
  type Float8,
  float8Max,
  quantizeAndDequantize,
} from "../../../quantizers/float8.ts";
import { packTernary, unpackTernary } from "../../../quantizers/pack_ternary.ts";
import type { QuantizationConfig } from "../../../quantizers/quantization_config.ts";
import type { Quantizer } from "../../../quantizers/quantizer.ts";
import type { LayerState } from "../../layer_state.ts";
import { blockSizeOf } from "./quantization.ts";
import {
  addGroups,
  type MatrixFormat,
  pack,
  packedLength,
  QuantizedMatrix,
  quantizeMatrix,
} from "./quantized_matrix.ts";

/** The product of a layer's inputs with its kernel. */
export interface KernelProduct {
  readonly layer: LayerState;
  readonly policy: dtypePolicies.DTypePolicy;
  readonly shape: readonly number[];
  /** The rows and columns that the kernel has where it is packed. */
  readonly matrix: readonly [rows: number, columns: number];
  /** The rows and columns that it has where it is calibrated. */
  calibratedMatrix(): readonly [rows: number, columns: number];
  /** What Keras calls the zeros of calibrated kernels. */
  readonly zeroName: string;
  apply(x: Tensor, kernel: Tensor): Tensor;
  /** What comes back to the inputs. */
  toInputs(upstream: Tensor, kernel: Tensor): Tensor;
  /** The axes that are summed over. */
  readonly kernelAxes: readonly number[];
  readonly inputAxes: readonly number[];
  /** The shape of a scale for each output. */
  readonly scaleShape: readonly number[];
  /** Scales as they lie along the kernel, along the inputs, and along the outputs. */
  toOutput(scale: Tensor, from: "kernel" | "inputs"): Tensor;
  toKernel(scale: Tensor): Tensor;
}

/** A quantized kernel. */
export interface QuantizedKernel {
  /** What stands in place of the layer's kernel; undefined where that stays as it is. */
  readonly kernel: Variable | undefined;
  /** The variables in the order in which files have them, among them the bias. */
  stored(kernel: Variable, bias: readonly Variable[]): readonly Variable[];
  product(x: Tensor, training: boolean): Tensor;
  /** The values with which the kernel would have a change added to it. */
  changed?(change: Tensor): ReadonlyMap<Variable, Tensor>;
}

/** What quantizes inputs: what the config says, else a default. */
function inputsQuantizer(config: QuantizationConfig | null, otherwise: Quantizer | null): Quantizer | null {
  return config === null ? otherwise : config.activationQuantizer;
}

/** int8, with a scale for each output. */
class Int8Kernel implements QuantizedKernel {
  readonly kernel: Variable;
  readonly #scale: Variable;
  readonly #inputs: Quantizer | null;
  readonly #of: KernelProduct;

  constructor(of: KernelProduct, config: QuantizationConfig | null) {
    const fixed = { trainable: false };
    this.#of = of;
    this.kernel = of.layer.addWeight({
      ...{ name: "kernel", shape: of.shape, initializer: "zeros", dtype: "int8", ...fixed },
    });
    this.#scale = of.layer.addWeight({
      ...{ name: "kernel_scale", shape: of.scaleShape, initializer: "ones", ...fixed },
    });
    this.#inputs = inputsQuantizer(config, new AbsMaxQuantizer());
  }

  quantize(weight: Tensor, given: Quantizer | null): void {
    this.#values(weight, given).forEach((value, variable) => {
      variable.assign(value);
    });
  }

  #values(weight: Tensor, given: Quantizer | null): ReadonlyMap<Variable, Tensor> {
    const quantizer = given ?? new AbsMaxQuantizer();
    const own = quantizer instanceof AbsMaxQuantizer ? quantizer.axis : null;
    const [values, scale] = quantizer(weight, own ?? this.#of.kernelAxes);
    return new Map([
      [this.kernel, values],
      [this.#scale, this.#of.toOutput(scale, "kernel")],
    ]);
  }

  #floats(): Tensor {
    const scale = this.#scale.value;
    return divide(this.kernel.value.astype(scale.dtype), this.#of.toKernel(scale));
  }

  stored(_kernel: Variable, bias: readonly Variable[]): readonly Variable[] {
    return [this.kernel, ...bias, this.#scale];
  }

  changed(change: Tensor): ReadonlyMap<Variable, Tensor> {
    return this.#values(this.#floats().add(change.astype(this.#scale.dtype)), null);
  }

  product(x: Tensor): Tensor {
    const of = this.#of;
    const scale = this.#scale.value;
    const { computeDtype } = of.layer;
    const floats = (): Tensor => this.#floats().astype(computeDtype);
    if (this.#inputs === null) return of.apply(x, stopGradient(floats()));
    const quantizer = this.#inputs;
    return customGradient((x) => {
      const [whole, inputScale] = quantizer(x, of.inputAxes);
      const sums = of.apply(whole.astype("int32"), this.kernel.value.astype("int32")).astype(computeDtype);
      const value = divide(sums, multiply(of.toOutput(inputScale, "inputs"), scale)).astype(computeDtype);
      return [value, (upstream) => of.toInputs(upstream, floats())];
    })(x);
  }
}

/** Integers of 4 bits, two to a byte. */
class Int4Kernel implements QuantizedKernel {
  readonly matrix: QuantizedMatrix;
  readonly #inputs: Quantizer | null;
  readonly #of: KernelProduct;

  constructor(of: KernelProduct, config: QuantizationConfig | null) {
    const [rows, columns] = of.matrix;
    this.#of = of;
    this.matrix = QuantizedMatrix.build(
      of.layer,
      "kernel",
      {
        ...{ rows, columns, bits: 4, dtype: "int8", packedAxis: 1, axis: 0 },
        blockSize: blockSizeOf(config, of.policy),
      },
      undefined,
      "int8",
    );
    this.#inputs = inputsQuantizer(config, null);
  }

  get kernel(): Variable {
    return this.matrix.variables.values;
  }

  quantize(weight: Tensor, given: Quantizer | null): void {
    this.matrix.assign(quantizeMatrix(weight.reshape(this.#of.matrix), this.matrix.format, given));
  }

  stored(_kernel: Variable, bias: readonly Variable[]): readonly Variable[] {
    const [kernel, ...rest] = this.matrix.all as [Variable, ...Variable[]];
    return [kernel, ...bias, ...rest];
  }

  changed(change: Tensor): ReadonlyMap<Variable, Tensor> {
    return this.matrix.changed(change.reshape(this.#of.matrix));
  }

  product(x: Tensor): Tensor {
    const of = this.#of;
    const { computeDtype } = of.layer;
    const floats = this.matrix.floats().astype(computeDtype).reshape(of.shape);
    const quantizer = this.#inputs;
    if (quantizer === null || this.matrix.format.blockSize !== null) return of.apply(x, floats);
    return customGradient((x) => {
      const [whole, inputScale] = quantizer(x, of.inputAxes);
      const sums = of.apply(whole.astype(computeDtype), floats);
      const value = divide(sums, of.toOutput(inputScale, "inputs")).astype(computeDtype);
      return [value, (upstream) => of.toInputs(upstream, floats)];
    })(x);
  }
}

/** -1, 0 and 1 with one scale, five to a byte. */
export class TernaryKernel implements QuantizedKernel {
  readonly kernel: Variable;
  readonly #scale: Variable;
  readonly #rows: number;
  readonly #layer: LayerState;

  constructor(layer: LayerState, [rows, columns]: readonly [number, number]) {
    this.#rows = rows;
    this.#layer = layer;
    this.kernel = layer.addWeight({
      name: "kernel",
      shape: [Math.ceil(rows / 5), columns],
      // The byte of five zeros.
      initializer: new Constant(121),
      dtype: "uint8",
      trainable: false,
    });
    this.#scale = layer.addWeight({ name: "kernel_scale", shape: [], initializer: "ones", trainable: false });
  }

  assign(ternary: Tensor, scale: Tensor | number): void {
    this.kernel.assign(packTernary(ternary)[0]);
    this.#scale.assign(scale);
  }

  stored(_kernel: Variable, bias: readonly Variable[]): readonly Variable[] {
    return [this.kernel, ...bias, this.#scale];
  }

  product(x: Tensor): Tensor {
    const { computeDtype } = this.#layer;
    const trits = unpackTernary(this.kernel.value, this.#rows).astype(computeDtype);
    return x.matmul(trits).multiply(this.#scale.value.astype(computeDtype));
  }
}

/** A scale, and the largest magnitudes of the last steps. */
type Meter = readonly [scale: Variable, history: Variable];

/** A float kernel that is used as if it were of 8-bit floats, as are inputs and gradients. */
class Float8Kernel implements QuantizedKernel {
  readonly kernel: undefined;
  readonly #of: KernelProduct;
  readonly #float: () => Variable;
  readonly #meters: readonly [inputs: Meter, kernel: Meter, gradient: Meter];

  constructor(of: KernelProduct, float: () => Variable) {
    this.#of = of;
    this.#float = float;
    const { policy } = of;
    const length =
      policy instanceof dtypePolicies.QuantizedFloat8DTypePolicy ? policy.amaxHistoryLength : 1024;
    const weight = (name: string, initializer: "ones" | "zeros", shape: readonly number[]): Variable => {
      const variable = of.layer.addWeight({ name, shape, initializer, dtype: "float32", autocast: false });
      variable.overwriteWithGradient = true;
      return variable;
    };
    const meter = (name: string): Meter => [
      weight(`${name}_scale`, "ones", []),
      weight(`${name}_amax_history`, "zeros", [length]),
    ];
    this.#meters = [meter("inputs"), meter("kernel"), meter("outputs_grad")];
  }

  stored(kernel: Variable, bias: readonly Variable[]): readonly Variable[] {
    return [kernel, ...bias, ...this.#meters.flat()];
  }

  product(x: Tensor, training: boolean): Tensor {
    const [inputs, kernel, gradient] = this.#meters;
    const forth = (y: Tensor, meter: Meter): Tensor =>
      customGradient((y, scale, history) => [
        quantizeAndDequantize(y, scale, "float8_e4m3fn", y.dtype),
        // Optimizers put these "gradients" into the variables themselves; outside of training both stay as they are.
        (upstream) => [upstream, ...(training ? next(y, scale, history, "float8_e4m3fn") : [scale, history])],
      ])(y, ...meter);
    const { computeDtype } = this.#of.layer;
    const product = this.#of.apply(
      forth(x.astype(computeDtype), inputs),
      forth(this.#float().value.astype(computeDtype), kernel),
    );
    return customGradient((y, scale, history) => [
      y,
      (upstream) => [
        quantizeAndDequantize(upstream, scale, "float8_e5m2", y.dtype),
        ...next(upstream, scale, history, "float8_e5m2"),
      ],
    ])(product, ...gradient);
  }
}

/** A scale and a history of largest magnitudes after a step. */
function next(x: Tensor, scale: Tensor, history: Tensor, dtype: Float8): [Tensor, Tensor] {
  return [computeFloat8Scale(history.max(), scale, float8Max(dtype)), computeFloat8AmaxHistory(x, history)];
}

/** A kernel that GPTQ or AWQ quantizes: it is computed with as it is until it has been calibrated. */
export class CalibratedKernel implements QuantizedKernel {
  readonly #of: KernelProduct;
  readonly #matrix: QuantizedMatrix;
  /** What the columns were multiplied with before they were rounded (AWQ). */
  readonly #factors: Variable | undefined;
  /** The kernel that there was, until it has been calibrated. */
  #float: Variable | undefined;

  constructor(of: KernelProduct, float: Variable | undefined, config: QuantizationConfig | null) {
    const { layer } = of;
    const [rows, columns] = of.calibratedMatrix();
    const { bits, groupSize } = calibration(config, of);
    const isAwq = (config?.mode ?? of.policy.quantizationMode) === "awq";
    const format: MatrixFormat = {
      ...{ rows: columns, columns: rows, bits, dtype: "uint8", packedAxis: 0, axis: 1 },
      blockSize: groupSize === -1 ? rows : groupSize,
    };
    const fixed = { trainable: false };
    const blocks = Math.ceil(rows / format.blockSize!);
    const values = layer.addWeight({
      ...{ name: "kernel", shape: [packedLength(columns, bits), rows], initializer: "zeros", dtype: "uint8" },
      ...fixed,
    });
    const shape = [columns, blocks];
    const scale = layer.addWeight({ name: "kernel_scale", shape, initializer: "ones", ...fixed });
    const zero = layer.addWeight({
      ...{ name: of.zeroName, shape, initializer: "zeros", dtype: "uint8", ...fixed },
    });
    this.#factors = isAwq
      ? layer.addWeight({ name: "awq_scales", shape: [rows], initializer: "ones", ...fixed })
      : undefined;
    const groups = addGroups(layer, rows, null);
    this.#of = of;
    this.#matrix = new QuantizedMatrix(format, { values, scale, zero, groups });
    this.#float = float;
  }

  get kernel(): Variable {
    return this.#float ?? this.#matrix.variables.values;
  }

  /** Whether it is still to be calibrated. */
  get isFloat(): boolean {
    return this.#float !== undefined;
  }

  /** The kernel as it was, `(rows, columns)`. */
  matrix(): Tensor {
    return this.#float!.value.reshape(this.#of.calibratedMatrix());
  }

  /** Takes the result of a calibration; gives the kernel that is not needed any more. */
  finish({ values, scale, zero, groups, factors }: CalibratedValues): Variable {
    const float = this.#float!;
    const { variables, format } = this.#matrix;
    variables.values.assign(pack(values, format));
    variables.scale.assign(scale);
    variables.zero!.assign(zero.astype("uint8"));
    variables.groups!.assign(groups.astype("float32"));
    if (factors !== undefined) this.#factors?.assign(factors);
    this.#float = undefined;
    return float;
  }

  stored(_kernel: Variable, bias: readonly Variable[]): readonly Variable[] {
    if (this.isFloat) {
      throw new StateError(
        `Layer "${this.#of.layer.name}" is quantized with mode "${this.#factors ? "awq" : "gptq"}", but was never calibrated, so that there is nothing to save. ` +
          "Quantize the model with a structure that covers the layer, or leave it out with `filters`.",
      );
    }
    const { values, scale, zero, groups } = this.#matrix.variables;
    return [...bias, values, scale, zero!, ...(this.#factors ? [this.#factors] : []), groups!];
  }

  product(x: Tensor): Tensor {
    const of = this.#of;
    if (this.#float !== undefined) return of.apply(x, this.#float.value);
    const floats = this.#matrix.floats().transpose();
    const [rows] = of.calibratedMatrix();
    const whole = this.#factors ? floats.divide(this.#factors.value.reshape([rows, 1])) : floats;
    return of.apply(x, whole.reshape(of.shape).astype(of.layer.computeDtype));
  }
}

/** The bits and the groups of a calibrated kernel: what the config says, else the policy. */
function calibration(
  config: QuantizationConfig | null,
  { policy, layer }: KernelProduct,
): { readonly bits: MatrixFormat["bits"]; readonly groupSize: number } {
  const said = config !== null && ["gptq", "awq"].includes(config.mode) ? config.policyMode : undefined;
  const known = policy as Partial<dtypePolicies.GPTQDTypePolicy>;
  const [, bits, size] = said?.split("/") ?? ["", known.weightBits, known.groupSize];
  if (bits === undefined || size === undefined) {
    throw new StateError(
      `Layer "${layer.name}": the bits and the groups of its weights must be said by a config, or by a policy such as "gptq/4/128_from_float32". Received the policy ${show(policy.name)}`,
    );
  }
  return { bits: Number(bits) as MatrixFormat["bits"], groupSize: Number(size) };
}

/**
 * Makes the variables of a quantized kernel.
 *
 * @param float the kernel that there is, or will be when its product is asked for
 */
export function buildKernel(
  mode: string,
  of: KernelProduct,
  config: QuantizationConfig | null,
  float: { readonly now: Variable | undefined; readonly later: () => Variable },
): QuantizedKernel {
  switch (mode) {
    case "int8":
      return new Int8Kernel(of, config);
    case "int4":
      return new Int4Kernel(of, config);
    case "float8":
      return new Float8Kernel(of, float.later);
    case "ternary":
      return new TernaryKernel(of.layer, of.shape as readonly [number, number]);
    default:
      return new CalibratedKernel(of, float.now, config);
  }
}

/** Puts a float kernel into a quantized one. */
export function fillKernel(kernel: QuantizedKernel, weight: Tensor, config: QuantizationConfig): void {
  if (kernel instanceof Int8Kernel || kernel instanceof Int4Kernel) {
    kernel.quantize(weight, config.weightQuantizer);
  }
  if (kernel instanceof TernaryKernel) kernel.assign(...ternaryOf(weight, null));
}

/**
 * The signs of a kernel, 0 where its magnitude is at most a threshold, and their scale.
 *
 * @param threshold default: half of the mean magnitude, which then is the scale
 */
export function ternaryOf(
  kernel: Tensor,
  threshold: number | null,
): [ternary: Tensor, scale: Tensor | number] {
  const size = abs(kernel);
  const mean = size.mean();
  const ternary = multiply(sign(kernel), greater(size, threshold ?? mean.multiply(0.5)).astype(kernel.dtype));
  return [ternary, threshold === null ? mean : 1];
}

/** Refuses LoRA for kernels whose ways do not have it. */
export function checkLora(layer: { readonly name: string }, mode: string | null): void {
  if (mode === null || mode === "int8" || mode === "int4") return;
  throw new UnsupportedError(
    `Layer "${layer.name}": LoRA does not go together with the quantization mode "${mode}".`,
  );
}

/** A bias; beside 8-bit floats it is rounded to bfloat16, as in Keras, whose kernels add it so. */
export function biasBeside(bias: Variable, layer: LayerState): Tensor {
  const rounds = layer.quantizationMode === "float8" && layer.computeDtype === "float32";
  return rounds ? bias.value.astype("bfloat16").astype(bias.dtype) : bias.value;
}
