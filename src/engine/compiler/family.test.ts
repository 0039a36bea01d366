import { expect, test } from "vitest";
import { vjpRules } from "../autodiff/vjp.ts";
import { build } from "../graph/build.ts";
import { type FamilyPrimitive, primitives } from "../graph/primitives.ts";
import "../index.ts";

const names: { readonly [P in FamilyPrimitive]: true } = {
  convolution: true,
  reduce_window: true,
  select_and_scatter: true,
  arg_sort: true,
};

test.each(Object.keys(names) as FamilyPrimitive[])("the operations bring the rows of %s along", (op) => {
  expect(primitives[op].kind).toBe("contraction");
  expect(vjpRules[op]).toBeTypeOf("function");
});

test("a primitive without its family is an error that names it", () => {
  expect(() => build("cholesky" as "add", [], {})).toThrow(
    "cholesky: the module of its operation has not been loaded",
  );
});
