/** Device memory of the reference backend: a typed array that can be given back. */
import { arrayFrom, arrayOf, type DType, isHalf, type TypedArray } from "../../tensor/dtype.ts";
import { DisposedError, ShapeError } from "../../tensor/errors.ts";
import type { Backend, DeviceArray } from "../backend.ts";

export class ReferenceArray implements DeviceArray {
  readonly device: Backend;
  readonly dtype: DType;
  readonly size: number;
  #values: TypedArray | undefined;

  constructor(device: Backend, dtype: DType, size: number) {
    this.device = device;
    this.dtype = dtype;
    this.size = size;
    this.#values = new (arrayOf(dtype))(size);
  }

  #alive(): TypedArray {
    if (this.#values === undefined) {
      throw new DisposedError(`this device array (${this.dtype}, ${this.size} elements) was disposed`);
    }
    return this.#values;
  }

  read(): TypedArray {
    return this.#alive().slice();
  }

  write(values: TypedArray, at = 0): void {
    const own = this.#alive();
    if (at + values.length > own.length) {
      throw new ShapeError(`write: ${values.length} elements from ${at} on do not fit into ${own.length}`);
    }
    own.set(isHalf(this.dtype) ? arrayFrom(this.dtype, values) : values, at);
  }

  dispose(): void {
    this.#values = undefined;
  }
}
