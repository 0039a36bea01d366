/** The wasm backend: compiles graphs to WebAssembly modules that run on one memory. The default. */

import { compileGraphInStages } from "../../compiler/compile.ts";
import type { Kernel } from "../../compiler/loop_ir/index.ts";
import type { Graph } from "../../graph/node.ts";
import { allAtOnce, type Stages } from "../../graph/stages.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { UnsupportedError } from "../../tensor/errors.ts";
import { type Backend, type CompileOptions, type Executable, type KernelTime } from "../backend.ts";
import { WasmArray } from "./device_array.ts";
import { Door } from "./door.ts";
import { WasmExecutable } from "./executable.ts";
import { detectFeatures } from "./features.ts";
import { inBrowser, onPage, type startHelper, type startThread } from "./host.ts";
import { DeviceMemory } from "./memory.ts";
import { renderInStages } from "./render.ts";
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
  /** Whether threads can share the memory, if the host lets them. */
  readonly shared?: boolean;
  /** Starts the thread that runs programs aside, as on a page. */
  readonly startThread?: typeof startThread;
  /** Is given the way to that thread. */
  readonly onDoor?: (door: Door) => void;
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
export function createWasmBackend(options: WasmOptions = {}): Backend {
  const { least, onTeam, onDoor } = options;
  const features = detectFeatures();
  if (!features.simd)
    throw new UnsupportedError("this host's WebAssembly has no SIMD, which the wasm backend needs");
  const target = { fused: features.relaxedSimd, sums: features.vectorSums };
  const memory = new DeviceMemory(features.threads && options.shared !== false);
  const team = memory.shared ? new Team(memory, options.startHelper) : undefined;
  if (team !== undefined) onTeam?.(team);
  const { startThread: start } = options;
  const door = onPage() || start !== undefined ? new Door(memory, team, start) : undefined;
  if (door !== undefined) onDoor?.(door);
  const backend: Backend = {
    name: "wasm",
    compile: (graph, options) => allAtOnce(compileInStages(graph, options)),
    compileInStages,
    allocate: (dtype, size) => new WasmArray(backend, memory, dtype, size),
    ...(door && { elsewhere: door }),
  };
  function* compileInStages(graph: Graph, options: CompileOptions = {}): Stages<Executable> {
    const { donations = [], name = "graph", stopwatch } = options;
    const compiled = yield* compileGraphInStages(graph, { donations, target });
    const numbered = stopwatch && ((kernel: Kernel): number => stopwatch.add(announced(name, kernel)));
    const maximum = memory.shared ? memory.maximum : undefined;
    const rendered = yield* renderInStages(compiled.program, features, { numbered, maximum, least });
    const missing = team === undefined ? noticeOneThread : undefined;
    yield;
    options.onEmit?.({ program: compiled.program, code: rendered.code });
    const hosts = { stopwatch, team, missing, door };
    return new WasmExecutable(backend, memory, compiled, donations, rendered, name, hosts);
  }
  return backend;
}
