/** Data that stays on the device between calls. */
import type { DeviceArray } from "../backends/backend.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/shape.ts";
import { backend } from "./device.ts";
import { hostValue, leaf } from "./evaluate.ts";
import { Tensor } from "./tensor.ts";

/**
 * A copy of a tensor in device memory: compiled functions take it without copying. It is freed by `dispose`, or when it
 * is no longer referenced.
 */
export class Resident {
  /** Stands for the elements. Reading it after `dispose` throws DisposedError. */
  readonly tensor: Tensor;
  readonly #memory: DeviceArray;

  constructor(values: Tensor) {
    this.#memory = backend().allocate(values.dtype, sizeOf(values.shape));
    this.#memory.write(hostValue(values.node));
    this.tensor = new Tensor(leaf(this.#memory, values));
  }

  /**
   * Replaces elements under the tensor: whatever is computed from it later sees the new ones.
   *
   * @param at the number of the first element to replace, in row-major order
   */
  write(values: TypedArray, at = 0): void {
    this.#memory.write(values, at);
  }

  dispose(): void {
    this.tensor.dispose();
    this.#memory.dispose();
  }
}
