// Keras on its JAX backend: model.fit.
import { trainPython } from "../../lib/python.mjs";
import * as task from "./task.mjs";

export const label = "Keras on JAX";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await trainPython("gpt/keras_peer.py", task, { ...request, backend: "jax" });
}
