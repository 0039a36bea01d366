/**
 * The contract between the runtime and what executes graphs. A backend compiles a graph into an executable and owns
 * device memory; it knows nothing of tensors, traces or layers.
 */
import type { Program } from "../compiler/loop_ir/index.ts";
import type { Graph } from "../graph/node.ts";
import type { Stages } from "../graph/stages.ts";
import type { DType, TypedArray } from "../tensor/dtype.ts";

/** Memory on the device that outlives a call: a variable's value, a data set. */
export interface DeviceArray {
  readonly device: Backend;
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** A copy of the contents. */
  read(): TypedArray;
  /** Replaces elements, from element `at` (default 0) on. Throws ShapeError if they do not fit. */
  write(values: TypedArray, at?: number): void;
  /** Gives the memory back. Reading or writing afterwards throws DisposedError. */
  dispose(): void;
}

/** An argument of a call: values in host memory, or an array on the device. */
export type Argument = TypedArray | DeviceArray;

/** How a graph is compiled. */
export interface CompileOptions {
  /**
   * For each result the number of the parameter whose memory it takes over, or undefined. Such a parameter must be passed
   * as a device array, and holds the result after the call.
   */
  readonly donations?: readonly (number | undefined)[];
  /** For messages and profiles. */
  readonly name?: string;
  /** Measures each kernel, if the backend can. */
  readonly stopwatch?: Stopwatch;
  /** Is told what the graph has become, if the backend compiles to loops. */
  readonly onEmit?: (emitted: Emitted) => void;
}

/** What a backend makes of a graph. */
export interface Emitted {
  readonly program: Program;
  /** The loops as a WebAssembly module. */
  readonly code: Uint8Array;
}

/** What a kernel is, and how long it ran. */
export interface KernelTime {
  readonly program: string;
  /** The primitives it computes. */
  readonly kernel: string;
  /** The layer or the part of training that it belongs to; empty if it is not known. */
  readonly origin: string;
  /** The shape of what it computes. */
  readonly shape: readonly number[];
  /** Arithmetic operations and bytes of arrays read and written in one run. */
  readonly operations: number;
  readonly bytes: number;
  runs: number;
  ms: number;
}

/** Measures kernels. */
export interface Stopwatch {
  /** Announces a kernel; gives its number. */
  add(kernel: Omit<KernelTime, "runs" | "ms">): number;
  /** A program begins. */
  start(): void;
  /** A kernel has ended. */
  mark(kernel: number): void;
}

/** A compiled graph. */
export interface Executable {
  /**
   * Runs the program once.
   *
   * @param args one argument per parameter of the graph
   * @returns the results, in order; undefined where a result was donated
   */
  run(args: readonly Argument[]): (TypedArray | undefined)[];
  /**
   * The same on another thread, after all such calls before it.
   *
   * @param args asked for when its turn has come
   * @returns undefined where programs run on the calling thread
   */
  runAside?(args: () => readonly Argument[]): Promise<(TypedArray | undefined)[]> | undefined;
}

/** Another thread that runs programs, so that the calling one stays free. */
export interface Elsewhere {
  /** Whether the host has turned out to have none. */
  readonly refused: boolean;
  /**
   * Brings what programs have changed there into arrays that are older; until then reading them gives older values.
   * Undefined if all is here.
   */
  settle(): Promise<void> | undefined;
}

/** Something that executes graphs. */
export interface Backend {
  readonly name: string;
  compile(graph: Graph, options?: CompileOptions): Executable;
  /** The same in several parts, between which the host may turn to something else. Default: all at once. */
  compileInStages?(graph: Graph, options?: CompileOptions): Stages<Executable>;
  /** New device memory, filled with zeros. */
  allocate(dtype: DType, size: number): DeviceArray;
  /** Where `runAside` runs programs, if there is such a place. */
  readonly elsewhere?: Elsewhere;
}

/** Whether an argument lies on the device. */
export function isDeviceArray(arg: Argument): arg is DeviceArray {
  return !ArrayBuffer.isView(arg);
}
