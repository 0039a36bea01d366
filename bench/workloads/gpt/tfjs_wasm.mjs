// TensorFlow.js, wasm backend.
import { runTfjs } from "./tfjs.mjs";

export const label = "TensorFlow.js wasm";
export const remark = "a step of 4 samples measured instead of 16; one-hot tokens; one repeat";
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await runTfjs("wasm", 4, request);
}
