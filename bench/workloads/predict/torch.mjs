// PyTorch in its inference mode.
import { runPython } from "../../lib/python.mjs";
import { forPython } from "./task.mjs";

export const label = "PyTorch";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await runPython("predict/torch_peer.py", forPython(request));
}
