import { expect, test } from "vitest";
import { checkOptions, FileError, ShapeError, TsunoError, ValueError } from "./errors.ts";

test("errors go by names that do not depend on those of their classes", () => {
  // As bundlers do that shorten names.
  const shortened = { a: class extends ShapeError {} };
  Object.defineProperty(shortened.a, "errorName", { value: "ShapeError" });
  expect(new shortened.a("x").name).toBe("ShapeError");
  expect(new TsunoError("x").name).toBe("TsunoError");
  expect(String(new FileError("no such file"))).toBe("FileError: no such file");
  expect(ShapeError.errorName).toBe("ShapeError");
});

test("a user's own class of errors goes by its own name", () => {
  class RecipeError extends ValueError {}
  expect(new RecipeError("too much salt").name).toBe("RecipeError");
});

test("a list in place of options is told from options", () => {
  expect(() => checkOptions("MaxPooling2D", [2, 2], ["poolSize", "strides"])).toThrow(
    "MaxPooling2D: options must be an object such as { poolSize: … }. Received: [2, 2]",
  );
});
