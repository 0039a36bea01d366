/** Shows training in a notebook: one display under the cell, which changes as training goes on. */
import type { Notebook } from "../../files/notebook.ts";
import { Callback, type CallbackParams, type Logs } from "./callback.ts";
import type { Inspector } from "./insight.ts";
import { ProgbarLogger } from "./progbar_logger.ts";
import type { TrainingState } from "./training_view.ts";

/** Milliseconds between two pictures at least: more often nobody sees. */
const interval = 200;
/** How many times longer training goes on than the last picture took. */
const restForPicture = 80;
/** Points of a curve that are drawn at most. */
const mostPoints = 200;

let displays = 0;

/** What draws; only notebooks load it. */
async function loadViews(): Promise<Views> {
  const [view, drawing, insight] = await Promise.all([
    import("./training_view.ts"),
    import("./network_drawing.ts"),
    import("./insight.ts"),
  ]);
  return {
    trainingView: view.trainingView,
    drawnLayers: drawing.drawnLayers,
    Inspector: insight.Inspector,
  };
}

type Views = {
  readonly trainingView: typeof import("./training_view.ts").trainingView;
  readonly drawnLayers: typeof import("./network_drawing.ts").drawnLayers;
  readonly Inspector: typeof import("./insight.ts").Inspector;
};

/**
 * Curves of loss and metrics, the state of training, the time that is left, and what goes on inside of the model, in a
 * notebook. `fit` uses it there in place of the progress bar, unless `verbose` is 0 or 2; `evaluate` and `predict` keep
 * theirs.
 */
export class NotebookLogger extends Callback {
  override readonly passive: boolean = true;
  readonly #host: Notebook;
  readonly #bar: ProgbarLogger = new ProgbarLogger();
  readonly #id: string = `tsuno-training-${++displays}`;
  #views: Promise<Views> | undefined;
  #inFit = false;
  #began = 0;
  /** When the next picture is due. */
  #due = Number.NEGATIVE_INFINITY;
  #samples: readonly [x: unknown, y: unknown] = [undefined, undefined];
  #inspector: Inspector | undefined;
  #shown = false;
  #epoch = -1;
  #epochs = 1;
  #first = 0;
  #steps: number | null = null;
  #step = 0;
  #epochOfValues: number[] = [];
  #values: Record<string, number[]> = {};
  /** Only every so many epochs is kept, once there are many. */
  #stride = 1;
  #latest: Logs = {};

  /** @param host the notebook */
  constructor(host: Notebook) {
    super();
    this.#host = host;
  }

  /** Whether the bar is asked for, or nothing to draw is going on. */
  get #plain(): boolean {
    return !this.#inFit || this.params.verbose === 2;
  }

  override setParams(params: CallbackParams): void {
    super.setParams(params);
    this.#bar.setParams(params);
    this.#epochs = params.epochs ?? 1;
    this.#steps = params.steps ?? null;
  }

  override setSamples(x: unknown, y: unknown): void {
    this.#samples = [x, y];
  }

  override async onTrainBegin(): Promise<void> {
    this.#inFit = true;
    if (this.#plain) return this.#bar.onTrainBegin();
    this.#views ??= loadViews();
    const { Inspector } = await this.#views;
    this.#inspector = new Inspector(this.model, ...this.#samples);
    this.#began = performance.now();
  }

  override onTestBegin(): void {
    if (this.#plain && !this.#inFit) this.#bar.onTestBegin();
  }

  override onPredictBegin(): void {
    this.#bar.onPredictBegin();
  }

  override onEpochBegin(epoch: number): void {
    if (this.#plain) return this.#bar.onEpochBegin(epoch);
    if (this.#epoch < 0) this.#first = epoch;
    this.#epoch = epoch;
    this.#step = 0;
  }

  override onTrainBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    if (this.#plain) return this.#bar.onTrainBatchEnd(batch, logs);
    this.#step = batch + 1;
    this.#latest = logs ?? this.#latest;
    return this.#drawIfDue();
  }

  override onTestBatchEnd(batch: number, logs?: Logs): void {
    if (this.#plain && !this.#inFit) this.#bar.onTestBatchEnd(batch, logs);
  }

  override onPredictBatchEnd(batch: number): void {
    this.#bar.onPredictBatchEnd(batch);
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void | Promise<void> {
    if (this.#plain) return this.#bar.onEpochEnd(epoch, logs);
    this.#epoch = epoch;
    this.#step = this.#steps ?? this.#step;
    this.#latest = logs;
    if (epoch % this.#stride === 0) this.#keep(epoch, logs);
    return this.#drawIfDue();
  }

  override onTestEnd(logs?: Logs): void {
    if (this.#plain && !this.#inFit) this.#bar.onTestEnd(logs);
  }

  override onPredictEnd(): void {
    this.#bar.onPredictEnd();
  }

  override async onTrainEnd(): Promise<void> {
    if (!this.#plain && this.#epoch >= 0) {
      if (this.#epochOfValues.at(-1) !== this.#epoch + 1) this.#keep(this.#epoch, this.#latest);
      await this.#draw(true);
    }
    this.#inFit = false;
  }

  #keep(epoch: number, logs: Logs): void {
    this.#epochOfValues.push(epoch + 1);
    for (const [name, value] of Object.entries(logs)) {
      this.#values[name] ??= Array<number>(this.#epochOfValues.length - 1).fill(Number.NaN);
      this.#values[name].push(value);
    }
    if (this.#epochOfValues.length < 2 * mostPoints) return;
    const thin = (list: readonly number[]): number[] => list.filter((_, i) => i % 2 === 0);
    this.#epochOfValues = thin(this.#epochOfValues);
    this.#values = Object.fromEntries(Object.entries(this.#values).map(([name, list]) => [name, thin(list)]));
    this.#stride *= 2;
  }

  #drawIfDue(): void | Promise<void> {
    if (performance.now() >= this.#due) return this.#draw(false);
  }

  async #draw(finished: boolean): Promise<void> {
    const { trainingView, drawnLayers } = await this.#views!;
    const begin = performance.now();
    const milliseconds = begin - this.#began;
    const state: TrainingState = {
      epoch: this.#epoch + 1,
      firstEpoch: this.#first,
      epochs: this.#epochs,
      step: this.#step,
      steps: this.#steps,
      seconds: milliseconds / 1000,
      finished,
      latest: this.#latest,
      at: this.#epochOfValues,
      values: this.#values,
      layers: await drawnLayers(this.model.getWeights()),
      insight: await this.#inspector?.look(milliseconds, finished),
    };
    const update = this.#shown;
    this.#shown = true;
    await this.#host.display(await trainingView(state), { id: this.#id, update });
    const end = performance.now();
    this.#due = end + Math.max(interval, restForPicture * (end - begin));
  }
}
