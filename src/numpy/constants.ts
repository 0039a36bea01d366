/** The numbers that NumPy has names for. */

/** The ratio of a circle's circumference to its diameter. */
export const pi: number = Math.PI;
/** The base of the natural logarithm. */
export const e: number = Math.E;
/** The limit of the harmonic sum less the logarithm. */
export const eulerGamma: number = 0.5772156649015329;
/** Infinity. */
export const inf: number = Number.POSITIVE_INFINITY;
/** Not a number. */
export const nan: number = Number.NaN;
/** As an item of an index: a new axis. */
export const newaxis: null = null;
