// keras.activations against real Keras: values and gradients.
import { describe, expect, test } from "vitest";
import { type Tensor, type TensorLike, vjp } from "../../src/engine/index.ts";
import * as activations from "../../src/keras/activations/index.ts";
import { fromConfig, snakeToCamel } from "../../src/keras/saving/config.ts";
import { type ArrayRecord, expectClose, fixtureNames, loadFixture, recordToTensor } from "./fixtures.ts";

interface Case {
  readonly id: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly input: ArrayRecord;
  readonly output: ArrayRecord;
  readonly cotangent?: ArrayRecord;
  readonly grad_input?: ArrayRecord;
}

type Fn = (x: TensorLike, ...rest: unknown[]) => Tensor;

describe.each(fixtureNames("activations"))("activations.%s", (name) => {
  const fn = (activations as unknown as Record<string, Fn>)[snakeToCamel(name)]!;
  const rest = (kwargs: Case["kwargs"]): unknown[] => {
    if (name === "threshold") return [kwargs["threshold"], kwargs["default_value"]];
    return Object.keys(kwargs).length === 0 ? [] : [fromConfig(kwargs)];
  };

  test.each(loadFixture<Case>("activations", name).cases)("$id", (c) => {
    const [value, pull] = vjp((x) => fn(x, ...rest(c.kwargs)), recordToTensor(c.input));
    expectClose(value, c.output);
    expect(value.dtype).toBe(c.output.dtype);
    if (c.cotangent === undefined || c.grad_input === undefined) return;
    const [slope] = pull(recordToTensor(c.cotangent));
    expectClose(slope!, c.grad_input);
  });
});
