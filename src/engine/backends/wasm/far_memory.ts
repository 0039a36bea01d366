/**
 * The memory of a worker that shares none with the page, as the page sees it. Arrays of the device that programs use have
 * copies there: fresh ones are sent with the next call, and what programs have changed is fetched when it is wanted.
 */
import { OutOfMemoryError } from "../../tensor/errors.ts";
import type { Piece, Span } from "./attend.ts";
import type { Room } from "./call.ts";
import type { WasmArray } from "./device_array.ts";
import type { Heap } from "./heap.ts";
import type { DeviceMemory } from "./memory.ts";

const page = 65536;
const maximum = 65536;

/** The copy of an array. */
interface Copy {
  readonly address: number;
  /** The version of the array that it was made from. */
  version: number;
  /** Whether a program has changed it since, so that the array is the old one. */
  newer: boolean;
}

/** What a call brings along and leaves behind. */
export interface Parcel extends Room {
  /** What must be written before. */
  readonly writes: readonly Piece[];
  /** How many pages there must be. */
  readonly pages: number;
  /** Makes sure that there is memory up to an address. */
  reach(end: number): void;
  /** The call has failed: arrays that it should have written have no copies. */
  failed(): void;
}

/** Addresses in the memory of a worker, and the copies that lie there. */
export class FarMemory {
  readonly #memory: DeviceMemory;
  readonly #heap: Heap;
  #pages = 1;
  readonly #copies: WeakMap<WasmArray, Copy> = new WeakMap();
  /** Arrays that are older than their copies. */
  readonly unsettled: Set<WasmArray> = new Set();
  /** Whether the worker is gone, and the memory with it. */
  gone = false;

  /**
   * @param memory the device's
   * @param heap an empty one, whose first address is the first that programs may use
   */
  constructor(memory: DeviceMemory, heap: Heap) {
    this.#memory = memory;
    this.#heap = heap;
  }

  /** The address of new memory. The worker finds out whether there is so much when it gets it to do. */
  allocate(bytes: number): number {
    const address = this.#heap.allocate(bytes);
    if (address !== undefined) return address;
    const more = Math.max(Math.ceil(bytes / page) + 1, this.#pages >> 2);
    const pages = Math.min(this.#pages + more, maximum);
    this.#heap.grow(pages * page);
    this.#pages = pages;
    const found = this.#heap.allocate(bytes);
    if (found !== undefined) return found;
    throw new OutOfMemoryError(
      `the worker's memory cannot hold ${(bytes / 2 ** 20).toFixed(1)} MiB more: ` +
        `${(this.#heap.inUse / 2 ** 20).toFixed(1)} MiB are in use, and it can grow to ${(maximum * page) / 2 ** 20} MiB at most`,
    );
  }

  free(address: number): void {
    if (!this.gone) this.#heap.free(address);
  }

  /** Collects what a call must bring along. */
  parcel(): Parcel {
    const writes: Piece[] = [];
    const sent: WasmArray[] = [];
    let end = 0;
    const reach = (address: number): void => {
      end = Math.max(end, address);
    };
    const addressOf = (array: WasmArray): number => {
      let copy = this.#copies.get(array);
      if (copy === undefined) {
        const address = this.allocate(array.bytes);
        copy = { address, version: -1, newer: false };
        this.#copies.set(array, copy);
        array.whenGone(() => this.free(address));
      }
      reach(copy.address + array.bytes);
      if (copy.version !== array.version) {
        writes.push({ address: copy.address, bytes: array.raw() });
        sent.push(array);
        copy.version = array.version;
        copy.newer = false;
        this.unsettled.delete(array);
      }
      return copy.address;
    };
    return {
      writes,
      reach,
      addressOf,
      write: (dtype, values, address) => {
        writes.push({ address, bytes: this.#memory.encode(dtype, values) });
      },
      get pages() {
        return Math.ceil(end / page);
      },
      failed: () => {
        for (const array of sent) this.forget(array);
      },
    };
  }

  /** A program has changed the copy of an array. */
  changed(array: WasmArray): void {
    const copy = this.#copies.get(array);
    if (copy === undefined || copy.version !== array.version) return;
    copy.newer = true;
    this.unsettled.add(array);
  }

  /** Drops the copy of an array. */
  forget(array: WasmArray): void {
    const copy = this.#copies.get(array);
    this.unsettled.delete(array);
    if (copy === undefined || array.disposed) return;
    this.#copies.delete(array);
    array.whenGone(undefined);
    this.free(copy.address);
  }

  /** What must be fetched so that arrays are as new as their copies; `arrived` puts it in its place. */
  fetch(): { readonly spans: readonly Span[]; arrived(pieces: readonly Uint8Array<ArrayBuffer>[]): void } {
    const waiting: { readonly array: WasmArray; readonly copy: Copy }[] = [];
    for (const array of this.unsettled) {
      const copy = this.#copies.get(array);
      // What was written here since has the last word.
      if (copy?.newer === true && copy.version === array.version && !array.disposed)
        waiting.push({ array, copy });
      else this.unsettled.delete(array);
    }
    return {
      spans: waiting.map(({ array, copy }) => ({ address: copy.address, length: array.bytes })),
      arrived: (pieces) => {
        for (const [i, { array, copy }] of waiting.entries()) {
          if (!this.unsettled.delete(array) || copy.version !== array.version || array.disposed) continue;
          array.replace(pieces[i]!);
          copy.newer = false;
        }
      },
    };
  }
}
