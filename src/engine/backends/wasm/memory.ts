/** The memory of a device: one WebAssembly memory that grows, shared out by a heap. */
import type { DType, TypedArrays } from "../../tensor/dtype.ts";
import { OutOfMemoryError } from "../../tensor/errors.ts";
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

/** WebAssembly memory with views that stay valid, and an arena that all programs use in turn. */
export class DeviceMemory {
  readonly memory: WebAssembly.Memory;
  /** Whether threads can share it. */
  readonly shared: boolean;
  /** The pages that it may have. */
  readonly maximum: number;
  readonly #heap: Heap = new Heap(lowest);
  /** The whole memory as elements of each type; it changes when the memory grows. */
  views: { readonly [D in DType]: TypedArrays[D] };
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

  #look(): { readonly [D in DType]: TypedArrays[D] } {
    const { buffer } = this.memory;
    const bytes = new Uint8Array(buffer);
    return {
      bool: bytes,
      uint8: bytes,
      int32: new Int32Array(buffer),
      uint32: new Uint32Array(buffer),
      float32: new Float32Array(buffer),
      float64: new Float64Array(buffer),
    };
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
