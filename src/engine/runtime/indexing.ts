/** NumPy's basic and integer-array indexing, as nodes. */
import { build, constant, reshape } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { binary, comparison, select, toDType } from "../graph/numeric.ts";
import { isInteger } from "../tensor/dtype.ts";
import { DTypeError, IndexError, show, ValueError } from "../tensor/errors.ts";
import { showShape } from "../tensor/shape.ts";

/**
 * One item of an index: a position, a slice `[start, stop?, step?]` (null: from the end of the range), `null` for a new
 * axis, or `"..."` for all axes that are not named.
 */
export type IndexSpec = number | readonly (number | null | undefined)[] | null | "...";

/** The node of `x[spec]`; integer nodes in the spec gather along their axis (one of them at most). */
export function indexNode(x: Node, spec: readonly (IndexSpec | Node)[]): Node {
  const named = spec.filter((s) => s !== null && s !== "...").length;
  if (named > x.shape.length) {
    throw new IndexError(`Too many indices: ${named} for a tensor of shape ${showShape(x.shape)}`);
  }
  if (spec.filter((s) => s === "...").length > 1) throw new ValueError('An index can have one "..." only.');
  const items = expand(spec, x.shape.length - named);

  const start: number[] = [];
  const limit: number[] = [];
  const strides: number[] = [];
  const reversed: number[] = [];
  const shape: number[] = [];
  let gathered: { axis: number; indices: Node } | undefined;
  let axis = 0;
  for (const item of items) {
    if (item === null) {
      shape.push(1);
      continue;
    }
    const length = x.shape[axis]!;
    let range = { start: 0, limit: length, step: 1 };
    if (typeof item === "number") {
      const at = position(item, length, axis);
      range = { start: at, limit: at + 1, step: 1 };
    } else if (Array.isArray(item)) {
      range = slicePositions(item, length, axis);
      if (range.step < 0) {
        reversed.push(axis);
        range = forwards(range);
      }
      shape.push(Math.ceil((range.limit - range.start) / range.step));
    } else {
      if (gathered !== undefined) throw new ValueError("An index can have one integer tensor only.");
      gathered = { axis: shape.length, indices: item as Node };
      shape.push(length);
    }
    start.push(range.start);
    limit.push(range.limit);
    strides.push(range.step);
    axis++;
  }
  let out = build("slice", [x], { start, limit, strides });
  if (reversed.length > 0) out = build("reverse", [out], { axes: reversed }) as never;
  const result = reshape(out, shape);
  return gathered === undefined ? result : takeNode(result, gathered.indices, gathered.axis);
}

/** Elements of x at integer indices along an axis; negative ones count from the end. */
export function takeNode(x: Node, indices: Node, axis: number): Node {
  if (!isInteger(indices.dtype)) {
    throw new DTypeError(`Indices must be integers. Received a tensor of ${indices.dtype}`);
  }
  const length = x.shape[axis]!;
  const raw = toDType(indices, "int32");
  const wrapped = select(comparison("LT", raw, 0), binary("add", raw, length), raw);
  const vectors = reshape(wrapped, [...indices.shape, 1]);
  const rank = x.shape.length - 1 + indices.shape.length;
  const taken = Array.from({ length: indices.shape.length }, (_, i) => axis + i);
  return build("gather", [x, vectors], {
    offsetDims: Array.from({ length: rank }, (_, i) => i).filter((i) => !taken.includes(i)),
    collapsedSliceDims: [axis],
    operandBatchingDims: [],
    indicesBatchingDims: [],
    startIndexMap: [axis],
    sliceSizes: x.shape.map((n, i) => (i === axis ? Math.min(1, n) : n)),
  });
}

/** A scalar int32 node. */
export function int32(value: number): Node {
  return constant(value, { shape: [], dtype: "int32" });
}

function expand(spec: readonly (IndexSpec | Node)[], missing: number): (Exclude<IndexSpec, "..."> | Node)[] {
  const all = Array.from({ length: missing }, (): readonly null[] => [null, null]);
  const at = spec.indexOf("...");
  const parts = at < 0 ? [spec, []] : [spec.slice(0, at), spec.slice(at + 1)];
  return [...parts[0]!, ...all, ...parts[1]!] as (Exclude<IndexSpec, "..."> | Node)[];
}

function position(index: number, length: number, axis: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new IndexError(`Index ${show(index)} is out of bounds for axis ${axis} with length ${length}`);
  }
  return index < 0 ? index + length : index;
}

interface Range {
  readonly start: number;
  readonly limit: number;
  readonly step: number;
}

/** Python's rules for start:stop:step, where what lies outside is cut. */
function slicePositions(item: readonly (number | null | undefined)[], length: number, axis: number): Range {
  const step = item[2] ?? 1;
  const whole = item.length <= 3 && item.every((v) => v === null || v === undefined || Number.isInteger(v));
  if (!whole || step === 0) {
    throw new IndexError(`A slice is [start, stop, step] of whole numbers with a step that is not 0. Received ${show(item)} for axis ${axis}`);
  }
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clip = (v: number | null | undefined, otherwise: number): number => {
    if (v === null || v === undefined) return otherwise;
    return Math.min(high, Math.max(low, v < 0 ? v + length : v));
  };
  const start = clip(item[0], step > 0 ? low : high);
  const limit = clip(item[1], step > 0 ? high : low);
  return step > 0 ? { start, limit: Math.max(start, limit), step } : { start, limit: Math.min(start, limit), step };
}

/** The same elements in rising order. */
function forwards({ start, limit, step }: Range): Range {
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (count === 0) return { start: 0, limit: 0, step: 1 };
  return { start: start + (count - 1) * step, limit: start + 1, step: -step };
}
