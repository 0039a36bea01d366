/**
 * Lengths of axes where the number of samples is open. A graph is traced for two numbers of samples; what differs between
 * the two depends on it, and two points tell the line.
 */
import { UnsupportedError } from "../../../engine/index.ts";

/** batch · (the number of samples) + fixed. */
export interface Dim {
  readonly batch: number;
  readonly fixed: number;
}

export type Dims = readonly Dim[];

/** A length that is known. */
export const fixed = (n: number): Dim => ({ batch: 0, fixed: n });

export const isFixed = (d: Dim, n?: number): boolean => d.batch === 0 && (n === undefined || d.fixed === n);

export const sameDim = (a: Dim, b: Dim): boolean => a.batch === b.batch && a.fixed === b.fixed;

export function sameDims(a: Dims, b: Dims): boolean {
  return a.length === b.length && a.every((d, i) => sameDim(d, b[i]!));
}

/** For looking lengths up. */
export const dimsKey = (dims: Dims): string => dims.map((d) => `${d.batch}n+${d.fixed}`).join();

/** A sum of lengths with factors. */
export function combine(...terms: readonly (readonly [Dim, number])[]): Dim {
  return {
    batch: terms.reduce((sum, [d, factor]) => sum + d.batch * factor, 0),
    fixed: terms.reduce((sum, [d, factor]) => sum + d.fixed * factor, 0),
  };
}

/** A product of lengths, of which one may depend on the number of samples. */
export function product(dims: Dims): Dim {
  let open: Dim | undefined;
  let known = 1;
  for (const d of dims) {
    if (isFixed(d)) known *= d.fixed;
    else if (open === undefined) open = d;
    else throw new UnsupportedError("export: an array grows with the square of the number of samples");
  }
  return open === undefined ? fixed(known) : combine([open, known]);
}

/** Numbers of samples with which nothing else is likely to agree. */
export const probes: readonly [number, number] = [1009, 2003];

/** The length that is `first` and `second` for the two numbers of samples. */
export function dimFrom(first: number, second: number): Dim {
  if (first === second) return fixed(first);
  const batch = (second - first) / (probes[1] - probes[0]);
  if (!Number.isInteger(batch)) {
    throw new UnsupportedError(
      `export: a length is ${first} for ${probes[0]} samples and ${second} for ${probes[1]}; only sums and multiples of ` +
        "the number of samples can be written to ONNX",
    );
  }
  return { batch, fixed: first - batch * probes[0] };
}
