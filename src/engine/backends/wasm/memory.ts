/** The memory of a device: one WebAssembly memory that grows, shared out by a heap. */
import {
  arrayOf,
  byteWidth,
  type DType,
  isHalf,
  type TypedArray,
  type TypedArrays,
} from "../../tensor/dtype.ts";
import { OutOfMemoryError } from "../../tensor/errors.ts";
import { type HalfType, packHalves, unpackHalves } from "../../tensor/half.ts";
import { lowest } from "./addresses.ts";
import { Heap } from "./heap.ts";

const page = 65536;
/** As many pages as 32-bit addresses reach. */
const limit = 65536;
/** Some hosts give a shared memory only a smaller range of addresses. */
const leastShared = 4096;
const initial = 16;

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** A memory that threads can share, with the largest range of addresses that the host gives it. */
function sharedMemory(): { readonly memory: WebAssembly.Memory; readonly maximum: number } | undefined {
  for (let maximum = limit; maximum >= leastShared; maximum /= 2) {
    try {
      return { memory: new WebAssembly.Memory({ initial, maximum, shared: true }), maximum };
    } catch {
      // Less, then.
    }
  }
  return undefined;
}

/** Views of a memory; of 16-bit floats they show the bits. */
type Views = { readonly [D in DType]: D extends HalfType ? Uint16Array : TypedArrays[D] };

/** WebAssembly memory with views that stay valid, and an arena that all programs use in turn. */
export class DeviceMemory {
  readonly memory: WebAssembly.Memory;
  /** Whether threads can share it. */
  readonly shared: boolean;
  /** The pages that it may have. */
  readonly maximum: number;
  readonly #heap: Heap = new Heap(lowest);
  /** The whole memory as elements of each type; it changes when the memory grows. */
  views: Views;
  #arena = 0;
  #arenaBytes = 0;

  /** @param shared whether threads should be able to share it */
  constructor(shared: boolean) {
    const sharable = shared ? sharedMemory() : undefined;
    this.shared = sharable !== undefined;
    this.maximum = sharable?.maximum ?? limit;
    this.memory = sharable?.memory ?? new WebAssembly.Memory({ initial, maximum: limit });
    this.#heap.grow(initial * page);
    this.views = this.#look();
  }

  #look(): Views {
    const { buffer } = this.memory;
    const bytes = new Uint8Array(buffer);
    const halves = new Uint16Array(buffer);
    return {
      bool: bytes,
      uint8: bytes,
      int8: new Int8Array(buffer),
      uint16: halves,
      int16: new Int16Array(buffer),
      bfloat16: halves,
      float16: halves,
      int32: new Int32Array(buffer),
      uint32: new Uint32Array(buffer),
      float32: new Float32Array(buffer),
      float64: new Float64Array(buffer),
    };
  }

  /** Where an array of the device lies, for calls of programs. */
  addressOf(array: { readonly address: number }): number {
    return array.address;
  }

  /** Writes elements to an address. */
  write(dtype: DType, values: TypedArray, address: number): void {
    const first = address / byteWidth(dtype);
    if (isHalf(dtype)) packHalves(dtype, values as Float32Array, this.views[dtype], first);
    else this.views[dtype].set(values, first);
  }

  /** So many elements from an address on. */
  read(dtype: DType, address: number, size: number): TypedArray {
    const first = address / byteWidth(dtype);
    if (isHalf(dtype)) return unpackHalves(dtype, this.views[dtype].subarray(first, first + size));
    return this.views[dtype].slice(first, first + size);
  }

  /** Elements as they lie in memory. */
  encode(dtype: DType, values: TypedArray): Uint8Array<ArrayBuffer> {
    if (!isHalf(dtype)) return new Uint8Array(values.slice().buffer);
    const halves = new Uint16Array(values.length);
    packHalves(dtype, values as Float32Array, halves);
    return new Uint8Array(halves.buffer);
  }

  /** Elements from how they lie in memory. */
  decode(dtype: DType, { buffer }: Uint8Array<ArrayBuffer>): TypedArray {
    return isHalf(dtype) ? unpackHalves(dtype, new Uint16Array(buffer)) : new (arrayOf(dtype))(buffer);
  }

  /** The address of new memory, with whatever lay there before. */
  allocate(bytes: number): number {
    const address = this.#heap.allocate(bytes);
    if (address !== undefined) return address;
    this.#grow(bytes);
    return this.#heap.allocate(bytes)!;
  }

  /** Gives back what `allocate` gave. */
  free(address: number): void {
    this.#heap.free(address);
  }

  /** The address of the arena, which has at least so many bytes; what it held is lost. */
  arena(bytes: number): number {
    if (bytes > this.#arenaBytes || this.#arena === 0) {
      if (this.#arena !== 0) this.#heap.free(this.#arena);
      this.#arena = 0;
      this.#arena = this.allocate(bytes);
      this.#arenaBytes = bytes;
    }
    return this.#arena;
  }

  #grow(bytes: number): void {
    const have = this.memory.buffer.byteLength / page;
    const need = Math.ceil(bytes / page) + 1;
    const { maximum } = this;
    // A quarter more, so that growing is rare; just what is needed when that is too much.
    const least = Math.min(need, maximum - have);
    for (const pages of [Math.min(Math.max(need, have >> 2), maximum - have), least]) {
      if (pages < need) break;
      try {
        this.memory.grow(pages);
      } catch {
        continue;
      }
      this.views = this.#look();
      this.#heap.grow((have + pages) * page);
      return;
    }
    throw new OutOfMemoryError(
      `the wasm device cannot allocate ${megabytes(bytes)}: ${megabytes(this.#heap.inUse)} are in use, ` +
        `and its memory of ${megabytes(have * page)} can grow to ${megabytes(maximum * page)} at most`,
    );
  }
}
