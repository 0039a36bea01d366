/** The base of what can be a step of a graph: functions and layers alike. */
import { ShapeError, StateError, show, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { classNameOf, pythonNameOf } from "../saving/registry.ts";
import { Callable } from "../utils/callable.ts";
import { autoName } from "../utils/naming.ts";
import { abstractCall } from "./abstract_call.ts";
import { Node, symbolicLeaves } from "./node.ts";
import { currentRematScope, type RematScope, rematerialized } from "./remat.ts";
import type { SymbolicTensor } from "./symbolic_tensor.ts";

/** The arguments of a call as Keras writes them into a config. */
export interface KerasArguments {
  /** The arguments by position. */
  readonly args: readonly unknown[];
  /** The arguments by name. */
  readonly kwargs: Readonly<Record<string, unknown>>;
}

export interface Operation {
  /** Calls the operation: `operation(x)` is `operation.apply(x)`. */
  (...args: never[]): unknown;
}

/**
 * A function of tensors that can be a step of a model: called on tensors it computes, called on symbolic tensors it notes
 * the call and gives symbolic ones. Layers are operations; extend this class for steps without weights.
 *
 * @param name default: automatic, such as `add_1`
 *
 * @example
 * ```ts
 * import type { Tensor } from "tsuno/engine";
 *
 * class Double extends Operation {
 *   override call(x: Tensor): Tensor {
 *     return x.add(x);
 *   }
 * }
 * const x = Input([3]);
 * const y = new Double().apply(x) as KerasTensor;
 * y.shape; // → [null, 3]
 * const model = new Model({ inputs: x, outputs: y });
 * model([[1, 2, 3]]).arraySync(); // → [[2, 4, 6]]
 * ```
 */
export class Operation extends Callable {
  name: string;
  readonly #nodes: Node[] = [];
  readonly #rematScope: RematScope | undefined = currentRematScope();

  constructor(name: string | null = null) {
    super("apply");
    const className = classNameOf(this);
    this.name = name ?? autoName(pythonNameOf(this));
    if (typeof this.name !== "string" || this.name.includes("/")) {
      throw new ValueError(
        `${className}: expected name to be a string without "/". Received: name=${show(name)}`,
      );
    }
  }

  /** The scope in which the operation was made: whether its values are computed once more for gradients. */
  protected get rematScope(): RematScope | undefined {
    return this.#rematScope;
  }

  /** Computes the result. Subclasses define it; to use an operation, call the operation itself. */
  call(...args: never[]): unknown;
  call(): unknown {
    throw new StateError(`${classNameOf(this)} does not have a call() method.`);
  }

  /** Calls the operation; `operation(x)` is the same. */
  apply(...args: unknown[]): unknown {
    if (symbolicLeaves(args).length > 0) return this.symbolicCall(...args);
    return rematerialized(this.rematScope, this, false, () => this.call(...(args as never[])));
  }

  /** Notes a call on symbolic tensors and gives its symbolic results. */
  symbolicCall(...args: unknown[]): unknown {
    const outputs = this.computeOutputSpec(...args);
    this.record(args, outputs);
    return outputs;
  }

  /** What the operation gives for symbolic tensors, without noting the call. By default `call` is traced to find out. */
  computeOutputSpec(...args: unknown[]): unknown {
    const [first] = symbolicLeaves(args);
    const make = (...spec: Parameters<SymbolicTensor["like"]>): SymbolicTensor => first!.like(...spec);
    const call = (values: unknown): unknown => this.call(...(values as never[]));
    try {
      return abstractCall(call, args, make);
    } catch (error) {
      // Unknown lengths are tried as primes; where they must be divisible, as in reshapes, as rounder numbers.
      if (!(error instanceof ShapeError)) throw error;
      try {
        return abstractCall(call, args, make, "divisible");
      } catch {
        throw error;
      }
    }
  }

  /** Notes a call. */
  protected record(args: readonly unknown[], outputs: unknown): Node {
    const node = new Node(this, args, outputs);
    this.#nodes.push(node);
    return node;
  }

  /** Forgets the latest calls, down to a number of them. */
  protected forgetCalls(count: number): void {
    this.#nodes.length = count;
  }

  /** The calls on symbolic tensors. */
  get inboundNodes(): readonly Node[] {
    return this.#nodes;
  }

  /**
   * The symbolic output of the first call on symbolic tensors.
   *
   * @throws StateError when there was none
   */
  get output(): unknown {
    return this.#firstNode("output").outputs;
  }

  /** The symbolic input of the first call on symbolic tensors. */
  get input(): unknown {
    const { args } = this.#firstNode("input");
    return symbolicLeaves(args.slice(1)).length > 0 ? args : args[0];
  }

  #firstNode(what: string): Node {
    const [node] = this.#nodes;
    if (node !== undefined) return node;
    throw new StateError(
      `"${this.name}" was never called on symbolic tensors and so has no defined ${what}.`,
    );
  }

  /** The arguments of a call as Keras writes them. */
  kerasArguments(args: readonly unknown[]): KerasArguments {
    return { args, kwargs: {} };
  }

  /** The arguments of a call from what Keras writes. */
  argumentsFromKeras({ args }: KerasArguments): readonly unknown[] {
    return args;
  }

  /** The options, with Keras's names. */
  getConfig(): Config {
    return { name: this.name };
  }

  /** An operation from what `getConfig` gave. */
  static fromConfig(this: new (...args: never[]) => unknown, config: Config): unknown {
    return new this(...([config.name] as never[]));
  }
}
