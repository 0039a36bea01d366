/** Ranges that image layers draw from, as their options give them. */
import { show, ValueError } from "../../../../engine/index.ts";

/** A range to draw from: both ends, or one number. */
export type Factor = number | readonly [lower: number, upper: number];

/** Both ends of a range. */
export type Range = readonly [lower: number, upper: number];

const isNumber = (x: unknown): x is number => typeof x === "number" && !Number.isNaN(x);

const isPair = (x: unknown): x is Range => Array.isArray(x) && x.length === 2 && x.every(isNumber);

function refuse(factor: unknown, within: string, where: string, name: string): never {
  throw new ValueError(
    `${where}: expected ${name} to be a number, or an array of two numbers, ${within}. Received: ${name}=${show(factor)}`,
  );
}

const sorted = ([a, b]: Range): Range => (a <= b ? [a, b] : [b, a]);

/**
 * The range of a factor: of one number, from its negative, but at least `least`, to itself.
 *
 * @throws ValueError for what lies outside of the bounds
 */
export function factorRange(
  factor: Factor,
  [least, most]: Range,
  where: string,
  name: string = "factor",
): Range {
  const within = `in the range [${least}, ${most}]`;
  if (isPair(factor)) {
    if (factor[0] > most || factor[1] < least) refuse(factor, within, where, name);
    return sorted(factor);
  }
  if (!isNumber(factor) || factor < least || factor > most) refuse(factor, within, where, name);
  return [Math.max(-Math.abs(factor), least), Math.abs(factor)];
}

/**
 * The same for factors both ends of which must lie within bounds, and where one number reaches as far down as up.
 *
 * @param options `open` (default false): whether the lower bound itself is outside
 */
export function symmetricRange(
  factor: Factor,
  [least, most]: Range,
  where: string,
  name: string,
  { open = false }: { readonly open?: boolean } = {},
): Range {
  const within = `in the range ${open ? "(" : "["}${least}, ${most}]`;
  const fits = (x: number): boolean => x <= most && (open ? x > least : x >= least);
  if (isPair(factor)) {
    if (!factor.every(fits)) refuse(factor, within, where, name);
    return sorted(factor);
  }
  if (!isNumber(factor) || !fits(factor)) refuse(factor, within, where, name);
  return [-Math.abs(factor), Math.abs(factor)];
}

/** The lowest and the highest value of images, in order. */
export function valueRange(range: Range, where: string): Range {
  if (isPair(range)) return sorted(range);
  throw new ValueError(
    `${where}: expected valueRange to be an array of two numbers. Received: valueRange=${show(range)}`,
  );
}
