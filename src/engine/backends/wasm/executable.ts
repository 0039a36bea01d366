/** A compiled program together with the memory that it runs on. */
import type { CompiledProgram } from "../../compiler/compile.ts";
import { arrayOf, type TypedArray } from "../../tensor/dtype.ts";
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
import type { AsideProgram } from "./aside.ts";
import { CallLayout, type Input } from "./call.ts";
import { own, ownAlignment } from "./control.ts";
import { WasmArray } from "./device_array.ts";
import type { Door } from "./door.ts";
import type { DeviceMemory } from "./memory.ts";
import type { Rendered } from "./render.ts";
import { nextProgram, type Run, type Team } from "./team.ts";

/** Where a call puts the addresses of its slots: nothing else lies in the first page, and calls never overlap. */
const table = 1024;
const maxSlots = (65536 - table) / 4;

let calls = 0;

/** What else has a part in running a program. */
export interface Hosts {
  /** What the code tells of its kernels, if it was made for that. */
  readonly stopwatch?: Stopwatch | undefined;
  /** The threads that may run it. */
  readonly team?: Team | undefined;
  /** Told of each call that threads would share if the host had any. */
  readonly missing?: (() => void) | undefined;
  /** The way to another thread, where this one is to stay free. */
  readonly door?: Door | undefined;
}

/** Runs a program: passes addresses, copies host values in and results out. */
export class WasmExecutable implements Executable {
  readonly #device: Backend;
  readonly #memory: DeviceMemory;
  readonly #name: string;
  readonly #id = nextProgram();
  readonly #layout: CallLayout;
  readonly #arenaBytes: number;
  /** What each thread needs for itself; it lies behind the arena. */
  readonly #ownBytes: number;
  readonly #donors: ReadonlySet<number>;
  readonly #code: Uint8Array<ArrayBuffer>;
  /** Operations that threads share in one call or could, roughly. */
  readonly #work: number;
  readonly #hosts: Hosts;
  #module: WebAssembly.Module | undefined;
  #run: Run | undefined;
  #asideProgram: AsideProgram | undefined;

  /**
   * @param rendered the program as a WebAssembly module
   * @param name for messages
   * @param hosts what else has a part in running it
   */
  constructor(
    device: Backend,
    memory: DeviceMemory,
    compiled: CompiledProgram,
    donations: readonly (number | undefined)[],
    rendered: Rendered,
    name: string,
    hosts: Hosts,
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
    this.#layout = new CallLayout(compiled);
    this.#donors = new Set(donations.filter((d) => d !== undefined));
    this.#hosts = hosts;
    this.#code = rendered.code;
    this.#work = rendered.sharedWork;
    // On a page the program may never run on this thread.
    if (hosts.door === undefined) this.#instantiate();
    if (this.#team === undefined) return;
    this.#team.watch(this, this.#id);
    if (hosts.door === undefined) this.#team.prepare();
  }

  /** The threads that run it together, if they do. */
  get #team(): Team | undefined {
    return this.#work > 0 ? this.#hosts.team : undefined;
  }

  #instantiate(): Run {
    if (this.#run === undefined) {
      this.#module ??= new WebAssembly.Module(this.#code);
      const mark = (kernel: number): void => this.#hosts.stopwatch?.mark(kernel);
      const { exports } = new WebAssembly.Instance(this.#module, {
        env: { memory: this.#memory.memory, mark },
      });
      this.#run = exports.run as Run;
    }
    return this.#run;
  }

  run(args: readonly Argument[]): (TypedArray | undefined)[] {
    const inputs = this.#inputs(args);
    const memory = this.#memory;
    const layout = this.#layout;
    for (const input of inputs) if (input instanceof WasmArray) input.wait?.();
    const bytes = layout.bytes(inputs);
    // Everything that lives as long as the call lies in one piece.
    const staging = bytes === 0 ? 0 : memory.allocate(bytes);
    try {
      const threads = this.#team?.size ?? 1;
      const arena = memory.arena(this.#arenaBytes + threads * this.#ownBytes);
      // The words are taken after allocating, which may move the memory.
      const outputs = layout.fill(inputs, memory, staging, memory.views.int32, table / 4);
      this.#call(arena);
      for (const donor of this.#donors) (inputs[donor] as WasmArray).version++;
      return layout.places(outputs).map((p) => p && memory.read(p.dtype, p.address, p.size));
    } finally {
      if (staging !== 0) memory.free(staging);
    }
  }

  runAside(args: () => readonly Argument[]): Promise<(TypedArray | undefined)[]> | undefined {
    const { door, stopwatch, missing } = this.#hosts;
    // Clocks tick on this thread alone.
    if (door === undefined || door.refused || stopwatch !== undefined) return undefined;
    if (this.#work > 0) missing?.();
    this.#asideProgram ??= {
      id: this.#id,
      owner: this,
      name: this.#name,
      layout: this.#layout,
      arenaBytes: this.#arenaBytes,
      ownBytes: this.#ownBytes,
      work: this.#work,
      donors: this.#donors,
      inputs: (given) => this.#inputs(given),
      module: async () => (this.#module ??= await WebAssembly.compile(this.#code)),
    };
    return door.run(this.#asideProgram, args).then((results) => results ?? this.run(args()));
  }

  #call(arena: number): void {
    const { stopwatch, missing } = this.#hosts;
    const run = this.#instantiate();
    stopwatch?.start();
    if (this.#work > 0) missing?.();
    const mine = arena + this.#arenaBytes;
    try {
      if (this.#team === undefined) run(table, arena, mine);
      else {
        const program = { id: this.#id, module: this.#module!, work: this.#work, ownBytes: this.#ownBytes };
        this.#team.run(program, run, table, arena, mine);
      }
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof ExecutionError)) throw error;
      throw new ExecutionError(`${this.#name}: the compiled program stopped with: ${error.message}`, {
        cause: error,
      });
    }
  }

  /** The arguments as arrays of this device or as host values, checked. */
  #inputs(args: readonly Argument[]): readonly Input[] {
    const { params } = this.#layout;
    if (args.length !== params.length) {
      throw new ValueError(`${this.#name}: expected ${params.length} arguments. Received: ${args.length}`);
    }
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
    if (!twice && !foreign) return args as readonly Input[];
    return this.#separate(args);
  }

  #check(i: number, arg: Argument): void {
    const param = this.#layout.params[i]!;
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
  #separate(args: readonly Argument[]): Input[] {
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
