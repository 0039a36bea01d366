// The columns of the tables of workloads that train.

/** @type {import("./contract.d.ts").Column[]} */
export const trainingColumns = [
  { figure: "warmUpMs", title: "first steps, ms", digits: 0 },
  { figure: "samplesPerSecond", title: "samples/s", digits: 1 },
  { figure: "shareOfPeak", title: "of the 128-bit peak", digits: 2 },
  { figure: "peakMb", title: "peak MB", digits: 0 },
  { figure: "checkLoss", title: "loss before", digits: 4 },
  { figure: "warmUpLoss", title: "loss of first steps", digits: 4 },
  { figure: "lastLoss", title: "loss measured", digits: 4 },
];
