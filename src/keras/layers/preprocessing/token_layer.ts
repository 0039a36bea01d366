/** Layers of strings. Programs hold numbers only, so these layers work at once, outside of programs. */
import {
  checkOptions,
  ShapeError,
  show,
  type Tensor,
  type TensorLike,
  type Tree,
  toTensor,
  treeLeaves,
  UnsupportedError,
  ValueError,
} from "../../../engine/index.ts";
import { KerasTensor } from "../../backend/keras_tensor.ts";
import type { CallOptions, LayerInputs, SymbolicInputs } from "../call_inputs.ts";
import { Layer } from "../layer.ts";

/** A string, or strings in nested arrays. */
export type Strings = string | readonly Strings[];

/** What layers of strings take: strings, or whole numbers. */
export type TokenInputs = Strings | TensorLike;

/** Strings or numbers in the order of their places, and the lengths of the axes. */
export interface Tokens {
  readonly shape: readonly number[];
  readonly values: readonly (string | number)[];
}

/**
 * Strings or numbers as a flat list and a shape.
 *
 * @throws ShapeError when nested arrays are not equally long; ValueError for mixtures
 */
export function tokensOf(inputs: TokenInputs, where: string): Tokens {
  let first: unknown = inputs;
  const shape: number[] = [];
  for (; Array.isArray(first); first = first[0] as unknown) shape.push(first.length);
  if (typeof first !== "string" && first !== undefined) {
    const t = toTensor(inputs as TensorLike);
    return { shape: t.shape, values: [...t.dataSync()].map(Number) };
  }
  const values: string[] = [];
  const visit = (x: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof x === "string") values.push(x);
      else if (Array.isArray(x))
        throw new ShapeError(`${where}: nested arrays of strings have different depths`);
      else throw new ValueError(`${where}: expected strings. Received: ${show(x)}`);
      return;
    }
    if (!Array.isArray(x) || x.length !== shape[axis]) {
      throw new ShapeError(`${where}: nested arrays of strings must be equally long. Received: ${show(x)}`);
    }
    for (const item of x) visit(item, axis + 1);
  };
  visit(inputs, 0);
  return { shape, values };
}

/** Values in nested arrays. */
export function nestTokens<T>(values: readonly T[], shape: readonly number[]): Tree<T> {
  if (shape.length === 0) return values[0] as Tree<T>;
  const [n = 0, ...inner] = shape;
  const size = inner.reduce((a, b) => a * b, 1);
  return Array.from({ length: n }, (_, i) => nestTokens(values.slice(i * size, (i + 1) * size), inner));
}

/** Whole numbers as a tensor. */
export function wholeNumbers(values: readonly number[], shape: readonly number[]): Tensor {
  return toTensor(Int32Array.from(values)).reshape(shape);
}

export interface TokenLayer {
  /** Calls the layer on strings, which are (nested) arrays, or on whole numbers. */
  (inputs: TokenInputs | readonly TokenInputs[], options?: CallOptions): Tensor;
}

/** Base of layers that strings can go into. They cannot be called on symbolic tensors. */
export abstract class TokenLayer extends Layer {
  /** What the layer gives. */
  protected abstract compute(inputs: TokenInputs | readonly TokenInputs[]): Tensor;

  /**
   * Calls the layer; `layer(x)` is the same.
   *
   * @throws UnsupportedError for symbolic tensors: programs hold no strings
   */
  override apply(inputs: LayerInputs | TokenInputs | readonly TokenInputs[], options?: CallOptions): Tensor;
  override apply(inputs: SymbolicInputs, options?: CallOptions): KerasTensor;
  override apply(
    inputs: LayerInputs | TokenInputs | readonly TokenInputs[] | SymbolicInputs,
    options: CallOptions = {},
  ): Tensor & KerasTensor {
    checkOptions(`Layer "${this.name}"`, options, ["training", "mask"]);
    if (treeLeaves(inputs).some((x) => x instanceof KerasTensor)) {
      throw new UnsupportedError(
        `Layer "${this.name}" works on strings, which programs do not hold, and so not on symbolic tensors. ` +
          "Apply it to the data before the model.",
      );
    }
    return this.compute(inputs as TokenInputs) as Tensor & KerasTensor;
  }

  override call(inputs: Tensor): Tensor {
    return this.compute(inputs);
  }
}

/**
 * A salt as two numbers.
 *
 * @throws ValueError unless it is a whole number or two
 */
export function checkSalt(
  salt: number | readonly number[] | null | undefined,
  where: string,
): number[] | null {
  if (salt === null || salt === undefined) return null;
  const pair = typeof salt === "number" ? [salt, salt] : [...salt];
  if (pair.length === 2 && pair.every(Number.isSafeInteger)) return pair;
  throw new ValueError(
    `${where}: expected salt to be one or two whole numbers. Received: salt=${show(salt)}`,
  );
}

/**
 * Checks a number of bins.
 *
 * @throws ValueError unless it is a positive whole number
 */
export function checkBins(bins: unknown, where: string): number {
  if (Number.isSafeInteger(bins) && (bins as number) > 0) return bins as number;
  throw new ValueError(
    `${where}: expected numBins to be a positive whole number. Received: numBins=${show(bins)}`,
  );
}
