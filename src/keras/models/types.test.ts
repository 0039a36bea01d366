// What the compiler knows of what models give: nobody needs to say it.
import { describe, expectTypeOf, test } from "vitest";
import { type Tensor, tensor } from "../../engine/index.ts";
import type { KerasTensor } from "../backend/keras_tensor.ts";
import { Dense, Input, LSTM, MultiHeadAttention } from "../layers/index.ts";
import { cloneModel } from "./clone_model.ts";
import { Model } from "./model.ts";
import { Sequential } from "./sequential.ts";

describe("the types of predictions", () => {
  const x = Input([3]);
  const [a, b] = [new Dense(2)(x), new Dense(1)(x)];

  test("of stacks and of models with one output", async () => {
    const stack = new Sequential([Input([3]), new Dense(2)]);
    expectTypeOf(await stack.predict([[1, 2, 3]], { verbose: 0 })).toEqualTypeOf<Tensor>();
    expectTypeOf(stack([[1, 2, 3]])).toEqualTypeOf<Tensor>();
    expectTypeOf(stack(x)).toEqualTypeOf<KerasTensor>();
    const model = new Model({ inputs: x, outputs: a });
    expectTypeOf(await model.predict([[1, 2, 3]], { verbose: 0 })).toEqualTypeOf<Tensor>();
    expectTypeOf(model.output).toEqualTypeOf<KerasTensor>();
    expectTypeOf(cloneModel(model)).toEqualTypeOf<Model>();
  });

  test("of models with several outputs", async () => {
    const list = new Model({ inputs: x, outputs: [a, b] });
    const [p, q] = await list.predict([[1, 2, 3]], { verbose: 0 });
    expectTypeOf(p).toEqualTypeOf<Tensor>();
    expectTypeOf(q).toEqualTypeOf<Tensor>();
    const named = new Model({ inputs: { x }, outputs: { a, more: { b } } });
    const found = await named.predict({ x: [[1, 2, 3]] }, { verbose: 0 });
    expectTypeOf(found.a).toEqualTypeOf<Tensor>();
    expectTypeOf(found.more.b).toEqualTypeOf<Tensor>();
    expectTypeOf(named({ x }).a).toEqualTypeOf<KerasTensor>();
    // @ts-expect-error: there is no such output
    expectTypeOf(found.c).toBeUnknown();
  });

  test("of classes of users", async () => {
    class Pair extends Model<{ readonly sum: Tensor; readonly product: Tensor }> {
      override call([p, q]: readonly [Tensor, Tensor]): { sum: Tensor; product: Tensor } {
        return { sum: p.add(q), product: p.multiply(q) };
      }
    }
    const pair = new Pair();
    const { sum } = await pair.predict([tensor([[1]]), tensor([[2]])], { verbose: 0 });
    expectTypeOf(sum).toEqualTypeOf<Tensor>();
    expectTypeOf(pair([x, x]).product).toEqualTypeOf<KerasTensor>();
  });

  test("of layers with one output or more, as their options say", () => {
    const steps = Input([4, 3]);
    expectTypeOf(new LSTM(2)(steps)).toEqualTypeOf<KerasTensor>();
    expectTypeOf(new LSTM(2, { returnSequences: true })(steps)).toEqualTypeOf<KerasTensor>();
    const [output, h, c] = new LSTM(2, { returnState: true })(steps);
    expectTypeOf([output, h!, c!]).toEqualTypeOf<KerasTensor[]>();
    expectTypeOf(new MultiHeadAttention(2, 4)(steps, steps)).toEqualTypeOf<KerasTensor>();
  });
});
