/** The losses of all outputs of a model as one. */
import { isPlainObject, multiply, show, type Tensor, untraced, ValueError } from "../../engine/index.ts";
import type { Loss } from "../losses/loss.ts";
import { Mean } from "../metrics/mean.ts";
import { checkLoss, compileLoss, type LossLike } from "./compile_utils.ts";
import { align, isLeaf, leavesOf, type Output } from "./outputs.ts";

/** What `compile` takes as losses: one, or several by output, in arrays and objects. */
export type Losses = LossLike | null | readonly Losses[] | { readonly [output: string]: Losses };

/** How much losses count, in the structure of the losses. */
export type LossWeights = number | null | readonly LossWeights[] | { readonly [output: string]: LossWeights };

/** One loss of one output. */
interface Entry {
  readonly output: number;
  readonly loss: Loss;
  readonly weight: number | undefined;
  /** The mean of the loss alone, if there are several. */
  readonly tracker: Mean | undefined;
}

/**
 * Refuses losses and weights that mean nothing, before anything is changed.
 *
 * @returns whether all losses are there, and need not be loaded
 */
export function checkLosses(losses: Losses | undefined, weights: LossWeights | undefined): boolean {
  const all = leavesOf(losses ?? null);
  let areThere = true;
  for (const one of all) {
    try {
      if (!checkLoss(one as LossLike | null)) areThere = false;
    } catch (error) {
      if (isLeaf(losses ?? null) || !(error instanceof ValueError)) throw error;
      throw new ValueError(`${error.message}\n  in compile: loss=${show(losses)}`, { cause: error });
    }
  }
  if (weights === undefined || weights === null) return areThere;
  const numbers = leavesOf(weights);
  for (const weight of numbers) {
    if (weight === null || typeof weight === "number") continue;
    throw new ValueError(
      `compile: expected lossWeights to be numbers, one for each loss. Received: ${show(weight)}`,
    );
  }
  if (numbers.length !== all.length) {
    throw new ValueError(
      `compile: lossWeights must match the number of losses. Received: ${all.length} losses and ${numbers.length} weights`,
    );
  }
  return areThere;
}

/** Weights in the structure of the losses: the same structure, or as many in their order. */
function weightsLike(losses: Losses, weights: LossWeights | undefined): unknown {
  if (weights === undefined || weights === null) return undefined;
  const values = leavesOf(weights);
  if (isPlainObject(losses) && !isLeaf(losses) && isPlainObject(weights)) return weights;
  let i = 0;
  const pack = (tree: unknown): unknown => {
    if (isLeaf(tree)) return values[i++];
    if (Array.isArray(tree)) return tree.map(pack);
    const object = tree as Record<string, unknown>;
    return Object.fromEntries(
      Object.keys(object)
        .sort()
        .map((key) => [key, pack(object[key])]),
    );
  };
  return pack(losses);
}

/** The name of an output's loss in logs. */
function nameOf(output: Output, loss: Loss): string {
  const path = [...output.path];
  const own = output.name ?? loss.name;
  if (path.length === 0) return own;
  if (typeof path.at(-1) === "number") path[path.length - 1] = own;
  return path.join("/");
}

/** The losses of a model whose outputs are known. */
export class CompileLoss {
  readonly #outputs: readonly Output[];
  readonly #entries: readonly Entry[];
  /** For each output, whether there is a loss. */
  readonly #used: readonly boolean[];

  /** @throws ValueError when losses are given for outputs that there are not */
  constructor(losses: Losses, weights: LossWeights | undefined, outputs: readonly Output[]) {
    this.#outputs = outputs;
    const found: Omit<Entry, "tracker">[] = [];
    const add = (output: number, loss: unknown, weight: unknown): void => {
      if (!isLeaf(loss)) {
        // Several losses of one output.
        const all = leavesOf(loss);
        const shares = weight === undefined ? [] : leavesOf(weight);
        all.forEach((one, i) => {
          add(output, one, shares[i]);
        });
        return;
      }
      const made = compileLoss(loss as LossLike | null | undefined);
      const share = typeof weight === "number" ? weight : undefined;
      if (made !== undefined) found.push({ output, loss: made, weight: share });
    };
    const shares = weightsLike(losses, weights);
    if (isLeaf(losses)) for (const i of outputs.keys()) add(i, losses, shares);
    else if (outputs.length === 1 && Array.isArray(losses)) add(0, losses, shares);
    else {
      const byOutput = align("compile: loss", losses, outputs, {
        partial: typeof outputs[0]!.path[0] === "string",
      });
      const byWeight =
        shares === undefined ? [] : align("compile: lossWeights", shares, outputs, { partial: true });
      for (const [i, loss] of byOutput.entries()) add(i, loss, byWeight[i]);
    }
    this.#entries = found.map((entry) => ({
      ...entry,
      tracker:
        found.length > 1
          ? untraced(() => new Mean({ name: `${nameOf(outputs[entry.output]!, entry.loss)}_loss` }))
          : undefined,
    }));
    this.#used = outputs.map((_, i) => found.some((entry) => entry.output === i));
  }

  /** The means of the losses of single outputs; none if there is but one loss. */
  get metrics(): readonly Mean[] {
    return this.#entries.flatMap(({ tracker }) => (tracker === undefined ? [] : [tracker]));
  }

  /** The targets of each output. */
  #targets(y: unknown): unknown[] {
    const used = [...this.#outputs.keys()].filter((i) => this.#used[i]);
    // Targets may be left out where there is no loss.
    if (!isPlainObject(y) && used.length < this.#outputs.length && leavesOf(y).length === used.length) {
      const given = leavesOf(y);
      return this.#outputs.map((_, i) => given[used.indexOf(i)]);
    }
    return align("y", y, this.#outputs, { partial: true });
  }

  /** The weighted sum of all losses. Nothing if there is no loss at all. */
  call(y: unknown, yPred: readonly Tensor[], sampleWeight: unknown): Tensor | undefined {
    if (this.#entries.length === 0) return undefined;
    const targets = this.#targets(y);
    const weights =
      sampleWeight === undefined
        ? []
        : align("sampleWeight", sampleWeight, this.#outputs, { repeat: true, partial: true });
    let total: Tensor | undefined;
    for (const { output, loss, weight, tracker } of this.#entries) {
      const target = targets[output];
      if (target === undefined || target === null) {
        throw new ValueError(
          `No targets y for output ${show(this.#outputs[output]!.name ?? this.#outputs[output]!.path.join("."))}, which has a loss.`,
        );
      }
      const predicted = yPred[output]!;
      const value = loss(target as Tensor, predicted, {
        sampleWeight: weights[output] as Tensor | undefined,
      });
      tracker?.updateState(value, { sampleWeight: predicted.shape[0]! });
      const share = weight === undefined ? value : multiply(value, weight);
      total = total === undefined ? share : total.add(share);
    }
    return total;
  }
}
