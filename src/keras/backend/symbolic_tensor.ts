/** What the graph of operations needs to know of symbolic tensors; `KerasTensor` is the one class of them. */
import { type DType, withoutValues } from "../../engine/index.ts";
import type { KerasShape } from "./keras_tensor.ts";
import type { KerasHistory } from "./node.ts";

/** Only for the compiler: what a symbolic tensor becomes when there is data. */
export declare const valueType: unique symbol;

/** A tensor without values. */
export abstract class SymbolicTensor {
  abstract readonly shape: KerasShape;
  abstract readonly dtype: DType;
  abstract readonly name: string;
  /** Whether what is computed from it knows how. */
  abstract readonly recordHistory: boolean;
  /** The call that gives it; set by that call. */
  history: KerasHistory | undefined;

  /** Another symbolic tensor, without a history. */
  abstract like(shape: KerasShape, dtype: DType): SymbolicTensor;

  static {
    Object.defineProperty(SymbolicTensor.prototype, withoutValues, {
      get(this: SymbolicTensor): string {
        return (
          "A KerasTensor has a shape and a dtype, but no values: layers, models and functions of keras.ops take one, and what " +
          `is called with tensors, as a branch of cond or a body of scan, must get it as an argument. Received: ${String(this)}`
        );
      },
    });
  }
}
