/**
 * Shares out a range of addresses: free blocks lie in bins by size, neighbours that are both free become one. Allocating
 * and freeing take constant time. It knows only numbers; the bytes are elsewhere.
 */

/** A run of addresses, linked to its neighbours in memory and, while it is free, in its bin. */
interface Block {
  readonly address: number;
  size: number;
  free: boolean;
  below: Block | undefined;
  above: Block | undefined;
  earlier: Block | undefined;
  later: Block | undefined;
}

/** Every address is a multiple of this: a cache line. */
export const granularity = 64;

/** The bin of a size: four for each power of two. */
function binOf(size: number): number {
  const units = size / granularity;
  const exponent = 31 - Math.clz32(units);
  const quarter = exponent < 2 ? 0 : (units >>> (exponent - 2)) & 3;
  return 4 * exponent + quarter;
}

/** How many free blocks of a request's own bin are looked at; those of larger bins always fit. */
const patience = 8;

/** An allocator of addresses from a range that can grow. */
export class Heap {
  readonly #bins: (Block | undefined)[] = new Array<Block | undefined>(4 * 27).fill(undefined);
  readonly #used: Map<number, Block> = new Map();
  #last: Block | undefined;
  #end: number;
  /** Bytes that are in use. */
  inUse = 0;

  /** @param begin where the range begins; it is empty until it grows */
  constructor(begin: number) {
    this.#end = begin;
  }

  /** Adds the addresses up to `end` to the range. */
  grow(end: number): void {
    const block = this.#block(this.#end, end - this.#end, this.#last);
    if (this.#last !== undefined) this.#last.above = block;
    this.#last = block;
    this.#end = end;
    this.#join(block);
  }

  #block(address: number, size: number, below: Block | undefined): Block {
    return { address, size, free: true, below, above: undefined, earlier: undefined, later: undefined };
  }

  /** The address of `bytes` bytes, or undefined if no free block is large enough. */
  allocate(bytes: number): number | undefined {
    const size = Math.max(granularity, Math.ceil(bytes / granularity) * granularity);
    const block = this.#find(size);
    if (block === undefined) return undefined;
    this.#unlink(block);
    if (block.size > size) {
      const rest = this.#block(block.address + size, block.size - size, block);
      rest.above = block.above;
      if (rest.above === undefined) this.#last = rest;
      else rest.above.below = rest;
      block.above = rest;
      block.size = size;
      this.#link(rest);
    }
    block.free = false;
    this.#used.set(block.address, block);
    this.inUse += size;
    return block.address;
  }

  free(address: number): void {
    const block = this.#used.get(address);
    if (block === undefined) throw new Error(`nothing is allocated at address ${address}`);
    this.#used.delete(address);
    this.inUse -= block.size;
    this.#join(block);
  }

  #find(size: number): Block | undefined {
    const own = binOf(size);
    let candidate = this.#bins[own];
    for (let i = 0; candidate !== undefined && i < patience; i++) {
      if (candidate.size >= size) return candidate;
      candidate = candidate.later;
    }
    for (let bin = own + 1; bin < this.#bins.length; bin++) {
      if (this.#bins[bin] !== undefined) return this.#bins[bin];
    }
    // The rest of the own bin, before anyone asks for more memory.
    while (candidate !== undefined && candidate.size < size) candidate = candidate.later;
    return candidate;
  }

  /** Marks a block free, merges it with free neighbours and puts it into its bin. */
  #join(block: Block): void {
    let joined = block;
    joined.free = true;
    const { below, above } = block;
    if (above?.free === true) {
      this.#unlink(above);
      this.#absorb(joined, above);
    }
    if (below?.free === true) {
      this.#unlink(below);
      this.#absorb(below, joined);
      joined = below;
    }
    this.#link(joined);
  }

  #absorb(block: Block, above: Block): void {
    block.size += above.size;
    block.above = above.above;
    if (block.above === undefined) this.#last = block;
    else block.above.below = block;
  }

  #link(block: Block): void {
    const bin = binOf(block.size);
    const first = this.#bins[bin];
    block.earlier = undefined;
    block.later = first;
    if (first !== undefined) first.earlier = block;
    this.#bins[bin] = block;
  }

  #unlink(block: Block): void {
    if (block.later !== undefined) block.later.earlier = block.earlier;
    if (block.earlier !== undefined) block.earlier.later = block.later;
    else this.#bins[binOf(block.size)] = block.later;
  }
}
