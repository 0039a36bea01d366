// Keras on its JAX backend: model.predict.
import { runPython } from "../../lib/python.mjs";
import { forPython } from "./task.mjs";

export const label = "Keras on JAX";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await runPython("predict/keras_peer.py", { ...forPython(request), backend: "jax" });
}
