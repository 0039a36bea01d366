/** The scales and zeros of narrow integers, and the way to them and back. */
import {
  abs,
  broadcastTo,
  divide,
  equal,
  less,
  lessEqual,
  maximum,
  minimum,
  multiply,
  pad,
  round,
  type Tensor,
  take,
  where,
} from "../../engine/index.ts";

/** How a matrix becomes integers. */
export interface ParameterOptions {
  readonly bits: number;
  /** Whether the zero lies in the middle. Default false. */
  readonly symmetric?: boolean;
  /** Whether each row has a scale of its own. Default true. */
  readonly perChannel?: boolean;
  /** How many neighbours in a row share a scale; -1 for all. Default -1. */
  readonly groupSize?: number;
  /** Is added to the distance of the largest and the smallest number. Default 0. */
  readonly epsilon?: number;
  /** Whether integers have a sign. Default false. */
  readonly signed?: boolean;
}

/**
 * The scales and zeros with which the rows of a matrix become integers.
 *
 * @param x `(rows, columns)`
 * @returns both of shape `(rows, groups)`; the zeros are whole numbers of the dtype of x
 */
export function quantizationParameters(
  x: Tensor,
  options: ParameterOptions,
): { readonly scale: Tensor; readonly zero: Tensor } {
  const { bits, symmetric = false, perChannel = true, groupSize = -1, epsilon = 0, signed = false } = options;
  const [rows, columns] = x.shape as readonly [number, number];
  const groups = perChannel && groupSize > 0 ? Math.ceil(columns / groupSize) : 1;
  const grouped =
    groups > 1
      ? pad(x, 0, { low: [0, 0], high: [0, groups * groupSize - columns], interior: [0, 0] }).reshape([
          ...[rows, groups, groupSize],
        ])
      : x.reshape(perChannel ? [rows, 1, columns] : [1, 1, rows * columns]);
  let [least, most] = [grouped.min(2), grouped.max(2)];
  if (symmetric) {
    const largest = maximum(abs(least), most);
    least = where(less(least, 0), largest.multiply(-1), least);
    most = largest;
  }
  const same = equal(least, most);
  [least, most] = [where(same, least.subtract(1), least), where(same, most.add(1), most)];
  const span = 2 ** bits - 1;
  const ratio = divide(most.subtract(least).add(epsilon), span);
  const scale = where(lessEqual(ratio, 0), 1e-8, ratio);
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const free = symmetric
    ? multiply(scale, 0).add((span + 1) / 2 + low)
    : round(divide(least.multiply(-1), scale)).add(low);
  // Without a sign it is kept in a byte.
  const zero = minimum(maximum(free, low), signed ? low + span : 255);
  const all = (y: Tensor): Tensor => (perChannel ? y : broadcastTo(y, [rows, 1]));
  return { scale: all(scale), zero: all(zero) };
}

/** Numbers as whole ones from 0 to 2^bits - 1. */
export function quantizeWithZero(x: Tensor, scale: Tensor, zero: Tensor, bits: number): Tensor {
  const whole = round(divide(x, where(equal(scale, 0), 1e-8, scale)).add(zero));
  return minimum(maximum(whole, 0), 2 ** bits - 1);
}

/** The numbers that whole ones stand for. */
export function dequantizeWithZero(whole: Tensor, scale: Tensor, zero: Tensor): Tensor {
  return multiply(scale, whole.subtract(zero));
}

/** Values of groups for each of their members, whose groups are numbered. */
export function spread(values: Tensor, groupOf: Tensor, axis: number): Tensor {
  return take(values, groupOf.astype("int32"), axis);
}
