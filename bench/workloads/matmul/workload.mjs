// W6: square matrix products, against what the machine's 128-bit SIMD can do at most.
import { sizes } from "./task.mjs";

/** @param {import("../../lib/contract.d.ts").Lookup} median */
function limit(median) {
  const fused = median("peak_probe", "peakFused");
  return Number.isNaN(fused) ? median("peak_probe", "peakMulAdd") : fused;
}

/** Contestants of more than 128 bits or more than one thread: the probe is no limit to them. */
const unlimited = ["tsuno@2", "numpy", "torch"];

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "matmul: square float32 products, GFLOP/s",
  node: "relaxed",
  contestants: ["tsuno", "tsuno@2", "peak_probe", "numpy", "torch", "jax_js", "tfjs_wasm"],
  columns: [
    ...sizes.map((n) => ({ figure: `gflops${n}`, title: `${n}`, digits: 1 })),
    { figure: "peakFused", title: "relaxed FMA", digits: 1 },
    { figure: "peakMulAdd", title: "mul + add", digits: 1 },
  ],
  headline: { figure: "gflops1024", better: "higher" },
  goals: [
    ...sizes
      .filter((n) => n >= 256)
      .map((n) => ({
        title: `share of the 128-bit peak, n = ${n}`,
        value: (/** @type {import("../../lib/contract.d.ts").Lookup} */ median) =>
          median("tsuno", `share${n}`),
        atLeast: 0.85,
      })),
    ...sizes
      .filter((n) => n >= 512)
      .map((n) => ({
        title: `two threads, times one thread, n = ${n}`,
        value: (/** @type {import("../../lib/contract.d.ts").Lookup} */ median) =>
          median("tsuno@2", `gflops${n}`) / median("tsuno", `gflops${n}`),
        atLeast: 1.8,
      })),
  ],
  doubts(median, contestants) {
    return contestants
      .filter((name) => !unlimited.includes(name))
      .flatMap((name) =>
        sizes
          .filter((n) => median(name, `gflops${n}`) > 1.05 * limit(median))
          .map((n) => `${name}: n = ${n} is faster than the probed peak; more than one thread?`),
      );
  },
};
