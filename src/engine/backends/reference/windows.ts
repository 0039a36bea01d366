/** Primitives that read an array by windows. Floats are summed in float64 and rounded once. */
import type { WindowKind } from "../../graph/primitives.ts";
import type { Windows } from "../../graph/windows.ts";
import { arrayOf, isFloat } from "../../tensor/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../../tensor/shape.ts";
import { forEachIndex, placeOf } from "./indices.ts";
import { multiplyIntegers } from "./integers.ts";
import type { Rules } from "./rule.ts";

/** Visits the elements of each window; windows in row-major order, and the elements of each in row-major order too. */
function forEachWindow(
  shape: Shape,
  count: Shape,
  { window, strides, dilations }: Windows,
  visit: (windowPlace: number, elements: readonly number[]) => void,
): void {
  const steps = stridesOf(shape);
  forEachIndex(count, (index, windowPlace) => {
    const elements: number[] = [];
    forEachIndex(window, (inner) => {
      elements.push(
        placeOf(
          index.map((i, d) => i * strides[d]! + inner[d]! * dilations[d]!),
          steps,
        ),
      );
    });
    visit(windowPlace, elements);
  });
}

const take: { readonly [K in WindowKind]: (a: number, b: number) => number } = {
  sum: (a, b) => a + b,
  max: Math.max,
  min: Math.min,
};

export const windows: Rules<"convolution" | "reduce_window" | "select_and_scatter"> = {
  convolution({ dtype, shape, inputs, attrs }, [x, kernel]) {
    const [from, window] = [inputs[0]!.shape, inputs[1]!.shape];
    const [fromStrides, windowStrides] = [stridesOf(from), stridesOf(window)];
    const last = shape.length - 1;
    const features = window[last - 1]!;
    const perGroup = shape[last]! / attrs.groups;
    const out = new (arrayOf(dtype))(sizeOf(shape));
    forEachIndex(shape, (index, place) => {
      const group = Math.floor(index[last]! / perGroup);
      let total = 0;
      forEachIndex(window.slice(0, last), (inner) => {
        const at = index.map((i, d) => {
          if (d === 0) return i;
          if (d === last) return group * features + inner[last - 1]!;
          return i * attrs.strides[d - 1]! + inner[d - 1]! * attrs.dilations[d - 1]!;
        });
        const a = x![placeOf(at, fromStrides)]!;
        const b = kernel![placeOf([...inner, index[last]!], windowStrides)]!;
        total = isFloat(dtype) ? total + a * b : (total + multiplyIntegers(a, b)) | 0;
      });
      out[place] = total;
    });
    return out;
  },

  reduce_window({ dtype, shape, inputs, attrs }, [x]) {
    const out = new (arrayOf(dtype))(sizeOf(shape));
    forEachWindow(inputs[0]!.shape, shape, attrs, (place, elements) => {
      out[place] = elements.map((e) => x![e]!).reduce((a, b) => take[attrs.kind](a, b));
    });
    return out;
  },

  select_and_scatter({ dtype, shape, inputs, attrs }, [x, source]) {
    const sums = new Array<number>(sizeOf(shape)).fill(0);
    forEachWindow(shape, inputs[1]!.shape, attrs, (place, elements) => {
      let best = elements[0]!;
      for (const e of elements) {
        const [value, extreme] = [x![e]!, x![best]!];
        if (Number.isNaN(extreme)) break;
        if (Number.isNaN(value) || (attrs.kind === "max" ? value > extreme : value < extreme)) best = e;
      }
      sums[best]! += source![place]!;
    });
    return new (arrayOf(dtype))(sums);
  },
};
