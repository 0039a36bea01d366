/** The functions of `control.ts` as steps of graphs. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import * as f from "../control.ts";
import { type Step, step } from "../step.ts";

/** A function of one row of a symbolic tensor. */
type SymbolicMap = (f: (row: Tensor) => Tensor, xs: KerasTensor) => KerasTensor;

export const map: SymbolicMap & typeof f.map = /* @__PURE__ */ step(f.map, "core Map f xs");
export const vectorizedMap: SymbolicMap & typeof f.vectorizedMap = /* @__PURE__ */ step(
  f.vectorizedMap,
  "core VectorizedMap function! elements",
);
export const whileLoop: Step<typeof f.whileLoop> = /* @__PURE__ */ step(
  f.whileLoop,
  "core WhileLoop cond! body! loop_vars | maximum_iterations!=null",
);
