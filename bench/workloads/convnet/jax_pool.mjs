// Max pooling with jax-js.

/**
 * Pools [n, c, h, w] by 2 with stride 2; an odd last row and column are left out.
 * @param {any} np
 * @param {any} x
 */
export function pool(np, x) {
  const [n, c, h, w] = x.shape;
  const [rows, columns] = [h >> 1, w >> 1];
  const even = x.slice([], [], [0, 2 * rows], [0, 2 * columns]);
  return np.max(even.reshape([n, c, rows, 2, columns, 2]), [3, 5]);
}
