// TensorFlow.js, cpu backend.
import { runTfjs } from "./tfjs.mjs";

export const label = "TensorFlow.js cpu";
export const remark = "a step of 1 sample measured instead of 16; one-hot tokens; one repeat";
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  return await runTfjs("cpu", 1, request);
}
