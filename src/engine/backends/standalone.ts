/**
 * What programs that leave the library share: one memory with the fixed numbers at its beginning, and in it a place for
 * each input, each result and whatever the programs need meanwhile. All addresses are known when the code is printed.
 */
import { type CompiledProgram, compileGraph, type Port } from "../compiler/compile.ts";
import type { Buffer, Target } from "../compiler/loop_ir/index.ts";
import type { Graph } from "../graph/node.ts";
import { byteWidth, type DType, isHalf, type TypedArray } from "../tensor/dtype.ts";
import { packHalves } from "../tensor/half.ts";

/** Numbers that a program holds. */
export interface FixedValue {
  /** What they are the value of; the same for all programs that read it. */
  readonly of: object;
  readonly values: TypedArray;
}

/** A function that is to leave. */
export interface Leaving {
  /** The name that it is called by. */
  readonly name: string;
  /** Its first parameters are given anew for each call, the others have fixed values. */
  readonly graph: Graph;
  readonly values: readonly FixedValue[];
}

/** Code that runs without the library. */
export interface Standalone<Code> {
  readonly code: Code;
  /** Where inputs are put before a call and results are found after it: addresses in bytes, of all functions alike. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A program with the address of each slot. */
export interface Placed {
  readonly name: string;
  readonly compiled: CompiledProgram;
  readonly slots: readonly number[];
}

/** One memory for several programs. */
export interface Layout {
  readonly programs: readonly Placed[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The fixed numbers, which lie from `lowest` on. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly arena: number;
  /** The private memory of the only thread. */
  readonly own: number;
  /** The end of it all. */
  readonly bytes: number;
}

const alignment = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
const bytesOf = ({ size, dtype }: Pick<Port, "size" | "dtype">): number => size * byteWidth(dtype);

/** Numbers as they lie in memory. */
function inMemory(dtype: DType, values: TypedArray): Uint8Array {
  if (!isHalf(dtype)) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bits = new Uint16Array(values.length);
  packHalves(dtype, values as Float32Array, bits);
  return new Uint8Array(bits.buffer);
}

/**
 * Compiles functions and lays out their memory.
 *
 * @param lowest the first address that may be used
 * @param ownBytes what lies before the private memory of a thread
 */
export function layOut(
  functions: readonly Leaving[],
  lowest: number,
  ownBytes: number,
  target?: Target,
): Layout {
  let end = lowest;
  const take = (bytes: number): number => {
    const address = end;
    end = aligned(end + bytes);
    return address;
  };
  const given = functions.map(({ graph, values }) => graph.params.length - values.length);
  const fixed = new Map<object, { readonly address: number; readonly bytes: Uint8Array }>();
  functions.forEach(({ graph, values }, n) => {
    values.forEach(({ of, values: numbers }, i) => {
      if (fixed.has(of)) return;
      const bytes = inMemory(graph.params[given[n]! + i]!.dtype, numbers);
      fixed.set(of, { address: take(bytes.length), bytes });
    });
  });
  const data = new Uint8Array(end - lowest);
  for (const { address, bytes } of fixed.values()) data.set(bytes, address - lowest);

  const compiled = functions.map(({ graph }) => compileGraph(graph, target === undefined ? {} : { target }));
  /** The n-th port of all functions has one place, where the longest fits. */
  const shared = (ports: readonly (readonly Port[])[]): number[] =>
    ports[0]!.map((_, i) => take(Math.max(...ports.map((p) => bytesOf(p[i]!)))));
  const inputs = shared(compiled.map((c, i) => c.params.slice(0, given[i])));
  const outputs = shared(compiled.map((c) => c.results));
  const arena = take(Math.max(...compiled.map((c) => c.program.arenaBytes)));
  const own = take(ownBytes + Math.max(...compiled.map((c) => c.program.privateBytes)));
  const programs = functions.map(({ name, values }, n) => {
    const c = compiled[n]!;
    const slots = new Array<number>(c.slotCount).fill(0);
    c.paramSlots.forEach((slot, i) => {
      const first = given[n]!;
      slots[slot] = i < first ? inputs[i]! : fixed.get(values[i - first]!.of)!.address;
    });
    c.resultSlots.forEach((slot, i) => {
      slots[slot!] = outputs[i]!;
    });
    return { name, compiled: c, slots };
  });
  return { programs, inputs, outputs, data, arena, own, bytes: end };
}

/** The address of a buffer where nothing moves. */
export function addressOf(layout: Layout, { compiled, slots }: Placed, buffer: Buffer): number {
  const place = compiled.program.places.get(buffer);
  if (place === undefined) throw new Error(`buffer ${buffer.id} has no place`);
  if (place.space === "slot") return slots[place.slot]!;
  return place.offset + (place.space === "arena" ? layout.arena : layout.own);
}
