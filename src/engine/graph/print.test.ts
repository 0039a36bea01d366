/** Graphs as text. */
import { expect, test } from "vitest";
import { apply, broadcastInDim, build, compare, constant, loop, parameter, sum } from "./build.ts";
import { printGraph, printNode } from "./print.ts";

test("a small graph", () => {
  const x = parameter({ shape: [8, 20], dtype: "float32" });
  const bias = parameter({ shape: [20], dtype: "float32" });
  const y = apply("add", x, broadcastInDim(bias, [8, 20], [1]));
  const positive = compare("GT", y, constant(-0, y));
  const relu = apply("select", positive, y, constant(0.5, y));
  expect(
    printGraph({ params: [x, bias], results: [sum(relu, [0, 1]), apply("erf", y)] }),
  ).toMatchInlineSnapshot(`
    "func.func @main(%arg0: tensor<8x20xf32>, %arg1: tensor<20xf32>) -> (tensor<f32>, tensor<8x20xf32>) {
      %0 = stablehlo.broadcast_in_dim %arg1, dims = [1] : (tensor<20xf32>) -> tensor<8x20xf32>
      %1 = stablehlo.add %arg0, %0 : tensor<8x20xf32>
      %2 = stablehlo.constant dense<-0.0> : tensor<8x20xf32>
      %3 = stablehlo.compare %1, %2, direction = GT : (tensor<8x20xf32>, tensor<8x20xf32>) -> tensor<8x20xi1>
      %4 = stablehlo.constant dense<0.5> : tensor<8x20xf32>
      %5 = stablehlo.select %3, %1, %4 : (tensor<8x20xi1>, tensor<8x20xf32>, tensor<8x20xf32>) -> tensor<8x20xf32>
      %6 = stablehlo.reduce %5, kind = sum, axes = [0, 1] : (tensor<8x20xf32>) -> tensor<f32>
      %7 = chlo.erf %1 : tensor<8x20xf32>
      return %6, %7 : tensor<f32>, tensor<8x20xf32>
    }"
  `);
});

test("loops are regions, their results are picked by number", () => {
  const scalar = { shape: [], dtype: "int32" } as const;
  const [n, x, step] = [parameter(scalar), parameter(scalar), parameter(scalar)];
  const [i, a, b, s] = [parameter(scalar), parameter(scalar), parameter(scalar), parameter(scalar)];
  const body = { params: [i, a, b, s], results: [apply("add", a, s), apply("multiply", b, i)] };
  const [sums, products] = loop(n, [x, x], [step], body);
  expect(
    printGraph({ params: [n, x, step], results: [products!, apply("negate", sums!)] }, "count"),
  ).toMatchInlineSnapshot(`
    "func.func @count(%arg0: tensor<i32>, %arg1: tensor<i32>, %arg2: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
      %0:2 = stablehlo.while count(%arg0) carries(%arg4 = %arg1, %arg5 = %arg1) captures(%arg6 = %arg2) {
      ^body(%arg3: tensor<i32>, %arg4: tensor<i32>, %arg5: tensor<i32>, %arg6: tensor<i32>):
        %1 = stablehlo.add %arg4, %arg6 : tensor<i32>
        %2 = stablehlo.multiply %arg5, %arg3 : tensor<i32>
        return %1, %2 : tensor<i32>, tensor<i32>
      }
      %3 = stablehlo.negate %0#0 : tensor<i32>
      return %0#1, %3 : tensor<i32>, tensor<i32>
    }"
  `);
});

test("other dtypes, and one node alone", () => {
  const flag = constant(1, { shape: [2], dtype: "bool" });
  const bytes = build("convert", [flag], { dtype: "uint8" });
  expect(printGraph({ params: [], results: [bytes] })).toContain(
    "stablehlo.constant dense<true> : tensor<2xi1>",
  );
  expect(printNode(bytes)).toBe(
    `%${bytes.id} = stablehlo.convert %${flag.id} : (tensor<2xi1>) -> tensor<2xui8>`,
  );
});
