/**
 * The order of Jacobi's rotations: all pairs of n things, n / 2 pairs at once. The first half is paired with the second
 * half; between two rounds all but the first move on by one place (the circle method of round-robin tournaments).
 */
import * as engine from "../../engine/index.ts";
import { type DType, type Tensor, where } from "../../engine/index.ts";

/** Where each thing of the next round comes from, for an even number of them. */
export function nextRound(n: number): Int32Array {
  const half = n / 2;
  // Place i of the upper half faces place half + i of the lower one; the circle runs along the upper half and back below.
  const circle = [
    ...Array.from({ length: half - 1 }, (_, i) => i + 1),
    ...Array.from({ length: half }, (_, i) => n - 1 - i),
  ];
  const from = Int32Array.from({ length: n }, (_, i) => i);
  circle.forEach((place, i) => {
    from[place] = circle[(i + circle.length - 1) % circle.length]!;
  });
  return from;
}

/** Cosine and sine. */
export interface Rotation {
  readonly c: Tensor;
  readonly s: Tensor;
}

/**
 * The rotations that make symmetric matrices [[a, g], [g, b]] diagonal, the smaller of both angles: with x' = c x - s y and
 * y' = s x + c y.
 */
export function rotation(a: Tensor, b: Tensor, g: Tensor): Rotation {
  const none = engine.equal(g, 0);
  const zeta = engine.divide(engine.subtract(b, a), engine.multiply(where(none, 1, g), 2));
  const size = engine.abs(zeta);
  // Where ζ² overflows the angle is too small to count: t becomes 0.
  const root = engine.sqrt(engine.add(1, engine.multiply(zeta, zeta)));
  const t = engine.divide(where(engine.less(zeta, 0), -1, 1), engine.add(size, root));
  const tangent = where(none, 0, t);
  const c = engine.rsqrt(engine.add(1, engine.multiply(tangent, tangent)));
  return { c, s: engine.multiply(c, tangent) };
}

/** Rotates both halves of an axis against each other and brings them into the order of the next round. */
export function rotateHalves(x: Tensor, axis: 1 | 2, { c, s }: Rotation, from: Int32Array): Tensor {
  const half = from.length / 2;
  const part = (start: number, stop: number): Tensor =>
    axis === 1 ? x.at("...", [start, stop], [0, null]) : x.at("...", [start, stop]);
  const [upper, lower] = [part(0, half), part(half, 2 * half)];
  const shape = axis === 1 ? [x.shape[0]!, half, 1] : [x.shape[0]!, 1, half];
  const [cosine, sine] = [c.reshape(shape), s.reshape(shape)];
  const rotated = engine.concatenate(
    [
      engine.subtract(engine.multiply(cosine, upper), engine.multiply(sine, lower)),
      engine.add(engine.multiply(sine, upper), engine.multiply(cosine, lower)),
    ],
    axis,
  );
  return engine.take(rotated, from, axis);
}

/** How many sweeps through all pairs are tried; they converge quadratically, and few need more than ten. */
export const mostSweeps = 30;

/** The distance from 1 to the next number. */
export function epsilonOf(dtype: DType): number {
  return dtype === "float64" ? 2 ** -52 : 2 ** -23;
}
