/** keras.ops.nn: the loss of connectionist temporal classification (Graves et al., 2006). */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";
import { logSoftmax } from "./nn_activations.ts";
import { takeAlongAxis } from "./numpy_indexing.ts";
import { logaddexp } from "./numpy_special.ts";

/** What stands for the logarithm of 0: finite, so that gradients are, too. */
const never = -1e5;

/** A length for each sample, in one of the shapes (batch,) and (batch, 1). */
export function lengths(x: TensorLike, batch: number, name: string): Tensor {
  const t = toTensor(x, "int32");
  if (t.size !== batch || t.ndim !== 1) {
    throw new ShapeError(`${name} of shape (${batch}), one for each sample. Received: ${showShape(t.shape)}`);
  }
  return t.reshape(batch, 1);
}

/** Whether places along the second axis lie behind the end of each sample. */
export function behind(ends: Tensor, length: number): Tensor {
  return engine.greaterEqual(engine.iota([1, length], 1), ends);
}

/**
 * The CTC loss: -log of the probability that the outputs, with repeated classes merged and blanks left out, are the target.
 *
 * @param target class numbers of shape (batch, longest target)
 * @param output logits of shape (batch, time, classes)
 * @param targetLength how many classes each target has, of shape (batch,)
 * @param outputLength how many steps of each output count, of shape (batch,)
 * @param options `maskIndex`: the number of the blank class (default 0)
 * @returns the loss of each sample, of shape (batch,); about 1e5 where the output is too short for the target
 * @throws ShapeError when the shapes do not fit together
 *
 * @example
 * ```ts
 * const logits = ops.log([[[0.4, 0.6], [0.4, 0.6]]]); // Of "", "1" and "1 1", merged to "1": 0.24 + 0.24 + 0.36.
 * ops.exp(ops.negative(ops.ctcLoss([[1]], logits, [1], [2]))).arraySync(); // → [0.84]
 * ```
 */
export function ctcLoss(
  target: TensorLike,
  output: TensorLike,
  targetLength: TensorLike,
  outputLength: TensorLike,
  options: { readonly maskIndex?: number } = {},
): Tensor {
  checkOptions("ctcLoss", options, ["maskIndex"]);
  const [labels, logits] = [toTensor(target, "int32"), toFloat(output)];
  const [batch, time, classes] = logits.shape as [number, number, number];
  if (labels.ndim !== 2 || logits.ndim !== 3 || labels.shape[0] !== batch) {
    throw new ShapeError(
      `ctcLoss: expected a target (batch, length) and an output (batch, time, classes). Received: ${showShape(labels.shape)} and ${showShape(logits.shape)}`,
    );
  }
  const blank = engine.normalizeAxis(options.maskIndex ?? 0, classes, "ctcLoss: maskIndex");
  const n = labels.shape[1]!;
  const labelEnds = lengths(targetLength, batch, "ctcLoss: expected targetLength");
  const outputEnds = lengths(outputLength, batch, "ctcLoss: expected outputLength");

  const logProbs = logSoftmax(logits);
  const perTime = (x: Tensor): Tensor => x.transpose([1, 0, 2]);
  const known = engine.bitwiseAnd(engine.greaterEqual(labels, 0), engine.less(labels, classes));
  const places = engine.where(known, labels, 0).reshape(batch, 1, n);
  const emitted = takeAlongAxis(logProbs, places, { axis: -1 });
  const emits = perTime(engine.where(known.reshape(batch, 1, n), emitted, 0));
  const blanks = perTime(logProbs.at("...", [blank, blank + 1]));
  const over = behind(outputEnds, time).transpose().reshape(time, batch, 1);

  // Between two equal labels there must be a blank: the label then cannot be left without emitting one.
  const repeats = engine.pad(
    engine.equal(labels.at("...", [0, Math.max(0, n - 1)]), labels.at("...", [1, null])),
    false,
    {
      low: [0, 0],
      high: [0, n === 0 ? 0 : 1],
      interior: [0, 0],
    },
  );
  const ifRepeated = engine.multiply(repeats.astype(logits.dtype), never);
  const unlessRepeated = engine.subtract(never, ifRepeated);
  const advance = (phi: Tensor, added: Tensor): Tensor =>
    engine.concatenate([phi.at("...", [0, 1]), logaddexp(phi.at("...", [1, null]), added)], 1);
  const start = engine.where(
    engine.equal(engine.iota([batch, n + 1], 1), 0),
    0,
    engine.full([], never, logits.dtype),
  );
  const { carry } = engine.scan(
    [start, engine.full([batch, n], never, logits.dtype)],
    [emits, blanks, over],
    time,
    ([phi, emit], [logEmit, logBlank, end]) => {
      const before = advance(phi!, engine.add(emit!, ifRepeated));
      const nextEmit = engine.add(logaddexp(before.at("...", [0, n]), emit!), logEmit!);
      const nextPhi = advance(
        engine.add(before, logBlank!),
        engine.add(engine.add(emit!, logBlank!), unlessRepeated),
      );
      return { carry: [engine.where(end!, phi!, nextPhi), engine.where(end!, emit!, nextEmit)], outputs: [] };
    },
  );
  const last = advance(carry[0]!, carry[1]!);
  return engine.negate(takeAlongAxis(last, labelEnds, { axis: 1 }).reshape(batch));
}
