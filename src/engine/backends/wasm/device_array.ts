/** Arrays in the memory of the wasm device. */
import { byteWidth, type DType, type TypedArray } from "../../tensor/dtype.ts";
import { DisposedError, ShapeError } from "../../tensor/errors.ts";
import type { Backend, DeviceArray } from "../backend.ts";
import type { DeviceMemory } from "./memory.ts";

interface Allocation {
  readonly memory: DeviceMemory;
  readonly address: number;
  /** Hears that it was given back. */
  gone: (() => void) | undefined;
}

function giveBack({ memory, address, gone }: Allocation): void {
  memory.free(address);
  gone?.();
}

/** Gives memory back whose array was forgotten without `dispose`. */
const forgotten: FinalizationRegistry<Allocation> = new FinalizationRegistry(giveBack);

/** An array at a fixed address. */
export class WasmArray implements DeviceArray {
  readonly device: Backend;
  readonly dtype: DType;
  readonly size: number;
  readonly bytes: number;
  readonly #memory: DeviceMemory;
  #allocation: Allocation | undefined;
  /** The call that passed it last: finds arrays that are passed twice. */
  call = 0;
  /** Grows whenever the contents change here; what programs do on a memory of their own does not count. */
  version = 0;
  /** Waits for the end of the program that is at work with it on another thread. */
  wait: (() => void) | undefined;

  constructor(device: Backend, memory: DeviceMemory, dtype: DType, size: number) {
    this.device = device;
    this.dtype = dtype;
    this.size = size;
    this.#memory = memory;
    this.bytes = size * byteWidth(dtype);
    const address = memory.allocate(this.bytes);
    memory.views.uint8.fill(0, address, address + this.bytes);
    this.#allocation = { memory, address, gone: undefined };
    forgotten.register(this, this.#allocation, this);
  }

  /** Where it lies. */
  get address(): number {
    if (this.#allocation === undefined) {
      throw new DisposedError(`this device array (${this.dtype}, ${this.size} elements) was disposed`);
    }
    return this.#allocation.address;
  }

  get disposed(): boolean {
    return this.#allocation === undefined;
  }

  read(): TypedArray {
    this.wait?.();
    return this.#memory.read(this.dtype, this.address, this.size);
  }

  write(values: TypedArray, at = 0): void {
    if (at + values.length > this.size) {
      throw new ShapeError(`write: ${values.length} elements from ${at} on do not fit into ${this.size}`);
    }
    this.wait?.();
    this.version++;
    this.#memory.write(this.dtype, values, this.address + at * byteWidth(this.dtype));
  }

  /** A copy of the contents as they lie in memory. */
  raw(): Uint8Array<ArrayBuffer> {
    const { address, bytes } = this;
    const copy = new Uint8Array(bytes);
    copy.set(this.#memory.views.uint8.subarray(address, address + bytes));
    return copy;
  }

  /** Takes contents as they lie in memory; to whoever has them they are nothing new. */
  replace(raw: Uint8Array): void {
    this.#memory.views.uint8.set(raw, this.address);
  }

  /** Lets somebody hear of its end. */
  whenGone(gone: (() => void) | undefined): void {
    if (this.#allocation !== undefined) this.#allocation.gone = gone;
  }

  dispose(): void {
    const allocation = this.#allocation;
    if (allocation === undefined) return;
    this.wait?.();
    forgotten.unregister(this);
    this.#allocation = undefined;
    giveBack(allocation);
  }
}
