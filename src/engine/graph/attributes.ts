/** The attribute names of each primitive, in the one order in which keys and printed graphs give them. */
import type { Attrs, Primitive } from "./primitives.ts";

type Attributed = { [P in Primitive]: keyof Attrs[P] extends never ? never : P }[Primitive];

const index = {
  offsetDims: true,
  collapsedSliceDims: true,
  operandBatchingDims: true,
  indicesBatchingDims: true,
  startIndexMap: true,
} as const;

const windows = { window: true, strides: true, dilations: true } as const;

// Objects rather than lists of names: so the compiler says when one is missing, and no key can overlook an attribute.
const table: { readonly [P in Attributed]: { readonly [K in keyof Attrs[P]]: true } } = {
  parameter: { shape: true, dtype: true },
  constant: { value: true, shape: true, dtype: true },
  iota: { axis: true, shape: true, dtype: true },
  rng_bit_generator: { shape: true },
  convert: { dtype: true },
  bitcast_convert: { dtype: true },
  compare: { direction: true },
  reshape: { shape: true },
  transpose: { permutation: true },
  broadcast_in_dim: { dims: true, shape: true },
  slice: { start: true, limit: true, strides: true },
  pad: { low: true, high: true, interior: true },
  concatenate: { axis: true },
  reverse: { axes: true },
  gather: { ...index, sliceSizes: true },
  scatter: { ...index, kind: true },
  dynamic_slice: { sizes: true },
  reduce: { kind: true, axes: true },
  arg_reduce: { kind: true, axis: true },
  arg_sort: { axis: true },
  dot_general: { lhsBatch: true, rhsBatch: true, lhsContracting: true, rhsContracting: true },
  convolution: { strides: true, dilations: true, groups: true },
  reduce_window: { kind: true, ...windows },
  select_and_scatter: { kind: true, ...windows },
  loop: { carries: true, conditional: true, most: true, body: true },
  result: { index: true },
};

const none: readonly string[] = [];
const names = new Map<Primitive, readonly string[]>();
for (const [op, row] of Object.entries(table)) names.set(op as Primitive, Object.keys(row));

/** The names of a primitive's attributes, always in the same order. */
export function attributeNames(op: Primitive): readonly string[] {
  return names.get(op) ?? none;
}
