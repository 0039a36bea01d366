/** What `Maximum` and `Minimum` share. */
import { any, type Binary, type Tensor, where } from "../../../engine/index.ts";
import { setKerasMask } from "../../backend/masking.ts";
import { logicalOr } from "../../ops/numpy_logic.ts";
import { Merge } from "./base_merge.ts";
import { fullMask } from "./masked.ts";

/** Merges by an operation that has no neutral element, so that masked elements are passed over one by one. */
export abstract class Extremum extends Merge {
  protected abstract readonly operation: Binary;

  protected override merge(inputs: readonly Tensor[]): Tensor {
    let output: Tensor | undefined;
    let outputMask: Tensor | undefined;
    for (const given of inputs) {
      const mask = fullMask(given);
      if (output === undefined) {
        [output, outputMask] = [given, mask];
        continue;
      }
      const x: Tensor = mask === undefined ? given : where(mask, given, output);
      if (outputMask !== undefined) output = where(outputMask, output, x);
      outputMask = mask === undefined || outputMask === undefined ? undefined : logicalOr(outputMask, mask);
      output = this.operation(output, x);
    }
    if (outputMask !== undefined) setKerasMask(output!, any(outputMask, [-1]));
    return output!;
  }
}
