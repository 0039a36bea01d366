// W6: square matrix products, one thread, against what the machine's 128-bit SIMD can do at most.
import { sizes } from "./task.mjs";

/** @param {import("../../lib/contract.d.ts").Lookup} median */
function limit(median) {
  const fused = median("peak_probe", "peakFused");
  return Number.isNaN(fused) ? median("peak_probe", "peakMulAdd") : fused;
}

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "matmul: square float32 products, GFLOP/s, one thread",
  node: "relaxed",
  contestants: ["tsuno", "peak_probe", "jax_js", "tfjs_wasm"],
  columns: [
    ...sizes.map((n) => ({ figure: `gflops${n}`, title: `n = ${n}`, digits: 1 })),
    { figure: "peakFused", title: "relaxed FMA", digits: 1 },
    { figure: "peakMulAdd", title: "mul + add", digits: 1 },
  ],
  headline: { figure: "gflops1024", better: "higher" },
  goals: sizes.map((n) => ({
    title: `share of the 128-bit peak, n = ${n}`,
    value: (median) => median("tsuno", `gflops${n}`) / limit(median),
    atLeast: 0.75,
  })),
  doubts(median, contestants) {
    return contestants.flatMap((name) =>
      sizes
        .filter((n) => median(name, `gflops${n}`) > 1.05 * limit(median))
        .map((n) => `${name}: n = ${n} is faster than the probed peak; more than one thread?`),
    );
  },
};
