/** A model as boxes and arrows: what `plotModel` draws and `modelToDot` writes. */
import { StateError, showShape, treeLeaves } from "../../engine/index.ts";
import type { KerasHistory, Node } from "../backend/node.ts";
import type { Operation } from "../backend/operation.ts";
import type { SymbolicTensor } from "../backend/symbolic_tensor.ts";
import { Model } from "../models/model.ts";
import { Sequential } from "../models/sequential.ts";
import { classNameOf } from "../saving/registry.ts";

/** What a diagram of a model shows. */
export interface DiagramOptions {
  /** Whether shapes of inputs and outputs are shown. Default false. */
  readonly showShapes?: boolean;
  /** Whether the dtypes of outputs are shown. Default false. */
  readonly showDtype?: boolean;
  /** Whether the names of layers are shown beside their classes. Default true for `modelToDot`, false for `plotModel`. */
  readonly showLayerNames?: boolean;
  /** Whether models inside are drawn with their layers, in a frame. Default false. */
  readonly expandNested?: boolean;
  /** Whether activation functions are shown. Default false. */
  readonly showLayerActivations?: boolean;
  /** Whether it is shown which layers are trained. Default false. */
  readonly showTrainable?: boolean;
}

/** One thing that is said of a layer, and whether it is marked as good or as stopped. */
export interface BoxCell {
  readonly label: string;
  readonly value: string;
  readonly tone: "plain" | "trainable" | "frozen";
}

/** A layer. */
export interface DiagramBox {
  readonly id: string;
  /** The layer's name, unless names are not shown. */
  readonly name: string | undefined;
  readonly className: string;
  readonly activation: string | undefined;
  readonly cells: readonly BoxCell[];
  /** The frame that it stands in. */
  readonly frame: string | undefined;
}

/** The frame of a model inside. */
export interface DiagramFrame {
  readonly id: string;
  readonly label: string;
  readonly parent: string | undefined;
}

/** Boxes, frames, and arrows from box to box. */
export interface ModelGraph {
  readonly boxes: readonly DiagramBox[];
  readonly frames: readonly DiagramFrame[];
  readonly arrows: readonly (readonly [from: string, to: string])[];
}

/** A layer or another step of a graph, as far as diagrams show it. */
type Step = Operation & {
  readonly activation?: unknown;
  readonly trainable?: boolean;
  readonly weights?: readonly unknown[];
};

function shapes(tensors: readonly SymbolicTensor[] | undefined): string {
  if (tensors === undefined || tensors.length === 0) return "?";
  const all = tensors.map(({ shape }) => showShape(shape));
  return all.length === 1 ? all[0]! : `[${all.join(", ")}]`;
}

/** What the activation of a layer is called: as in its config. */
function activationOf(step: Step): string | undefined {
  const { activation } = step;
  if (activation === undefined || activation === null) return undefined;
  const config = step.getConfig() as { readonly activation?: unknown };
  if (typeof config.activation === "string") return config.activation;
  return typeof activation === "object"
    ? classNameOf(activation)
    : String((activation as { name?: string }).name);
}

/** The calls on symbolic tensors that a step's shapes are read from; a call of a shared layer is like the others. */
function firstCall(step: Operation): Node | undefined {
  return step.inboundNodes[0];
}

/** The boxes and arrows of one model. */
class Collector {
  readonly boxes: DiagramBox[] = [];
  readonly frames: DiagramFrame[] = [];
  readonly #arrows = new Map<string, readonly [string, string]>();
  readonly #ids = new Map<Operation, string>();
  readonly #options: DiagramOptions;

  constructor(options: DiagramOptions) {
    this.#options = options;
  }

  get arrows(): ModelGraph["arrows"] {
    return [...this.#arrows.values()];
  }

  #id(step: Operation): string {
    const known = this.#ids.get(step) ?? `n${this.#ids.size}`;
    this.#ids.set(step, known);
    return known;
  }

  #box(step: Step, frame: string | undefined): void {
    const { showShapes, showDtype, showLayerNames, showLayerActivations, showTrainable } = this.#options;
    const className = classNameOf(step);
    const call = firstCall(step);
    const cells: BoxCell[] = [];
    if (showShapes === true) {
      if (className !== "InputLayer")
        cells.push({ label: "Input shape", value: shapes(call?.inputTensors), tone: "plain" });
      cells.push({ label: "Output shape", value: shapes(call?.outputTensors), tone: "plain" });
    }
    if (showDtype === true) {
      const dtypes = call?.outputTensors.map(({ dtype }) => dtype) ?? [];
      cells.push({ label: "Output dtype", value: [...new Set(dtypes)].join(", ") || "?", tone: "plain" });
    }
    if (showTrainable === true && step.trainable !== undefined && (step.weights ?? []).length > 0) {
      cells.push(
        step.trainable
          ? { label: "", value: "Trainable", tone: "trainable" }
          : { label: "", value: "Non-trainable", tone: "frozen" },
      );
    }
    this.boxes.push({
      id: this.#id(step),
      name: showLayerNames === true ? step.name : undefined,
      className,
      activation: showLayerActivations === true ? activationOf(step) : undefined,
      cells,
      frame,
    });
  }

  #arrow(from: Operation, to: Operation): void {
    const ends = [this.#id(from), this.#id(to)] as const;
    this.#arrows.set(ends.join(" "), ends);
  }

  #opened(step: Operation): Model | undefined {
    const isOpen = this.#options.expandNested === true && step instanceof Model && isGraph(step);
    return isOpen ? (step as Model) : undefined;
  }

  /** The step inside of models that gives an output. */
  #source({ node, tensorIndex }: KerasHistory): Operation {
    let [step, output] = [node.operation, tensorIndex];
    for (let model = this.#opened(step); model !== undefined; model = this.#opened(step)) {
      if (model instanceof Sequential) [step, output] = [model.layers.at(-1)!, 0];
      else {
        const history = leavesOf(model.functional!.outputs)[output]!.history!;
        [step, output] = [history.node.operation, history.tensorIndex];
      }
    }
    return step;
  }

  /** The step inside of models that takes an input. */
  #destination(to: Operation, input: number): Operation {
    let step = to;
    for (let model = this.#opened(step); model !== undefined; model = this.#opened(step)) {
      step =
        model instanceof Sequential
          ? model.layers[0]!
          : leavesOf(model.functional!.inputs)[input]!.history!.node.operation;
    }
    return step;
  }

  /** A layer of a chain gives its first output to the next one. */
  #chain(layers: readonly Operation[]): void {
    for (let i = 1; i < layers.length; i++) {
      const [before, after] = [layers[i - 1]!, layers[i]!];
      const node = before.inboundNodes[0];
      const from = node === undefined ? before : this.#source({ node, tensorIndex: 0 });
      this.#arrow(from, this.#destination(after, 0));
    }
  }

  collect(model: Model, frame: string | undefined): void {
    if (!isGraph(model)) return this.#box(model, frame);
    const steps = model instanceof Sequential ? model.layers : model.functional!.graph.operations;
    for (const step of steps) {
      const inner = this.#opened(step);
      if (inner === undefined) this.#box(step, frame);
      else {
        const id = `cluster_${this.frames.length}`;
        this.frames.push({ id, label: inner.name, parent: frame });
        this.collect(inner, id);
      }
    }
    if (model instanceof Sequential) return this.#chain(steps);
    const { nodes } = model.functional!.graph;
    for (const step of steps) {
      for (const node of step.inboundNodes) {
        if (!nodes.has(node)) continue;
        node.inputTensors.forEach(({ history }, i) => {
          if (history !== undefined) this.#arrow(this.#source(history), this.#destination(step, i));
        });
      }
    }
  }
}

/** Whether a model is made of steps that can be drawn; a subclass with a `call` of its own is one box. */
function isGraph(model: Model): boolean {
  return model instanceof Sequential || model.functional !== undefined;
}

function leavesOf(tree: unknown): SymbolicTensor[] {
  return treeLeaves(tree) as SymbolicTensor[];
}

/**
 * The boxes and arrows of a model.
 *
 * @throws StateError before the model is built
 */
export function modelGraph(where: string, model: Model, options: DiagramOptions): ModelGraph {
  if (!model.built) {
    throw new StateError(
      `${where}: this model has not yet been built. Build it first by calling build() or by calling it on a batch of data.`,
    );
  }
  const collector = new Collector(options);
  collector.collect(model, undefined);
  return { boxes: collector.boxes, frames: collector.frames, arrows: collector.arrows };
}
