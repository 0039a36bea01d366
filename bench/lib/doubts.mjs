// Whether contestants that trained the same model on the same batches found the same losses.

/**
 * @param {import("./contract.d.ts").Lookup} median
 * @param {readonly string[]} contestants
 * @param {{ warmUp?: number, check?: number }} [tolerances] relative; a loose one where dropout draws differently
 * @returns {string[]}
 */
export function doubtfulLosses(median, contestants, { warmUp = 0.01, check = 0.005 } = {}) {
  const reference = contestants[0];
  if (reference === undefined) return [];
  /** @type {[string, string, number][]} */
  const checks = [
    ["checkLoss", "the loss before training", check],
    ["warmUpLoss", "the loss of the first steps", warmUp],
  ];
  const doubts = contestants
    .filter((name) => !(median(name, "lastLoss") < 2 * median(name, "checkLoss")))
    .map((name) => `${name}: training did not keep the loss down`);
  for (const [figure, what, tolerance] of checks) {
    for (const name of contestants.slice(1)) {
      const mine = median(name, figure);
      const off = Math.abs(mine / median(reference, figure) - 1);
      // Those who take fewer samples than a batch have no loss of the first steps.
      if (off <= tolerance || (figure === "warmUpLoss" && Number.isNaN(mine))) continue;
      doubts.push(`${name}: ${what} is ${(100 * off).toFixed(2)} % off ${reference}'s`);
    }
  }
  return doubts;
}

/**
 * Goals of ratios between Tsuno and others, by a figure of which more is better.
 * @param {readonly [title: string, contestants: readonly string[], atLeast: number][]} goals the best of several counts
 * @returns {import("./contract.d.ts").Goal[]}
 */
export function timesFaster(
  goals,
  { mine = "tsuno", figure = "samplesPerSecond", share = "shareOfPeak" } = {},
) {
  return goals.map(([title, contestants, atLeast]) => ({
    title,
    value: (median) => {
      const theirs = contestants.map((name) => median(name, figure)).filter((n) => !Number.isNaN(n));
      return theirs.length === 0 ? Number.NaN : median(mine, figure) / Math.max(...theirs);
    },
    atLeast,
    shareOfPeak: (median) => median(mine, share),
  }));
}
