/** The calls that connect layers and symbolic tensors into a graph. */
import { treeLeaves } from "../../engine/index.ts";
import { KerasTensor } from "./keras_tensor.ts";

/** What can be called on symbolic tensors. */
export interface Operation {
  readonly name: string;
  readonly inboundNodes: readonly Node[];
}

/** One call of an operation on symbolic tensors. */
export class Node {
  readonly operation: Operation;
  /** The arguments, in the structure in which they were given. */
  readonly inputs: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  /** The results, in the structure in which the operation gave them. */
  readonly outputs: unknown;

  constructor(
    operation: Operation,
    inputs: unknown,
    options: Readonly<Record<string, unknown>>,
    outputs: unknown,
  ) {
    this.operation = operation;
    this.inputs = inputs;
    this.options = options;
    this.outputs = outputs;
    this.outputTensors.forEach((tensor, tensorIndex) => {
      tensor.history = { node: this, tensorIndex };
    });
  }

  /** The symbolic tensors among the arguments. */
  get inputTensors(): KerasTensor[] {
    return treeLeaves([this.inputs, this.options]).filter((x) => x instanceof KerasTensor);
  }

  /** The symbolic tensors among the results. */
  get outputTensors(): KerasTensor[] {
    return treeLeaves(this.outputs).filter((x) => x instanceof KerasTensor);
  }
}
