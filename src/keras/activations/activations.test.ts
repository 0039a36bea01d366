import { expect, test } from "vitest";
import { tensor } from "../../engine/index.ts";
import { deserialize, gelu, get, leakyRelu, linear, relu, serialize, silu } from "./index.ts";

test("get knows Keras's names", () => {
  expect(get("relu")).toBe(relu);
  expect(get("swish")).toBe(silu);
  expect(get("leaky_relu")).toBe(leakyRelu);
  expect(get(null)).toBe(linear);
  expect(get(undefined)).toBe(linear);
  const own = (x: Parameters<typeof relu>[0]): ReturnType<typeof relu> => relu(x);
  expect(get(own)).toBe(own);
  expect(() => get("rely" as "relu")).toThrow('Unknown activation: "rely". Did you mean "relu"?');
});

test("activations are written by name", () => {
  expect(serialize(gelu)).toBe("gelu");
  expect(serialize(linear)).toBe("linear");
  expect(serialize(get("swish"))).toBe("silu");
  expect(deserialize("gelu")).toBe(gelu);
  function mine(x: Parameters<typeof relu>[0]): ReturnType<typeof relu> {
    return relu(x);
  }
  expect(serialize(mine)).toEqual({
    module: "builtins",
    class_name: "function",
    config: "mine",
    registered_name: "function",
  });
});

test("relu's options", () => {
  const x = tensor([-10, -5, 0, 5, 10], { dtype: "float32" });
  expect(relu(x, { negativeSlope: 0.5 }).arraySync()).toEqual([-5, -2.5, 0, 5, 10]);
  expect(relu(x, { maxValue: 5 }).arraySync()).toEqual([0, 0, 0, 5, 5]);
  expect(relu(x, { threshold: 5 }).arraySync()).toEqual([0, 0, 0, 0, 10]);
});
