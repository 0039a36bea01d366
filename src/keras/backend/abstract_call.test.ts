import { expect, test } from "vitest";
import { matmul, ShapeError, type Tensor } from "../../engine/index.ts";
import { Input, Layer } from "../layers/index.ts";

test("errors of symbolic calls speak of unknown lengths as None", () => {
  class Mixed extends Layer {
    override call([x, graph]: [Tensor, Tensor]): Tensor {
      return matmul(graph, x);
    }
  }
  const wrong = (): unknown => new Mixed({ name: "mixed" })([Input([8]), Input([150])]);
  expect(wrong).toThrow(ShapeError);
  expect(wrong).toThrow(/\(None, 150\) and \(None, 8\)\n {2}in layer "mixed" \(Mixed\)/);
});
