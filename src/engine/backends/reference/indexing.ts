/** Primitives that read from, or write to, places that other operands name. */
import type { Node } from "../../graph/node.ts";
import { batchAxes, type IndexDims, type ScatterKind, windowAxes } from "../../graph/primitives.ts";
import { arrayOf, isFloat, type TypedArray } from "../../tensor/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../../tensor/shape.ts";
import { clampStart, forEachIndex, isInside, placeOf } from "./indices.ts";
import { multiplyIntegers } from "./integers.ts";
import type { Rules } from "./rule.ts";

/** Where in the operand of `gather` or `scatter` one index of the result (of the updates) leads. */
interface Target {
  /** The start of the slice along each operand axis. */
  readonly start: readonly number[];
  /** The place inside the slice along each operand axis. */
  readonly offset: readonly number[];
}

/** Follows StableHLO's dimension numbers from an index of the result (of the updates) to the operand. */
function follow(
  index: readonly number[],
  rank: number,
  indices: TypedArray,
  shapeOfIndices: Shape,
  d: IndexDims,
): Target {
  const strides = stridesOf(shapeOfIndices);
  const batch = batchAxes(index.length, d).map((axis) => index[axis]!);
  const start = new Array<number>(rank).fill(0);
  d.startIndexMap.forEach((axis, component) => {
    start[axis] = indices[placeOf([...batch, component], strides)]!;
  });
  d.operandBatchingDims.forEach((axis, k) => {
    start[axis] = batch[d.indicesBatchingDims[k]!]!;
  });
  const offset = new Array<number>(rank).fill(0);
  windowAxes(rank, d).forEach((axis, k) => {
    offset[axis] = index[d.offsetDims[k]!]!;
  });
  return { start, offset };
}

const combine: { readonly [K in ScatterKind]: (old: number, update: number, float: boolean) => number } = {
  set: (_, update) => update,
  add: (old, update) => old + update,
  multiply: (old, update, float) => (float ? old * update : multiplyIntegers(old, update)),
  max: (old, update) => Math.max(old, update),
  min: (old, update) => Math.min(old, update),
};

/** The starts of a dynamic slice of `sizes`, moved so that it lies inside. */
function dynamicStarts(shape: Shape, sizes: Shape, starts: readonly TypedArray[]): number[] {
  return shape.map((n, axis) => clampStart(starts[axis]![0]!, sizes[axis]!, n));
}

const shapeOf = (node: Node, operand: number): Shape => node.inputs[operand]!.shape;

export const indexing: Rules<"gather" | "scatter" | "dynamic_slice" | "dynamic_update_slice"> = {
  gather(node, [x, indices]) {
    const from = shapeOf(node, 0);
    const strides = stridesOf(from);
    const out = new (arrayOf(node.dtype))(sizeOf(node.shape));
    forEachIndex(node.shape, (index, place) => {
      const { start, offset } = follow(index, from.length, indices!, shapeOf(node, 1), node.attrs);
      const source = from.map(
        (n, axis) => clampStart(start[axis]!, node.attrs.sliceSizes[axis]!, n) + offset[axis]!,
      );
      out[place] = x![placeOf(source, strides)]!;
    });
    return out;
  },

  scatter(node, [x, indices, updates]) {
    const { shape, dtype, attrs } = node;
    const strides = stridesOf(shape);
    // Sums of many updates are rounded once, at the end.
    const sums = isFloat(dtype) ? Float64Array.from(x!) : x!.slice();
    forEachIndex(shapeOf(node, 2), (index, place) => {
      const { start, offset } = follow(index, shape.length, indices!, shapeOf(node, 1), attrs);
      const target = start.map((s, axis) => s + offset[axis]!);
      if (!isInside(target, shape)) return;
      const to = placeOf(target, strides);
      sums[to] = combine[attrs.kind](sums[to]!, updates![place]!, isFloat(dtype));
    });
    return new (arrayOf(dtype))(sums);
  },

  dynamic_slice(node, [x, ...starts]) {
    const from = shapeOf(node, 0);
    const begin = dynamicStarts(from, node.shape, starts);
    const strides = stridesOf(from);
    const out = new (arrayOf(node.dtype))(sizeOf(node.shape));
    forEachIndex(node.shape, (index, place) => {
      out[place] = x![placeOf(index, strides) + placeOf(begin, strides)]!;
    });
    return out;
  },

  dynamic_update_slice(node, [x, update, ...starts]) {
    const begin = dynamicStarts(node.shape, shapeOf(node, 1), starts);
    const strides = stridesOf(node.shape);
    const out = x!.slice();
    forEachIndex(shapeOf(node, 1), (index, place) => {
      out[placeOf(index, strides) + placeOf(begin, strides)] = update![place]!;
    });
    return out;
  },
};
