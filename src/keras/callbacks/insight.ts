/**
 * What goes on inside of a model while it trains: how its weights and their gradients are spread, and, where inputs are
 * numbers or points of the plane, the function that it has become. Everything is computed from a few samples, now and then.
 */
import { gradients, jit, Tensor, tensor } from "../../engine/index.ts";

/** How values are spread. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  /** How many values lie in each part of the range. */
  readonly counts: readonly number[];
}

/** One layer. */
export interface LayerInsight {
  readonly name: string;
  readonly weights: Histogram;
  readonly gradients?: Histogram;
}

/** A function of one number: curves for its outputs, and samples. */
export interface CurveInsight {
  readonly x: readonly number[];
  readonly curves: readonly (readonly number[])[];
  readonly samples: readonly (readonly [x: number, y: number])[];
}

/** A function of points in the plane: rows from below, of what the outputs are at each place. */
export interface PlaneInsight {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  /** Places in a row, and rows. */
  readonly side: number;
  readonly outputs: number;
  /** Place by place, `outputs` numbers each. */
  readonly values: ArrayLike<number>;
  readonly samples: readonly (readonly [x: number, y: number, target: number])[];
}

/** What has been found. */
export interface Insight {
  readonly layers: readonly LayerInsight[];
  readonly curve?: CurveInsight;
  readonly plane?: PlaneInsight;
}

interface Held {
  readonly value: Tensor;
}

/** What is used of a model. */
interface Observed {
  readonly trainableVariables: readonly Held[];
  readonly layers?: readonly { readonly name: string; readonly trainableVariables: readonly Held[] }[];
  predictStep(data: readonly [x: Tensor]): unknown;
  apply(x: Tensor, options: { readonly training: boolean }): unknown;
  computeLoss(x: Tensor, y: Tensor, yPred: unknown, sampleWeight: undefined, training: boolean): Tensor;
}

const [bins, mostLayers, mostValues, batch, curvePoints, side, mostSamples] = [24, 6, 4096, 32, 100, 32, 150];
/** The part of the time that may go into looking. */
const budget = 0.007;
/** Milliseconds that a look is taken to cost before it has been done once: mostly compiling. */
const firstCosts: Readonly<Record<Part, number>> = { weights: 5, function: 40, gradients: 120 };

type Part = "weights" | "function" | "gradients";

/** About `most` of the values, evenly. */
function some(values: ArrayLike<number>, most: number): number[] {
  const stride = Math.max(1, Math.floor(values.length / most));
  return Array.from({ length: Math.floor(values.length / stride) }, (_, i) => values[i * stride]!);
}

/** How values are spread, over their whole range. */
export function histogramOf(values: readonly number[]): Histogram {
  const finite = values.filter(Number.isFinite);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of finite) [low, high] = [Math.min(low, v), Math.max(high, v)];
  if (finite.length === 0) [low, high] = [0, 0];
  const counts = Array<number>(bins).fill(0);
  for (const v of finite) counts[Math.min(bins - 1, Math.floor((bins * (v - low)) / (high - low || 1)))]!++;
  return { low, high, counts };
}

/** Looks into one model while it trains. */
export class Inspector {
  readonly #model: Observed;
  readonly #costs = new Map<Part, number>();
  #spent = 0;
  #layers: LayerInsight[] = [];
  #curve: CurveInsight | undefined;
  #plane: PlaneInsight | undefined;
  readonly #predict = jit((x: Tensor) => this.#model.predictStep([x]));
  readonly #gradients = jit((x: Tensor, y: Tensor) => {
    const loss = this.#model.computeLoss(x, y, this.#model.apply(x, { training: false }), undefined, false);
    return gradients(
      loss,
      this.#model.trainableVariables.map((v) => v.value),
    );
  });

  constructor(model: unknown) {
    this.#model = model as Observed;
  }

  /** A training begins. */
  begin(): void {
    this.#spent = 0;
    this.#layers = [];
    this.#curve = this.#plane = undefined;
  }

  /**
   * Looks at what there is time for; the rest is as it was seen last.
   *
   * @param samples what the model learns from, and their targets; what is no single array is left out
   * @param milliseconds how long the training has taken so far
   * @param last whether it is over: what is quick is looked at then in any case
   */
  async look(
    samples: readonly [x: unknown, y: unknown],
    milliseconds: number,
    last: boolean,
  ): Promise<Insight> {
    const [x, y] = samples;
    const inputs = x instanceof Tensor && x.ndim > 0 && x.shape[0]! > 0 ? x : undefined;
    const targets = y instanceof Tensor && y.shape[0] === inputs?.shape[0] ? y : undefined;
    const parts: readonly [part: Part, look: () => Promise<void>][] = [
      ["weights", () => this.#lookAtWeights()],
      ["function", () => this.#lookAtFunction(inputs, targets)],
      ["gradients", () => this.#lookAtGradients(inputs, targets)],
    ];
    for (const [name, work] of parts) {
      const cost = this.#costs.get(name) ?? firstCosts[name];
      if (!(last && name !== "gradients") && this.#spent + cost > budget * milliseconds) continue;
      const begin = performance.now();
      // A model may do what cannot be compiled; then there is nothing to be seen.
      await work().catch(() => this.#costs.set(name, Number.POSITIVE_INFINITY));
      const took = performance.now() - begin;
      this.#spent += took;
      // The first time it was compiled; from now on it is as quick as it is.
      const known = this.#costs.get(name);
      if (known !== Number.POSITIVE_INFINITY) this.#costs.set(name, known === undefined ? took / 4 : took);
    }
    return {
      layers: this.#layers,
      ...(this.#curve && { curve: this.#curve }),
      ...(this.#plane && { plane: this.#plane }),
    };
  }

  /** Layers with weights, the first ones of many. */
  get #withWeights(): { readonly name: string; readonly trainableVariables: readonly Held[] }[] {
    const { layers = [] } = this.#model;
    return layers.filter((layer) => layer.trainableVariables.length > 0).slice(0, mostLayers);
  }

  async #lookAtWeights(): Promise<void> {
    const before = new Map(this.#layers.map((layer) => [layer.name, layer]));
    this.#layers = await Promise.all(
      this.#withWeights.map(async ({ name, trainableVariables }) => {
        const values = await Promise.all(trainableVariables.map((v) => v.value.data()));
        return {
          ...before.get(name),
          name,
          weights: histogramOf(values.flatMap((v) => some(v, mostValues))),
        };
      }),
    );
  }

  async #lookAtGradients(x: Tensor | undefined, y: Tensor | undefined): Promise<void> {
    if (x === undefined || y === undefined) return;
    const found = this.#gradients(x.slice(0, batch), y.slice(0, batch));
    const variables = this.#model.trainableVariables;
    const layers = new Map(this.#withWeights.map((layer) => [layer.name, layer]));
    this.#layers = await Promise.all(
      this.#layers.map(async (layer) => {
        const own = (layers.get(layer.name)?.trainableVariables ?? []).flatMap((v) => {
          const gradient = found[variables.indexOf(v)];
          return gradient === undefined ? [] : [gradient];
        });
        const values = await Promise.all(own.map((gradient) => gradient.data()));
        return { ...layer, gradients: histogramOf(values.flatMap((v) => some(v, mostValues))) };
      }),
    );
  }

  async #lookAtFunction(x: Tensor | undefined, y: Tensor | undefined): Promise<void> {
    if (x?.ndim !== 2) return;
    if (x.shape[1] === 1) await this.#lookAtCurve(x, y);
    if (x.shape[1] === 2) await this.#lookAtPlane(x, y);
  }

  async #outputs(x: Tensor): Promise<{ values: ArrayLike<number>; count: number } | undefined> {
    const y = this.#predict(x);
    if (!(y instanceof Tensor) || y.shape[0] !== x.shape[0] || y.ndim > 2) return undefined;
    return { values: await y.data(), count: y.shape[1] ?? 1 };
  }

  async #lookAtCurve(x: Tensor, y: Tensor | undefined): Promise<void> {
    const [inputs, targets] = [await x.data(), await y?.data()];
    const [low, high] = rangeOf(inputs, 0, 1);
    const at = Array.from({ length: curvePoints }, (_, i) => low + ((high - low) * i) / (curvePoints - 1));
    const found = await this.#outputs(tensor(Float32Array.from(at)).reshape(curvePoints, 1));
    if (found === undefined || found.count > 8) return;
    const { values, count } = found;
    const stride = Math.max(1, Math.ceil(inputs.length / mostSamples));
    const single = targets?.length === inputs.length ? some(targets, targets.length) : [];
    this.#curve = {
      x: at,
      curves: Array.from({ length: count }, (_, k) => at.map((_x, i) => values[i * count + k]!)),
      samples: single.map((y, i) => [inputs[i]!, y] as const).filter((_, i) => i % stride === 0),
    };
  }

  async #lookAtPlane(x: Tensor, y: Tensor | undefined): Promise<void> {
    const [inputs, targets] = [await x.data(), await y?.data()];
    const [left, right] = rangeOf(inputs, 0, 2);
    const [bottom, top] = rangeOf(inputs, 1, 2);
    const places = new Float32Array(2 * side * side);
    for (let i = 0; i < side * side; i++) {
      places[2 * i] = left + ((right - left) * ((i % side) + 0.5)) / side;
      places[2 * i + 1] = bottom + ((top - bottom) * (Math.floor(i / side) + 0.5)) / side;
    }
    const found = await this.#outputs(tensor(places).reshape(side * side, 2));
    if (found === undefined || found.count > 10) return;
    const count = x.shape[0]!;
    const width = (targets?.length ?? 0) / count;
    const targetOf = (i: number): number => {
      if (targets === undefined || width < 1) return Number.NaN;
      if (width === 1) return targets[i]!;
      const row = Array.from({ length: width }, (_, k) => targets[i * width + k]!);
      return row.indexOf(Math.max(...row));
    };
    const stride = Math.max(1, Math.ceil(count / mostSamples));
    const chosen = Array.from({ length: Math.ceil(count / stride) }, (_, i) => i * stride);
    this.#plane = {
      ...{ left, right, bottom, top, side, outputs: found.count, values: found.values },
      samples: chosen.map((i) => [inputs[2 * i]!, inputs[2 * i + 1]!, targetOf(i)] as const),
    };
  }
}

/** The range of every `step`th value, with a little room. */
function rangeOf(values: ArrayLike<number>, from: number, step: number): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = from; i < values.length; i += step)
    [low, high] = [Math.min(low, values[i]!), Math.max(high, values[i]!)];
  const room = (high - low || 1) * 0.05;
  return [low - room, high + room];
}
