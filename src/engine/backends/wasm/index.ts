/** The wasm backend: compiles graphs to WebAssembly modules that run on one memory. The default. */

import { compileGraph } from "../../compiler/compile.ts";
import type { Kernel } from "../../compiler/loop_ir/index.ts";
import type { Graph } from "../../graph/node.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { UnsupportedError } from "../../tensor/errors.ts";
import {
  allAtOnce,
  type Backend,
  type CompileOptions,
  type Executable,
  type KernelTime,
  type Stages,
} from "../backend.ts";
import { WasmArray } from "./device_array.ts";
import { WasmExecutable } from "./executable.ts";
import { detectFeatures } from "./features.ts";
import { inBrowser, type startHelper } from "./host.ts";
import { DeviceMemory } from "./memory.ts";
import { render } from "./render.ts";
import type { Least } from "./sharing.ts";
import { Team } from "./team.ts";
import { getThreads, threadsAskedFor } from "./thread_count.ts";

let noticed = false;

/** Tells those who have asked for threads that there are none, once. */
function noticeOneThread(): void {
  if (noticed || !threadsAskedFor()) return;
  noticed = true;
  const remedy = inBrowser()
    ? "this page may not share memory between threads. Serve it with the headers Cross-Origin-Opener-Policy: same-origin " +
      "and Cross-Origin-Embedder-Policy: require-corp."
    : "this host has no SharedArrayBuffer.";
  console.warn(`${getThreads()} threads are asked for, but Tsuno runs on one here: ${remedy}`);
}

/** What tests change, so that small programs run on many threads and lost ones are found soon. */
export interface WasmOptions {
  readonly least?: Least;
  /** Is given the threads that run programs. */
  readonly onTeam?: (team: Team) => void;
  readonly startHelper?: typeof startHelper;
}

/** What a stopwatch is told of a kernel. */
function announced(program: string, kernel: Kernel): Omit<KernelTime, "runs" | "ms"> {
  const { name, source, reads, writes, scratch } = kernel;
  const arrays = [...reads, ...writes].filter((b) => !scratch.includes(b));
  const bytes = arrays.reduce((sum, b) => sum + b.size * byteWidth(b.dtype), 0);
  const { origin = "", shape = [], operations = 0 } = source ?? {};
  return { program, kernel: name, origin, shape, operations, bytes };
}

/**
 * Makes a wasm device with memory of its own.
 *
 * @throws UnsupportedError when the host has no WebAssembly SIMD
 */
export function createWasmBackend({ least, onTeam, startHelper: start }: WasmOptions = {}): Backend {
  const features = detectFeatures();
  if (!features.simd)
    throw new UnsupportedError("this host's WebAssembly has no SIMD, which the wasm backend needs");
  const target = { fused: features.relaxedSimd, sums: features.vectorSums };
  const memory = new DeviceMemory(features.threads);
  const team = memory.shared ? new Team(memory, start) : undefined;
  if (team !== undefined) onTeam?.(team);
  const backend: Backend = {
    name: "wasm",
    compile: (graph, options) => allAtOnce(compileInStages(graph, options)),
    compileInStages,
    allocate: (dtype, size) => new WasmArray(backend, memory, dtype, size),
  };
  function* compileInStages(graph: Graph, options: CompileOptions = {}): Stages<Executable> {
    const { donations = [], name = "graph", stopwatch } = options;
    const compiled = compileGraph(graph, { donations, target });
    yield;
    const numbered = stopwatch && ((kernel: Kernel): number => stopwatch.add(announced(name, kernel)));
    const maximum = memory.shared ? memory.maximum : undefined;
    const rendered = render(compiled.program, features, { numbered, maximum, least });
    const missing = team === undefined ? noticeOneThread : undefined;
    yield;
    return new WasmExecutable(backend, memory, compiled, donations, rendered, name, stopwatch, team, missing);
  }
  return backend;
}
