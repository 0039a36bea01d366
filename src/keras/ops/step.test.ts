/** Operations as steps of functional models, and their configs. */
import { describe, expect, test } from "vitest";
import { KerasTensor } from "../backend/keras_tensor.ts";
import { Input } from "../layers/index.ts";
import { Model, modelFromJson } from "../models/index.ts";
import * as ops from "./index.ts";

describe("functions as steps of graphs", () => {
  test("options, lists and several results", () => {
    const x = Input([4]);
    const y = ops.concatenate([x, ops.square(x)], { axis: -1 });
    const outputs = ops.split(y, 2, { axis: 1 });
    expect(y).toBeInstanceOf(KerasTensor);
    expect(outputs.map((t) => t.shape)).toEqual([
      [null, 4],
      [null, 4],
    ]);
    const total = ops.max(ops.where(ops.greater(outputs[1]!, 5), 0, outputs[1]!), {
      axis: 1,
      keepdims: true,
    });
    const model = new Model({ inputs: x, outputs: [ops.softmax(outputs[0]!), total] });
    const again = modelFromJson(model.toJson()) as Model<never>;
    expect(again.getConfig()).toEqual(model.getConfig());
    for (const m of [model, again]) {
      const [p, max] = m([[1, 2, 3, 0]]) as unknown as { arraySync(): number[][] }[];
      expect(p!.arraySync()[0]![2]).toBeCloseTo(0.643914, 5);
      expect(max!.arraySync()).toEqual([[4]]);
    }
  });

  test("einsum, and tensors among options", () => {
    const [x, w] = [Input([3]), Input([3])];
    const inputs = [x, w];
    const model = new Model({
      inputs,
      outputs: ops.einsum("bi,bi->b", x, ops.average(ops.stack([x, w]), { axis: 0 })),
    });
    expect((model([[[1, 2, 3]], [[3, 2, 1]]]) as { arraySync(): unknown }).arraySync()).toEqual([12]);
    expect(modelFromJson(model.toJson()).getConfig()).toEqual(model.getConfig());
  });

  test("configs are those of Keras's operations", () => {
    const x = Input([2, 3]);
    const { config } = JSON.parse(new Model({ inputs: x, outputs: ops.mean(x, { axis: 1 }) }).toJson());
    expect(config.layers[1]).toMatchObject({
      module: "keras.src.ops.numpy",
      class_name: "Mean",
      config: { axis: 1, keepdims: false },
    });
  });
});
