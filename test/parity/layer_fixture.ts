// Runs a layer through what real Keras recorded of it: config, shapes, outputs, masks, losses, gradients.
import { expect, test } from "vitest";
import { gradients, multiply, type Tensor, treeLeaves, treeMap } from "../../src/engine/index.ts";
import { KerasTensor, type ShapeTree } from "../../src/keras/backend/keras_tensor.ts";
import { getKerasMask, masksOf, setKerasMask } from "../../src/keras/backend/masking.ts";
import { type AnyLayer, deserialize, type Tensors } from "../../src/keras/layers/index.ts";
import { snakeToCamel } from "../../src/keras/saving/config.ts";
import {
  type ArrayRecord,
  expectClose,
  isArrayRecord,
  loadFixture,
  recordToTensor,
  type Tolerance,
} from "./fixtures.ts";
import { testTokenLayerFixture, tokenLayers } from "./token_layer_fixture.ts";

interface LayerCase {
  readonly id: string;
  readonly note: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** One for each argument by position; an argument can be a list of arrays. */
  readonly inputs: readonly unknown[];
  readonly input_masks?: readonly unknown[];
  readonly call_kwargs: Readonly<Record<string, unknown>>;
  /** The gradients for tensors among `call_kwargs`. */
  readonly grad_call_kwargs?: Readonly<Record<string, ArrayRecord | null>>;
  readonly weights: readonly ArrayRecord[];
  readonly output: unknown;
  readonly output_shape: unknown;
  readonly symbolic_output_shape?: unknown;
  readonly output_mask?: unknown;
  readonly compute_mask?: unknown;
  readonly losses?: readonly ArrayRecord[];
  readonly cotangent?: unknown;
  readonly grad_inputs?: readonly unknown[];
  readonly grad_weights?: readonly (ArrayRecord | null)[];
  /** Null for a weight that the call does not change. */
  readonly weights_after?: readonly (ArrayRecord | null)[];
  readonly outputs_of_next_calls?: readonly unknown[];
  /** What the layer adapts to before anything else; its weights then are those of the case. */
  readonly adapt_data?: ArrayRecord;
  /** What is called in place of the layer: a method of image layers, with a transformation. */
  readonly method?: string;
  readonly transformation?: Readonly<Record<string, unknown>>;
  readonly alternatives?: { readonly jax?: Partial<LayerCase> };
}

/** The parts of a case that {@link checkLayerCase} looks at. A case with another part needs a test of its own. */
const checked: readonly string[] = [
  ...[
    "id",
    "source",
    "note",
    "config",
    "inputs",
    "input_masks",
    "call_kwargs",
    "grad_call_kwargs",
    "weights",
    "output",
  ],
  ...[
    "output_shape",
    "symbolic_output_shape",
    "output_mask",
    "compute_mask",
    "losses",
    "cotangent",
    "grad_inputs",
  ],
  ...[
    "grad_weights",
    "weights_after",
    "outputs_of_next_calls",
    "backends_differ",
    "alternatives",
    "adapt_data",
    "source",
    "method",
    "transformation",
  ],
];

/** What a file of fixtures needs besides the usual. */
export interface LayerFixtureOptions {
  readonly tolerance?: Tolerance;
  /** Cases that cannot pass, by the end of their ids, with the reason. */
  readonly skipped?: Readonly<Record<string, string>>;
}

/** One test for each case of a layer's fixtures. */
export function testLayerFixture(name: string, options: LayerFixtureOptions = {}): void {
  if (tokenLayers.includes(name)) return testTokenLayerFixture(name);
  for (const c of loadFixture<LayerCase>("layers", name).cases) {
    const reason = Object.entries(options.skipped ?? {}).find(([id]) => c.id.endsWith(id))?.[1];
    test.skipIf(reason !== undefined)(
      `${c.id}: ${c.note}${reason === undefined ? "" : ` (${reason})`}`,
      () => {
        expect(Object.keys(c).filter((part) => !checked.includes(part))).toEqual([]);
        // Where the backends of Keras differ, what JAX and TensorFlow agree on.
        checkLayerCase(name, { ...c, ...c.alternatives?.jax }, options.tolerance);
      },
    );
  }
}

/** A layer that learns from data before it is used. */
interface Adapting {
  adapt(data: Tensor): void;
}

function makeLayer(name: string, config: LayerCase["config"]): AnyLayer {
  return deserialize({ module: "keras.layers", class_name: name, config, registered_name: null });
}

function checkLayerCase(name: string, c: LayerCase, tolerance: Tolerance | undefined): void {
  const layer = makeLayer(name, c.config);
  if (c.adapt_data !== undefined) {
    (layer as unknown as Adapting).adapt(recordToTensor(c.adapt_data));
    c.weights.forEach((value, i) => {
      expectClose(layer.weights[i]!.value, value, tolerance);
    });
  }
  expect(JSON.parse(JSON.stringify(layer.getConfig()))).toEqual(c.config);
  if (c.method !== undefined) return checkTransformation(layer, c, tolerance);

  const x = one(c.inputs.map(records)) as Tensors;
  const inputs = treeLeaves(x) as Tensor[];
  flat(c.input_masks).forEach((mask, i) => {
    if (mask !== null) setKerasMask(inputs[i]!, recordToTensor(mask));
  });
  const symbols = treeMap((t) => {
    const { shape, dtype } = t as Tensor;
    return new KerasTensor([null, ...shape.slice(1)], { dtype });
  }, x);
  const flags = Object.entries(c.call_kwargs).filter(([, value]) => typeof value !== "object");
  // Absent where Keras cannot be called without knowing the number of samples.
  if (c.symbolic_output_shape !== undefined) {
    const symbolic = makeLayer(name, c.config).apply(
      symbols as KerasTensor,
      tensorsIn(Object.fromEntries(flags)),
    );
    expectShapes(symbolic, c.symbolic_output_shape);
  }

  if (!layer.built) layer.build(shapesOf(x) as ShapeTree);
  layer.setWeights(c.weights.map(recordToTensor));
  const output = layer.apply(x, tensorsIn(c.call_kwargs));
  expectTree(output, c.output, tolerance);
  expect(shapesOf(output)).toEqual(c.output_shape);
  if (c.output_mask !== undefined) expectMasks(output, c.output_mask);
  if (c.compute_mask !== undefined) expectMask(layer.computeMask(x, masksOf(x)), c.compute_mask);
  expect(layer.losses.length).toBe(c.losses?.length ?? 0);
  c.losses?.forEach((loss, i) => {
    expectClose(layer.losses[i]!, loss, tolerance);
  });
  c.weights_after?.forEach((value, i) => {
    expectClose(layer.weights[i]!.value, value ?? c.weights[i]!, tolerance);
  });
  for (const next of c.outputs_of_next_calls ?? []) {
    expectTree(layer.apply(x, tensorsIn(c.call_kwargs)), next, tolerance);
  }

  if (c.cotangent === undefined) return;
  layer.setWeights(c.weights.map(recordToTensor));
  const values = layer.weights.map((v) => v.value);
  const kwargs = tensorsIn(c.call_kwargs);
  const again = layer.apply(x, kwargs);
  const product = weighted(again, c.cotangent);
  check(flat(c.grad_inputs), inputs);
  check(c.grad_weights ?? [], values);
  for (const [key, grad] of Object.entries(c.grad_call_kwargs ?? {})) {
    check(flat([grad]), treeLeaves(kwargs[snakeToCamel(key)]) as Tensor[]);
  }

  function check(expected: readonly (ArrayRecord | null)[], of: readonly Tensor[]): void {
    expected.forEach((grad, i) => {
      if (grad !== null) expectClose(gradients(product, [of[i]!])[0]!, grad, tolerance);
    });
  }
}

/** The methods of image layers that apply a transformation. */
type Transforms = Readonly<Record<string, (x: Tensor, transformation: unknown) => unknown>>;

function checkTransformation(layer: AnyLayer, c: LayerCase, tolerance: Tolerance | undefined): void {
  const method = snakeToCamel(c.method!);
  const [x] = c.inputs.map(records) as Tensor[];
  const output = (layer as unknown as Transforms)[method]!(x!, tensorsIn(c.transformation!));
  expectTree(output, c.output, tolerance);
  expect(shapesOf(output)).toEqual(c.output_shape);
}

function one<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? list[0]! : list;
}

function shapesOf(x: unknown): unknown {
  return treeMap((t) => [...(t as Tensor | KerasTensor).shape], x);
}

/** The records in lists, and lists of lists. */
function flat(list: readonly unknown[] | undefined): (ArrayRecord | null)[] {
  return (list ?? []).flat(Number.POSITIVE_INFINITY) as (ArrayRecord | null)[];
}

function tensorsIn(kwargs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(kwargs).map(([key, value]) => [snakeToCamel(key), records(value)]),
  );
}

function records(value: unknown): unknown {
  if (isArrayRecord(value)) return recordToTensor(value);
  return Array.isArray(value) ? value.map(records) : value;
}

/** Compares outputs in any structure with records in the same. */
function expectTree(actual: unknown, expected: unknown, tolerance: Tolerance | undefined): void {
  if (expected === null) {
    expect(actual ?? null).toBeNull();
    return;
  }
  if (isArrayRecord(expected)) {
    expect((actual as Tensor).dtype).toBe(expected.dtype);
    expectClose(actual as Tensor, expected, tolerance);
    return;
  }
  const parts = Object.entries(expected as object);
  expect(Object.keys(actual as object)).toEqual(parts.map(([key]) => key));
  for (const [key, part] of parts) expectTree((actual as Record<string, unknown>)[key], part, tolerance);
}

function expectShapes(actual: unknown, expected: unknown): void {
  expect(shapesOf(actual)).toEqual(expected);
}

function expectMask(actual: unknown, expected: unknown): void {
  expectTree(actual, expected, undefined);
}

/** The masks that outputs carry; one null stands for any number of outputs without one. */
function expectMasks(outputs: unknown, expected: unknown): void {
  const masks = treeMap((t) => getKerasMask(t as Tensor) ?? null, outputs);
  expectMask(expected === null && treeLeaves(masks).every((mask) => mask === null) ? null : masks, expected);
}

/** Σ output · cotangent over all outputs. */
function weighted(output: unknown, cotangent: unknown): Tensor {
  if (isArrayRecord(cotangent)) return multiply(output as Tensor, recordToTensor(cotangent)).sum();
  return Object.entries(cotangent as object)
    .map(([key, part]) => weighted((output as Record<string, unknown>)[key], part))
    .reduce((a, b) => a.add(b));
}
