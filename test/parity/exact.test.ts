// Recurrent layers, changes of images that leave nothing to chance, and several optimizers as one, against real Keras.
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/engine/index.ts";
import { Variable } from "../../src/keras/backend/variable.ts";
import { deserialize, type Layer } from "../../src/keras/layers/index.ts";
import { deserialize as optimizerFrom } from "../../src/keras/optimizers/index.ts";
import { type ArrayRecord, expectClose, loadJson, recordToTensor } from "./fixtures.ts";

type Arrays = readonly ArrayRecord[];
type Serialized = Parameters<typeof optimizerFrom>[0] & Parameters<typeof deserialize>[0];

const { layers, optimizers } = loadJson("keras-more/exact.json.gz") as {
  readonly layers: readonly {
    readonly layer: Serialized;
    readonly input: ArrayRecord;
    readonly training: boolean;
    readonly mask: ArrayRecord | null;
    readonly initialState: Arrays;
    readonly weights: Arrays;
    readonly outputs: Arrays;
  }[];
  readonly optimizers: readonly {
    readonly config: Serialized;
    readonly start: Arrays;
    readonly steps: readonly { readonly gradients: Arrays; readonly after: Arrays }[];
    readonly variables: number;
  }[];
};

const tensors = (records: Arrays): Tensor[] => records.map((r) => recordToTensor(r));

describe("layers", () => {
  test.each(layers.map((c, i) => [`${c.layer.class_name} ${i}`, c] as const))("%s", (_, c) => {
    const layer = deserialize(c.layer) as Layer<Tensor | Tensor[]>;
    const options = {
      training: c.training,
      ...(c.mask && { mask: recordToTensor(c.mask) }),
      ...(c.initialState.length > 0 && { initialState: tensors(c.initialState) }),
    };
    const x = recordToTensor(c.input);
    layer(x, options);
    layer.setWeights(tensors(c.weights));
    const outputs = [layer(x, options)].flat();
    expect(outputs.length).toBe(c.outputs.length);
    outputs.forEach((y, i) => {
      expectClose(y, c.outputs[i]!);
    });
  });
});

describe("several optimizers as one", () => {
  test.each(optimizers.map((c, i) => [`${c.config.class_name} ${i}`, c] as const))("%s", (_, c) => {
    const optimizer = optimizerFrom(c.config);
    const paths = ["slow/w", "mid/w", "fast/b"];
    const variables = c.start.map((r, i) => new Variable(recordToTensor(r), { path: paths[i]! }));
    optimizer.build(variables);
    expect(optimizer.variables.length).toBe(c.variables);
    for (const { gradients, after } of c.steps) {
      optimizer.apply(tensors(gradients), variables);
      variables.forEach((v, i) => {
        expectClose(v, after[i]!);
      });
    }
  });
});
