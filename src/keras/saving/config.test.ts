import { describe, expect, test } from "vitest";
import { camelToSnake, fromConfig, snakeToCamel, toConfig } from "./config.ts";

describe("names of options", () => {
  test.each([
    ["kernel_initializer", "kernelInitializer"],
    ["beta_1", "beta1"],
    ["beta_2_decay", "beta2Decay"],
    ["l2_regularization_strength", "l2RegularizationStrength"],
    ["l1", "l1"],
    ["units", "units"],
    ["trainable", "trainable"],
    ["_private", "_private"],
  ])("%s ↔ %s", (snake, camel) => {
    expect(snakeToCamel(snake)).toBe(camel);
    expect(camelToSnake(camel)).toBe(snake);
  });

  test("only keys are changed, not values", () => {
    const config = { use_bias: true, data_format: "channels_last", nested: { some_key: 1 } };
    const options = { useBias: true, dataFormat: "channels_last", nested: { some_key: 1 } };
    expect(fromConfig(config)).toEqual(options);
    expect(toConfig(options)).toEqual(config);
  });
});
