import { expect, it } from "vitest";
import { detectFeatures } from "./features.ts";

it("finds SIMD here, and gives one answer", () => {
  expect(detectFeatures().simd).toBe(true);
  expect(detectFeatures()).toBe(detectFeatures());
});
