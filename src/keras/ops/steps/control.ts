/** The functions of `control.ts` as steps of graphs. */
import type { Tensor } from "../../../engine/index.ts";
import { symbolicFunction } from "../../backend/function_operation.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import * as f from "../control.ts";
import type { Symbolic, Symbols, ValuesOf } from "../step.ts";

/** A function of one row of symbolic tensors. */
type SymbolicMap = {
  (f: (row: Tensor) => Tensor, xs: KerasTensor): KerasTensor;
  <X extends Symbols, Y>(f: (row: ValuesOf<X>) => Y, xs: X): Symbolic<Y>;
};

/** {@link f.jvp} of symbolic tensors. */
type SymbolicJvp = (
  fun: (...primals: Tensor[]) => Tensor | readonly [Tensor, unknown],
  primals: readonly KerasTensor[],
  tangents: readonly KerasTensor[],
  options?: { readonly hasAux?: boolean },
) => [value: KerasTensor, change: KerasTensor, aux?: unknown];

export const jvp = /* @__PURE__ */ symbolicFunction(
  f.jvp,
  "linalg JVP fun primals tangents | has_aux!=false",
) as SymbolicJvp & typeof f.jvp;
export const map = /* @__PURE__ */ symbolicFunction(f.map, "core Map f xs") as SymbolicMap & typeof f.map;
export const vectorizedMap = /* @__PURE__ */ symbolicFunction(
  f.vectorizedMap,
  "core VectorizedMap function! elements",
) as SymbolicMap & typeof f.vectorizedMap;
