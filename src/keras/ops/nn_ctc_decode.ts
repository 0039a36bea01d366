/** keras.ops.nn: how the outputs of connectionist temporal classification are read. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../engine/index.ts";
import { map } from "./control.ts";
import { toFloat } from "./convert.ts";
import { logSoftmax } from "./nn_activations.ts";
import { behind, lengths } from "./nn_ctc.ts";
import { takeAlongAxis } from "./numpy_indexing.ts";
import { argsort, unique } from "./numpy_sorting.ts";
import { logaddexp } from "./numpy_special.ts";

/** Options of {@link ctcDecode}. */
export interface CtcDecodeOptions {
  /** `"greedy"` (default) takes the best class of each step; `"beam_search"` looks for the most probable sequence. */
  readonly strategy?: "greedy" | "beam_search";
  /** How many sequences the beam search keeps. Default 100. */
  readonly beamWidth?: number;
  /** How many of the most probable sequences the beam search gives. Default 1. */
  readonly topPaths?: number;
  /** Whether the greedy strategy merges repeated classes. Default true. */
  readonly mergeRepeated?: boolean;
  /** The number of the blank class. Default 0; null means the last one. */
  readonly maskIndex?: number | null;
}

/**
 * Reads the outputs of a model trained with the CTC loss.
 *
 * @param inputs logits of shape (batch, time, classes)
 * @param sequenceLengths how many steps of each output count, of shape (batch,)
 * @param options see {@link CtcDecodeOptions}
 * @returns the class numbers (int32), filled up with -1, of shape (paths, batch, time), and for each path a score of shape
 *   (batch, paths): the negative sum of the best logits (greedy), or the log-probability (beam search)
 * @throws ShapeError, ValueError
 *
 * @example
 * ```ts
 * const logits = [[[0, 9, 0], [0, 9, 0], [9, 0, 0], [0, 0, 9]]];
 * const [decoded] = ops.ctcDecode(logits, [4]);
 * decoded.arraySync(); // → [[[1, 2, -1, -1]]]
 * ```
 */
export function ctcDecode(
  inputs: TensorLike,
  sequenceLengths: TensorLike,
  options: CtcDecodeOptions = {},
): [decoded: Tensor, scores: Tensor] {
  checkOptions("ctcDecode", options, ["strategy", "beamWidth", "topPaths", "mergeRepeated", "maskIndex"]);
  const { strategy = "greedy", beamWidth = 100, topPaths = 1, mergeRepeated = true } = options;
  const logits = toFloat(inputs);
  if (logits.ndim !== 3) {
    throw new ShapeError(
      `ctcDecode: expected inputs (batch, time, classes). Received: ${showShape(logits.shape)}`,
    );
  }
  const [batch, , classes] = logits.shape as [number, number, number];
  const ends = lengths(sequenceLengths, batch, "ctcDecode: expected sequenceLengths");
  const maskIndex = options.maskIndex === undefined ? 0 : options.maskIndex;
  const blank = engine.normalizeAxis(maskIndex ?? -1, classes, "ctcDecode: maskIndex");
  if (strategy === "greedy") return greedy(logits, ends, blank, mergeRepeated);
  if (strategy !== "beam_search") {
    throw new ValueError(
      `ctcDecode: expected strategy "greedy" or "beam_search". Received: ${show(strategy)}`,
    );
  }
  for (const [name, count] of [
    ["beamWidth", beamWidth],
    ["topPaths", topPaths],
  ] as const) {
    if (!(Number.isInteger(count) && count > 0))
      throw new ValueError(
        `ctcDecode: expected ${name} to be a positive whole number. Received: ${show(count)}`,
      );
  }
  return beamSearch(logits, ends, { blank, width: beamWidth, top: topPaths });
}

function greedy(logits: Tensor, ends: Tensor, blank: number, merge: boolean): [Tensor, Tensor] {
  const [batch, time] = logits.shape as [number, number, number];
  const over = behind(ends, time);
  let best = engine.where(over, blank, engine.argmax(logits, -1));
  const scores = engine.where(over, 0, logits.max(-1));
  if (merge && time > 0) {
    const same = engine.equal(best.at("...", [1, null]), best.at("...", [0, time - 1]));
    const repeated = engine.pad(same, false, { low: [0, 1], high: [0, 0], interior: [0, 0] });
    best = engine.where(repeated, blank, best);
  }
  const isBlank = engine.equal(best, blank);
  // Stable: the classes stay in their order, blanks go to the end.
  const order = argsort(isBlank.astype("int32"), { axis: -1 });
  const packed = takeAlongAxis(engine.where(isBlank, -1, best), order, { axis: -1 });
  return [packed.reshape(1, batch, time), engine.negate(scores.sum(1, { keepdims: true }))];
}

/** What the search keeps: sequences, and for each whether its last step was a blank, and how probable that is. */
interface Beam {
  readonly paths: Tensor;
  readonly scores: Tensor;
  readonly masked: Tensor;
}

/** Adds up probabilities of what is the same sequence; `groups` has the number of each one's sequence. */
function mergeScores(groups: Tensor, scores: Tensor): Tensor {
  const largest = scores.max();
  const shares = engine.exp(engine.subtract(scores, largest));
  const dims = {
    offsetDims: [],
    collapsedSliceDims: [0],
    operandBatchingDims: [],
    indicesBatchingDims: [],
    startIndexMap: [0],
  };
  const none = engine.full(scores.shape, 0, scores.dtype);
  const sums = engine.scatter(none, groups.reshape(groups.size, 1), shares, dims, "add");
  return engine.add(engine.log(sums), largest);
}

/** The places of the largest scores, in ascending order. */
function best(scores: Tensor, count: number): Tensor {
  const order = argsort(scores);
  return order.at([Math.max(0, order.size - count), null]);
}

function beamSearch(
  logits: Tensor,
  ends: Tensor,
  { blank, width, top }: { readonly blank: number; readonly width: number; readonly top: number },
): [Tensor, Tensor] {
  const [, time, classes] = logits.shape as [number, number, number];
  const [beams, candidates] = [2 * width, 2 * width * classes];
  // As Keras does: classes backwards, so that among equal scores the class with the smaller number wins.
  const logProbs = engine.reverse(logSoftmax(logits), 2);
  const mask = classes - blank - 1;
  const pad = -1;
  const over = behind(ends, time);
  const distinct = (paths: Tensor): [Tensor, Tensor] =>
    unique(paths, { axis: 0, size: candidates, fillValue: pad, returnInverse: true }) as [Tensor, Tensor];

  const begin = (scores: Tensor): Beam => {
    const count = Math.min(classes, width);
    const chosen = best(scores, count);
    const first = engine.where(engine.equal(chosen, mask), pad, chosen);
    const rest = [
      [0, 0],
      [beams - count, time - 1],
    ] as const;
    const paths = engine.pad(first.reshape(count, 1), pad, { low: rest[0], high: rest[1], interior: [0, 0] });
    return {
      paths,
      scores: engine.concatenate([
        engine.take(scores, chosen),
        engine.full([beams - count], Number.NEGATIVE_INFINITY, scores.dtype),
      ]),
      masked: engine.equal(paths.at("...", 0), pad),
    };
  };

  /** Every sequence with every class behind it. */
  const extend = (beam: Beam, scores: Tensor): Beam => {
    const repeat = (x: Tensor): Tensor =>
      engine
        .broadcastTo(x.reshape(beams, 1, ...x.shape.slice(1)), [beams, classes, ...x.shape.slice(1)])
        .reshape(candidates, ...x.shape.slice(1));
    const paths = repeat(beam.paths);
    const at = engine.argmax(engine.equal(paths, pad).astype("int32"), 1).reshape(candidates, 1);
    const before = takeAlongAxis(paths, engine.maximum(engine.subtract(at, 1), 0), { axis: 1 });
    const tails = engine.where(engine.equal(at, 0), pad, before).reshape(candidates);
    const number = engine.remainder(engine.iota([candidates]), classes);
    const emitted = engine.where(engine.equal(number, mask), pad, number);
    const again = engine.bitwiseAnd(engine.bitwiseNot(repeat(beam.masked)), engine.equal(tails, emitted));
    const written = engine.where(again, pad, emitted).reshape(candidates, 1);
    return {
      paths: engine.where(engine.equal(engine.iota([1, time], 1), at), written, paths),
      scores: engine.add(repeat(beam.scores), engine.take(scores, number)),
      masked: engine.equal(emitted, pad),
    };
  };

  /** The best of the sequences, each once with and once without a blank at its end. */
  const prune = (beam: Beam): Beam => {
    const [paths, groups] = distinct(beam.paths);
    const nothing = Number.NEGATIVE_INFINITY;
    const emits = mergeScores(groups, engine.where(beam.masked, nothing, beam.scores));
    const masks = mergeScores(groups, engine.where(beam.masked, beam.scores, nothing));
    const chosen = best(logaddexp(emits, masks), width);
    const kept = engine.take(paths, chosen);
    return {
      paths: engine.concatenate([kept, kept]),
      scores: engine.concatenate([engine.take(emits, chosen), engine.take(masks, chosen)]),
      masked: engine.greaterEqual(engine.iota([beams]), width),
    };
  };

  const [paths, scores] = map(
    ([steps, isOver]: readonly [Tensor, Tensor]): [Tensor, Tensor] => {
      const first = begin(steps.at(0));
      const { carry } = engine.scan(
        [first.paths, first.scores, first.masked],
        [steps.at([1, null]), isOver.at([1, null])],
        time - 1,
        ([paths, scores, masked], [step, end]) => {
          const next = prune(extend({ paths: paths!, scores: scores!, masked: masked! }, step!));
          return {
            carry: [
              engine.where(end!, paths!, next.paths),
              engine.where(end!, scores!, next.scores),
              engine.where(end!, masked!, next.masked),
            ],
            outputs: [],
          };
        },
      );
      const [found, groups] = distinct(carry[0]!);
      const sums = mergeScores(groups, carry[1]!);
      const chosen = engine.reverse(best(sums, top));
      return [engine.take(found, chosen), engine.take(sums, chosen)];
    },
    [logProbs, over] as readonly [Tensor, Tensor],
  );
  const forward = engine.where(engine.equal(paths, pad), pad, engine.subtract(classes - 1, paths));
  return [forward.transpose([1, 0, 2]), scores];
}
