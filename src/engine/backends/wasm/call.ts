/** What lies where in a call of a program: its arguments, its results, and the table of their addresses. */
import type { CompiledProgram, Port } from "../../compiler/compile.ts";
import { byteWidth, type DType, type TypedArray } from "../../tensor/dtype.ts";
import { WasmArray } from "./device_array.ts";
import { granularity } from "./heap.ts";

/** A port with its slot, and the room that a copy takes. */
export interface Passed extends Port {
  readonly slot: number;
  readonly bytes: number;
}

/** An argument as programs take it: an array of the device, or values to be copied. */
export type Input = WasmArray | TypedArray;

/** Where a result lies. */
export interface Place extends Port {
  readonly address: number;
}

/** The memory that a call happens in. */
export interface Room {
  /** Where an array of the device lies. */
  addressOf(array: WasmArray): number;
  write(dtype: DType, values: TypedArray, address: number): void;
}

function passed(port: Port, slot: number): Passed {
  const bytes = Math.ceil((port.size * byteWidth(port.dtype)) / granularity) * granularity;
  return { ...port, slot, bytes };
}

/** The arguments and results of a program. */
export class CallLayout {
  readonly params: readonly Passed[];
  /** Results that are copied out; undefined where a parameter's memory holds the result. */
  readonly results: readonly (Passed | undefined)[];
  readonly slots: number;
  readonly #resultBytes: number;

  constructor({ params, paramSlots, results, resultSlots, slotCount }: CompiledProgram) {
    this.slots = slotCount;
    this.params = params.map((port, i) => passed(port, paramSlots[i]!));
    this.results = results.map((port, i) => {
      const slot = resultSlots[i];
      return slot === undefined ? undefined : passed(port, slot);
    });
    this.#resultBytes = this.results.reduce((sum, r) => sum + (r?.bytes ?? 0), 0);
  }

  /** The arrays of the device among the arguments. */
  arraysIn(inputs: readonly Input[]): WasmArray[] {
    return inputs.filter((input) => input instanceof WasmArray);
  }

  /** The bytes of all that lives as long as the call. */
  bytes(inputs: readonly Input[]): number {
    let bytes = this.#resultBytes;
    for (let i = 0; i < inputs.length; i++)
      if (!(inputs[i] instanceof WasmArray)) bytes += this.params[i]!.bytes;
    return bytes;
  }

  /**
   * Copies values into a piece of memory and notes the address of everything.
   *
   * @param table takes the addresses, from `base` on
   * @returns where the results will lie
   */
  fill(inputs: readonly Input[], room: Room, piece: number, table: Int32Array, base: number): number {
    let next = piece;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      const param = this.params[i]!;
      let address = next;
      if (input instanceof WasmArray) address = room.addressOf(input);
      else {
        room.write(param.dtype, input, next);
        next += param.bytes;
      }
      table[base + param.slot] = address;
    }
    const outputs = next;
    for (const result of this.results) {
      if (result === undefined) continue;
      table[base + result.slot] = next;
      next += result.bytes;
    }
    return outputs;
  }

  /** Where the results lie, from where `fill` said that they begin. */
  places(outputs: number): (Place | undefined)[] {
    let next = outputs;
    return this.results.map((result) => {
      if (result === undefined) return undefined;
      const { dtype, size, bytes } = result;
      const address = next;
      next += bytes;
      return { dtype, address, size };
    });
  }
}
