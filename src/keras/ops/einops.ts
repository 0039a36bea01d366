/** keras.ops.einops: axes rearranged by a pattern. */
import {
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";

/** One side of a pattern: for each axis the names that it is made of. */
function parseSide(text: string, pattern: string): string[][] {
  const parts = text.match(/\([^()]*\)|[^\s()]+|[()]/g) ?? [];
  return parts.map((part) => {
    const names = part.replace(/^\(|\)$/g, "").match(/\S+/g) ?? [];
    if (part === "(" || part === ")" || names.some((name) => !/^\w+$/.test(name))) throw malformed(pattern);
    return names;
  });
}

function malformed(pattern: unknown): ValueError {
  return new ValueError(
    `rearrange: expected a pattern such as "b (h h1) w -> b h (w h1)". Received: ${show(pattern)}`,
  );
}

/**
 * Axes put in another order, merged and split, as a pattern says (einops).
 *
 * @param tensor a tensor with as many axes as the left side names
 * @param pattern both sides name the axes; those in parentheses are one axis, the first of them counting most
 * @param axesLengths the lengths of axes that are split; of each group one may be left out
 * @returns the axes as the right side has them
 * @throws ValueError for a pattern that is malformed or whose sides have other names, ShapeError for one that does not fit
 *
 * @example
 * ```ts
 * ops.rearrange([[1, 2, 3, 4]], "b (h w) -> h (w b)", { h: 2 }).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function rearrange(
  tensor: TensorLike,
  pattern: string,
  axesLengths: Readonly<Record<string, number>> = {},
): Tensor {
  const t = toTensor(tensor);
  const sides = typeof pattern === "string" ? pattern.split("->") : [];
  if (sides.length !== 2) throw malformed(pattern);
  const [from, to] = sides.map((side) => parseSide(side, pattern)) as [string[][], string[][]];
  const [before, after] = [from.flat(), to.flat()];
  if (new Set(before).size !== before.length || [...before].sort().join() !== [...after].sort().join()) {
    throw new ValueError(
      `rearrange: expected every axis once on either side of the pattern. Received: ${show(pattern)}`,
    );
  }
  for (const [name, n] of Object.entries(axesLengths)) {
    if (!before.includes(name)) {
      throw new ValueError(`rearrange: the pattern ${show(pattern)} has no axis ${show(name)}.`);
    }
    if (!(Number.isInteger(n) && n >= 0)) {
      throw new ValueError(`rearrange: expected whole lengths of axes. Received: ${name}=${show(n)}`);
    }
  }
  if (from.length !== t.ndim) {
    throw new ShapeError(
      `rearrange: the pattern ${show(pattern)} has ${from.length} axes. Received shape ${showShape(t.shape)}`,
    );
  }
  const lengths = new Map<string, number>();
  from.forEach((group, axis) => {
    const whole = t.shape[axis]!;
    const open = group.filter((name) => axesLengths[name] === undefined);
    const known = group.reduce((n, name) => n * (axesLengths[name] ?? 1), 1);
    const rest = open.length === 0 ? 1 : whole / known;
    if (open.length > 1 || known * rest !== whole || !Number.isInteger(rest)) {
      throw new ShapeError(
        `rearrange: (${group.join(" ")}) of ${show(pattern)} cannot be made of ${whole} with lengths ${show(axesLengths)}.`,
      );
    }
    for (const name of group) lengths.set(name, axesLengths[name] ?? rest);
  });
  const sizes = (names: readonly string[]): number[] => names.map((name) => lengths.get(name)!);
  return t
    .reshape(sizes(before))
    .transpose(after.map((name) => before.indexOf(name)))
    .reshape(to.map((group) => sizes(group).reduce((n, m) => n * m, 1)));
}
