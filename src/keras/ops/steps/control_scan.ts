/** The functions of `control_scan.ts` as steps of graphs. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import * as f from "../control_scan.ts";
import { step } from "../step.ts";

/** {@link f.associativeScan} of a symbolic tensor. */
type SymbolicAssociativeScan = (
  f: (a: Tensor, b: Tensor) => Tensor,
  elems: KerasTensor,
  options?: f.AssociativeScanOptions,
) => KerasTensor;

/** {@link f.scan} of symbolic tensors. */
type SymbolicScan = (
  f: (carry: Tensor, row: Tensor) => readonly [carry: Tensor, output: Tensor],
  init: KerasTensor,
  options?: f.ScanOptions<KerasTensor>,
) => [carry: KerasTensor, outputs: KerasTensor];

export const associativeScan: SymbolicAssociativeScan & typeof f.associativeScan = /* @__PURE__ */ step(
  f.associativeScan,
  "core AssociativeScan f elems | reverse!=false axis!=0",
);
export const scan: SymbolicScan & typeof f.scan = /* @__PURE__ */ step(
  f.scan,
  "core Scan f init | xs=null length!=null reverse!=false unroll!=1",
);
