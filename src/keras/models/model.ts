/** The base of models: layers that can be trained and shown. */
import {
  checkOptions,
  didYouMean,
  IndexError,
  StateError,
  show,
  Tensor,
  treeLeaves,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import type { Source } from "../../files/source.ts";
import type { Target } from "../../files/target.ts";
import { OperationGraph, replaceInputs } from "../backend/graph.ts";
import { KerasTensor, mapShapes, type ShapeTree } from "../backend/keras_tensor.ts";
import { getKerasMask, setKerasMask } from "../backend/masking.ts";
import { symbolicLeaves } from "../backend/node.ts";
import type { Operation } from "../backend/operation.ts";
import { pack, type SymbolicFor, type SymbolicTree } from "../backend/symbolic_tree.ts";
import { isInteractiveLoggingEnabled } from "../config/interactive_logging.ts";
import type { Exportable, ExportOptions } from "../export/export_lib.ts";
import { callContext } from "../layers/call_context.ts";
import {
  type CallArguments,
  type CallOptions,
  enter,
  type LayerInputs,
  type SymbolicInputs,
  type SymbolicOf,
  type Tensors,
} from "../layers/call_inputs.ts";
import { Input, InputLayer } from "../layers/core/input_layer.ts";
import { InputSpec } from "../layers/input_spec.ts";
import { type AnyLayer, Layer, type LayerClass } from "../layers/layer.ts";
import type { LayerOptions } from "../layers/layer_options.ts";
import type { QuantizationLayerStructure } from "../quantizers/calibration.ts";
import type { QuantizationReport } from "../quantizers/quantization_report.ts";
import type { Config } from "../saving/config.ts";
import { toJson } from "../saving/python_json.ts";
import { classNameOf } from "../saving/registry.ts";
import type { LoadWeightsOptions, SaveOptions, SaveWeightsOptions } from "../saving/saving_api.ts";
import { type CustomObjects, serializeKerasObject } from "../saving/serialization_lib.ts";
import type { DataTree } from "../trainers/data.ts";
import { type Output, outputsOf } from "../trainers/outputs.ts";
import { Trainer } from "../trainers/trainer.ts";
import { printMsg } from "../utils/io_utils.ts";
import { type SummaryOptions, summaryText } from "../utils/summary_utils.ts";
import { graphConfig, graphFromConfig, isGraphConfig } from "./functional_config.ts";
import { matchInputs } from "./functional_inputs.ts";
import { quantizationSummary } from "./quantization_summary.ts";
import { type ModelQuantizeOptions, quantizeLayers } from "./quantize.ts";
import { standardizeInput } from "./standardize_inputs.ts";

/** Options of `summary`. */
export interface ModelSummaryOptions extends SummaryOptions {
  /** What is called with the whole text. Default `console.log`. */
  readonly printFn?: ((text: string) => void) | null;
}

/** Options of {@link Model}. */
export interface ModelOptions<Out extends Tensors = Tensor> extends LayerOptions {
  /** Symbolic inputs: one, or several in arrays and objects. */
  readonly inputs?: SymbolicTree;
  /** What the model gives: one symbolic tensor, or several in arrays and objects. */
  readonly outputs?: SymbolicFor<Out>;
}

/** A model's graph, with the structures of its inputs and outputs. */
export interface FunctionalGraph {
  readonly graph: OperationGraph;
  readonly inputs: SymbolicTree;
  readonly outputs: SymbolicTree;
}

/**
 * A model: layers that are trained together.
 *
 * Given symbolic inputs and outputs, the model is all that lies between them. Without, it is a class to extend: define
 * layers in properties and compute in `call`.
 *
 * @param options `inputs` and `outputs`: symbolic tensors in any structure; `name` (default: automatic), `trainable`
 *   (default true), `dtype` and what else layers take
 * @throws ValueError when the outputs do not come from the inputs, or two layers have one name
 *
 * @example
 * ```ts
 * const x = Input([3]);
 * const hidden = new layers.Dense(4, { activation: "relu" })(x);
 * const model = new Model({ inputs: x, outputs: new layers.Dense(2)(hidden) });
 * model([[1, 2, 3]]).shape; // → [1, 2]
 * model.countParams(); // → 26
 * ```
 *
 * @example
 * ```ts
 * import type { Tensor } from "tsuno/engine";
 *
 * class Twice extends Model {
 *   readonly hidden = new layers.Dense(4, { activation: "relu" });
 *   readonly last = new layers.Dense(1);
 *   override call(x: Tensor): Tensor {
 *     return this.last(this.hidden(x));
 *   }
 * }
 * const model = new Twice();
 * model([[1, 2, 3]]).shape; // → [1, 1]
 * model.countParams(); // → 21
 * ```
 */
export class Model<Out extends Tensors = Tensor> extends Trainer<Out> {
  static readonly className: string = "Functional";
  static override readonly module: string = "keras.src.models.functional";
  readonly #functional: FunctionalGraph | undefined;

  constructor(options: ModelOptions<Out> = {}) {
    const { inputs, outputs, ...rest } = options;
    super(rest);
    if ((inputs === undefined) !== (outputs === undefined)) {
      throw new ValueError(
        `Model "${this.name}": a model between symbolic tensors needs inputs and outputs. ` +
          `Received only ${inputs === undefined ? "outputs" : "inputs"}`,
      );
    }
    if (inputs === undefined) return;
    this.#functional = functionalGraph(this.name, inputs, outputs as SymbolicTree);
    // Each input is cast to its own dtype.
    this.autocast = false;
    this.inputSpec = treeLeaves(this.#functional.inputs).map((x) => specOf(x as KerasTensor));
    if (rest.trainable === false) this.trainable = false;
    this.built = true;
  }

  /** The graph between inputs and outputs; nothing of a model that was made without. */
  get functional(): FunctionalGraph | undefined {
    return this.#functional;
  }

  #needGraph(what: string): FunctionalGraph {
    const graph = this.functional;
    if (graph !== undefined) return graph;
    throw new StateError(
      `Model "${this.name}" has no defined ${what}: it was not made from symbolic inputs and outputs.`,
    );
  }

  /** The symbolic inputs, in a flat list. */
  get inputs(): KerasTensor[] {
    return treeLeaves(this.#needGraph("inputs").inputs) as KerasTensor[];
  }

  /** The symbolic outputs, in a flat list. */
  get outputs(): KerasTensor[] {
    return treeLeaves(this.#needGraph("outputs").outputs) as KerasTensor[];
  }

  /** The symbolic inputs, in the structure in which they were given. */
  override get input(): SymbolicTree {
    return this.#needGraph("input").inputs;
  }

  /** The symbolic outputs, in the structure in which they were given. */
  override get output(): SymbolicOf<Out> {
    return this.#needGraph("output").outputs as SymbolicOf<Out>;
  }

  /** The shape of the input, `null` for the number of samples; a list of shapes if there are several inputs. */
  get inputShape(): ShapeTree {
    return shapeOrList(this.inputs);
  }

  /** The shape of the output, `null` for the number of samples; a list of shapes if there are several outputs. */
  get outputShape(): ShapeTree {
    return shapeOrList(this.outputs);
  }

  /** The names of the inputs. */
  get inputNames(): string[] {
    return this.inputs.map((x) => x.name);
  }

  /** The names of the operations that give the outputs. */
  get outputNames(): string[] {
    return this.outputs.map((x) => x.history!.node.operation.name);
  }

  protected override namesOfOutputs(): readonly string[] | undefined {
    return this.functional === undefined ? undefined : this.outputNames;
  }

  protected override describeOutputs(x: DataTree): Output[] {
    const { functional } = this;
    if (functional === undefined) return super.describeOutputs(x);
    return outputsOf(functional.outputs, this.namesOfOutputs());
  }

  /** All steps of the graph, layers and functions alike, in the order in which Keras lists them. */
  get operations(): readonly Operation[] {
    return this.#needGraph("operations").graph.operations;
  }

  protected override get notesMask(): boolean {
    return this.functional !== undefined;
  }

  override build(inputShape: ShapeTree): void {
    if (this.functional === undefined) super.build(inputShape);
  }

  protected override convertInputs(inputs: LayerInputs | SymbolicInputs): unknown {
    const { functional } = this;
    if (functional === undefined) return super.convertInputs(inputs);
    return matchInputs(this.name, functional.inputs, inputs, (x) => enter(x, undefined));
  }

  override call(inputs: Tensors, options: CallArguments): Out {
    const { functional } = this;
    if (functional === undefined) {
      throw new StateError(`Model ${classNameOf(this)} does not have a call() method.`);
    }
    const masks = options.mask === undefined ? [] : treeLeaves(options.mask);
    const values = treeLeaves(inputs).map((x, i) => {
      const symbol = functional.graph.inputs[i] as KerasTensor;
      return x instanceof Tensor ? withMask(standardizeInput(x, symbol, this.name), masks[i]) : x;
    });
    // What the call of the model says about training goes before what calls in the graph say.
    const said = callContext()?.training;
    const results = functional.graph.run(values, (operation, args) => {
      if (said === undefined || !(operation instanceof Layer)) return operation.apply(...args);
      const [x, rest] = args as [LayerInputs, CallOptions | undefined];
      return operation.apply(x, { ...rest, training: said });
    });
    return pack(functional.outputs, results) as Out;
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions = {}): unknown {
    const { functional } = this;
    if (functional === undefined) return super.computeOutputSpec(inputs, options);
    const results = functional.graph.run(treeLeaves(inputs), (operation, args) =>
      operation.computeOutputSpec(...args),
    );
    return pack(functional.outputs, results);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const { functional } = this;
    if (functional === undefined) return super.computeOutputShape(inputShape);
    const symbols = this.inputs;
    let at = 0;
    const inputs = mapShapes(inputShape, (shape) => symbols[at++]!.like(shape, symbols[at - 1]!.dtype));
    return treeMap((x) => (x as KerasTensor).shape, this.computeOutputSpec(inputs)) as ShapeTree;
  }

  protected override sublayers(): readonly AnyLayer[] {
    const held = super.sublayers();
    if (this.functional === undefined) return held;
    return [...new Set([...layersOf(this.functional), ...held])];
  }

  /** The layers that the model is made of. */
  get layers(): AnyLayer[] {
    return this.functional === undefined ? [...this.sublayers()] : layersOf(this.functional);
  }

  /**
   * A layer of the model, in TypeScript one with a single output: `model.getLayer("dense").output` continues a graph. If it
   * is to be used as its own class, say which: `model.getLayer("lstm") as LSTM`.
   *
   * @param nameOrIndex its name, or its place in `layers` (negative: counted from the end)
   * @throws ValueError when no layer has that name, IndexError when there is no such place
   */
  getLayer(nameOrIndex: string | number): Layer {
    return this.#findLayer(nameOrIndex) as Layer;
  }

  #findLayer(nameOrIndex: string | number): AnyLayer {
    const { layers } = this;
    if (typeof nameOrIndex === "number") {
      const layer = Number.isInteger(nameOrIndex) ? layers.at(nameOrIndex) : undefined;
      if (layer !== undefined) return layer;
      throw new IndexError(
        `getLayer: there is no layer ${nameOrIndex}; model "${this.name}" has ${layers.length} layers`,
      );
    }
    const found = layers.find((layer) => layer.name === nameOrIndex);
    if (found !== undefined) return found;
    const names = layers.map((layer) => layer.name);
    throw new ValueError(
      `getLayer: no layer ${show(nameOrIndex)} in model "${this.name}".${didYouMean(String(nameOrIndex), names)} ` +
        `Its layers are: ${names.join(", ")}`,
    );
  }

  override getConfig(): Config {
    const { functional } = this;
    // A class with a constructor of its own is made again by that.
    if (functional === undefined || this.constructor !== Model) return super.getConfig();
    return {
      name: this.name,
      trainable: this.trainable,
      ...graphConfig(functional.graph, functional.inputs, functional.outputs, isFunctional),
    };
  }

  /**
   * A model from what `getConfig` gave.
   *
   * @param customObjects classes and functions of your own by their names
   */
  static override fromConfig<T>(this: LayerClass<T>, config: Config, customObjects?: CustomObjects): T {
    if (!isGraphConfig(config)) return super.fromConfig.call(this, config) as T;
    const graph = graphFromConfig(config, customObjects, isFunctional);
    const { name = null, trainable = true } = config;
    return new this(...([{ ...graph, name, trainable }] as never[]));
  }

  override getBuildConfig(): Config | null {
    return this.functional === undefined ? super.getBuildConfig() : { input_shape: null };
  }

  /**
   * Makes the weights of all layers that know how narrow, so that they take a quarter of the memory or less: `Dense`,
   * `EinsumDense`, `Embedding`, `ReversibleEmbedding`, `TernaryDense`. Results change by what rounding does.
   *
   * - `"int8"`: 8 bits and a scale; inputs of dense layers become int8 at each call
   * - `"int4"`: 4 bits, a scale and a zero for each block of 128 weights
   * - `"ternary"`: -1, 0, 1 and a scale
   * - `"float8"`: for training: weights, inputs and gradients are rounded to 8-bit floats
   * - `"gptq"`, `"awq"`: 4 bits, found by what the layers make of calibration data; `config` has that
   *
   * @param mode default: that of the config
   * @param options `config` (default: that of the mode), `filters` (patterns for names of layers, or a function; default: all),
   *   `typeCheck` (default true: subclasses are left as they are), `verbose` (default true)
   * @returns which layers were quantized, and why others were not
   * @throws ValueError for an unknown mode, where mode and config contradict, and where calibration lacks something; StateError
   *   before the model is built
   *
   * @example
   * ```ts
   * const model = new keras.Sequential([keras.Input([4]), new keras.layers.Dense(2), new keras.layers.ReLU()]);
   * const report = model.quantize("int8", { verbose: false });
   * report.numQuantized; // → 1
   * model.weights.map((w) => w.dtype); // → ["float32", "int8", "float32"]
   * ```
   */
  override quantize(mode?: string | null, options: ModelQuantizeOptions = {}): QuantizationReport {
    if (!this.built) throw new StateError(`quantize: model "${this.name}" is not built yet.`);
    const layers = this.flattenLayers({ includeSelf: false }).filter((layer) => !(layer instanceof Model));
    const structure = (mode: string): QuantizationLayerStructure | null =>
      this.getQuantizationLayerStructure(mode);
    const report = quantizeLayers({ layers, structure }, mode, options);
    this.forgetPrograms();
    return report;
  }

  /**
   * How calibration data goes through the model: what makes the inputs of the first block, and the blocks. To be overridden
   * by models that can be quantized by `"gptq"` or `"awq"` without a structure in the config. Null by default.
   */
  getQuantizationLayerStructure(_mode?: string | null): QuantizationLayerStructure | null {
    return null;
  }

  /**
   * For each quantized layer its policy and the memory that its largest weight takes, and all together.
   *
   * @param options `verbose` (default true): whether it is printed
   *
   * @example
   * ```ts
   * const model = new keras.Sequential([keras.Input([4]), new keras.layers.Dense(2, { name: "d" })]);
   * model.quantize("int8", { verbose: false });
   * model.quantizationSummary({ verbose: false }).split("\n").at(-1);
   * // → Weight storage   : 8 bytes quantized vs 32 bytes float32 (4.00x smaller)
   * ```
   */
  quantizationSummary(options: { readonly verbose?: boolean } = {}): string {
    checkOptions("quantizationSummary", options, ["verbose"]);
    const summary = quantizationSummary(this.name, this.flattenLayers());
    if (options.verbose ?? true) printMsg(summary);
    return summary;
  }

  /** The model as JSON, as Keras writes it: what it is made of, without the values of the weights. */
  toJson(): string {
    return toJson(serializeKerasObject(this));
  }

  /** Whether files have the layers before what the model has as properties: those of graphs and stacks. */
  get savesLayersFirst(): boolean {
    return this.functional !== undefined;
  }

  /**
   * Saves the model: what it is made of, its weights, how it was compiled, the state of its optimizer. Keras opens the file,
   * and `loadModel` does.
   *
   * @param target a path that ends in `.keras`, or another target (see `Target`); `.h5` for Keras's legacy format
   * @param options `overwrite` (default true), `zipped` (default true; false: into a folder), `includeOptimizer` (default
   *   true; for `.h5`)
   * @throws ValueError for another ending, FileError when the file cannot be written; what was there before stays
   *
   * @example
   * ```ts
   * const model = new Sequential([Input([2]), new layers.Dense(3)]);
   * await model.save("/tmp/model.keras");
   * (await saving.loadModel("/tmp/model.keras")).outputShape; // → [null, 3]
   * ```
   */
  async save(target: Target, options: SaveOptions = {}): Promise<void> {
    const { saveModel } = await import("../saving/saving_api.ts");
    await saveModel(this as unknown as Model, target, options);
  }

  /**
   * Saves the weights, with the state of the optimizer if the model is compiled.
   *
   * @param target a path that ends in `.weights.h5`, or another target; `.weights.json` with `maxShardSize`
   * @param options `overwrite` (default true), `maxShardSize` in GB (default: one file)
   * @throws ValueError when the model is not built, or for another ending; FileError when the file cannot be written
   */
  async saveWeights(target: Target, options: SaveWeightsOptions = {}): Promise<void> {
    const { saveWeights } = await import("../saving/saving_api.ts");
    await saveWeights(this as unknown as Model, target, options);
  }

  /**
   * Loads weights. If they do not fit, the model keeps those that it has.
   *
   * @param source `.weights.h5`, `.weights.json`, `.keras` or a legacy `.h5`: a path, a URL, bytes, a `File`, … (see
   *   `Source`)
   * @param options `skipMismatch` (default false): whether what does not fit is left as it is; `byName` (default false), for
   *   legacy files; `onProgress`, `signal`
   * @throws ValueError when the model is not built, or values do not fit; FileError when the file is damaged
   */
  async loadWeights(source: Source, options: LoadWeightsOptions = {}): Promise<void> {
    const { loadWeights } = await import("../saving/saving_api.ts");
    await loadWeights(this as unknown as Model, source, options);
  }

  /**
   * Writes the model's predictions for use without the library. Compiled state, optimizer and metrics stay behind.
   *
   * - `"wasm"`: `m.wasm` with the weights inside, `m.js` (`import { predict } from "./m.js"`) and its types `m.d.ts`, for
   *   browsers, Node, Deno and Bun
   * - `"js"`: one file of plain JavaScript, for places without WebAssembly
   * - `"onnx"`: a graph for ONNX runtimes
   *
   * @param target a path or another target; for `"wasm"` that of the `.wasm` file
   * @param options `format` (default: by the ending of the target's name), `inputSignature` (shapes and dtypes of the
   *   inputs; needed where the model was not made from symbolic inputs, or leaves lengths open), `batchSize` (for
   *   `"wasm"` and `"js"`: samples that go through at once, default 16), `opsetVersion` (for `"onnx"`: 18 to 21, default 18),
   *   `verbose` (default false)
   * @throws ValueError for an unknown format, ShapeError for lengths that must be known, UnsupportedError for what cannot
   *   leave, FileError when it cannot be written
   *
   * @example
   * ```ts
   * const x = Input([2]);
   * const model = new Model({ inputs: x, outputs: new layers.Dense(1, { kernelInitializer: "ones" })(x) });
   * await model.export("/tmp/sum.wasm");
   * const { predict } = await import("/tmp/sum.js");
   * predict([[1, 2], [3, 4]]); // → [[3], [7]]
   * ```
   */
  async export(target: Target, options: ExportOptions = {}): Promise<void> {
    const { exportModel } = await import("../export/export_lib.ts");
    const { name } = this;
    const exported: Exportable = {
      name,
      predictStep: (data) => this.predictStep(data),
      symbolicInputs: this.symbolicInputs(),
      outputNames: this.namesOfOutputs(),
    };
    return exportModel(exported, target, options);
  }

  /** The symbolic inputs in their structure, if there are any. */
  protected symbolicInputs(): SymbolicTree | undefined {
    return this.functional?.inputs;
  }

  /**
   * Prints a table of the layers with their output shapes and numbers of parameters; for a graph that branches, also with
   * what each is connected to, as `layer[call][output]`.
   *
   * @param options `lineLength` (default: 88, 108 for a graph that branches, or less on a narrow terminal), `positions`
   *   (where columns end, as fractions),
   *   `printFn` (default: `console.log`, or `console.info` without interactive logging; gets the whole text), `expandNested` (default false: whether the layers of models
   *   inside are listed), `showTrainable` (default false), `layerRange` (names, or patterns, of the first and the last layer)
   */
  summary(options: ModelSummaryOptions = {}): void {
    checkOptions("summary", options, [
      ...["lineLength", "positions", "printFn", "expandNested", "showTrainable", "layerRange"],
    ]);
    const { printFn, ...rest } = options;
    const text = summaryText(this, rest, this.functional?.graph);
    if (printFn) printFn(text);
    else if (isInteractiveLoggingEnabled()) console.log(text);
    else console.info(text);
  }
}

function isFunctional(operation: Operation): boolean {
  return operation.constructor === Model;
}

/** Checks symbolic inputs and outputs, and finds what lies between them. */
function functionalGraph(model: string, inputs: SymbolicTree, outputs: SymbolicTree): FunctionalGraph {
  for (const [what, tree] of [["inputs", inputs] as const, ["outputs", outputs] as const]) {
    const leaves = treeLeaves(tree);
    if (leaves.length === 0) throw new ValueError(`Model "${model}": ${what} cannot be empty.`);
    const wrong = leaves.find((x) => !(x instanceof KerasTensor));
    if (leaves.every((x) => x instanceof KerasTensor)) continue;
    throw new ValueError(
      `Model "${model}": all values of ${what} must be symbolic tensors. Received: ${show(wrong)}`,
    );
  }
  const given = treeLeaves(inputs) as KerasTensor[];
  if (given.every((x) => x.history?.node.isInput)) {
    return { graph: new OperationGraph(given, symbolicLeaves(outputs)), inputs, outputs };
  }
  // Between tensors that are no inputs themselves: a copy of the graph begins with inputs of its own.
  const entries = given.map((x) =>
    x.history?.node.isInput ? x : Input({ batchShape: x.shape, dtype: x.dtype, name: `${x.name}CLONE` }),
  );
  const copied = replaceInputs(given, entries, outputs) as SymbolicTree;
  return {
    graph: new OperationGraph(entries, symbolicLeaves(copied)),
    inputs: pack(inputs, entries) as SymbolicTree,
    outputs: copied,
  };
}

function layersOf({ graph }: FunctionalGraph): AnyLayer[] {
  return graph.operations.filter((operation) => operation instanceof Layer);
}

function shapeOrList(tensors: readonly KerasTensor[]): ShapeTree {
  return tensors.length === 1 ? tensors[0]!.shape : tensors.map((x) => x.shape);
}

/** What is asked of an input: its shape, whatever the number of samples. */
function specOf(x: KerasTensor): InputSpec {
  const layer = x.history?.node.operation;
  return new InputSpec({
    shape: x.shape.map((n, axis) => (axis === 0 ? null : n)),
    allowLastAxisSqueeze: true,
    name: layer?.name ?? x.name,
    optional: layer instanceof InputLayer && layer.optional,
  });
}

/** A tensor with a mask attached; the caller's own tensor does not get one. */
function withMask(x: Tensor, mask: unknown): Tensor {
  if (!(mask instanceof Tensor) || getKerasMask(x) === mask) return x;
  const own = x.reshape(x.shape);
  setKerasMask(own, mask);
  return own;
}
