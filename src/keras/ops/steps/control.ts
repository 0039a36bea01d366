/** The functions of `control.ts` as steps of graphs. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import * as f from "../control.ts";
import { type Symbolic, type Symbols, stepAs, type ValuesOf } from "../step.ts";

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

export const jvp: SymbolicJvp & typeof f.jvp = /* @__PURE__ */ stepAs(
  f.jvp,
  "linalg JVP fun primals tangents | has_aux!=false",
);
export const map: SymbolicMap & typeof f.map = /* @__PURE__ */ stepAs(f.map, "core Map f xs");
export const vectorizedMap: SymbolicMap & typeof f.vectorizedMap = /* @__PURE__ */ stepAs(
  f.vectorizedMap,
  "core VectorizedMap function! elements",
);
