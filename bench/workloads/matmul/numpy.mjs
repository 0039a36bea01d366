// NumPy: OpenBLAS, with all the vector widths that the machine has.
import { runPython } from "../../lib/python.mjs";
import { forPython } from "./task.mjs";

export const label = "NumPy (OpenBLAS)";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await runPython("matmul/numpy_peer.py", forPython(request));
}
