/** Rematerialization: what is not kept for the gradient but computed once more. */
import { checkOptions, remat as engineRemat, show, treeLeaves, ValueError } from "../../engine/index.ts";

/** What is computed once more; see {@link RematScope}. */
export type RematMode = "full" | "activations" | "larger_than" | "list_of_layers";

/** Options of {@link RematScope}. */
export interface RematScopeOptions {
  /** What is computed again on the way back; null: nothing, in a scope inside of another. Default `"full"`. */
  readonly mode?: RematMode | null;
  /** Elements that outputs must have more of, for `"larger_than"`. Default 1024. */
  readonly outputSizeThreshold?: number;
  /** The names of the layers, for `"list_of_layers"`. Default none. */
  readonly layerNames?: readonly string[] | null;
}

const modes: readonly unknown[] = ["full", "activations", "larger_than", "list_of_layers", null];

let current: RematScope | undefined;

/** The innermost scope; a layer keeps the one in which it is made. */
export function currentRematScope(): RematScope | undefined {
  return current;
}

/**
 * A scope in which layers and operations are made that compute their intermediate values once more on the way back,
 * instead of keeping them from the way there: less memory for more time. Keras has it as a `with` block.
 *
 * @param options `mode` (default `"full"`): `"full"`: all layers and operations; `"activations"`: the activations of layers
 *   that have one; `"larger_than"`: those whose outputs have more elements than `outputSizeThreshold` (default 1024);
 *   `"list_of_layers"`: the layers named in `layerNames`; null: none
 * @throws ValueError for another mode
 *
 * @example
 * ```ts
 * const scope = new RematScope({ mode: "list_of_layers", layerNames: ["wide"] });
 * const model = scope.run(
 *   () => new Sequential([new layers.Dense(512, { name: "wide", activation: "relu" }), new layers.Dense(1)]),
 * );
 * model(np.ones([2, 4])).shape; // → [2, 1]
 * ```
 */
export class RematScope {
  readonly mode: RematMode | null;
  readonly outputSizeThreshold: number;
  readonly layerNames: readonly string[];

  constructor(options: RematScopeOptions = {}) {
    checkOptions("RematScope", options, ["mode", "outputSizeThreshold", "layerNames"]);
    const { mode = "full" } = options;
    if (!modes.includes(mode)) {
      throw new ValueError(
        `RematScope: expected mode to be one of ${modes.map(show).join(", ")}. Received: mode=${show(mode)}`,
      );
    }
    this.mode = mode;
    this.outputSizeThreshold = options.outputSizeThreshold ?? 1024;
    this.layerNames = options.layerNames ?? [];
  }

  /** Runs a function in the scope. */
  run<R>(fn: () => R): R {
    return within(this, fn);
  }
}

function within<R>(scope: RematScope, fn: () => R): R {
  const outer = current;
  current = scope;
  try {
    return fn();
  } finally {
    current = outer;
  }
}

/** Something that is called, and may have an activation. */
interface Called {
  readonly name: string;
  activation?: unknown;
}

/**
 * Runs the call of a layer or operation as the scope says in which it was made.
 *
 * @param isLayer whether `"activations"` and `"list_of_layers"` can mean it
 */
export function rematerialized<R>(
  scope: RematScope | undefined,
  called: Called,
  isLayer: boolean,
  call: () => R,
): R {
  switch (scope?.mode ?? null) {
    case null:
      return call();
    case "full":
      return engineRemat(call)();
    case "larger_than":
      return engineRemat(call, { when: (outputs) => sizeOfAll(outputs) > scope!.outputSizeThreshold })();
    case "list_of_layers":
      return isLayer && scope!.layerNames.includes(called.name) ? engineRemat(call)() : call();
    case "activations": {
      const { activation } = called;
      if (!isLayer || typeof activation !== "function") return call();
      called.activation = remat(activation as (...args: unknown[]) => unknown);
      try {
        return call();
      } finally {
        called.activation = activation;
      }
    }
  }
}

function sizeOfAll(outputs: unknown): number {
  return treeLeaves(outputs).reduce<number>(
    (sum, x) => sum + ((x as { size?: number } | null)?.size ?? 0),
    0,
  );
}

/**
 * A function, or layer, that computes the same, and whose gradient computes the intermediate values once more instead of
 * keeping them: less memory for more time. Values and gradients are the same.
 *
 * @param f takes and gives tensors in any structure; variables that it uses have gradients, too
 *
 * @example
 * ```ts
 * import type { Tensor } from "tsuno/engine";
 *
 * class Block extends Layer {
 *   readonly wide = new layers.Dense(64, { activation: "relu" });
 *   readonly narrow = new layers.Dense(4);
 *   readonly both = remat((x: Tensor) => this.narrow(this.wide(x)));
 *   override call(x: Tensor): Tensor {
 *     return this.both(x).add(x);
 *   }
 * }
 * const model = new Sequential([Input([4]), new Block(), new layers.Dense(1)]);
 * model.compile({ optimizer: "sgd", loss: "mse" });
 * (await model.fit(np.ones([8, 4]), np.ones([8, 1]), { verbose: 0 })).epoch; // → [0]
 * ```
 */
export function remat<A extends readonly unknown[], R>(f: (...args: A) => R): (...args: A) => R {
  if (typeof f !== "function") throw new ValueError(`remat: expected a function. Received: ${show(f)}`);
  return engineRemat(f);
}
