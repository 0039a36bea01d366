/** Functions of tensors that leave the library. What prints them is loaded when it is asked for. */
import type { Script } from "../backends/javascript/standalone.ts";
import type { Leaving, Standalone } from "../backends/standalone.ts";

/**
 * Frozen functions as one WebAssembly module that imports nothing. It exports its `memory` and each function by its name.
 *
 * @param functions of one kind of inputs and results; they may differ in their sizes
 */
export async function toWasm(functions: readonly Leaving[]): Promise<Standalone<Uint8Array<ArrayBuffer>>> {
  const { wasmModule } = await import("../backends/wasm/standalone.ts");
  return wasmModule(functions);
}

/** Frozen functions as plain JavaScript. */
export async function toJavaScript(functions: readonly Leaving[]): Promise<Standalone<Script>> {
  const { script } = await import("../backends/javascript/standalone.ts");
  return script(functions);
}
