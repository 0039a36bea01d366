/** Where the windows of `convolution`, `reduce_window` and `select_and_scatter` lie. */

/** Windows along each axis: how long, how far apart, and how far apart the elements of one are. */
export interface Windows {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** From the first to the last element of a window. */
export function windowSpan(window: number, dilation: number): number {
  return (window - 1) * dilation + 1;
}

/** How many windows lie whole in an axis of length n. */
export function windowCount(n: number, window: number, stride: number, dilation: number): number {
  const span = windowSpan(window, dilation);
  return n < span ? 0 : Math.floor((n - span) / stride) + 1;
}

/** Whether windows share elements. */
export function windowsOverlap({ window, strides, dilations }: Windows): boolean {
  return window.some((k, d) => k > 1 && windowSpan(k, dilations[d]!) > strides[d]!);
}
