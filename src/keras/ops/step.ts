/** Functions of tensors that are steps of a graph when they are given symbolic tensors. */
import type { NestedArray, Tensor, TensorHolder, TensorLike, TypedArray } from "../../engine/index.ts";
import { symbolicFunction, withOperationOf } from "../backend/function_operation.ts";
import type { KerasTensor } from "../backend/keras_tensor.ts";

/** A parameter, or a list or options as one, that takes symbolic tensors wherever it takes tensors. */
type WithSymbols<T> = [TensorLike] extends [T]
  ? T | KerasTensor
  : T extends Tensor | ((...args: never[]) => unknown)
    ? T
    : T extends object
      ? { [K in keyof T]: [TensorLike] extends [T[K]] ? T[K] | KerasTensor : T[K] }
      : T;

/** The parameters of a call. */
type Parameters<A> = { [K in keyof A]: WithSymbols<A[K]> };

/** A result with symbolic tensors for tensors. */
export type Symbolic<T> = T extends Tensor
  ? KerasTensor
  : T extends (...args: never[]) => unknown
    ? T
    : T extends object
      ? { [K in keyof T]: Symbolic<T[K]> }
      : T;

/** Symbolic tensors in arrays and objects. */
export type Symbols = KerasTensor | readonly Symbols[] | { readonly [key: string]: Symbols };

/** What a function inside of a step gets for symbolic tensors and whatever stands beside them. */
export type ValuesOf<A> = A extends KerasTensor | TensorHolder | TypedArray | NestedArray
  ? Tensor
  : A extends Tensor
    ? Tensor
    : { [K in keyof A]: ValuesOf<A[K]> };

/** A function of tensors that takes symbolic tensors, too, and then gives symbolic ones. */
export type Step<F> = F &
  (F extends (...args: infer A) => infer R
    ? (...args: Extract<Parameters<A>, readonly unknown[]>) => Symbolic<R>
    : never);

/**
 * Makes a function a step of graphs; `symbolicFunction` says how the signature is read.
 *
 * @param spec what it gives for symbolic tensors. Default: what it gives when it is traced
 */
export function step<F extends (...args: never[]) => unknown>(
  fn: F,
  signature: string,
  spec?: (...args: never[]) => unknown,
): Step<F> {
  return symbolicFunction(fn, signature, spec) as Step<F>;
}

/** A function that calls a step: configs that name its operation find it through this one, too. */
export function callsStep<F extends object>(fn: F, inner: object): F {
  return withOperationOf(fn, inner);
}
