/** A matrix whose numbers are narrow integers with scales, and zeros for those that have none in the middle. */
import { divide, type Tensor, take, toTensor } from "../../../../engine/index.ts";
import type { Variable } from "../../../backend/variable.ts";
import { absMaxQuantizeGroupedWithZeroPoint } from "../../../quantizers/abs_max_quantize_grouped.ts";
import { AbsMaxQuantizer } from "../../../quantizers/abs_max_quantizer.ts";
import { packInt2, unpackInt2 } from "../../../quantizers/pack_int2.ts";
import { packInt4, unpackInt4 } from "../../../quantizers/pack_int4.ts";
import { spread } from "../../../quantizers/quantization_parameters.ts";
import type { Quantizer } from "../../../quantizers/quantizer.ts";
import type { LayerState } from "../../layer_state.ts";

/** How the numbers of a matrix are kept. */
export interface MatrixFormat {
  readonly rows: number;
  readonly columns: number;
  readonly bits: 2 | 3 | 4 | 8;
  readonly dtype: "int8" | "uint8";
  /** Along which axis numbers of 2 and 4 bits share a byte. */
  readonly packedAxis: 0 | 1;
  /** Along which axis numbers share a scale. */
  readonly axis: 0 | 1;
  /** How many of them; null for all, which have no zero then. */
  readonly blockSize: number | null;
}

/** The variables of a matrix. */
export interface MatrixVariables {
  readonly values: Variable;
  readonly scale: Variable;
  readonly zero?: Variable | undefined;
  /** The block of each number along the axis. */
  readonly groups?: Variable | undefined;
}

/** The values of a matrix. */
export interface MatrixValues {
  readonly values: Tensor;
  readonly scale: Tensor;
  readonly zero?: Tensor | undefined;
}

/** The length of an axis of numbers of so many bits, packed. */
export function packedLength(length: number, bits: number): number {
  return bits === 4 ? Math.ceil(length / 2) : bits === 2 ? Math.ceil(length / 4) : length;
}

/** Whole numbers in the bytes in which they are kept. */
export function pack(values: Tensor, { bits, dtype, packedAxis: axis }: MatrixFormat): Tensor {
  const whole = values.astype(dtype);
  if (bits === 4) return packInt4(whole, { axis, dtype })[0];
  if (bits === 2) return packInt2(whole, { axis, dtype })[0];
  return whole;
}

/** A matrix of floats as narrow integers, as Keras computes them when a layer is quantized. */
export function quantizeMatrix(x: Tensor, format: MatrixFormat, given?: Quantizer | null): MatrixValues {
  const { axis, bits, blockSize } = format;
  if (blockSize !== null) {
    const turned = axis === 0 ? x : x.transpose();
    const found = absMaxQuantizeGroupedWithZeroPoint(turned, blockSize, { toNumpy: true });
    const [values, scale, zero] = axis === 0 ? found : found.map((t) => t.transpose());
    return { values: pack(values!, format), scale: scale!, zero: zero! };
  }
  const quantizer = given ?? new AbsMaxQuantizer({ axis, valueRange: bits === 4 ? [-8, 7] : [-127, 127] });
  const own = quantizer instanceof AbsMaxQuantizer ? quantizer.axis : null;
  const [values, scale] = quantizer(x, own ?? axis);
  return { values: pack(values, format), scale: scale.reshape([axis === 0 ? format.columns : format.rows]) };
}

/** Numbers as floats again; the scales of blocks lie along an axis, a scale for each channel lacks it. */
function floatsOf(
  whole: Tensor,
  { scale, zero }: { readonly scale: Tensor; readonly zero?: Tensor | undefined },
  groups: Tensor | undefined,
  axis: number,
): Tensor {
  if (zero === undefined || groups === undefined) {
    const at = axis < 0 ? scale.ndim + 1 + axis : axis;
    return divide(whole.astype(scale.dtype), scale.reshape(scale.shape.toSpliced(at, 0, 1)));
  }
  const at = axis < 0 ? scale.ndim + axis : axis;
  const wide = spread(zero, groups, at).astype(scale.dtype);
  return whole
    .astype(scale.dtype)
    .subtract(wide)
    .multiply(spread(scale, groups, at));
}

/** A matrix in the variables of a layer. */
export class QuantizedMatrix {
  readonly format: MatrixFormat;
  readonly variables: MatrixVariables;

  constructor(format: MatrixFormat, variables: MatrixVariables) {
    this.format = format;
    this.variables = variables;
  }

  /**
   * Makes the variables, for integers with a sign. Their names begin with that of the matrix.
   *
   * @param groups a variable that says the blocks already
   */
  static build(
    layer: LayerState,
    name: string,
    format: MatrixFormat,
    groups?: Variable,
    zeroDType?: "int8",
  ): QuantizedMatrix {
    const { rows, columns, bits, dtype, packedAxis, axis, blockSize } = format;
    const shape = [rows, columns].map((n, a) => (a === packedAxis ? packedLength(n, bits) : n));
    const fixed = { trainable: false };
    const values = layer.addWeight({ name, shape, dtype, initializer: "zeros", ...fixed });
    const [length, channels] = axis === 0 ? [rows, columns] : [columns, rows];
    const blocks = Math.ceil(length / (blockSize ?? length));
    const scaleShape = blockSize === null ? [channels] : axis === 0 ? [blocks, channels] : [channels, blocks];
    const scale = layer.addWeight({
      name: `${name}_scale`,
      shape: scaleShape,
      initializer: "ones",
      ...fixed,
    });
    if (blockSize === null) return new QuantizedMatrix(format, { values, scale });
    const zero = layer.addWeight({
      ...{ name: `${name}_zero`, shape: scaleShape, initializer: "zeros", ...fixed },
      dtype: zeroDType ?? null,
    });
    return new QuantizedMatrix(format, {
      ...{ values, scale, zero },
      groups: groups ?? addGroups(layer, length, blockSize),
    });
  }

  /** All variables in the order in which files have them. */
  get all(): readonly Variable[] {
    const { values, scale, zero, groups } = this.variables;
    return [values, scale, zero, groups].filter((v) => v !== undefined);
  }

  assign({ values, scale, zero }: MatrixValues): void {
    const mine = this.variables;
    mine.values.assign(values);
    mine.scale.assign(scale);
    if (zero !== undefined) mine.zero?.assign(zero.astype(mine.zero.dtype));
  }

  /** The values with which the matrix would have a change added to it. */
  changed(change: Tensor): ReadonlyMap<Variable, Tensor> {
    const { values, scale, zero } = this.variables;
    const next = quantizeMatrix(this.floats().add(change.astype(scale.dtype)), this.format);
    const found = new Map([
      [values, next.values],
      [scale, next.scale],
    ]);
    if (zero !== undefined && next.zero !== undefined) found.set(zero, next.zero);
    return found;
  }

  /** The whole numbers. */
  whole(): Tensor {
    return this.#unpacked(this.variables.values.value, this.format.packedAxis);
  }

  #unpacked(values: Tensor, axis: number): Tensor {
    const { rows, columns, bits, dtype, packedAxis } = this.format;
    const length = packedAxis === 0 ? rows : columns;
    if (bits === 4) return unpackInt4(values, length, { axis, dtype });
    if (bits === 2) return unpackInt2(values, length, { axis, dtype });
    return values;
  }

  /** The matrix as floats. */
  floats(): Tensor {
    const { scale, zero, groups } = this.variables;
    return floatsOf(this.whole(), { scale: scale.value, zero: zero?.value }, groups?.value, this.format.axis);
  }

  /** Rows as floats, of a matrix whose rows share no byte and no scale. */
  rows(numbers: Tensor): Tensor {
    const { values, scale, zero, groups } = this.variables;
    const at = (v: Variable): Tensor => take(v, numbers, 0);
    return floatsOf(
      this.#unpacked(at(values), -1),
      { scale: at(scale), zero: zero && at(zero) },
      groups?.value,
      -1,
    );
  }
}

/** The variable that says the block of each number; as in Keras it is a float. */
export function addGroups(layer: LayerState, length: number, blockSize: number | null): Variable {
  const numbers = Float32Array.from({ length }, (_, i) =>
    blockSize === null ? 0 : Math.floor(i / blockSize),
  );
  return layer.addWeight({
    name: "g_idx",
    shape: [length],
    dtype: "float32",
    initializer: (_shape, { dtype } = {}) => toTensor(numbers, dtype ?? "float32"),
    trainable: false,
  });
}
