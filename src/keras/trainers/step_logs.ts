/**
 * What the steps of a model log. Those of `Trainer` log the metrics as they are; a model's own `trainStep` may return any
 * scalars by name, which are kept in variables, as of the last batch, because steps run in the loops of compiled programs.
 */
import { makeGraph, type Tensor, untraced } from "../../engine/index.ts";
import { Variable } from "../backend/variable.ts";
import type { Batch, Results } from "./programs.ts";

/** The kinds of steps that log. */
export type Phase = "train" | "test";

/** What is known of the logs of a model's steps. */
export class StepLogs {
  readonly #hasOwnStep: (phase: Phase) => boolean;
  readonly #ofMetrics: () => Results;
  readonly #own = { train: new Map<string, Variable>(), test: new Map<string, Variable>() };
  /** The kinds of steps whose logs are known. */
  readonly #learned = new Set<Phase>();
  /** What metrics gave, by which steps' logs are known to be those of metrics. */
  readonly #results = new WeakSet<Tensor>();

  /**
   * @param hasOwnStep whether the model has a step of its own
   * @param ofMetrics the results of all metrics by name
   */
  constructor(hasOwnStep: (phase: Phase) => boolean, ofMetrics: () => Results) {
    this.#hasOwnStep = hasOwnStep;
    this.#ofMetrics = ofMetrics;
  }

  /** Remembers that these are results of metrics. */
  noteResults(results: Results): void {
    for (const result of Object.values(results)) this.#results.add(result);
  }

  /** Keeps what a step logged, if it is something else than all metrics as they are. */
  note(phase: Phase, logs: Results): void {
    if (!this.#hasOwnStep(phase)) return;
    const names = Object.keys(logs).sort();
    const areMetrics = names.every((name) => this.#results.has(logs[name]!));
    if (areMetrics && names.join() === Object.keys(this.#ofMetrics()).sort().join()) return;
    const own = this.#own[phase];
    for (const name of names) {
      let variable = own.get(name);
      if (variable === undefined) {
        variable = untraced(() => new Variable(0, { dtype: "float32", trainable: false, name: "log" }));
        own.set(name, variable);
      }
      variable.assign(logs[name]!.astype("float32").mean());
    }
  }

  /** What is logged of a kind of steps, as it stands. */
  results(phase: Phase): Results {
    const own = this.#own[phase];
    if (own.size === 0) return this.#ofMetrics();
    return Object.fromEntries([...own].map(([name, v]) => [name, v.value]));
  }

  /** Traces a step of the model's own once, before it is compiled, to learn what it logs. */
  learn(phase: Phase, step: (batch: Batch) => void, batch: Batch): void {
    if (!this.#hasOwnStep(phase) || this.#learned.has(phase)) return;
    this.#learned.add(phase);
    makeGraph(step, batch);
  }

  /** Forgets everything, because the steps may have changed. */
  forget(): void {
    this.#own.train.clear();
    this.#own.test.clear();
    this.#learned.clear();
  }
}
