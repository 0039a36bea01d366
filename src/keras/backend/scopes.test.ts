import { describe, expect, test } from "vitest";
import { UnsupportedError, ValueError } from "../../engine/index.ts";
import { Dense } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import { device } from "./device_scope.ts";
import { nameScope } from "./name_scope.ts";
import { Variable } from "./variable.ts";

describe("nameScope", () => {
  // The paths are Keras's.
  test("stands before the names of layers that are first used in it, and of variables", () => {
    const dense = new Dense(1, { name: "d" });
    const model = new Sequential([new Dense(1, { name: "e" })], { name: "m" });
    nameScope("a", () => {
      dense([[1]]);
      nameScope("b", () => model([[1]]));
    });
    dense([[1]]);
    expect(dense.weights.map((w) => w.path)).toEqual(["a/d/kernel", "a/d/bias"]);
    expect(model.weights.map((w) => w.path)).toEqual(["a/b/m/e/kernel", "a/b/m/e/bias"]);
    const make = (): Variable => new Variable(1, { name: "v" });
    expect([nameScope("c", make).path, make().path]).toEqual(["c/v", "v"]);
  });

  test("ends with an error, too, and refuses slashes", () => {
    const fail = (): never => {
      throw new Error("inside");
    };
    expect(() => nameScope("x", fail)).toThrow("inside");
    expect(new Variable(1, { name: "v" }).path).toBe("v");
    expect(() => nameScope("a/b", () => 1)).toThrow(ValueError);
  });
});

test("there is one device", () => {
  expect(device("CPU:0", () => 3)).toBe(3);
  expect(() => device("gpu:0", () => 3)).toThrow(UnsupportedError);
});
