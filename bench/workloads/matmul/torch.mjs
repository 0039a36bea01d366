// PyTorch: MKL or OpenBLAS, whichever it was built with, with all the vector widths that the machine has.
import { runPython } from "../../lib/python.mjs";
import { forPython } from "./task.mjs";

export const label = "PyTorch";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await runPython("matmul/torch_peer.py", forPython(request));
}
