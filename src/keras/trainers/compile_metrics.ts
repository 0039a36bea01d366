/** The metrics of all outputs of a model. */
import { isPlainObject, Tensor, untraced } from "../../engine/index.ts";
import type { Metric } from "../metrics/metric.ts";
import { checkMetric, compileMetric, type MetricLike } from "./compile_utils.ts";
import { align, isLeaf, leavesOf, type Output } from "./outputs.ts";

/** What `compile` takes as metrics: a list, or several by output, in arrays and objects. */
export type Metrics =
  | readonly (MetricLike | null | Metrics)[]
  | { readonly [output: string]: MetricLike | null | Metrics };

/** Metrics of one output. */
interface Group {
  readonly output: number;
  /** What stands before their names in logs, if there are several outputs. */
  readonly prefix: string;
  readonly metrics: readonly Metric[];
}

/**
 * Refuses identifiers that mean nothing, before anything is changed.
 *
 * @returns whether all metrics are there, and need not be loaded
 */
export function checkMetrics(metrics: Metrics, where: string): boolean {
  if (isLeaf(metrics)) checkMetric(metrics, where, true);
  const all = leavesOf(metrics).filter((item) => item !== null);
  const areThere = all.map((item) => checkMetric(item, where));
  // An output may have none, but not all of them: that is a mistake.
  if (all.length === 0 && hasMetrics(metrics)) checkMetric(Object.values(metrics)[0], where);
  return !areThere.includes(false);
}

/** The metrics of a model whose outputs are known. */
export class CompileMetrics {
  readonly #outputs: readonly Output[];
  readonly #plain: readonly Group[];
  readonly #weighted: readonly Group[];

  /**
   * @param targets the targets, whose shapes say what "accuracy" means
   * @throws ValueError when metrics are given for outputs that there are not
   */
  constructor(plain: Metrics, weighted: Metrics, outputs: readonly Output[], targets: unknown) {
    this.#outputs = outputs;
    const yTrue = align("y", targets, outputs, { partial: true });
    this.#plain = this.#groups(plain, yTrue, "compile: metrics");
    this.#weighted = this.#groups(weighted, yTrue, "compile: weightedMetrics");
  }

  #groups(metrics: Metrics, yTrue: readonly unknown[], what: string): Group[] {
    if (leavesOf(metrics).length === 0) return [];
    const outputs = this.#outputs;
    const single = outputs.length === 1;
    const byOutput = single ? [leavesOf(metrics)] : align(what, metrics, outputs, { partial: true });
    return byOutput.flatMap((list, i) => {
      const target = yTrue[i];
      if (list === undefined || list === null || !(target instanceof Tensor)) return [];
      const { shape, path, name } = outputs[i]!;
      const key = path.at(-1);
      const output =
        name !== undefined && typeof key !== "string" ? name : typeof key === "string" ? key : undefined;
      const made = leavesOf(list)
        .filter((m) => m !== null)
        .map((m) => untraced(() => compileMetric(m as MetricLike, target.shape, shape)));
      return [{ output: i, prefix: single || output === undefined ? "" : `${output}_`, metrics: made }];
    });
  }

  /** All metrics, those without weights first. */
  get metrics(): readonly Metric[] {
    return [...this.#plain, ...this.#weighted].flatMap((group) => group.metrics);
  }

  /** Changes the metrics by a batch. */
  updateState(y: unknown, yPred: readonly Tensor[], sampleWeight: unknown): void {
    const targets = align("y", y, this.#outputs, { partial: true });
    for (const { output, metrics } of this.#plain) {
      for (const m of metrics) m.updateState(targets[output], yPred[output]);
    }
    if (this.#weighted.length === 0) return;
    const weights =
      sampleWeight === undefined
        ? []
        : align("sampleWeight", sampleWeight, this.#outputs, { repeat: true, partial: true });
    for (const { output, metrics } of this.#weighted) {
      for (const m of metrics) {
        m.updateState(targets[output], yPred[output], { sampleWeight: weights[output] });
      }
    }
  }

  /**
   * Under which name each metric is logged: where several have one name, those with sample weights get `weighted_` before
   * it and the others a number after it.
   */
  get names(): ReadonlyMap<Metric, string> {
    const names = new Map<Metric, string>();
    const uses = new Map<string, number>();
    const numbered = (name: string): string => {
      const count = uses.get(name) ?? 0;
      uses.set(name, count + 1);
      return count === 0 ? name : `${name}_${count}`;
    };
    for (const { prefix, metrics } of this.#plain)
      for (const m of metrics) names.set(m, numbered(prefix + m.name));
    for (const { prefix, metrics } of this.#weighted) {
      for (const m of metrics) {
        const name = prefix + m.name;
        names.set(m, numbered(uses.has(name) ? `${prefix}weighted_${m.name}` : name));
      }
    }
    return names;
  }
}

/** Whether there are metrics at all. */
export function hasMetrics(metrics: Metrics): boolean {
  return isPlainObject(metrics) ? Object.keys(metrics).length > 0 : metrics.length > 0;
}
