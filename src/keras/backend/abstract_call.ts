/** Finds the shapes that a function of tensors gives by tracing it on placeholders; nothing is computed. */
import {
  type DType,
  full,
  makeGraph,
  type Shape,
  Tensor,
  TsunoError,
  treeLeaves,
  treeMap,
} from "../../engine/index.ts";
import type { KerasShape } from "./keras_tensor.ts";
import { SymbolicTensor } from "./symbolic_tensor.ts";

/** Lengths that stand for unknown ones; two, so that what comes of an unknown length can be told from what does not. */
const standIns = { prime: [7919, 7907], divisible: [10080, 13440] } as const;

/** The stand-in of the trace that is going on. */
let standIn: number | undefined;

/** A tensor's shape as a layer may know it: in an abstract trace, unknown lengths are unknown again. */
export function knownShape(shape: KerasShape): KerasShape {
  return standIn === undefined ? shape : shape.map((n) => (n === standIn ? null : n));
}

/**
 * What a function gives for symbolic inputs: symbolic tensors of the shapes and dtypes that its results have.
 *
 * @param fn is traced, so that variables that it assigns do not change
 * @param inputs symbolic tensors in any structure
 * @param make makes the symbolic results
 * @param lengths what stands for unknown lengths: primes, which no other length is a multiple of, or numbers with many
 *   divisors
 */
export function abstractCall(
  fn: (inputs: unknown) => unknown,
  inputs: unknown,
  make: (shape: KerasShape, dtype: DType) => SymbolicTensor,
  lengths: keyof typeof standIns = "prime",
): unknown {
  const unknown = treeLeaves(inputs).some((x) => x instanceof SymbolicTensor && x.shape.includes(null));
  const first = traceWith(standIns[lengths][0], fn, inputs);
  const second = unknown ? treeLeaves(traceWith(standIns[lengths][1], fn, inputs)) : treeLeaves(first);
  let at = 0;
  return treeMap((x) => {
    const other = second[at++];
    if (!(x instanceof Tensor) || !(other instanceof Tensor)) return x;
    const shape = x.shape.map((n, axis) => (n === other.shape[axis] ? n : null));
    return make(shape, x.dtype);
  }, first);
}

/** Says `None` in an error, as Keras does, where it speaks of a length that stood for an unknown one. */
function sayUnknown(error: unknown, length: number): void {
  const known = (text: string): string => text.replace(new RegExp(`\\b${length}\\b`, "g"), "None");
  for (let at = error; at instanceof TsunoError; at = at.cause) {
    at.message = known(at.message);
    if (at.stack !== undefined) at.stack = known(at.stack);
  }
}

function traceWith(length: number, fn: (inputs: unknown) => unknown, inputs: unknown): unknown {
  const outer = standIn;
  standIn = length;
  try {
    const placeholders = treeMap((x) => {
      if (!(x instanceof SymbolicTensor)) return x;
      return full(x.shape.map((n) => n ?? length) as Shape, 0, x.dtype);
    }, inputs);
    let result: unknown;
    makeGraph((x: unknown) => (result = fn(x)), placeholders);
    return result;
  } catch (error) {
    sayUnknown(error, length);
    throw error;
  } finally {
    standIn = outer;
  }
}
