/** What GPTQ and AWQ need to know of a layer, and what they give it. */
import type { Tensor } from "../../engine/index.ts";

/** A kernel as calibration leaves it. */
export interface CalibratedValues {
  /** Whole numbers, `(outputs, inputs)`. */
  readonly values: Tensor;
  /** `(outputs, groups)`. */
  readonly scale: Tensor;
  readonly zero: Tensor;
  /** The group of each input. */
  readonly groups: Tensor;
  /** What inputs' columns were multiplied with (AWQ). */
  readonly factors?: Tensor;
}

/** A kernel that is to be calibrated. */
export interface CalibrationTarget {
  /** The kernel, `(inputs, outputs)`. */
  matrix(): Tensor;
  finish(result: CalibratedValues): void;
}
