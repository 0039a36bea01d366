// Keras on its torch backend: model.fit.
import { trainPython } from "../../lib/python.mjs";
import * as task from "./task.mjs";

export const label = "Keras on torch";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await trainPython("gpt/keras_peer.py", task, { ...request, backend: "torch" });
}
