/** The wasm backend: compiles graphs to WebAssembly modules that run on one memory. The default. */

import { compileGraph } from "../../compiler/compile.ts";
import type { Kernel } from "../../compiler/loop_ir/index.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { UnsupportedError } from "../../tensor/errors.ts";
import type { Backend, KernelTime } from "../backend.ts";
import { WasmArray } from "./device_array.ts";
import { WasmExecutable } from "./executable.ts";
import { detectFeatures } from "./features.ts";
import { DeviceMemory } from "./memory.ts";
import { render } from "./render.ts";

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
export function createWasmBackend(): Backend {
  const features = detectFeatures();
  if (!features.simd)
    throw new UnsupportedError("this host's WebAssembly has no SIMD, which the wasm backend needs");
  const memory = new DeviceMemory();
  const backend: Backend = {
    name: "wasm",
    compile(graph, options = {}) {
      const { donations = [], name = "graph", stopwatch } = options;
      const compiled = compileGraph(graph, { donations });
      const numbered = stopwatch && ((kernel: Kernel): number => stopwatch.add(announced(name, kernel)));
      const code = render(compiled.program, features, numbered);
      return new WasmExecutable(backend, memory, compiled, donations, code, name, stopwatch);
    },
    allocate: (dtype, size) => new WasmArray(backend, memory, dtype, size),
  };
  return backend;
}
