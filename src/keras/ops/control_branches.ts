/** keras.ops.core: functions of which one is chosen when the program runs. */
import * as engine from "../../engine/index.ts";
import {
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { structureOf, type Taken, takeApart } from "./tensor_tree.ts";

/** What a branch gives, and how that is nested. */
interface Outline extends Taken {
  readonly structure: string;
}

const outlineOf = (tree: unknown): Outline => ({ ...takeApart(tree), structure: structureOf(tree) });

/** What the branches of a conditional give: the same structure of values of the same shapes and of dtypes that meet. */
function runBranch(name: string, index: Tensor, branches: readonly (() => unknown)[]): unknown {
  // The first branch is looked at once before, so that there is something to begin with; what nobody reads is not computed.
  const outlines = branches.map((branch) => engine.outline(() => outlineOf(branch())));
  const [first] = outlines as [Outline];
  const dtypes = first.leaves.map((leaf, i) =>
    outlines.reduce((dtype, o) => engine.promote(dtype, (o.leaves[i] ?? leaf).dtype), leaf.dtype),
  );
  for (const o of outlines) {
    if (o.structure !== first.structure) {
      throw new ValueError(
        `${name}: expected branches that give values nested in the same way. Received: ${first.structure} and ${o.structure}`,
      );
    }
    o.leaves.forEach((leaf, i) => {
      if (engine.sameShape(leaf.shape, first.leaves[i]!.shape)) return;
      throw new ShapeError(
        `${name}: expected branches that give values of the same shapes. Received: ${showShape(first.leaves[i]!.shape)} and ${showShape(leaf.shape)}`,
      );
    });
  }
  let values: readonly Tensor[] = first.leaves.map((leaf, i) => engine.full(leaf.shape, 0, dtypes[i]));
  branches.forEach((branch, k) => {
    const count = engine.equal(index, k).astype("int32");
    values = engine.loop(
      count,
      values,
      () => takeApart(branch()).leaves.map((leaf, i) => leaf.astype(dtypes[i]!)),
      { most: 1 },
    );
  });
  return first.build(values);
}

/**
 * What one of two functions gives; only that one is computed.
 *
 * @param pred a boolean scalar, which may be known only at run time
 * @param trueFn called when it is true; takes no arguments, gives tensors
 * @param falseFn gives tensors nested in the same way, of the same shapes
 * @throws ShapeError, ValueError when the branches do not fit together
 *
 * @example
 * ```ts
 * ops.cond(true, () => ops.add(1, 1), () => ops.add(2, 2)).item(); // → 2
 * ```
 *
 * As a step of a model it takes a symbolic condition. Functions that need symbolic tensors, too, are branches of
 * `ops.switch`, which has operands.
 */
export function cond<T>(pred: TensorLike, trueFn: () => T, falseFn: () => T): T {
  const condition = toTensor(pred, "bool");
  if (condition.ndim !== 0)
    throw new ShapeError(`cond: expected a scalar condition. Received shape ${showShape(condition.shape)}`);
  return runBranch("cond", engine.bitwiseNot(condition).astype("int32"), [trueFn, falseFn]) as T;
}

/**
 * What the function with a given number gives; only that one is computed.
 *
 * @param index an integer scalar, which may be known only at run time; it is moved into the range of the branches
 * @param branches functions of the operands, which give tensors nested in the same way, of the same shapes
 * @param operands what the branches are called with; symbolic tensors make it a step of a model
 * @throws ShapeError, ValueError when there is no branch or the branches do not fit together
 *
 * @example
 * ```ts
 * ops.switch(1, [(x) => ops.add(x, 1), (x) => ops.multiply(x, 10)], 5).item(); // → 50
 * const x = Input([2]);
 * const isLarge = ops.cast(ops.greater(ops.max(x), 10), "int32");
 * const y = ops.switch(isLarge, [(v: Tensor) => v, (v: Tensor) => v.divide(10)], x);
 * const model = new Model({ inputs: x, outputs: y });
 * model([[1, 2]]).arraySync(); // → [[1, 2]]
 * model([[10, 20]]).arraySync(); // → [[1, 2]]
 * ```
 */
function switchBranch<T, A extends readonly TensorLike[]>(
  index: TensorLike,
  branches: readonly ((...operands: A) => T)[],
  ...operands: A
): T {
  if (branches.length === 0) throw new ValueError("switch: expected at least one branch. Received: none");
  const given = toTensor(index, "int32");
  const inside = engine.minimum(engine.maximum(given, 0), branches.length - 1);
  return runBranch(
    "switch",
    inside,
    branches.map((b) => () => b(...operands)),
  ) as T;
}

export { switchBranch as switch };
