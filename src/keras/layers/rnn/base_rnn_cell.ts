/** What SimpleRNNCell, LSTMCell and GRUCell share: weights, dropout, and the part of a step that needs no states. */
import {
  add,
  type CompositeAttributes,
  concatenate,
  full,
  isPlainObject,
  matmul,
  multiply,
  type Shape,
  show,
  slice,
  type Tensor,
  type Tree,
  ValueError,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import { dropout, SeedGenerator } from "../../random/index.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments, CallOptions, LayerInputs, SymbolicInputs } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import {
  type BiasOptions,
  type KernelOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";
import { asList, type KnownCell, type ProjectingCell } from "./rnn_cell.ts";

/** Options of {@link SimpleRNNCell} and of all recurrent layers with units. */
export interface RNNCellOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** The function that is applied to the new state. Default `"tanh"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** Whether biases are added. Default true. */
  readonly useBias?: boolean;
  /** What the kernel of the state begins with. Default `"orthogonal"`. */
  readonly recurrentInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the kernel of the state. Default none. */
  readonly recurrentRegularizer?: regularizers.RegularizerLike | null;
  /** What the kernel of the state is made to fulfil after each update. Default none. */
  readonly recurrentConstraint?: constraints.ConstraintLike | null;
  /** The part of the inputs that becomes 0 while training, the same in all steps. Default 0. */
  readonly dropout?: number;
  /** The part of the state that becomes 0 while training, the same in all steps. Default 0. */
  readonly recurrentDropout?: number;
  /** Determines what dropout drops. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

/** Options of cells with gates. */
export interface GatedCellOptions extends RNNCellOptions {
  /** The activation of the gates. Default `"sigmoid"`. */
  readonly recurrentActivation?: activations.ActivationIdentifier;
  /** With 1 every gate has masks of dropout of its own. Default 2; 1 if there is recurrent dropout. */
  readonly implementation?: 1 | 2;
}

/** The names of the options of {@link RNNCellOptions} that not every layer has. */
export const cellOptionNames: readonly (keyof RNNCellOptions)[] = [
  ...(["activation", "useBias", "dropout", "recurrentDropout", "seed"] as const),
  ...weightOptionNames("kernel", "recurrent", "bias"),
];

/** Those of {@link GatedCellOptions}. */
export const gatedOptionNames: readonly (keyof GatedCellOptions)[] = [
  ...cellOptionNames,
  ...(["recurrentActivation", "implementation"] as const),
];

/** What a cell gives: the output and the new states. */
export type CellOutput = readonly [Tensor, Tree<Tensor>];

/** The masks of dropout, one for all gates or one for each. */
interface DropoutMasks {
  readonly input: readonly Tensor[] | undefined;
  readonly state: readonly Tensor[] | undefined;
}

const rate = (value: number | undefined): number => Math.min(1, Math.max(0, value ?? 0));

/** A number of units. */
export function checkUnits(units: unknown, where: string): number {
  if (typeof units === "number" && Number.isSafeInteger(units) && units > 0) return units;
  throw new ValueError(
    `${where}: expected units to be a positive whole number. Received: units=${show(units)}`,
  );
}

/** A cell with units, called on `(input, states)`. */
export abstract class BaseRNNCell extends Layer<CellOutput> implements ProjectingCell {
  static override readonly positional: readonly string[] = ["units"];
  readonly units: number;
  readonly activation: activations.Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly recurrentInitializer: initializers.InitializerFunction;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly recurrentRegularizer: regularizers.Regularizer | null;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  readonly recurrentConstraint: constraints.Constraint | null;
  readonly biasConstraint: constraints.Constraint | null;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly seed: number | null;
  readonly seedGenerator: SeedGenerator;
  /** Whether every gate has masks of dropout of its own. */
  protected readonly masksPerGate: boolean;
  /** The number of products that the kernels stand side by side for. */
  protected readonly gates: number;
  /** The weights; there once the cell is built. */
  kernel: Variable | undefined;
  recurrentKernel: Variable | undefined;
  bias: Variable | undefined;
  #masks: DropoutMasks | undefined;

  /**
   * @param where the class
   * @param own the names of the options that this class has
   */
  constructor(
    where: string,
    units: number,
    gates: number,
    options: GatedCellOptions,
    own: readonly string[],
  ) {
    super(baseOptions(where, options, own));
    this.units = checkUnits(units, where);
    this.gates = gates;
    this.activation = activations.get(options.activation === undefined ? "tanh" : options.activation);
    this.useBias = options.useBias ?? true;
    [this.kernelInitializer, this.kernelRegularizer, this.kernelConstraint] = readWeightOptions(
      options,
      "kernel",
      "glorot_uniform",
    );
    [this.recurrentInitializer, this.recurrentRegularizer, this.recurrentConstraint] = readWeightOptions(
      options,
      "recurrent",
      "orthogonal",
    );
    [this.biasInitializer, this.biasRegularizer, this.biasConstraint] = readWeightOptions(
      options,
      "bias",
      "zeros",
    );
    this.dropout = rate(options.dropout);
    this.recurrentDropout = rate(options.recurrentDropout);
    this.masksPerGate = gates > 1 && (options.implementation === 1 || this.recurrentDropout > 0);
    this.seed = options.seed ?? null;
    this.seedGenerator = new SeedGenerator(this.seed);
  }

  /** The sizes of the states. */
  get stateSize(): number | readonly number[] {
    return this.units;
  }

  get outputSize(): number {
    return this.units;
  }

  /** The shape of the kernel for an input's, without the axis of gates. */
  protected kernelShape(inputShape: KerasShape): KerasShape {
    return inputShape.slice(-1);
  }

  /** The shape of the recurrent kernel, without the axis of gates. */
  protected get recurrentKernelShape(): readonly number[] {
    return [this.units];
  }

  /** The shape of the bias. */
  protected get biasShape(): readonly number[] {
    return [this.gates * this.units];
  }

  /** What the bias begins with. */
  protected get firstBias(): initializers.InitializerFunction {
    return this.biasInitializer;
  }

  override build(inputShape: ShapeTree): void {
    const width = this.gates * this.units;
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [...this.kernelShape(inputOf(inputShape)), width],
      ...weightActions(this, "kernel"),
    });
    this.recurrentKernel = this.addWeight({
      name: "recurrent_kernel",
      shape: [...this.recurrentKernelShape, width],
      ...weightActions(this, "recurrent"),
    });
    if (!this.useBias) return;
    this.bias = this.addWeight({
      name: "bias",
      shape: this.biasShape,
      ...weightActions(this, "bias"),
      initializer: this.firstBias,
    });
  }

  /**
   * Makes one step; `cell(input, states, options)` is the same.
   *
   * @param input `(batch, features)`
   * @param states what the last step gave, or `getInitialState`; or both in one list as the first argument
   * @param options `training`
   * @returns the output and the new states
   */
  override apply(inputs: LayerInputs, options?: CallOptions): CellOutput;
  override apply(inputs: SymbolicInputs, options?: CallOptions): never;
  override apply(input: LayerInputs, states: LayerInputs, options?: CallOptions): CellOutput;
  override apply(first: LayerInputs | SymbolicInputs, second?: unknown, third?: CallOptions): CellOutput {
    const together = second === undefined || isPlainObject(second);
    const inputs = together ? first : [first, second];
    return super.apply(inputs as LayerInputs, together ? second : third);
  }

  override call(inputs: readonly [Tensor, Tree<Tensor>], { training }: CallArguments): CellOutput {
    const [x, states] = inputs;
    const end = this.#masks === undefined ? this.begin(x.shape, training) : undefined;
    try {
      const [output, next] = this.step(this.project(x), states);
      return [output, Array.isArray(states) ? next : (asList(next)[0] as Tensor)];
    } finally {
      end?.();
    }
  }

  /** Draws the masks of dropout, which stay the same for all steps; the function that it gives forgets them. */
  begin(inputShape: Shape, training: boolean): () => void {
    const draw = (p: number, shape: Shape): Tensor[] | undefined => {
      if (!training || p === 0) return undefined;
      const ones = full(shape, 1, this.computeDtype);
      return Array.from({ length: this.masksPerGate ? this.gates : 1 }, () =>
        dropout(ones, p, { seed: this.seedGenerator }),
      );
    };
    this.#masks = {
      input: draw(this.dropout, inputShape),
      state: draw(this.recurrentDropout, this.stateShape(inputShape[0]!)),
    };
    return () => {
      this.#masks = undefined;
    };
  }

  /** The products of inputs, of one step or of all along the first axis, with the kernel. */
  project(inputs: Tensor): Tensor {
    const product = this.#product(inputs, this.kernel!.value, this.#masks?.input, (x, kernel) =>
      this.inputProduct(x, kernel),
    );
    const bias = this.inputBias();
    return bias === undefined ? product : add(product, bias);
  }

  /** The product of a state with the recurrent kernel. */
  protected recurrentProduct(state: Tensor): Tensor {
    return this.#product(state, this.recurrentKernel!.value, this.#masks?.state, (x, kernel) =>
      this.stateProduct(x, kernel),
    );
  }

  /** The product of inputs, already masked, with the kernel or one gate's part of it. */
  protected inputProduct(inputs: Tensor, kernel: Tensor): Tensor {
    return flatProduct(inputs, kernel);
  }

  /** The same of a state with the recurrent kernel. */
  protected stateProduct(state: Tensor, kernel: Tensor): Tensor {
    return flatProduct(state, kernel);
  }

  /** The shape of a state. */
  protected stateShape(samples: number): Shape {
    return [samples, this.units];
  }

  /** The axis of products, counted from the end, along which the gates stand side by side. */
  protected get gateAxis(): number {
    return -1;
  }

  /** A state with the mask of one gate. */
  protected masked(state: Tensor, gate: number): Tensor {
    const masks = this.#masks?.state;
    return masks === undefined ? state : multiply(state, masks[Math.min(gate, masks.length - 1)]!);
  }

  /** The bias that is added to the products of inputs. */
  protected inputBias(): Tensor | undefined {
    return this.bias?.value;
  }

  #product(
    x: Tensor,
    kernel: Tensor,
    masks: readonly Tensor[] | undefined,
    product: (x: Tensor, kernel: Tensor) => Tensor,
  ): Tensor {
    if (masks === undefined) return product(x, kernel);
    if (masks.length === 1) return product(multiply(x, masks[0]!), kernel);
    const parts = masks.map((mask, gate) => product(multiply(x, mask), this.part(kernel, gate, 1, -1)));
    return concatenate(parts, this.gateAxis);
  }

  /** One gate's part of products, or that of several; of kernels, which have the gates along their last axis, likewise. */
  protected part(x: Tensor, gate: number, count = 1, along: number = this.gateAxis): Tensor {
    const axis = x.ndim + along;
    const start = x.shape.map((_, i) => (i === axis ? gate * this.units : 0));
    const limit = x.shape.map((n, i) => (i === axis ? (gate + count) * this.units : n));
    return slice(x, start, limit);
  }

  /** As what the cell is known outside; undefined for cells that have a part in this class alone. */
  protected get knownAs(): CompositeAttributes | undefined {
    return undefined;
  }

  known(training: boolean): KnownCell | undefined {
    const attributes = this.knownAs;
    if (attributes === undefined || (training && this.dropout + this.recurrentDropout > 0)) return undefined;
    const weights = [this.kernel!, this.recurrentKernel!, ...(this.bias === undefined ? [] : [this.bias])];
    return { attributes, weights: weights.map((w) => w.value) };
  }

  /** One step from what its input contributes. */
  abstract step(projected: Tensor, states: Tree<Tensor>): CellOutput;

  /** States of zeros. */
  getInitialState(batchSize: number): Tensor[] {
    const { stateSize } = this;
    const states = typeof stateSize === "number" ? [stateSize] : stateSize;
    return states.map(() => full(this.stateShape(batchSize), 0, this.computeDtype));
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const shape: KerasShape = [inputOf(inputShape)[0] ?? null, this.units];
    return [shape, asList(this.getInitialState(1)).map(() => shape)];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      ...weightConfig(this, "kernel", "recurrent", "bias"),
      dropout: this.dropout,
      recurrent_dropout: this.recurrentDropout,
      seed: this.seed,
    };
  }
}

/** The input's shape among those of a call: alone, or before the shapes of states. */
export function inputOf(shapes: ShapeTree): KerasShape {
  const [first] = shapes as readonly unknown[];
  return (Array.isArray(first) ? first : shapes) as KerasShape;
}

/** The product of the last axis with a matrix, as one matrix product. */
function flatProduct(x: Tensor, kernel: Tensor): Tensor {
  if (x.ndim <= 2) return matmul(x, kernel);
  const rows = x.reshape(-1, x.shape.at(-1)!);
  return matmul(rows, kernel).reshape(...x.shape.slice(0, -1), kernel.shape[1]!);
}

/** The name of one of Keras's activations; of others, what they are in configs. */
export function activationName(activation: activations.Activation): string {
  const name = activations.serialize(activation);
  return typeof name === "string" ? name : JSON.stringify(name);
}

/** The activation of gates. */
export function gateActivation(options: GatedCellOptions): activations.Activation {
  const { recurrentActivation } = options;
  return activations.get(recurrentActivation === undefined ? "sigmoid" : recurrentActivation);
}
