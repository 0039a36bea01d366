// TensorFlow.js, cpu backend.
import { runTfjs } from "./tfjs.mjs";

export { remark } from "./tfjs.mjs";
export const label = "TensorFlow.js cpu";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export const run = (request) => runTfjs("cpu", request);
