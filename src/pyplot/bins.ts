/** The bins of histograms, as NumPy counts them. */
import { show, ValueError } from "../engine/tensor/errors.ts";
import { finiteRange, readVector } from "./data.ts";

/**
 * The edges of bins: given ones, or a number of equal bins over a range.
 *
 * @throws ValueError when the bins are no positive integer and no rising edges
 */
export function binEdges(
  where: string,
  values: Float64Array,
  bins: unknown,
  range: readonly [low: number, high: number] | undefined,
): Float64Array {
  if (typeof bins !== "number") {
    const edges = readVector(`${where}: bins`, bins);
    const rising = edges.every((edge, i) => i === 0 || edge > edges[i - 1]!);
    if (edges.length < 2 || !rising) {
      throw new ValueError(`${where}: bins must be at least two rising edges. Received: ${show([...edges])}`);
    }
    return edges;
  }
  if (!Number.isInteger(bins) || bins < 1) {
    throw new ValueError(`${where}: bins must be a positive integer or edges. Received: ${bins}`);
  }
  let [low, high] = range ?? finiteRange(values) ?? [0, 1];
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new ValueError(`${where}: range must be two finite rising numbers. Received: ${show([low, high])}`);
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  edges[bins] = high;
  return edges;
}

/** How many values fall into each bin; the last one includes its right edge. As a density the area sums to 1. */
export function binCounts(values: Float64Array, edges: Float64Array, density: boolean): Float64Array {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  let total = 0;
  for (const value of values) {
    if (!(value >= edges[0]! && value <= edges[bins]!)) continue;
    let [low, high] = [0, bins];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (value >= edges[middle]!) low = middle;
      else high = middle;
    }
    counts[low]!++;
    total++;
  }
  if (!density) return counts;
  return counts.map((count, i) => (total === 0 ? 0 : count / total / (edges[i + 1]! - edges[i]!)));
}
