/** Shows training in a notebook: one display under the cell, which changes as training goes on. */
import type { Notebook } from "../../files/notebook.ts";
import { Callback, type CallbackParams, type Logs, type PastEpochs } from "./callback.ts";
import type { Inspector } from "./insight.ts";
import type { TrainingState } from "./training_view.ts";

/** Milliseconds between two pictures at least: more often nobody sees. */
const interval = 300;
/** How many times longer training goes on than the last picture took: 0.7 % of the time go into pictures. */
const restForPicture = 140;
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
    ...view,
    drawnLayers: drawing.drawnLayers,
    Inspector: insight.Inspector,
  };
}

type Views = Pick<typeof import("./training_view.ts"), "trainingView" | "trainingText" | "trainingType"> & {
  readonly drawnLayers: typeof import("./network_drawing.ts").drawnLayers;
  readonly Inspector: typeof import("./insight.ts").Inspector;
};

/** What looks into models, by their programs: what has been compiled for one training serves the next. */
const inspectors = new WeakMap<object, Inspector>();

/**
 * Curves of loss and metrics, the state of training, the time that is left, and what goes on inside of the model, in a
 * notebook. `fit` uses it there in place of the progress bar, unless `verbose` is 0 or 2.
 */
export class NotebookLogger extends Callback {
  override readonly passive: boolean = true;
  readonly #host: Notebook;
  readonly #id: string = `tsuno-training-${++displays}`;
  #views: Promise<Views> | undefined;
  #began = 0;
  /** When the next picture is due. */
  #due = 0;
  #samples: readonly [x: unknown, y: unknown] = [undefined, undefined];
  #count: number | undefined;
  #programs: object = this;
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

  override setParams(params: CallbackParams): void {
    super.setParams(params);
    this.#epochs = params.epochs ?? 1;
    this.#steps = params.steps ?? null;
  }

  override setSamples(
    x: unknown,
    y: unknown,
    about: { readonly count?: number; readonly programs: object },
  ): void {
    this.#samples = [x, y];
    this.#count = about.count;
    this.#programs = about.programs;
  }

  override async onTrainBegin(): Promise<void> {
    this.#views ??= loadViews();
    const { Inspector } = await this.#views;
    this.#inspector = inspectors.get(this.#programs) ?? new Inspector(this.model);
    inspectors.set(this.#programs, this.#inspector);
    this.#inspector.begin();
    this.#began = performance.now();
    this.#due = this.#began + interval;
  }

  override onEpochBegin(epoch: number): void {
    if (this.#epoch < 0) this.#first = epoch;
    this.#epoch = epoch;
    this.#step = 0;
  }

  override onTrainBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    this.#step = batch + 1;
    this.#latest = logs ?? this.#latest;
    return this.#drawIfDue();
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void | Promise<void> {
    this.#epoch = epoch;
    this.#step = this.#steps ?? this.#step;
    this.#latest = logs;
    if (epoch % this.#stride === 0) this.#keep(epoch, logs);
    return this.#drawIfDue();
  }

  /** Hears of several epochs at once that are over, in place of each. */
  onEpochs({ first, count, columns }: PastEpochs): void | Promise<void> {
    if (this.#epoch < 0) this.#first = first;
    const last = first + count - 1;
    const all = Object.entries(columns);
    const logsOf = (epoch: number): Logs =>
      Object.fromEntries(all.map(([name, values]) => [name, values[epoch - first]!]));
    for (let epoch = Math.ceil(first / this.#stride) * this.#stride; epoch <= last; epoch += this.#stride)
      this.#keep(epoch, logsOf(epoch));
    this.#epoch = last;
    this.#step = this.#steps ?? 0;
    this.#latest = logsOf(last);
    return this.#drawIfDue();
  }

  override async onTrainEnd(): Promise<void> {
    if (this.#epoch < 0) return;
    if (this.#epochOfValues.at(-1) !== this.#epoch + 1) this.#keep(this.#epoch, this.#latest);
    await this.#draw(true);
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
    const { trainingView, trainingText, trainingType, drawnLayers } = await this.#views!;
    const begin = performance.now();
    const milliseconds = begin - this.#began;
    const state: TrainingState = {
      epoch: this.#epoch + 1,
      firstEpoch: this.#first,
      epochs: this.#epochs,
      step: this.#step,
      steps: this.#steps,
      samples: this.#count,
      seconds: milliseconds / 1000,
      finished,
      latest: this.#latest,
      at: this.#epochOfValues,
      values: this.#values,
      layers: await drawnLayers(this.model.getWeights()),
      insight: await this.#inspector?.look(this.#samples, milliseconds, finished),
    };
    const update = this.#shown;
    this.#shown = true;
    const drawn = this.#host.draws?.includes(trainingType)
      ? { "text/plain": trainingText(state), [trainingType]: state }
      : await trainingView(state);
    await this.#host.display(drawn, { id: this.#id, update });
    const end = performance.now();
    this.#due = end + Math.max(interval, restForPicture * (end - begin));
  }
}
