/** Gradients of the primitives that read from, or write to, places that other operands name. */
import { apply, build, compare, constant, convert, iota, reshape } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { type IndexDims, type ScatterKind, windowAxes } from "../graph/primitives.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import { div, is, mul, where, zeros } from "./arithmetic.ts";
import type { VjpRule, VjpRules } from "./rule.ts";

function scatter(kind: ScatterKind, x: Node, indices: Node, updates: Node, dims: IndexDims): Node {
  const { offsetDims, collapsedSliceDims, operandBatchingDims, indicesBatchingDims, startIndexMap } = dims;
  return build("scatter", [x, indices, updates], {
    kind,
    offsetDims,
    collapsedSliceDims,
    operandBatchingDims,
    indicesBatchingDims,
    startIndexMap,
  });
}

/** An array like the indices, with one number for each component of the index vectors. */
function perComponent(numbers: readonly number[], indices: Node): Node {
  const { shape, dtype } = indices;
  if (numbers.every((n) => n === numbers[0])) return constant(numbers[0] ?? 0, indices);
  const single = [...shape.slice(0, -1), 1];
  const columns = numbers.map((n) => constant(n, { shape: single, dtype }));
  return build("concatenate", columns, { axis: shape.length - 1 });
}

/** Index vectors brought into a range that has its own ends for each component. */
function clamp(indices: Node, lowest: readonly number[], highest: readonly number[]): Node {
  const below = apply("minimum", indices, perComponent(highest, indices));
  return apply("maximum", below, perComponent(lowest, indices));
}

/** The slice that a window of the updates covers, as lengths along each axis of the array. */
function windowSizes(shape: Shape, updates: Shape, dims: IndexDims): number[] {
  const window = windowAxes(shape.length, dims);
  return shape.map((_, axis) =>
    window.includes(axis) ? updates[dims.offsetDims[window.indexOf(axis)]!]! : 1,
  );
}

/**
 * What lies where `scatter` writes its updates, in the shape of the updates; `fill` stands for places outside.
 *
 * `gather` moves windows that reach over an edge, but `scatter` drops what lies outside. So a border as wide as the
 * window is put around the array first: then no window reaches over an edge.
 */
function readBack(x: Node, indices: Node, updates: Shape, dims: IndexDims, fill: number): Node {
  const sizes = windowSizes(x.shape, updates, dims);
  const border = x.shape.map((_, axis) => (dims.startIndexMap.includes(axis) ? sizes[axis]! : 0));
  const bordered = build("pad", [x, constant(fill, { shape: [], dtype: x.dtype })], {
    low: border,
    high: border,
    interior: border.map(() => 0),
  });
  const widths = dims.startIndexMap.map((axis) => border[axis]!);
  const inside = clamp(
    indices,
    widths.map((w) => -w),
    dims.startIndexMap.map((axis) => x.shape[axis]!),
  );
  return build("gather", [bordered, apply("add", inside, perComponent(widths, indices))], {
    offsetDims: dims.offsetDims,
    collapsedSliceDims: dims.collapsedSliceDims,
    operandBatchingDims: dims.operandBatchingDims,
    indicesBatchingDims: dims.indicesBatchingDims,
    startIndexMap: dims.startIndexMap,
    sliceSizes: sizes,
  });
}

type ScatterRule = VjpRule<"scatter">;

const scatterAdd: ScatterRule = ({ inputs: [, indices, updates], attrs }, ct) => {
  return [ct, undefined, readBack(ct, indices!, updates!.shape, attrs, 0)];
};

/** Of several updates to one place the last one counts: it is found by scattering the updates' numbers. */
const scatterSet: ScatterRule = ({ inputs, attrs, shape }, ct) => {
  const [indices, updates] = [inputs[1]!, inputs[2]!];
  const numbers = reshape(iota([sizeOf(updates.shape)], 0, "int32"), updates.shape);
  const last = scatter("set", constant(-1, { shape, dtype: "int32" }), indices, numbers, attrs);
  const counts = compare("EQ", readBack(last, indices, updates.shape, attrs, -1), numbers);
  return [
    scatter("set", ct, indices, zeros(updates), attrs),
    undefined,
    where(counts, readBack(ct, indices, updates.shape, attrs, 0)),
  ];
};

/**
 * An update's factor is the product of everything else at its place. Zeros are counted and left out of the product, so
 * that the update can be divided out.
 */
const scatterMultiply: ScatterRule = ({ inputs, attrs }, ct) => {
  const [x, indices, updates] = [inputs[0]!, inputs[1]!, inputs[2]!];
  const isZero = is(updates, "EQ", 0);
  const factors = apply("select", isZero, constant(1, updates), updates);
  const product = scatter("multiply", mul(ct, x), indices, factors, attrs);
  const zerosHere = scatter("add", zeros(x), indices, convert(isZero, x.dtype), attrs);
  const others = div(readBack(product, indices, updates.shape, attrs, 0), factors);
  const otherZeros = apply(
    "subtract",
    readBack(zerosHere, indices, updates.shape, attrs, 0),
    convert(isZero, x.dtype),
  );
  return [
    scatter("multiply", ct, indices, updates, attrs),
    undefined,
    where(is(otherZeros, "LE", 0), others),
  ];
};

/** The element and all updates that equal the extreme share its cotangent. */
const scatterExtreme: ScatterRule = (node, ct) => {
  const { attrs } = node;
  const [x, indices, updates] = [node.inputs[0]!, node.inputs[1]!, node.inputs[2]!];
  const kept = compare("EQ", x, node);
  const wins = compare("EQ", updates, readBack(node, indices, updates.shape, attrs, 0));
  const count = scatter("add", convert(kept, x.dtype), indices, convert(wins, x.dtype), attrs);
  const share = div(ct, count);
  return [where(kept, share), undefined, where(wins, readBack(share, indices, updates.shape, attrs, 0))];
};

const scatterRules: { readonly [K in ScatterKind]: ScatterRule } = {
  set: scatterSet,
  add: scatterAdd,
  multiply: scatterMultiply,
  max: scatterExtreme,
  min: scatterExtreme,
};

/** `gather` moves starts inside, where `scatter` would drop what is outside: so they are moved here. */
const gatherRule: VjpRule<"gather"> = ({ inputs, attrs }, ct) => {
  const [x, indices] = [inputs[0]!, inputs[1]!];
  const { startIndexMap, sliceSizes } = attrs;
  const highest = startIndexMap.map((axis) => x.shape[axis]! - sliceSizes[axis]!);
  return [
    scatter(
      "add",
      zeros(x),
      clamp(
        indices,
        startIndexMap.map(() => 0),
        highest,
      ),
      ct,
      attrs,
    ),
  ];
};

export const indexing: VjpRules<"gather" | "scatter" | "dynamic_slice" | "dynamic_update_slice"> = {
  gather: gatherRule,

  scatter: (node, ct) => scatterRules[node.attrs.kind](node, ct),

  dynamic_slice({ inputs: [x, ...starts] }, ct) {
    return [apply("dynamic_update_slice", zeros(x!), ct, ...starts)];
  },

  dynamic_update_slice({ inputs: [, update, ...starts] }, ct) {
    return [
      apply("dynamic_update_slice", ct, zeros(update!), ...starts),
      build("dynamic_slice", [ct, ...starts], { sizes: update!.shape }),
    ];
  },
};
