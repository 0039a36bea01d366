/** Muon: steps along orthogonalized momentum for matrices, AdamW for everything else. */
import {
  add,
  checkOptions,
  divide,
  matmul,
  multiply,
  power,
  sqrt,
  subtract,
  sum,
  type Tensor,
  transpose,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { correction, stepNumber } from "./bias_correction.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Muon}. */
export interface MuonOptions extends OptimizerOptions {
  /** How much of the mean of gradients AdamW keeps at each step. Default 0.9. */
  readonly adamBeta1?: number;
  /** How much of the mean of squared gradients AdamW keeps at each step. Default 0.999. */
  readonly adamBeta2?: number;
  /** The weight decay of the weights that AdamW trains. Default 0.004. */
  readonly adamWeightDecay?: number | null;
  /** A small number that keeps AdamW's divisor from 0. Default 1e-7. */
  readonly epsilon?: number;
  /** Patterns; AdamW trains weights whose path has a match. Default: none. */
  readonly excludeLayers?: readonly string[] | null;
  /** Whether AdamW trains weights with "embedding" in their path. Default true. */
  readonly excludeEmbeddings?: boolean;
  /** The factor of x in the polynomial a · x + b · x³ + c · x⁵ that makes the update orthogonal. Default 3.4445. */
  readonly muonA?: number;
  /** The factor of x³. Default -4.775. */
  readonly muonB?: number;
  /** The factor of x⁵. Default 2.0315. */
  readonly muonC?: number;
  /** AdamW's learning rate as a share of Muon's. Default 1. */
  readonly adamLrRatio?: number;
  /** How much of the momentum stays at each step. Default 0.95. */
  readonly momentum?: number;
  /** How many Newton-Schulz iterations are done. Default 5. */
  readonly nsSteps?: number;
  /** Whether the momentum looks one step ahead. Default true. */
  readonly nesterov?: boolean;
  /** The size of updates of an n × m matrix is √max(n, m) times this; null: they stay as they are. Default 0.2. */
  readonly rmsRate?: number | null;
}

/** The options and their defaults; those of all optimizers aside. */
const defaults = {
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamWeightDecay: 0.004 as number | null,
  epsilon: 1e-7,
  excludeEmbeddings: true,
  muonA: 3.4445,
  muonB: -4.775,
  muonC: 2.0315,
  adamLrRatio: 1,
  momentum: 0.95,
  nsSteps: 5,
  nesterov: true,
  rmsRate: 0.2 as number | null,
};

/**
 * Muon (Jordan, 2024): the momentum of each matrix of weights is replaced by the nearest orthogonal matrix, found with a
 * few Newton-Schulz iterations. Weights that are no matrices, embeddings and layers that are excluded are trained with AdamW.
 *
 * @param options `learningRate` (default 0.001), `weightDecay` (default 0.004), `momentum` (default 0.95), `nesterov`
 *   (default true), `nsSteps` (default 5), `rmsRate` (default 0.2), `excludeLayers`, `excludeEmbeddings` (default true),
 *   `adamBeta1`, `adamBeta2`, `adamWeightDecay`, `adamLrRatio`, `epsilon`, `muonA`, `muonB`, `muonC`, and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([[1, 0], [0, 1]], { dtype: "float32" });
 * new Muon({ learningRate: 0.1, weightDecay: null, rmsRate: null }).apply([[[2, 0], [0, 2]]], [w]);
 * w.value.dataSync()[1]; // → 0
 * ```
 */
export class Muon extends Optimizer {
  static override readonly className: string = "Muon";
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamWeightDecay: number | null;
  readonly epsilon: number;
  readonly excludeLayers: readonly string[];
  readonly excludeEmbeddings: boolean;
  readonly muonA: number;
  readonly muonB: number;
  readonly muonC: number;
  readonly adamLrRatio: number;
  readonly momentum: number;
  readonly nsSteps: number;
  readonly nesterov: boolean;
  readonly rmsRate: number | null;
  #momentums: Variable[] = [];
  /** There for the weights that AdamW trains. */
  #velocities: (Variable | undefined)[] = [];

  constructor(options: MuonOptions = {}) {
    checkOptions(new.target.className, options, [
      ...optimizerOptions,
      ...Object.keys(defaults),
      "excludeLayers",
    ]);
    super({ learningRate: 0.001, weightDecay: 0.004, ...options });
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const all = { ...defaults, ...(given as Partial<typeof defaults>) };
    this.adamBeta1 = all.adamBeta1;
    this.adamBeta2 = all.adamBeta2;
    this.adamWeightDecay = all.adamWeightDecay;
    this.epsilon = all.epsilon;
    this.excludeLayers = options.excludeLayers ?? [];
    this.excludeEmbeddings = all.excludeEmbeddings;
    this.muonA = all.muonA;
    this.muonB = all.muonB;
    this.muonC = all.muonC;
    this.adamLrRatio = all.adamLrRatio;
    this.momentum = all.momentum;
    this.nsSteps = all.nsSteps;
    this.nesterov = all.nesterov;
    this.rmsRate = all.rmsRate;
  }

  #usesAdamW(variable: Variable): boolean {
    if (variable.shape.length !== 2) return true;
    if (this.excludeEmbeddings && variable.path.toLowerCase().includes("embedding")) return true;
    return this.excludeLayers.some((pattern) => new RegExp(pattern).test(variable.path));
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    this.#momentums = [];
    this.#velocities = [];
    for (const variable of variables) {
      if (variable.overwriteWithGradient) {
        this.#momentums.push(variable);
        this.#velocities.push(undefined);
        continue;
      }
      this.#momentums.push(this.addVariableFromReference(variable, "momentum"));
      this.#velocities.push(
        this.#usesAdamW(variable) ? this.addVariableFromReference(variable, "velocity") : undefined,
      );
    }
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const momentum = this.#momentums[at]!;
    const velocity = this.#velocities[at];
    if (velocity !== undefined) {
      this.#adamWStep(gradient, variable, multiply(learningRate, this.adamLrRatio), momentum, velocity);
      return;
    }
    momentum.assign(add(gradient, multiply(momentum, this.momentum)));
    const direction = this.nesterov ? add(gradient, multiply(momentum, this.momentum)) : momentum.value;
    const update = multiply(this.#orthogonalized(direction), learningRate);
    variable.assignSub(this.#scaled(update));
  }

  #adamWStep(gradient: Tensor, variable: Variable, rate: Tensor, m: Variable, v: Variable): void {
    const step = stepNumber(this, variable);
    const alpha = divide(
      multiply(rate, sqrt(correction(this.adamBeta2, step))),
      correction(this.adamBeta1, step),
    );
    m.assign(add(m, multiply(subtract(gradient, m), 1 - this.adamBeta1)));
    v.assign(add(v, multiply(subtract(power(gradient, 2), v), 1 - this.adamBeta2)));
    variable.assign(subtract(variable, divide(multiply(m, alpha), add(sqrt(v), this.epsilon))));
  }

  /** The size of updates brought to that of AdamW's (Liu et al., 2025). */
  #scaled(update: Tensor): Tensor {
    if (this.rmsRate === null) return update;
    return multiply(update, Math.sqrt(Math.max(...update.shape)) * this.rmsRate);
  }

  /** About the nearest orthogonal matrix. */
  #orthogonalized(matrix: Tensor): Tensor {
    const [rows, columns] = matrix.shape as readonly [number, number];
    const tall = rows > columns;
    let x = tall ? transpose(matrix) : matrix;
    x = divide(x, add(sqrt(sum(multiply(x, x))), 1e-7));
    for (let i = 0; i < this.nsSteps; i++) {
      const a = matmul(x, transpose(x));
      const b = add(multiply(a, this.muonB), multiply(matmul(a, a), this.muonC));
      x = add(multiply(x, this.muonA), matmul(b, x));
    }
    return tall ? transpose(x) : x;
  }

  protected override applyWeightDecay(variables: readonly Variable[]): void {
    for (const variable of variables) {
      if (!this.usesWeightDecay(variable)) continue;
      const rate = this.#usesAdamW(variable) ? this.adamWeightDecay : this.weightDecay;
      if (rate !== null) this.decay(variable, rate);
    }
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      adam_beta_1: this.adamBeta1,
      adam_beta_2: this.adamBeta2,
      epsilon: this.epsilon,
      exclude_layers: this.excludeLayers,
      muon_a: this.muonA,
      muon_b: this.muonB,
      muon_c: this.muonC,
      adam_lr_ratio: this.adamLrRatio,
      momentum: this.momentum,
      ns_steps: this.nsSteps,
      nesterov: this.nesterov,
      exclude_embeddings: this.excludeEmbeddings,
      adam_weight_decay: this.adamWeightDecay,
      rms_rate: this.rmsRate,
    };
  }
}
