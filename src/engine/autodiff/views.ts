/** Gradients of the primitives that move elements: each goes back to where it came from. */
import { build, constant, reshape, slice, sum, transpose } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { where } from "./arithmetic.ts";
import type { VjpRules } from "./rule.ts";

/** The permutation that undoes another. */
export function inverse(permutation: readonly number[]): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis));
}

/** Puts zeros around and between elements. */
function padZeros(
  x: Node,
  low: readonly number[],
  high: readonly number[],
  interior: readonly number[],
): Node {
  if ([...low, ...high, ...interior].every((n) => n === 0)) return x;
  return build("pad", [x, constant(0, { shape: [], dtype: x.dtype })], { low, high, interior });
}

export const views: VjpRules<
  | "reshape"
  | "transpose"
  | "broadcast_in_dim"
  | "slice"
  | "pad"
  | "concatenate"
  | "reverse"
  | "optimization_barrier"
> = {
  reshape: ({ inputs: [x] }, ct) => [reshape(ct, x!.shape)],

  transpose: ({ attrs }, ct) => [transpose(ct, inverse(attrs.permutation))],

  broadcast_in_dim({ inputs: [x], attrs, shape }, ct) {
    const repeated = shape
      .map((_, axis) => axis)
      .filter((axis) => {
        const source = attrs.dims.indexOf(axis);
        return source < 0 || x!.shape[source] !== shape[axis];
      });
    return [reshape(sum(ct, repeated), x!.shape)];
  },

  slice({ inputs: [x], attrs, shape }, ct) {
    const { start, strides } = attrs;
    // What lies behind the last element taken; of an empty slice, everything.
    const low = start.map((s, axis) => (shape[axis] === 0 ? 0 : s));
    const high = x!.shape.map((n, axis) => {
      return shape[axis] === 0 ? n : n - start[axis]! - (shape[axis]! - 1) * strides[axis]! - 1;
    });
    return [
      padZeros(
        ct,
        low,
        high,
        strides.map((s, axis) => (shape[axis] === 0 ? 0 : s - 1)),
      ),
    ];
  },

  pad({ inputs: [x, value], attrs, shape }, ct) {
    const { low, high, interior } = attrs;
    // Elements that were cut off have no cotangent: first there is room for them again.
    const cut = (n: number): number => Math.max(-n, 0);
    const whole = padZeros(
      ct,
      low.map(cut),
      high.map(cut),
      low.map(() => 0),
    );
    const begin = low.map((n) => Math.max(n, 0));
    const end = x!.shape.map((n, axis) => begin[axis]! + (n === 0 ? 0 : (n - 1) * (interior[axis]! + 1) + 1));
    const dx = slice(
      whole,
      begin,
      end,
      interior.map((n) => n + 1),
    );

    const mask = { shape: [], dtype: "bool" } as const;
    const inner = constant(0, { shape: x!.shape, dtype: "bool" });
    const padding = build("pad", [inner, constant(1, mask)], attrs);
    return [
      dx,
      reshape(
        sum(
          where(padding, ct),
          shape.map((_, axis) => axis),
        ),
        value!.shape,
      ),
    ];
  },

  concatenate({ inputs, attrs: { axis }, shape }, ct) {
    let begin = 0;
    return inputs.map((x) => {
      const end = begin + x.shape[axis]!;
      const part = slice(
        ct,
        shape.map((_, i) => (i === axis ? begin : 0)),
        shape.map((n, i) => (i === axis ? end : n)),
      );
      begin = end;
      return part;
    });
  },

  reverse: ({ attrs }, ct) => [build("reverse", [ct], attrs)],

  optimization_barrier: (_, ct) => [ct],
};
