// Classes and functions of users by their names in configs: what each module's `deserialize` takes as customObjects.
import { describe, expect, test } from "vitest";
import { full, type Tensor, type TensorLike, toTensor, ValueError } from "../../engine/index.ts";
import * as activations from "../activations/index.ts";
import * as constraints from "../constraints/index.ts";
import * as initializers from "../initializers/index.ts";
import { Dense } from "../layers/index.ts";
import * as losses from "../losses/index.ts";
import * as metrics from "../metrics/index.ts";
import * as optimizers from "../optimizers/index.ts";
import * as regularizers from "../regularizers/index.ts";
import { registerKerasSerializable } from "./object_registration.ts";
import { deserializeKerasObject, serializeKerasObject } from "./serialization_lib.ts";

class MyInitializer extends initializers.Initializer {
  override call(shape: readonly number[]): Tensor {
    return full(shape, 7);
  }
}
class MyConstraint extends constraints.NonNeg {}
class MyRegularizer extends regularizers.L1 {}
class MyLoss extends losses.MeanSquaredError {}
class MyMetric extends metrics.Mean {}
class MyOptimizer extends optimizers.SGD {}
class MySchedule extends optimizers.schedules.ExponentialDecay {}
const myActivation = (x: TensorLike): Tensor => toTensor(x).multiply(2);

type Deserialize = (config: never, options?: { readonly customObjects?: Record<string, unknown> }) => unknown;

describe("deserialize with customObjects", () => {
  const cases: readonly (readonly [string, Deserialize, object, unknown])[] = [
    ["initializers", initializers.deserialize, initializers.serialize(new MyInitializer()), MyInitializer],
    ["constraints", constraints.deserialize, constraints.serialize(new MyConstraint()), MyConstraint],
    ["regularizers", regularizers.deserialize, regularizers.serialize(new MyRegularizer()), MyRegularizer],
    ["losses", losses.deserialize, losses.serialize(new MyLoss()), MyLoss],
    ["metrics", metrics.deserialize, metrics.serialize(new MyMetric()), MyMetric],
    ["optimizers", optimizers.deserialize, optimizers.serialize(new MyOptimizer()), MyOptimizer],
    [
      "schedules",
      optimizers.schedules.deserialize,
      optimizers.schedules.serialize(new MySchedule(1, 2, 0.5)),
      MySchedule,
    ],
  ];

  test.each(cases)("%s", (_, deserialize, config, Class) => {
    const { name } = Class as { readonly name: string };
    expect(deserialize(config as never, { customObjects: { [name]: Class } })).toBeInstanceOf(Class);
    expect(() => deserialize(config as never)).toThrow(ValueError);
    expect(() => deserialize(config as never, { custom: {} } as never)).toThrow(/customObjects/);
  });

  test("activations", () => {
    const found = activations.deserialize("twice" as never, { customObjects: { twice: myActivation } });
    expect(found).toBe(myActivation);
    expect(() => activations.deserialize("twice" as never)).toThrow(ValueError);
  });
});

test("what is registered is found by its registered name, also inside of layers", () => {
  registerKerasSerializable("custom_objects_test")(MyInitializer);
  const layer = new Dense(2, { kernelInitializer: new MyInitializer() });
  const config: unknown = JSON.parse(JSON.stringify(serializeKerasObject(layer)));
  expect(config).toMatchObject({
    config: { kernel_initializer: { registered_name: "custom_objects_test>MyInitializer" } },
  });
  const again = deserializeKerasObject(config) as Dense;
  expect(again([[1]]).arraySync()).toEqual([[7, 7]]);
});
