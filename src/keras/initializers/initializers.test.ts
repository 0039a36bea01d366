import { describe, expect, test } from "vitest";
import { type Shape, ShapeError, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import { full } from "../ops/index.ts";
import { SeedGenerator } from "../random/index.ts";
import {
  Constant,
  GlorotUniform,
  get,
  Initializer,
  type InitializerCallOptions,
  Orthogonal,
  serialize,
  VarianceScaling,
  Zeros,
} from "./index.ts";

describe("get", () => {
  test("knows Keras's names", () => {
    for (const name of ["glorot_uniform", "GlorotUniform"] as const)
      expect(get(name)).toBeInstanceOf(GlorotUniform);
    expect(get("zero")([2]).arraySync()).toEqual([0, 0]);
    expect(get({ class_name: "Constant", config: { value: 2 } })([1]).arraySync()).toEqual([2]);
    expect(get(Zeros)).toBeInstanceOf(Zeros);
    expect(get(null)).toBeNull();
  });

  test("takes functions, instances and tensors", () => {
    const fn = (shape: Shape): Tensor => full(shape, 4);
    expect(get(fn)).toBe(fn);
    const instance = new Constant(1);
    expect(get(instance)).toBe(instance);
    expect(get(tensor([1, 2]))([2]).dtype).toBe("float32");
    expect(() => get(tensor([1, 2]))([3])).toThrow(ShapeError);
  });

  test("suggests what may have been meant", () => {
    expect(() => get("glorot_unifrom" as "zeros")).toThrow('Did you mean "GlorotUniform"?');
  });
});

describe("initializers", () => {
  test("write and read their configs", () => {
    const written = serialize(new GlorotUniform({ seed: 3 }));
    expect(written).toEqual({
      module: "keras.initializers",
      class_name: "GlorotUniform",
      config: { seed: 3, input_axes: null, output_axes: null },
      registered_name: null,
    });
    expect(get(written)([3, 3]).arraySync()).toEqual(new GlorotUniform({ seed: 3 })([3, 3]).arraySync());
  });

  test("with a generator draw new values each time, also after being written", () => {
    const initializer = new GlorotUniform({ seed: new SeedGenerator(4, { name: "s" }) });
    const first = initializer([3]).arraySync();
    expect(initializer([3]).arraySync()).not.toEqual(first);
    const copy = initializer.clone();
    expect(copy([3]).arraySync()).toEqual(first);
    expect(copy([3]).arraySync()).not.toEqual(first);
  });

  test("of users work like Keras's", () => {
    class Sevens extends Initializer {
      override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
        return full(shape, 7, options);
      }
    }
    expect(new Sevens()([2], { dtype: "int32" }).arraySync()).toEqual([7, 7]);
    expect(get(new Sevens())([1]).arraySync()).toEqual([7]);
  });

  test("have the dtype that is asked for", () => {
    for (const name of [
      "zeros",
      "glorot_uniform",
      "he_normal",
      "orthogonal",
      "identity",
      "random_normal",
    ] as const) {
      expect(get(name)([2, 2], { dtype: "float64" }).dtype).toBe("float64");
      expect(get(name)([2, 2]).dtype).toBe("float32");
    }
  });

  test("refuse bad options", () => {
    expect(() => new GlorotUniform({ sead: 1 } as object)).toThrow(
      'GlorotUniform: unknown option "sead". Did you mean "seed"?',
    );
    expect(() => new VarianceScaling({ scale: -1 })).toThrow(ValueError);
    expect(() => new VarianceScaling({ mode: "fan" as "fan_in" })).toThrow(ValueError);
    expect(() => new Orthogonal()([3])).toThrow(ShapeError);
    expect(() => new GlorotUniform({ seed: 0.5 })).toThrow(ValueError);
  });
});
