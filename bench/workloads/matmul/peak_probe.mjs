// Not a contestant but the limit: what 128-bit SIMD does without memory.
import { peak } from "../../lib/peak_probe.mjs";

export const label = "peak probe";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run() {
  return { figures: { peakFused: peak(true), peakMulAdd: peak(false) }, versions: {} };
}
