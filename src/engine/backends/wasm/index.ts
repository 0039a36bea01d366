/** The wasm backend: compiles graphs to WebAssembly modules that run on one memory. The default. */

import { compileGraph } from "../../compiler/compile.ts";
import { UnsupportedError } from "../../tensor/errors.ts";
import type { Backend } from "../backend.ts";
import { WasmArray } from "./device_array.ts";
import { WasmExecutable } from "./executable.ts";
import { detectFeatures } from "./features.ts";
import { DeviceMemory } from "./memory.ts";
import { render } from "./render.ts";

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
      const { donations = [], name = "graph" } = options;
      const compiled = compileGraph(graph, { donations });
      const code = render(compiled.program, features);
      return new WasmExecutable(backend, memory, compiled, donations, code, name);
    },
    allocate: (dtype, size) => new WasmArray(backend, memory, dtype, size),
  };
  return backend;
}
