// Tables and verdicts of a finished workload, as text.

/** @typedef {import("./race.mjs").Standing} Standing */
/** @typedef {import("./contract.d.ts").Workload} Workload */

/**
 * Looks up medians; NaN for what was not measured.
 * @param {readonly Standing[]} standings
 * @returns {import("./contract.d.ts").Lookup}
 */
export function lookup(standings) {
  return (contestant, figure) =>
    standings.find(({ name }) => name === contestant)?.medians[figure] ?? Number.NaN;
}

/**
 * One row per contestant that finished, under a row of titles; columns without any value are left out.
 * @param {Pick<Workload, "columns" | "headline">} workload
 * @param {readonly Standing[]} standings
 * @returns {string[][]}
 */
export function cells({ columns, headline }, standings) {
  const digits = columns.find(({ figure }) => figure === headline.figure)?.digits ?? 1;
  const mine = standings.find(({ name }) => name === "tsuno")?.medians[headline.figure] ?? Number.NaN;
  const rows = [["", ...columns.map(({ title }) => title), "lowest to highest", "Tsuno is faster by"]];
  for (const { label, medians, runs, failure } of standings) {
    if (failure !== undefined) continue;
    const values = runs.map((run) => run[headline.figure] ?? Number.NaN);
    const theirs = medians[headline.figure] ?? Number.NaN;
    const factor = headline.better === "lower" ? theirs / mine : mine / theirs;
    rows.push([
      label,
      ...columns.map(({ figure, digits }) => number(medians[figure] ?? Number.NaN, digits)),
      Number.isNaN(theirs) || values.length < 2
        ? ""
        : `${number(Math.min(...values), digits)} to ${number(Math.max(...values), digits)}`,
      Number.isNaN(factor) ? "" : `${number(factor, 2)} x`,
    ]);
  }
  const filled = rows[0]?.map((_, i) => i === 0 || rows.slice(1).some((row) => row[i] !== "")) ?? [];
  return rows.map((row) => row.filter((_, i) => filled[i]));
}

/**
 * The same as aligned text.
 * @param {Workload} workload
 * @param {readonly Standing[]} standings
 * @returns {string}
 */
export function table(workload, standings) {
  const shown = cells(workload, standings);
  const widths = shown[0]?.map((_, i) => Math.max(...shown.map((row) => row[i]?.length ?? 0))) ?? [];
  return shown
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  "),
    )
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}

/**
 * What Tsuno reached of the workload's goals.
 * @param {Workload} workload
 * @param {readonly Standing[]} standings
 */
export function verdicts({ goals }, standings) {
  return goals.map(({ title, value, atMost, atLeast, aim, shareOfPeak }) => {
    const measured = value(lookup(standings));
    const reached = measured <= (atMost ?? Number.POSITIVE_INFINITY) && measured >= (atLeast ?? 0);
    const wanted = atMost !== undefined ? `at most ${atMost}` : `at least ${atLeast}`;
    const hope = aim === undefined ? "" : ` (aim ${aim})`;
    const outcome = Number.isNaN(measured) ? "not measured" : reached ? "reached" : "MISSED";
    const share = shareOfPeak?.(lookup(standings)) ?? Number.NaN;
    const bound =
      outcome === "MISSED" && atLeast !== undefined && !Number.isNaN(share)
        ? ` (reached with ${number(share, 2)} of the 128-bit peak; the goal takes ${number((share * atLeast) / measured, 2)})`
        : "";
    const text = `${title}: ${number(measured, 2) || "?"}; goal ${wanted}${hope}: ${outcome}${bound}`;
    return { title, measured, atMost, atLeast, aim, outcome, text };
  });
}

/**
 * @param {number} value
 * @param {number} digits
 * @returns {string} with thousands separated; empty for NaN
 */
export function number(value, digits) {
  if (Number.isNaN(value)) return "";
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
