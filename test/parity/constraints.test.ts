// keras.constraints against real Keras: values and configs.
import { describe, expect, test } from "vitest";
import { deserialize, serialize } from "../../src/keras/constraints/index.ts";
import { type ArrayRecord, expectClose, fixtureNames, loadFixture, recordToTensor } from "./fixtures.ts";

interface Case {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly input: ArrayRecord;
  readonly output: ArrayRecord;
}

describe.each(fixtureNames("constraints"))("constraints.%s", (name) => {
  test.each(loadFixture<Case>("constraints", name).cases)("$id", (c) => {
    const config = { module: "keras.constraints", class_name: name, config: c.config, registered_name: null };
    const constraint = deserialize(config);
    expect(serialize(constraint)).toEqual(config);
    expectClose(constraint(recordToTensor(c.input)), c.output);
  });
});
