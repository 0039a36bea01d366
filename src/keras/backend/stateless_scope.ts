/** Functions of layers, optimizers and metrics without side effects: their state goes in and comes out. */
import {
  checkOptions,
  ShapeError,
  StandIns,
  StateError,
  sameShape,
  show,
  showShape,
  Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { inSymbolicScope } from "./symbolic_scope.ts";
import { Variable } from "./variable.ts";

/** Options of {@link StatelessScope}. */
export interface StatelessScopeOptions {
  /** The values that variables have in the scope, as pairs. Those that are not named begin with their own. */
  readonly stateMapping?: Iterable<readonly [Variable, TensorLike]> | null;
  /** Whether what layers add to the loss in the scope is gathered in `losses`. Default false. */
  readonly collectLosses?: boolean;
  /** Whether variables that are made in the scope have values after it. They always have here. Default true. */
  readonly initializeVariables?: boolean;
}

/** The innermost scope that gathers losses. */
let gathering: StatelessScope | undefined;

/** Tells the scope that gathers losses, if there is one, what a layer has added to the loss. */
export function noteLoss(loss: Tensor): void {
  if (!inSymbolicScope()) gathering?.losses.push(loss);
}

/**
 * A scope in which variables have other values, and in which what is assigned to them stays. Keras has it as a `with`
 * block.
 *
 * @param options `stateMapping`: pairs of variables and values; `collectLosses` (default false): whether `losses` gathers
 *   what layers add to the loss
 * @throws ValueError for what is no variable, ShapeError for a value of another shape
 *
 * @example
 * ```ts
 * const v = new Variable(1, { dtype: "float32" });
 * const scope = new StatelessScope({ stateMapping: [[v, 5]] });
 * scope.run(() => v.assignAdd(2));
 * scope.getCurrentValue(v)?.item(); // → 7
 * v.value.item(); // → 1
 * ```
 */
export class StatelessScope {
  readonly #values: StandIns;
  /** What layers have added to the loss in the scope, with `collectLosses`. */
  readonly losses: Tensor[] = [];
  readonly collectLosses: boolean;

  constructor(options: StatelessScopeOptions = {}) {
    checkOptions("StatelessScope", options, ["stateMapping", "collectLosses", "initializeVariables"]);
    this.collectLosses = options.collectLosses ?? false;
    const pairs = [...(options.stateMapping ?? [])].map(([variable, value]) => {
      if (!(variable instanceof Variable)) {
        throw new ValueError(
          `StatelessScope: expected variables in stateMapping. Received: ${show(variable)}`,
        );
      }
      const tensor = toTensor(value, variable.dtype);
      if (sameShape(tensor.shape, variable.shape)) return [variable, tensor.node] as const;
      throw new ShapeError(
        `StatelessScope: the variable "${variable.path}" has shape ${showShape(variable.shape)}. ` +
          `Received a value of shape ${showShape(tensor.shape)}`,
      );
    });
    this.#values = new StandIns(pairs);
  }

  /** Runs a function in the scope. */
  run<R>(fn: () => R): R {
    const outer = gathering;
    gathering = this.collectLosses ? this : undefined;
    try {
      return this.#values.run(fn);
    } finally {
      gathering = outer;
    }
  }

  /** The value that a variable was given or assigned in the scope; null if there is none. */
  getCurrentValue(variable: Variable): Tensor | null {
    const node = this.#values.get(variable);
    return node === undefined ? null : new Tensor(node);
  }
}

/** Variables and the values that they are to have. */
export interface State {
  /** What the list is called, for messages. */
  readonly what: string;
  readonly variables: readonly Variable[];
  readonly values: readonly TensorLike[];
}

/**
 * Runs a function with other values for variables.
 *
 * @param where the method, for messages
 * @returns what it gives, and the values of variables after it
 * @throws ValueError when there is not one value for each variable
 */
export function statelessly<R>(
  where: string,
  states: readonly State[],
  fn: () => R,
): { readonly result: R; readonly valuesOf: (variables: readonly Variable[]) => Tensor[] } {
  for (const { what, variables, values } of states) {
    if (values.length === variables.length) continue;
    throw new ValueError(
      `${where}: expected ${what} to be a list of ${variables.length} values, one for each variable. Received ${values.length}`,
    );
  }
  const pairs = states.flatMap(({ variables, values }) => variables.map((v, i) => [v, values[i]!] as const));
  const scope = new StatelessScope({ stateMapping: pairs });
  const result = scope.run(fn);
  return { result, valuesOf: (variables) => variables.map((v) => scope.getCurrentValue(v) ?? v.value) };
}

/** Refuses to work without variables. */
export function needBuilt(where: string, name: string, built: boolean, how: string): void {
  if (built) return;
  throw new StateError(`${where}: "${name}" must be built, so that it has variables. ${how}`);
}
