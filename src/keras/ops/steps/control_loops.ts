/** The functions of `control_loops.ts` as steps of graphs. */
import type { Tensor, TensorLike } from "../../../engine/index.ts";
import { symbolicFunction } from "../../backend/function_operation.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import * as f from "../control_loops.ts";
import type { Symbolic, ValuesOf } from "../step.ts";

/** {@link f.foriLoop} of symbolic tensors. */
type SymbolicForiLoop = {
  (
    lower: TensorLike | KerasTensor,
    upper: TensorLike | KerasTensor,
    bodyFun: (index: Tensor, value: Tensor) => TensorLike,
    initVal: TensorLike | KerasTensor,
  ): KerasTensor;
  <V extends f.LoopList<TensorLike | KerasTensor> | f.LoopObject<TensorLike | KerasTensor>>(
    lower: TensorLike | KerasTensor,
    upper: TensorLike | KerasTensor,
    bodyFun: (index: Tensor, value: ValuesOf<V>) => { readonly [K in keyof V]: unknown },
    initVal: V,
  ): Symbolic<ValuesOf<V>>;
};

/** {@link f.whileLoop} of symbolic tensors. */
type SymbolicWhileLoop = {
  <V extends KerasTensor | readonly (TensorLike | KerasTensor)[]>(
    cond: (...vars: Tensor[]) => TensorLike,
    body: (...vars: Tensor[]) => TensorLike | readonly TensorLike[],
    loopVars: V,
    options?: f.WhileLoopOptions,
  ): V extends readonly unknown[] ? KerasTensor[] : KerasTensor;
  <V extends f.LoopObject<TensorLike | KerasTensor>>(
    cond: (vars: ValuesOf<V>) => TensorLike,
    body: (vars: ValuesOf<V>) => Readonly<Record<keyof V, unknown>>,
    loopVars: V,
    options?: f.WhileLoopOptions,
  ): Symbolic<ValuesOf<V>>;
};

export const foriLoop = /* @__PURE__ */ symbolicFunction(
  f.foriLoop,
  "core ForiLoop lower upper body_fun! init_val",
) as typeof f.foriLoop & SymbolicForiLoop;
export const whileLoop = /* @__PURE__ */ symbolicFunction(
  f.whileLoop,
  "core WhileLoop cond! body! loop_vars | maximum_iterations!=null",
) as typeof f.whileLoop & SymbolicWhileLoop;
