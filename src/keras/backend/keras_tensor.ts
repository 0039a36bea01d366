/** Symbolic tensors: what is known of a value before there is data. */
import {
  type Axes,
  asDType,
  type DType,
  defineDisplay,
  type IndexSpec,
  type Shape,
  ShapeError,
  sameShape,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  type Tree,
  toTensor,
  UnsupportedError,
} from "../../engine/index.ts";
import { learnClass } from "../saving/serialization_lib.ts";
import { autoName } from "../utils/naming.ts";
import { learnOperations, symbolicFunction } from "./function_operation.ts";
import { GetItem } from "./get_item.ts";
import { SymbolicTensor, type valueType } from "./symbolic_tensor.ts";

/** The length of each axis; `null` where it is not known before there is data, as that of a batch. */
export type KerasShape = readonly (number | null)[];

/**
 * Whether a value is a symbolic tensor.
 *
 * @example
 * ```ts
 * [isKerasTensor(Input([3])), isKerasTensor(np.ones([3]))]; // → [true, false]
 * ```
 */
export function isKerasTensor(x: unknown): x is KerasTensor {
  return x instanceof KerasTensor;
}

/** Shapes in the structure of the tensors that they belong to. */
export type ShapeTree = KerasShape | readonly ShapeTree[] | { readonly [key: string]: ShapeTree };

/** Methods of tensors by Keras's operations; see `symbolicFunction`. */
const signatures = {
  add: "numpy Add x1 x2",
  subtract: "numpy Subtract x1 x2",
  multiply: "numpy Multiply x1 x2",
  divide: "numpy TrueDivide x1 x2",
  power: "numpy Power x1 x2",
  matmul: "numpy Matmul x1 x2",
  negate: "numpy Negative x",
  sum: "numpy Sum x axis!=null | keepdims!=false",
  mean: "numpy Mean x axis!=null | keepdims!=false",
  max: "numpy Max x axis!=null | keepdims!=false initial!=null",
  min: "numpy Min x axis!=null | keepdims!=false initial!=null",
  reshape: "numpy Reshape x newshape!",
  transpose: "numpy Transpose x axes!=null",
  astype: "core Cast x dtype!",
} as const;

/** Options of {@link KerasTensor}. */
export interface KerasTensorOptions {
  /** The dtype of the values. Default `"float32"`. */
  readonly dtype?: DType;
  /** What the tensor is called. Default: automatic, such as `keras_tensor_1`. */
  readonly name?: string;
  /** Only false: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
  /** Only false: there are no ragged tensors. Default false. */
  readonly ragged?: boolean;
  /** Whether calls on the tensor are noted, so that a model can be made of them. Default true. */
  readonly recordHistory?: boolean;
}

export interface KerasTensor {
  readonly [valueType]: Tensor;
}

/**
 * A tensor without values: a shape, a dtype, and the call that gives it. Made by `Input`, by calling layers and `ops` on
 * symbolic tensors, and by arithmetic on them.
 *
 * @example
 * ```ts
 * const x = Input([3]);
 * const y = x.multiply(2).add(1);
 * new Model({ inputs: x, outputs: y })([[1, 2, 3]]).arraySync(); // → [[3, 5, 7]]
 * ```
 */
export class KerasTensor extends SymbolicTensor {
  override readonly shape: KerasShape;
  override readonly dtype: DType;
  override readonly name: string;
  override readonly recordHistory: boolean;

  /**
   * @param shape with `null` for unknown lengths
   * @param options `dtype` (default `"float32"`), `name` (default `keras_tensor`, `keras_tensor_1`, …), `recordHistory`
   *   (default true): whether calls on it are noted; `sparse` and `ragged` can only be false
   * @throws UnsupportedError for sparse and ragged tensors
   */
  constructor(shape: KerasShape, options: KerasTensorOptions = {}) {
    super();
    if (options.sparse || options.ragged) {
      throw new UnsupportedError("KerasTensor: sparse and ragged tensors are not supported.");
    }
    this.shape = standardizeShape(shape, "KerasTensor");
    this.dtype = asDType(options.dtype ?? "float32", "KerasTensor");
    this.recordHistory = options.recordHistory ?? true;
    this.name = options.name ?? autoName("KerasTensor");
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  override like(shape: KerasShape, dtype: DType): KerasTensor {
    return new KerasTensor(shape, { dtype });
  }

  // Arithmetic notes operations, as Keras's operators do.

  /** The sum, element by element. */
  add(other: Operand): KerasTensor {
    return steps.add(this, other);
  }

  /** The difference, element by element. */
  subtract(other: Operand): KerasTensor {
    return steps.subtract(this, other);
  }

  /** The product, element by element. */
  multiply(other: Operand): KerasTensor {
    return steps.multiply(this, other);
  }

  /** True division: integers give float32. */
  divide(other: Operand): KerasTensor {
    return steps.divide(this, other);
  }

  /** The power, element by element. */
  power(other: Operand): KerasTensor {
    return steps.power(this, other);
  }

  /** Matrix product by NumPy's rules. */
  matmul(other: Operand): KerasTensor {
    return steps.matmul(this, other);
  }

  /** The negative of each element. */
  negate(): KerasTensor {
    return steps.negate(this);
  }

  /** The sum over axes. */
  sum(axes?: Axes, options?: { keepdims?: boolean }): KerasTensor {
    return steps.sum(this, axes, options);
  }

  /** The mean over axes; integers give float32. */
  mean(axes?: Axes, options?: { keepdims?: boolean }): KerasTensor {
    return steps.mean(this, axes, options);
  }

  /** The largest element over axes. */
  max(axes?: Axes, options?: { keepdims?: boolean }): KerasTensor {
    return steps.max(this, axes, options);
  }

  /** The smallest element over axes. */
  min(axes?: Axes, options?: { keepdims?: boolean }): KerasTensor {
    return steps.min(this, axes, options);
  }

  /** The same elements in another shape, the axis of samples included; -1 for the length that follows from the others. */
  reshape(...shape: readonly number[] | readonly [Shape]): KerasTensor {
    return steps.reshape(this, Array.isArray(shape[0]) ? shape[0] : shape);
  }

  /** The axes in another order; by default reversed. */
  transpose(axes?: readonly number[]): KerasTensor {
    return steps.transpose(this, axes);
  }

  /** The transpose. */
  get T(): KerasTensor {
    return this.transpose();
  }

  /** The elements in another dtype. */
  astype(dtype: DType): KerasTensor {
    return steps.astype(this, dtype);
  }

  /**
   * Elements by index, as {@link Tensor.at}.
   *
   * @example
   * ```ts
   * Input([4, 2]).at("...", 0).shape; // → [null, 4]
   * Input([4, 2]).at("...", [1, 3], [0, 2]).shape; // → [null, 2, 2]
   * ```
   */
  at(...index: readonly IndexSpec[]): KerasTensor {
    return new GetItem().apply(this, index) as KerasTensor;
  }

  /** Samples from `start` up to `stop`. */
  slice(start: number, stop?: number): KerasTensor {
    return this.at([start, stop ?? null]);
  }

  static {
    defineDisplay(KerasTensor.prototype, { text: (t) => t.toString() });
  }

  override toString(): string {
    return `<KerasTensor shape=${showShape(this.shape)}, dtype=${this.dtype}, name=${this.name}>`;
  }
}

/** What arithmetic takes beside a symbolic tensor. */
type Operand = TensorLike | KerasTensor;

/** Makes what the methods note known to configs. */
export function learnMethods(): void {
  learnOperations(steps);
  learnClass(GetItem);
}

/** The methods of tensors as steps of a graph. */
const steps: Readonly<Record<keyof typeof signatures, (...args: unknown[]) => KerasTensor>> =
  /* @__PURE__ */ Object.fromEntries(
    /* @__PURE__ */ Object.entries(signatures).map(([method, signature]) => {
      const run = (x: TensorLike, ...args: unknown[]): unknown =>
        (toTensor(x) as unknown as Record<string, (...args: unknown[]) => unknown>)[method]!(...args);
      return [method, symbolicFunction(run, signature)];
    }),
  ) as never;

/**
 * Checks a shape that may have unknown lengths.
 *
 * @throws ShapeError
 */
export function standardizeShape(shape: unknown, where: string): KerasShape {
  const isLength = (n: unknown): boolean => n === null || (Number.isSafeInteger(n) && (n as number) >= 0);
  if (Array.isArray(shape) && shape.every(isLength)) return [...(shape as KerasShape)];
  throw new ShapeError(
    `${where}: a shape is an array of whole numbers that are not negative, or null where a length is unknown. Received: ${show(shape)}`,
  );
}

/** Whether two shapes are the same, unknown lengths included. */
export function sameKerasShape(a: KerasShape, b: KerasShape): boolean {
  return sameShape(
    a.map((n) => n ?? -1),
    b.map((n) => n ?? -1),
  );
}

/** Whether something is one shape, not a structure of shapes. */
export function isShape(x: unknown): x is KerasShape {
  return Array.isArray(x) && x.every((n) => n === null || typeof n === "number");
}

/** A structure of shapes turned into a structure of something else. */
export function mapShapes<T>(shapes: ShapeTree, fn: (shape: KerasShape) => T): Tree<T> {
  if (isShape(shapes)) return fn(shapes);
  if (Array.isArray(shapes)) return (shapes as readonly ShapeTree[]).map((s) => mapShapes(s, fn));
  return Object.fromEntries(Object.entries(shapes).map(([key, s]) => [key, mapShapes(s, fn)]));
}
