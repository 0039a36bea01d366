// PyTorch: a training loop by hand.
import { trainPython } from "../../lib/python.mjs";
import * as task from "./task.mjs";

export const label = "PyTorch";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await trainPython("lstm/torch_peer.py", task, { ...request });
}
