/** Which artists a legend lists, and where it may stand. */
import type { Artist, LegendLocation } from "./model.ts";

/** The artists that a legend lists. */
export function labelled(artists: readonly Artist[]): Artist[] {
  return artists.filter(({ label }) => label !== undefined && label !== "" && !label.startsWith("_"));
}

/** Every place that a legend may be given. */
export const LEGEND_LOCATIONS: readonly LegendLocation[] = [
  "best",
  "upper right",
  "upper left",
  "lower left",
  "lower right",
  "right",
  "center left",
  "center right",
  "lower center",
  "upper center",
  "center",
];
