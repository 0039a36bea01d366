// W8: what a newcomer waits for and what a page downloads.

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title:
    "start: a fresh process up to the first training step of the tutorial's model, and the page's bundle",
  node: "current",
  contestants: ["tsuno", "jax_js", "tfjs_cpu"],
  columns: [
    { figure: "importMs", title: "import, ms", digits: 1 },
    { figure: "firstStepMs", title: "first step, ms", digits: 1 },
    { figure: "readyMs", title: "process to there, ms", digits: 0 },
    { figure: "tutorialMs", title: "npm start, ms", digits: 0 },
    { figure: "bundleKb", title: "page loads, KB gzipped", digits: 1 },
    { figure: "withLazyKb", title: "with what loads on demand", digits: 1 },
  ],
  headline: { figure: "readyMs", better: "lower" },
  goals: [
    {
      title: "first trained epoch: Tsuno's time / TensorFlow.js's",
      value: (median) => median("tsuno", "readyMs") / median("tfjs_cpu", "readyMs"),
      atMost: 0.333,
    },
    { title: 'import "tsuno", ms', value: (median) => median("tsuno", "importMs"), atMost: 60 },
    {
      title: "trace, compile and first step, ms",
      value: (median) => median("tsuno", "firstStepMs"),
      atMost: 60,
    },
    {
      title: "npm start without pictures, whole process, ms",
      value: (median) => median("tsuno", "tutorialMs"),
      atMost: 1000,
    },
    {
      title: "browser tutorial without plotting, KB gzipped",
      value: (median) => median("tsuno", "bundleKb"),
      atMost: 100,
      aim: 80,
    },
  ],
  doubts: () => [],
};
