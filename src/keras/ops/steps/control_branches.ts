/** The functions of `control_branches.ts` as steps of graphs. */
import type { TensorLike } from "../../../engine/index.ts";
import { symbolicFunction } from "../../backend/function_operation.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import * as f from "../control_branches.ts";
import type { Symbolic, ValuesOf } from "../step.ts";

/** {@link f.cond} for a symbolic condition. */
type SymbolicCond = <T>(pred: KerasTensor, trueFn: () => T, falseFn: () => T) => Symbolic<T>;

/** {@link f.switch} for a symbolic number or symbolic operands. */
type SymbolicSwitch = <T, const A extends readonly unknown[]>(
  index: TensorLike | KerasTensor,
  branches: readonly ((...operands: { [K in keyof A]: ValuesOf<A[K]> }) => T)[],
  ...operands: A
) => Symbolic<T>;

export const cond = /* @__PURE__ */ symbolicFunction(
  f.cond,
  "core Cond pred true_fn false_fn",
) as SymbolicCond & typeof f.cond;
const switchBranch = /* @__PURE__ */ symbolicFunction(
  f.switch,
  "core Switch index branches *operands",
) as typeof f.switch & SymbolicSwitch;

export { switchBranch as switch };
