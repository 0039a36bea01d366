// TensorFlow.js on one of its backends, one thread.
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";

const require = createRequire(import.meta.url);

/**
 * @param {"cpu" | "wasm"} backend
 * @returns {Promise<{ tf: any, versions: Record<string, string> }>}
 */
export async function startTfjs(backend) {
  const { default: tf } = await import("@tensorflow/tfjs");
  if (backend === "wasm") {
    const { default: wasm } = await import("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
    // One thread, and with it the SIMD build without threads.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("tfjs wasm: no SIMD here");
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: backend ${backend} did not start`);
  await tf.ready();
  return { tf, versions: { "@tensorflow/tfjs": tf.version.tfjs } };
}
