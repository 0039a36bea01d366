// TensorFlow.js, wasm backend.
import { runTfjs } from "./tfjs.mjs";

export { remark } from "./tfjs.mjs";
export const label = "TensorFlow.js wasm";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export const run = (request) => runTfjs("wasm", request);
