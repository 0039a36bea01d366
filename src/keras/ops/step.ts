/** Functions of tensors that are steps of a graph when they are given symbolic tensors. */
import type { Tensor, TensorLike } from "../../engine/index.ts";
import { symbolicFunction } from "../backend/function_operation.ts";
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
type Symbolic<T> = T extends Tensor
  ? KerasTensor
  : T extends object
    ? { [K in keyof T]: T[K] extends Tensor ? KerasTensor : T[K] }
    : T;

/** A function of tensors that takes symbolic tensors, too, and then gives symbolic ones. */
export type Step<F> = F &
  (F extends (...args: infer A) => infer R
    ? (...args: Extract<Parameters<A>, readonly unknown[]>) => Symbolic<R>
    : never);

/** Makes a function a step of graphs; `symbolicFunction` says how the signature is read. */
export function step<F extends (...args: never[]) => unknown>(fn: F, signature: string): Step<F> {
  return symbolicFunction(fn, signature) as Step<F>;
}
