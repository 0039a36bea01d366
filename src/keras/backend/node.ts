/** The calls that connect operations and symbolic tensors into a graph. */
import { treeLeaves } from "../../engine/index.ts";
import type { Operation } from "./operation.ts";
import { SymbolicTensor } from "./symbolic_tensor.ts";

/** Where a symbolic tensor comes from: which output of which call. */
export interface KerasHistory {
  readonly node: Node;
  /** The place among the outputs of the call. */
  readonly tensorIndex: number;
}

/** One call of an operation on symbolic tensors. */
export class Node {
  readonly operation: Operation;
  /** What the operation was called with: symbolic tensors in any structure, and whatever else it takes. */
  readonly args: readonly unknown[];
  /** The results, in the structure in which the operation gave them. */
  readonly outputs: unknown;
  readonly inputTensors: readonly SymbolicTensor[];
  readonly outputTensors: readonly SymbolicTensor[];

  constructor(operation: Operation, args: readonly unknown[], outputs: unknown) {
    this.operation = operation;
    this.args = args;
    this.outputs = outputs;
    this.inputTensors = symbolicLeaves(args);
    this.outputTensors = symbolicLeaves(outputs);
    if (this.inputTensors.some((tensor) => !tensor.recordHistory)) return;
    this.outputTensors.forEach((tensor, tensorIndex) => {
      tensor.history = { node: this, tensorIndex };
    });
  }

  /** The place among the calls of the operation. */
  get index(): number {
    return this.operation.inboundNodes.indexOf(this);
  }

  /** Whether nothing comes before it: the entry of a graph. */
  get isInput(): boolean {
    return this.inputTensors.length === 0;
  }
}

/** The symbolic tensors in a structure, in order. */
export function symbolicLeaves(tree: unknown): SymbolicTensor[] {
  return treeLeaves(tree).filter((x) => x instanceof SymbolicTensor);
}
