// keras.regularizers against real Keras: values, gradients, configs.
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/engine/index.ts";
import { deserialize, serialize } from "../../src/keras/regularizers/index.ts";
import { type ArrayRecord, expectClose, fixtureNames, loadFixture, recordToTensor } from "./fixtures.ts";

interface Case {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly input: ArrayRecord;
  readonly output: ArrayRecord;
  readonly grad_input: ArrayRecord;
}

describe.each(fixtureNames("regularizers"))("regularizers.%s", (name) => {
  test.each(loadFixture<Case>("regularizers", name).cases)("$id", (c) => {
    const config = {
      module: "keras.regularizers",
      class_name: name,
      config: c.config,
      registered_name: null,
    };
    const regularizer = deserialize(config);
    expect(serialize(regularizer)).toEqual(config);
    const x = recordToTensor(c.input);
    const penalty = regularizer(x);
    const slope = gradients(penalty, [x])[0]!;
    expectClose(penalty, c.output);
    expectClose(slope, c.grad_input);
  });
});
