/** Arrays in the memory of the wasm device. */
import { byteWidth, type DType, type TypedArray } from "../../tensor/dtype.ts";
import { DisposedError, ShapeError } from "../../tensor/errors.ts";
import type { Backend, DeviceArray } from "../backend.ts";
import type { DeviceMemory } from "./memory.ts";

interface Allocation {
  readonly memory: DeviceMemory;
  readonly address: number;
}

/** Gives memory back whose array was forgotten without `dispose`. */
const forgotten: FinalizationRegistry<Allocation> = new FinalizationRegistry(({ memory, address }) => {
  memory.free(address);
});

/** An array at a fixed address. */
export class WasmArray implements DeviceArray {
  readonly device: Backend;
  readonly dtype: DType;
  readonly size: number;
  readonly #memory: DeviceMemory;
  #address: number;
  /** The call that passed it last: finds arrays that are passed twice. */
  call = 0;

  constructor(device: Backend, memory: DeviceMemory, dtype: DType, size: number) {
    this.device = device;
    this.dtype = dtype;
    this.size = size;
    this.#memory = memory;
    const bytes = size * byteWidth(dtype);
    this.#address = memory.allocate(bytes);
    memory.views.uint8.fill(0, this.#address, this.#address + bytes);
    forgotten.register(this, { memory, address: this.#address }, this);
  }

  /** Where it lies. */
  get address(): number {
    if (this.#address === 0) {
      throw new DisposedError(`this device array (${this.dtype}, ${this.size} elements) was disposed`);
    }
    return this.#address;
  }

  read(): TypedArray {
    return this.#memory.read(this.dtype, this.address, this.size);
  }

  write(values: TypedArray, at = 0): void {
    if (at + values.length > this.size) {
      throw new ShapeError(`write: ${values.length} elements from ${at} on do not fit into ${this.size}`);
    }
    this.#memory.write(this.dtype, values, this.address + at * byteWidth(this.dtype));
  }

  dispose(): void {
    if (this.#address === 0) return;
    forgotten.unregister(this);
    this.#memory.free(this.#address);
    this.#address = 0;
  }
}
