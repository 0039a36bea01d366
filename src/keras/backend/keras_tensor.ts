/** Symbolic tensors: what is known of a value before there is data. */
import {
  asDType,
  type DType,
  defineDisplay,
  ShapeError,
  sameShape,
  show,
  showShape,
  type Tensor,
  type Tree,
} from "../../engine/index.ts";
import { autoName } from "../utils/naming.ts";
import { SymbolicTensor, type valueType } from "./symbolic_tensor.ts";

/** The length of each axis; `null` where it is not known before there is data, as that of a batch. */
export type KerasShape = readonly (number | null)[];

/** Shapes in the structure of the tensors that they belong to. */
export type ShapeTree = KerasShape | readonly ShapeTree[] | { readonly [key: string]: ShapeTree };

export interface KerasTensor {
  readonly [valueType]: Tensor;
}

/**
 * A tensor without values: a shape, a dtype, and the call that gives it. Made by `Input` and by calling layers on
 * symbolic tensors.
 */
export class KerasTensor extends SymbolicTensor {
  override readonly shape: KerasShape;
  override readonly dtype: DType;
  override readonly name: string;

  /**
   * @param shape with `null` for unknown lengths
   * @param options `dtype` (default `"float32"`), `name` (default `keras_tensor`, `keras_tensor_1`, …)
   */
  constructor(shape: KerasShape, options: { readonly dtype?: DType; readonly name?: string } = {}) {
    super();
    this.shape = standardizeShape(shape, "KerasTensor");
    this.dtype = asDType(options.dtype ?? "float32", "KerasTensor");
    this.name = options.name ?? autoName("KerasTensor");
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  override like(shape: KerasShape, dtype: DType): KerasTensor {
    return new KerasTensor(shape, { dtype });
  }

  static {
    defineDisplay(KerasTensor.prototype, { text: (t) => t.toString() });
  }

  override toString(): string {
    return `<KerasTensor shape=${showShape(this.shape)}, dtype=${this.dtype}, name=${this.name}>`;
  }
}

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
