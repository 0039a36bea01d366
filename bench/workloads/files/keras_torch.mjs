// Keras: model.save and load_model.
import { runPython } from "../../lib/python.mjs";
import { inputs, layerCount, units } from "./task.mjs";

export const label = "Keras on PyTorch";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ threads }) {
  const settings = { inputs, layerCount, units };
  return await runPython("files/keras_peer.py", { arrays: {}, settings, threads, backend: "torch" });
}
