/** Primitives that read many elements for one. Floats are summed in float64 and rounded once. */
import { freeAxes, type ReduceKind } from "../../graph/primitives.ts";
import { arrayOf, isFloat, roundTo } from "../../tensor/dtype.ts";
import { sizeOf, stridesOf } from "../../tensor/shape.ts";
import { forEachIndex, placeOf } from "./indices.ts";
import { multiplyIntegers } from "./integers.ts";
import type { Rules } from "./rule.ts";

/** What a reduction begins with, and how it takes in one more element. */
interface Monoid {
  readonly initial: number;
  readonly floats: (a: number, b: number) => number;
  readonly integers: (a: number, b: number) => number;
}

const alike = (initial: number, f: (a: number, b: number) => number): Monoid => {
  return { initial, floats: f, integers: f };
};

const monoids: { readonly [K in ReduceKind]: Monoid } = {
  sum: { initial: 0, floats: (a, b) => a + b, integers: (a, b) => (a + b) | 0 },
  prod: { initial: 1, floats: (a, b) => a * b, integers: multiplyIntegers },
  max: alike(Number.NEGATIVE_INFINITY, Math.max),
  min: alike(Number.POSITIVE_INFINITY, Math.min),
  and: alike(1, (a, b) => a & b),
  or: alike(0, (a, b) => a | b),
};

export const contractions: Rules<"reduce" | "arg_reduce" | "arg_sort" | "dot_general"> = {
  reduce({ dtype, shape, inputs, attrs }, [x]) {
    const { initial, floats, integers } = monoids[attrs.kind];
    const take = isFloat(dtype) ? floats : integers;
    const results = new Array<number>(sizeOf(shape)).fill(initial);
    const strides = stridesOf(shape);
    forEachIndex(inputs[0]!.shape, (index, place) => {
      const to = placeOf(
        index.filter((_, axis) => !attrs.axes.includes(axis)),
        strides,
      );
      results[to] = take(results[to]!, x![place]!);
    });
    // Only extremes over nothing lie outside of an integer's range; everything else wraps.
    const out = new (arrayOf(dtype))(results);
    if (!Number.isFinite(initial)) results.forEach((r, i) => (out[i] = roundTo(dtype, r)));
    return out;
  },

  arg_reduce({ shape, inputs, attrs }, [x]) {
    const places = new Int32Array(sizeOf(shape));
    const extremes = new Array<number | undefined>(sizeOf(shape)).fill(undefined);
    const strides = stridesOf(shape);
    forEachIndex(inputs[0]!.shape, (index, place) => {
      const to = placeOf(index.toSpliced(attrs.axis, 1), strides);
      const value = x![place]!;
      const best = extremes[to];
      const wins =
        best === undefined ||
        (!Number.isNaN(best) &&
          (Number.isNaN(value) || (attrs.kind === "max" ? value > best : value < best)));
      if (!wins) return;
      extremes[to] = value;
      places[to] = index[attrs.axis]!;
    });
    return places;
  },

  arg_sort({ shape, attrs: { axis } }, keys) {
    const out = new Int32Array(sizeOf(shape));
    const stride = stridesOf(shape)[axis]!;
    const order = (x: number, y: number): number => {
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      return Number(x > y) - Number(x < y);
    };
    forEachIndex(
      shape.map((n, d) => (d === axis ? Math.min(1, n) : n)),
      (index) => {
        const first = placeOf(index, stridesOf(shape));
        const places = Array.from({ length: shape[axis]! }, (_, i) => i);
        places.sort((i, j) => {
          for (const key of keys) {
            const found = order(key[first + i * stride]!, key[first + j * stride]!);
            if (found !== 0) return found;
          }
          return i - j;
        });
        places.forEach((i, k) => {
          out[first + k * stride] = i;
        });
      },
    );
    return out;
  },

  dot_general({ dtype, shape, inputs, attrs }, [x, y]) {
    const [lhs, rhs] = [inputs[0]!.shape, inputs[1]!.shape];
    const [lhsStrides, rhsStrides] = [stridesOf(lhs), stridesOf(rhs)];
    const lhsFree = freeAxes(lhs.length, attrs.lhsBatch, attrs.lhsContracting);
    const rhsFree = freeAxes(rhs.length, attrs.rhsBatch, attrs.rhsContracting);
    const batch = attrs.lhsBatch.length;
    const out = new (arrayOf(dtype))(sizeOf(shape));
    forEachIndex(shape, (index, place) => {
      const l = lhs.map(() => 0);
      const r = rhs.map(() => 0);
      attrs.lhsBatch.forEach((axis, k) => (l[axis] = index[k]!));
      attrs.rhsBatch.forEach((axis, k) => (r[axis] = index[k]!));
      lhsFree.forEach((axis, k) => (l[axis] = index[batch + k]!));
      rhsFree.forEach((axis, k) => (r[axis] = index[batch + lhsFree.length + k]!));
      let total = 0;
      forEachIndex(
        attrs.lhsContracting.map((axis) => lhs[axis]!),
        (inner) => {
          attrs.lhsContracting.forEach((axis, k) => (l[axis] = inner[k]!));
          attrs.rhsContracting.forEach((axis, k) => (r[axis] = inner[k]!));
          const [a, b] = [x![placeOf(l, lhsStrides)]!, y![placeOf(r, rhsStrides)]!];
          total = isFloat(dtype) ? total + a * b : (total + multiplyIntegers(a, b)) | 0;
        },
      );
      out[place] = total;
    });
    return out;
  },
};
