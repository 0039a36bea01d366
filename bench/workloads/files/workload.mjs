// W9: Keras's files: 100 MB saved and loaded, what that takes of memory, and 1 MB opened by a cold process.

/** @typedef {import("../../lib/contract.d.ts").Lookup} Lookup */

/** @param {Lookup} median */
const hasKeras = (median) => !Number.isNaN(median("keras_torch", "loadMs"));

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title:
    "files: a .keras of 100 MB (25 million float32 in 20 layers) saved and loaded, and one of 1 MB in a cold process",
  node: "current",
  contestants: ["tsuno", "keras_torch", "hdf5"],
  columns: [
    { figure: "saveMs", title: "save, ms", digits: 0 },
    { figure: "loadMs", title: "load, ms", digits: 0 },
    { figure: "loadMb", title: "memory of loading / file", digits: 2 },
    { figure: "coldMs", title: "1 MB, cold process, ms", digits: 0 },
  ],
  headline: { figure: "loadMs", better: "lower" },
  goals: [
    {
      title: "loading / twice Keras's time (without Keras: 1.3 of node:fs and HDF5 alone)",
      value: (median) =>
        hasKeras(median)
          ? median("tsuno", "loadMs") / (2 * median("keras_torch", "loadMs"))
          : median("tsuno", "loadMs") / (1.3 * median("hdf5", "loadMs")),
      atMost: 1,
    },
    {
      title: "saving / Keras's time",
      value: (median) => median("tsuno", "saveMs") / median("keras_torch", "saveMs"),
      atMost: 1,
    },
    { title: "memory of loading / file", value: (median) => median("tsuno", "loadMb"), atMost: 2.5 },
    { title: "1 MB in a cold process, ms", value: (median) => median("tsuno", "coldMs"), atMost: 100 },
  ],
  doubts(median, contestants) {
    const wanted = median("tsuno", "check");
    return contestants
      .filter((name) => !(Math.abs(median(name, "check") - wanted) < 1e-4))
      .map((name) => `${name}: what was loaded is not what was saved`);
  },
};
