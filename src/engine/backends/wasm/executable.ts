/** A compiled program together with the memory that it runs on. */
import type { CompiledProgram, Port } from "../../compiler/compile.ts";
import { arrayOf, byteWidth, type TypedArray } from "../../tensor/dtype.ts";
import {
  DTypeError,
  ExecutionError,
  ShapeError,
  StateError,
  show,
  UnsupportedError,
  ValueError,
} from "../../tensor/errors.ts";
import { type Argument, type Backend, type Executable, isDeviceArray, type Stopwatch } from "../backend.ts";
import { own } from "./control.ts";
import { WasmArray } from "./device_array.ts";
import { granularity } from "./heap.ts";
import type { DeviceMemory } from "./memory.ts";
import type { Rendered } from "./render.ts";
import { nextProgram, type Run, type Team, type TeamProgram } from "./team.ts";

/** Where a call puts the addresses of its slots: nothing else lies in the first page, and calls never overlap. */
const table = 1024;
const maxSlots = (65536 - table) / 4;

/** A port with its slot, and the room that a copy takes. */
interface Passed extends Port {
  readonly slot: number;
  readonly bytes: number;
}

function passed(port: Port, slot: number): Passed {
  const bytes = Math.ceil((port.size * byteWidth(port.dtype)) / granularity) * granularity;
  return { ...port, slot, bytes };
}

/** Threads write into their blocks all the time: none may share a cache line, or the next one that the host fetches. */
const ownAlignment = 128;

let calls = 0;

/** Runs a program: passes addresses, copies host values in and results out. */
export class WasmExecutable implements Executable {
  readonly #device: Backend;
  readonly #memory: DeviceMemory;
  readonly #name: string;
  readonly #run: Run;
  /** The program as threads run it together, if they do. */
  readonly #shared: { readonly team: Team; readonly program: TeamProgram } | undefined;
  readonly #arenaBytes: number;
  /** What each thread needs for itself; it lies behind the arena. */
  readonly #ownBytes: number;
  readonly #params: readonly Passed[];
  /** Results that are copied out; undefined where a parameter's memory holds the result. */
  readonly #results: readonly (Passed | undefined)[];
  readonly #resultBytes: number;
  readonly #donors: ReadonlySet<number>;
  readonly #stopwatch: Stopwatch | undefined;
  readonly #missing: (() => void) | undefined;

  /**
   * @param rendered the program as a WebAssembly module
   * @param name for messages
   * @param stopwatch what the code tells of its kernels, if it was made for that
   * @param team the threads that may run it
   * @param missing told of each call that threads would share if the host had any
   */
  constructor(
    device: Backend,
    memory: DeviceMemory,
    compiled: CompiledProgram,
    donations: readonly (number | undefined)[],
    rendered: Rendered,
    name: string,
    stopwatch?: Stopwatch,
    team?: Team,
    missing?: () => void,
  ) {
    if (compiled.slotCount > maxSlots) {
      throw new UnsupportedError(
        `${name}: ${compiled.slotCount} arguments and results; a wasm program takes ${maxSlots}`,
      );
    }
    this.#device = device;
    this.#memory = memory;
    this.#name = name;
    const { arenaBytes, privateBytes } = compiled.program;
    this.#arenaBytes = Math.ceil(arenaBytes / ownAlignment) * ownAlignment;
    this.#ownBytes = Math.ceil((own.memory + privateBytes) / ownAlignment) * ownAlignment;
    this.#params = compiled.params.map((port, i) => passed(port, compiled.paramSlots[i]!));
    this.#results = compiled.results.map((port, i) => {
      const slot = compiled.resultSlots[i];
      return slot === undefined ? undefined : passed(port, slot);
    });
    this.#resultBytes = this.#results.reduce((sum, r) => sum + (r?.bytes ?? 0), 0);
    this.#donors = new Set(donations.filter((d) => d !== undefined));
    this.#stopwatch = stopwatch;
    if (rendered.sharedWork > 0) this.#missing = missing;
    const module = new WebAssembly.Module(rendered.code);
    const instance = new WebAssembly.Instance(module, {
      env: { memory: memory.memory, mark: (kernel: number) => stopwatch?.mark(kernel) },
    });
    this.#run = instance.exports.run as Run;
    const { sharedWork: work } = rendered;
    if (team === undefined || work === 0) return;
    const program = { id: nextProgram(), module, run: this.#run, work, ownBytes: this.#ownBytes };
    this.#shared = { team, program };
    team.watch(this, program.id);
    team.prepare();
  }

  run(args: readonly Argument[]): (TypedArray | undefined)[] {
    const params = this.#params;
    if (args.length !== params.length) {
      throw new ValueError(`${this.#name}: expected ${params.length} arguments. Received: ${args.length}`);
    }
    const inputs = this.#inputs(args);
    const memory = this.#memory;
    let bytes = this.#resultBytes;
    for (let i = 0; i < inputs.length; i++) if (!(inputs[i] instanceof WasmArray)) bytes += params[i]!.bytes;
    // Everything that lives as long as the call lies in one piece.
    const staging = bytes === 0 ? 0 : memory.allocate(bytes);
    try {
      const threads = this.#shared?.team.size ?? 1;
      const arena = memory.arena(this.#arenaBytes + threads * this.#ownBytes);
      // Taken after allocating, which may move the memory.
      const slots = memory.views.int32;
      let next = staging;
      for (let i = 0; i < inputs.length; i++) {
        const input = inputs[i]!;
        const param = params[i]!;
        let address = next;
        if (input instanceof WasmArray) address = input.address;
        else {
          memory.write(param.dtype, input, next);
          next += param.bytes;
        }
        slots[table / 4 + param.slot] = address;
      }
      const outputs = next;
      for (const result of this.#results) {
        if (result === undefined) continue;
        slots[table / 4 + result.slot] = next;
        next += result.bytes;
      }
      this.#call(arena);
      return this.#read(outputs);
    } finally {
      if (staging !== 0) memory.free(staging);
    }
  }

  #call(arena: number): void {
    this.#stopwatch?.start();
    this.#missing?.();
    const mine = arena + this.#arenaBytes;
    try {
      if (this.#shared === undefined) this.#run(table, arena, mine);
      else this.#shared.team.run(this.#shared.program, table, arena, mine);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof ExecutionError)) throw error;
      throw new ExecutionError(`${this.#name}: the compiled program stopped with: ${error.message}`, {
        cause: error,
      });
    }
  }

  #read(from: number): (TypedArray | undefined)[] {
    let next = from;
    return this.#results.map((result) => {
      if (result === undefined) return undefined;
      const address = next;
      next += result.bytes;
      return this.#memory.read(result.dtype, address, result.size);
    });
  }

  /** The arguments as arrays of this device or as host values, checked. */
  #inputs(args: readonly Argument[]): readonly (WasmArray | TypedArray)[] {
    const call = ++calls;
    let twice = false;
    let foreign = false;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      this.#check(i, arg);
      if (!(arg instanceof WasmArray) || arg.device !== this.#device) {
        foreign ||= isDeviceArray(arg);
        if (!this.#donors.has(i)) continue;
        throw new StateError(
          `${this.#name}: argument ${i} gives its memory to a result, so it must be an array of this device`,
        );
      }
      twice ||= arg.call === call;
      arg.call = call;
    }
    if (!twice && !foreign) return args as readonly (WasmArray | TypedArray)[];
    return this.#separate(args);
  }

  #check(i: number, arg: Argument): void {
    const param = this.#params[i]!;
    const fits = isDeviceArray(arg) ? arg.dtype === param.dtype : arg instanceof arrayOf(param.dtype);
    if (!fits) {
      const got = isDeviceArray(arg) ? `a device array of ${arg.dtype}` : show(arg);
      throw new DTypeError(`${this.#name}: argument ${i} is ${param.dtype}. Received: ${got}`);
    }
    const size = isDeviceArray(arg) ? arg.size : arg.length;
    if (size !== param.size) {
      throw new ShapeError(`${this.#name}: argument ${i} has ${param.size} elements. Received: ${size}`);
    }
  }

  /** Copies what must not be read where it lies: arrays of other devices, and those that a result overwrites meanwhile. */
  #separate(args: readonly Argument[]): (WasmArray | TypedArray)[] {
    const overwritten = new Set<Argument>();
    for (const donor of this.#donors) {
      if (overwritten.has(args[donor]!)) {
        throw new ValueError(`${this.#name}: argument ${donor} would give its memory to two results`);
      }
      overwritten.add(args[donor]!);
    }
    return args.map((arg, i) => {
      if (!isDeviceArray(arg)) return arg;
      const own = arg instanceof WasmArray && arg.device === this.#device;
      return own && (this.#donors.has(i) || !overwritten.has(arg)) ? arg : arg.read();
    });
  }
}
