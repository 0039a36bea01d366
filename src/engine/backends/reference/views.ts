/** Primitives whose every element is one element of an operand, found by arithmetic on its index. */
import { arrayOf, type DType, type TypedArray } from "../../tensor/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../../tensor/shape.ts";
import { forEachIndex, isInside, placeOf } from "./indices.ts";
import type { Rules } from "./rule.ts";

/** An array of which each element is computed from its index. */
function fill(dtype: DType, shape: Shape, at: (index: readonly number[]) => number): TypedArray {
  const out = new (arrayOf(dtype))(sizeOf(shape));
  forEachIndex(shape, (index, place) => {
    out[place] = at(index);
  });
  return out;
}

export const views: Rules<
  | "reshape"
  | "transpose"
  | "broadcast_in_dim"
  | "slice"
  | "pad"
  | "concatenate"
  | "reverse"
  | "optimization_barrier"
> = {
  reshape: (_, [x]) => x!.slice(),
  optimization_barrier: (_, [x]) => x!.slice(),

  transpose({ dtype, shape, inputs, attrs }, [x]) {
    const strides = stridesOf(inputs[0]!.shape);
    const permuted = attrs.permutation.map((p) => strides[p]!);
    return fill(dtype, shape, (index) => x![placeOf(index, permuted)]!);
  },

  broadcast_in_dim({ dtype, shape, inputs, attrs }, [x]) {
    const from = inputs[0]!.shape;
    const strides = stridesOf(from);
    return fill(dtype, shape, (index) => {
      const source = attrs.dims.map((d, axis) => (from[axis] === 1 ? 0 : index[d]!));
      return x![placeOf(source, strides)]!;
    });
  },

  slice({ dtype, shape, inputs, attrs }, [x]) {
    const strides = stridesOf(inputs[0]!.shape);
    return fill(dtype, shape, (index) => {
      const source = index.map((i, axis) => attrs.start[axis]! + i * attrs.strides[axis]!);
      return x![placeOf(source, strides)]!;
    });
  },

  pad({ dtype, shape, inputs, attrs }, [x, value]) {
    const out = new (arrayOf(dtype))(sizeOf(shape)).fill(value![0]!);
    const strides = stridesOf(shape);
    forEachIndex(inputs[0]!.shape, (index, place) => {
      const target = index.map((i, axis) => attrs.low[axis]! + i * (attrs.interior[axis]! + 1));
      if (isInside(target, shape)) out[placeOf(target, strides)] = x![place]!;
    });
    return out;
  },

  concatenate({ dtype, shape, inputs, attrs }, operands) {
    const out = new (arrayOf(dtype))(sizeOf(shape));
    const strides = stridesOf(shape);
    let begin = 0;
    inputs.forEach((input, k) => {
      forEachIndex(input.shape, (index, place) => {
        out[placeOf(index, strides) + begin * strides[attrs.axis]!] = operands[k]![place]!;
      });
      begin += input.shape[attrs.axis]!;
    });
    return out;
  },

  reverse({ dtype, shape, attrs }, [x]) {
    const strides = stridesOf(shape);
    return fill(dtype, shape, (index) => {
      const source = index.map((i, axis) => (attrs.axes.includes(axis) ? shape[axis]! - 1 - i : i));
      return x![placeOf(source, strides)]!;
    });
  },
};
