/** The area under the ROC curve or the precision-recall curve. */
import {
  add,
  bitwiseAnd,
  checkOptions,
  divide,
  equal,
  greater,
  log,
  maximum,
  minimum,
  multiply,
  ShapeError,
  show,
  showShape,
  sigmoid,
  subtract,
  sum,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { epsilon } from "../config/config.ts";
import { divideNoNan } from "../ops/numpy_elementwise.ts";
import type { Config } from "../saving/config.ts";
import { checkDeclaredLength } from "../saving/reading_limits.ts";
import { type Count, confusionCounts } from "./confusion.ts";
import { type Direction, Metric, type MetricOptions, metricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** The curves: ROC, precision and recall, or the gains of both. */
export type Curve = "ROC" | "PR" | "PRGAIN";
/** How the area between two thresholds is taken: as a trapezoid, or as the larger or the smaller rectangle. */
export type SummationMethod = "interpolation" | "majoring" | "minoring";

/** Options of {@link AUC}. */
export interface AUCOptions extends MetricOptions {
  /** How many thresholds there are, at equal distances. Default 200. */
  readonly numThresholds?: number;
  /** `"ROC"`: true positives over false positives; `"PR"`: precision over recall. Default `"ROC"`. */
  readonly curve?: Curve | "roc" | "pr" | "prgain";
  /** How the area below the points is found. Default `"interpolation"`. */
  readonly summationMethod?: SummationMethod;
  /** Thresholds between 0 and 1, to which the ends are added, in place of `numThresholds`. */
  readonly thresholds?: readonly number[] | null;
  /** Whether each label, along the last axis, has its own curve; the areas are averaged. Default false. */
  readonly multiLabel?: boolean;
  /** The number of labels, if the state should be made at once. */
  readonly numLabels?: number | null;
  /** How much each label counts. Default: all the same. */
  readonly labelWeights?: readonly number[] | null;
  /** Whether predictions are what goes into a sigmoid, not what comes out. Default false. */
  readonly fromLogits?: boolean;
}

const names = [
  "numThresholds",
  "curve",
  "summationMethod",
  "thresholds",
  "multiLabel",
  "numLabels",
  "labelWeights",
  "fromLogits",
];
const curves: readonly string[] = ["ROC", "PR", "PRGAIN"];
const summations: readonly string[] = ["interpolation", "majoring", "minoring"];

function choose(
  name: string,
  value: string,
  known: readonly string[],
  spelling: (s: string) => string,
): string {
  if (typeof value === "string" && known.includes(spelling(value))) return spelling(value);
  throw new ValueError(`AUC: ${name} is one of ${known.join(", ")}. Received: ${name}=${show(value)}`);
}

/** The inner thresholds. */
function inner(options: AUCOptions): number[] {
  const { thresholds, numThresholds = 200 } = options;
  if (thresholds !== null && thresholds !== undefined) return [...thresholds].sort((a, b) => a - b);
  if (!(Number.isInteger(numThresholds) && numThresholds > 1)) {
    throw new ValueError(
      `AUC: numThresholds is a whole number above 1. Received: numThresholds=${show(numThresholds)}`,
    );
  }
  checkDeclaredLength(numThresholds, "AUC");
  return Array.from({ length: numThresholds - 2 }, (_, i) => (i + 1) / (numThresholds - 1));
}

/**
 * The area under a curve that predictions draw as the threshold moves from 1 to 0: 1 for perfect predictions, 0.5 (ROC)
 * for arbitrary ones. It is an approximation by a number of thresholds.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape; `(batch, labels)` with `multiLabel`. Output: a
 * number.
 *
 * @param options `numThresholds` (default 200), `curve` (default `"ROC"`), `summationMethod` (default `"interpolation"`),
 *   `thresholds`, `multiLabel` (default false), `numLabels`, `labelWeights`, `fromLogits` (default false), `name` (default
 *   `"auc"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.AUC({ numThresholds: 3 });
 * metric.updateState([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]);
 * metric.result().item(); // → 0.75
 * ```
 */
export class AUC extends Metric {
  static override readonly className: string = "AUC";
  override readonly direction: Direction = "up";
  /** All thresholds, from just below 0 to just above 1. */
  readonly thresholds: readonly number[];
  readonly curve: Curve;
  readonly summationMethod: SummationMethod;
  readonly multiLabel: boolean;
  readonly numLabels: number | null;
  readonly labelWeights: readonly number[] | null;
  readonly fromLogits: boolean;
  readonly #ownThresholds: boolean;
  #counts: Readonly<Record<Count, Variable>> | undefined;

  /** @throws ValueError for options that cannot be used */
  constructor(options: AUCOptions = {}) {
    checkOptions("AUC", options, [...metricOptions, ...names]);
    const { name, dtype, multiLabel = false, numLabels = null } = options;
    const between = inner(options);
    const curve = choose("curve", options.curve ?? "ROC", curves, (s) => s.toUpperCase());
    const method = choose("summationMethod", options.summationMethod ?? "interpolation", summations, (s) =>
      s.toLowerCase(),
    );
    if (numLabels !== null && !multiLabel)
      throw new ValueError("AUC: numLabels is needed only when multiLabel is true.");
    super({ ...(name !== undefined && { name }), ...(dtype !== undefined && { dtype }) });
    this.thresholds = [-epsilon(), ...between, 1 + epsilon()];
    this.curve = curve as Curve;
    this.summationMethod = method as SummationMethod;
    this.multiLabel = multiLabel;
    this.numLabels = numLabels;
    this.labelWeights = options.labelWeights ?? null;
    this.fromLogits = options.fromLogits ?? false;
    this.#ownThresholds = options.thresholds !== null && options.thresholds !== undefined;
    if (!multiLabel) this.#build([]);
    else if (numLabels !== null) this.#build([numLabels]);
  }

  #build(labels: readonly number[]): void {
    const make = (name: string): Variable => this.addVariable([this.thresholds.length, ...labels], { name });
    this.#counts = {
      truePositives: make("true_positives"),
      falsePositives: make("false_positives"),
      trueNegatives: make("true_negatives"),
      falseNegatives: make("false_negatives"),
    };
  }

  /**
   * Adds a batch.
   *
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const { thresholds, multiLabel } = this;
    const predictions = this.fromLogits ? sigmoid(yPred) : toTensor(yPred);
    if (this.#counts === undefined) {
      if (predictions.ndim !== 2) {
        throw new ShapeError(
          `AUC: multiLabel needs predictions of shape (samples, labels). Received: ${showShape(predictions.shape)}`,
        );
      }
      this.#build([predictions.shape[1]!]);
    }
    const counts = this.#counts!;
    const labelWeights = multiLabel ? null : this.labelWeights;
    const dtype = counts.truePositives.dtype;
    const batch = confusionCounts(yTrue, predictions, {
      ...options,
      thresholds,
      multiLabel,
      labelWeights,
      dtype,
    });
    for (const count of Object.keys(counts) as Count[]) counts[count].assignAdd(batch[count]());
  }

  /** The sum over thresholds of areas; with several labels the mean over these. */
  #total(areas: Tensor): Tensor {
    if (!this.multiLabel) return sum(areas);
    const byLabel = sum(areas, 0);
    if (this.labelWeights === null) return byLabel.mean();
    const weights = toTensor(this.labelWeights, byLabel.dtype);
    return divideNoNan(sum(multiply(byLabel, weights)), sum(weights));
  }

  override result(): Tensor {
    if (this.#counts === undefined) return toTensor(0, this.dtype);
    const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = this.#counts;
    if (this.curve === "PR" && this.summationMethod === "interpolation")
      return this.#interpolatedPR(tp, fp, fn);
    const [x, y] = this.#points(tp.value, fp.value, tn.value, fn.value);
    const [left, right] = [y.slice(0, -1), y.slice(1)];
    const heights = {
      interpolation: () => divide(add(left, right), 2),
      majoring: () => maximum(left, right),
      minoring: () => minimum(left, right),
    }[this.summationMethod]();
    return this.#total(multiply(subtract(x.slice(0, -1), x.slice(1)), heights));
  }

  #points(tp: Tensor, fp: Tensor, tn: Tensor, fn: Tensor): [Tensor, Tensor] {
    const recall = divideNoNan(tp, add(tp, fn));
    if (this.curve === "ROC") return [divideNoNan(fp, add(fp, tn)), recall];
    if (this.curve === "PR") return [recall, divideNoNan(tp, add(tp, fp))];
    const none = equal(tp, 0);
    const scale = divideNoNan(add(tp, fn), add(tn, fp));
    const gain = (wrong: Tensor): Tensor => subtract(1, multiply(scale, divideNoNan(wrong, tp)));
    return [maximum(where(none, 0, gain(fn)), 0), where(none, 1, gain(fp))];
  }

  /** Davis and Goadrich's interpolation: between two thresholds true positives grow in proportion to positives. */
  #interpolatedPR(tp: Variable, fp: Variable, fn: Variable): Tensor {
    const t = tp.value;
    const p = add(tp, fp);
    const [tBefore, tAfter, pBefore, pAfter] = [t.slice(0, -1), t.slice(1), p.slice(0, -1), p.slice(1)];
    const gained = subtract(tBefore, tAfter);
    const slope = divideNoNan(gained, maximum(subtract(pBefore, pAfter), 0));
    const intercept = subtract(tAfter, multiply(slope, pAfter));
    const known = bitwiseAnd(greater(pBefore, 0), greater(pAfter, 0));
    const ratio = where(known, divideNoNan(pBefore, maximum(pAfter, 0)), 1);
    const area = multiply(slope, add(gained, multiply(intercept, log(ratio))));
    return this.#total(divideNoNan(area, maximum(add(tAfter, fn.value.slice(1)), 0)));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      num_thresholds: this.thresholds.length,
      curve: this.curve,
      summation_method: this.summationMethod,
      multi_label: this.multiLabel,
      num_labels: this.numLabels,
      label_weights: this.labelWeights,
      from_logits: this.fromLogits,
      ...(this.#ownThresholds && { thresholds: this.thresholds.slice(1, -1) }),
    };
  }
}
