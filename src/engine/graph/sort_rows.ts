/** The row of `arg_sort`. */
import { sameShape, showShape } from "../tensor/shape.ts";
import { type Rows, requireShape, shapes } from "./primitives.ts";

export const sortRows: Rows<"arg_sort"> = {
  // Where the elements of the ascending order are found. Equal ones stay in their order, NaN comes last and the zeros are
  // equal; of several operands the later ones decide where the earlier ones are equal. StableHLO's `sort` of the operands
  // with an `iota` behind them gives this as its last result, and `gather` brings whatever goes along in the same order.
  arg_sort: {
    kind: "contraction",
    arity: -1,
    infer(inputs, a) {
      const [x] = inputs;
      requireShape(x !== undefined, "arg_sort", () => "needs at least one operand");
      requireShape(
        inputs.every((y) => sameShape(y.shape, x!.shape)),
        "arg_sort",
        () => `operands need one shape. Received: ${shapes(inputs)}`,
      );
      requireShape(
        x!.shape[a.axis] !== undefined,
        "arg_sort",
        () => `no axis ${a.axis} in ${showShape(x!.shape)}`,
      );
      return { shape: x!.shape, dtype: "int32" };
    },
  },
};
