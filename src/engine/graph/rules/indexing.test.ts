/** Every rule of slices and updates on its own. */
import { describe } from "vitest";
import { f32, i32, simplifies, staysAsItIs } from "../../../../test/support/simplification.ts";
import { build, constant, reshape, slice } from "../build.ts";
import type { Node } from "../node.ts";
import type { ScatterKind } from "../primitives.ts";

const at = (i: number): Node => constant(i, i32());
const take = (x: Node, sizes: number[], ...starts: Node[]): Node =>
  build("dynamic_slice", [x, ...starts], { sizes });

describe("dynamic slices", () => {
  simplifies(
    "of everything, wherever",
    [f32(4, 6), i32()],
    (x, i) => take(x, [4, 6], i, i),
    (x) => x,
  );
  simplifies(
    "at constant places",
    [f32(4, 6)],
    (x) => take(x, [2, 3], at(1), at(2)),
    (x) => slice(x, [1, 2], [3, 5]),
  );
  simplifies(
    "at constant places outside",
    [f32(4, 6)],
    (x) => take(x, [2, 3], at(-1), at(9)),
    (x) => slice(x, [0, 3], [2, 6]),
  );
  simplifies(
    "of whole rows at a constant place",
    [f32(4, 6), i32()],
    (x, i) => take(x, [1, 6], at(2), i),
    (x) => slice(x, [2, 0], [3, 6]),
  );
  staysAsItIs("at unknown places", [f32(4, 6), i32()], (x, i) => take(x, [1, 6], i, i));
});

describe("updates", () => {
  simplifies(
    "of everything, wherever",
    [f32(4, 6), f32(4, 6), i32()],
    (x, update, i) => build("dynamic_update_slice", [x, update, i, i], {}),
    (_, update) => update,
  );
  staysAsItIs("of a part", [f32(4, 6), f32(1, 6), i32()], (x, update, i) =>
    build("dynamic_update_slice", [x, update, i, i], {}),
  );
  const none = { operandBatchingDims: [], indicesBatchingDims: [] };
  const whole = (x: Node, updates: Node, kind: ScatterKind): Node => {
    const attrs = { ...none, offsetDims: [1, 2], collapsedSliceDims: [], startIndexMap: [0], kind };
    return build("scatter", [x, constant(0, i32(1, 1)), updates], attrs);
  };
  simplifies(
    "scatter of everything",
    [f32(4, 6), f32(1, 4, 6)],
    (x, u) => whole(x, u, "set"),
    (_, u) => reshape(u, [4, 6]),
  );
  staysAsItIs("scatter that adds to everything", [f32(4, 6), f32(1, 4, 6)], (x, u) => whole(x, u, "add"));
  simplifies(
    "scatter of nothing",
    [f32(4, 6), i32(0, 1), f32(0, 6)],
    (x, indices, u) => {
      const attrs = {
        ...none,
        offsetDims: [1],
        collapsedSliceDims: [0],
        startIndexMap: [0],
        kind: "add" as const,
      };
      return build("scatter", [x, indices, u], attrs);
    },
    (x) => x,
  );
});
