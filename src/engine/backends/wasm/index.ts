/** The wasm backend: compiles graphs to WebAssembly modules that run on one memory. The default. */

import { compileGraph } from "../../compiler/compile.ts";
import { UnsupportedError } from "../../tensor/errors.ts";
import type { Backend } from "../backend.ts";
import { WasmArray } from "./device_array.ts";
import { WasmExecutable } from "./executable.ts";
import { detectFeatures } from "./features.ts";
import { inBrowser } from "./host.ts";
import { DeviceMemory } from "./memory.ts";
import { render } from "./render.ts";
import { Team } from "./team.ts";
import { getThreads } from "./thread_count.ts";

let noticed = false;

/** Tells those who serve a page what its users miss, once. */
function noticeOneThread(): void {
  if (noticed || !inBrowser() || getThreads() === 1) return;
  noticed = true;
  console.warn(
    "Tsuno runs on one thread here, because this page may not share memory between threads. To use all cores, serve it " +
      "with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
  );
}

/**
 * Makes a wasm device with memory of its own.
 *
 * @throws UnsupportedError when the host has no WebAssembly SIMD
 * @example
 * const x = parameter({ shape: [2], dtype: "float32" });
 * const graph = { params: [x], results: [apply("sqrt", x)] };
 * createWasmBackend().compile(graph).run([Float32Array.of(4, 9)]); // [Float32Array [2, 3]]
 */
export function createWasmBackend(): Backend {
  const features = detectFeatures();
  if (!features.simd)
    throw new UnsupportedError("this host's WebAssembly has no SIMD, which the wasm backend needs");
  const memory = new DeviceMemory(features.threads);
  const team = memory.shared ? new Team(memory) : undefined;
  const backend: Backend = {
    name: "wasm",
    compile(graph, options = {}) {
      const { donations = [], name = "graph" } = options;
      const compiled = compileGraph(graph, { donations });
      const rendered = render(compiled.program, features, memory.shared ? memory.maximum : undefined);
      if (team === undefined && rendered.sharedWork > 0) noticeOneThread();
      return new WasmExecutable(backend, memory, compiled, donations, rendered, name, team);
    },
    allocate: (dtype, size) => new WasmArray(backend, memory, dtype, size),
  };
  return backend;
}
