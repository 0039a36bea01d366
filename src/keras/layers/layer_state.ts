/** What a layer holds: its name, dtypes, weights, and the layers inside of it. */
import {
  asDType,
  checkOptions,
  type DType,
  isFloat,
  multiply,
  type Shape,
  ShapeError,
  StateError,
  sameShape,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  untraced,
  ValueError,
} from "../../engine/index.ts";
import { currentPath, inScopeOf, joinPath } from "../backend/name_scope.ts";
import { Operation } from "../backend/operation.ts";
import { Variable } from "../backend/variable.ts";
import * as constraints from "../constraints/index.ts";
import * as dtypePolicies from "../dtype_policies/index.ts";
import * as initializers from "../initializers/index.ts";
import { initialValue } from "../initializers/initial_value.ts";
import { SeedGenerator } from "../random/seed_generator.ts";
import * as regularizers from "../regularizers/index.ts";
import type { ReadStore, WriteStore } from "../saving/own_state.ts";
import { takeFromBudget } from "../saving/reading_limits.ts";
import { classNameOf } from "../saving/registry.ts";
import { type LayerOptions, layerOptionNames } from "./layer_options.ts";
import { heldBy } from "./tracking.ts";

/** What `addWeight` takes. */
export interface AddWeightOptions {
  /** Default `[]`, a scalar. All lengths must be known. */
  readonly shape?: readonly (number | null | undefined)[];
  /** What the weight begins with. Default: `"glorot_uniform"` for floats, `"zeros"` for others. */
  readonly initializer?: initializers.InitializerIdentifier | null;
  /** The dtype of the weight. Default: the layer's dtype. */
  readonly dtype?: DType | null;
  /** Whether training updates it. Default true. */
  readonly trainable?: boolean;
  /** A penalty on the weight, which is added to the loss. Default none. */
  readonly regularizer?: regularizers.RegularizerLike | null;
  /** What the weight is made to fulfil after each update. Default none. */
  readonly constraint?: constraints.ConstraintLike | null;
  /** Whether the layer reads it in the dtype that it computes with. Default true. */
  readonly autocast?: boolean;
  /** What the weight is called. Default `"variable"`. */
  readonly name?: string | null;
}

/** A change to a weight that is trained in its place. */
export interface StoredChange {
  /** What the change is made of. */
  readonly factors: readonly Variable[];
  /** The values of variables with the change. */
  merged(): ReadonlyMap<Variable, TensorLike>;
}

/** Whether each variable was trainable when a layer first saw it: freezing a layer does not change the order of weights. */
const wasTrainable = new WeakMap<Variable, boolean>();

function startedTrainable(v: Variable): boolean {
  let it = wasTrainable.get(v);
  if (it === undefined) wasTrainable.set(v, (it = v.trainable));
  return it;
}

/** The name that is asked for, once it is clear that all options are known: only a layer that is made uses up a name. */
function checkedName(Class: { readonly prototype: object }, options: LayerOptions): string | null {
  checkOptions(classNameOf(Class.prototype), options, layerOptionNames);
  return options.name ?? null;
}

const isVariable = (x: unknown): x is Variable => x instanceof Variable;
const isSeedGenerator = (x: unknown): x is SeedGenerator => x instanceof SeedGenerator;
const isHolder = (x: unknown): x is LayerState => x instanceof LayerState;

/** The part of a layer that is not about calling it. */
export abstract class LayerState extends Operation {
  #dtypePolicy: dtypePolicies.DTypePolicy;
  #trainable: boolean;
  #built = false;
  #parentPath: string | undefined;
  readonly #weights: Variable[] = [];

  constructor(options: LayerOptions) {
    super(checkedName(new.target, options));
    const className = classNameOf(this);
    const { trainable = true } = options;
    if (typeof trainable !== "boolean") {
      throw new ValueError(
        `${className}: expected trainable to be a boolean. Received: trainable=${show(trainable)}`,
      );
    }
    this.#trainable = trainable;
    this.#dtypePolicy = dtypePolicies.get(options.dtype);
  }

  /** Which dtypes the layer computes with and keeps its weights in. Setting it does not change weights that are there. */
  get dtypePolicy(): dtypePolicies.DTypePolicy {
    return this.#dtypePolicy;
  }

  set dtypePolicy(policy: dtypePolicies.DTypePolicyLike) {
    const next = dtypePolicies.get(policy);
    const map = this.#dtypePolicy;
    if (map instanceof dtypePolicies.DTypePolicyMap && this.#parentPath !== undefined) {
      map.delete(this.path);
      map.set(this.path, next);
    } else this.#dtypePolicy = next;
  }

  /** The policy of this very layer: of a map, what it says for the layer's path. */
  protected get ownPolicy(): dtypePolicies.DTypePolicy {
    const policy = this.#dtypePolicy;
    const isMap = policy instanceof dtypePolicies.DTypePolicyMap;
    return isMap && this.#parentPath !== undefined ? policy.get(this.path) : policy;
  }

  /** How the weights are quantized; null if they are not. */
  get quantizationMode(): string | null {
    return this.ownPolicy.quantizationMode;
  }

  /** Whether the weights are there. */
  get built(): boolean {
    return this.#built;
  }

  set built(value: boolean) {
    this.#built = value;
  }

  /** The dtype of the weights. */
  get dtype(): DType {
    return this.variableDtype;
  }

  /** The dtype of the weights. */
  get variableDtype(): DType {
    return this.ownPolicy.variableDtype;
  }

  /** The dtype of the arithmetic. */
  get computeDtype(): DType {
    return this.ownPolicy.computeDtype;
  }

  /** Where the layer stands: the names of the layers around it at its first use, and its own. */
  get path(): string {
    return joinPath(this.#parentPath ?? "", this.name);
  }

  /** Runs a function inside of the layer's path. */
  protected inScope<R>(fn: () => R): R {
    this.#parentPath ??= currentPath();
    return inScopeOf(this, this.#parentPath, fn);
  }

  /**
   * Makes a weight.
   *
   * @param options `shape` (default a scalar), `initializer` (default `"glorot_uniform"` for floats, else `"zeros"`),
   *   `dtype` (default the layer's), `trainable` (default true), `regularizer`, `constraint`,
   *   `autocast` (default true: the layer reads it in the dtype that it computes with), `name`
   * @throws ShapeError when a length is unknown
   */
  addWeight(options: AddWeightOptions = {}): Variable {
    checkOptions("addWeight", options, [
      ...["shape", "initializer", "dtype", "trainable", "regularizer", "constraint", "autocast", "name"],
    ]);
    const name = options.name ?? "variable";
    const shape = (options.shape ?? []).map((n) => {
      if (typeof n === "number" && Number.isSafeInteger(n) && n >= 0) return n;
      throw new ShapeError(
        `Layer "${this.name}": the weight "${name}" needs a shape of known lengths. Received: ${show(options.shape)}. ` +
          "Where a length comes from the input, define it there.",
      );
    });
    takeFromBudget(shape, `Layer "${this.name}"`);
    const dtype = asDType(options.dtype ?? this.variableDtype, "addWeight");
    const initializer = initializers.get(
      options.initializer ?? (isFloat(dtype) ? "glorot_uniform" : "zeros"),
    );
    const path = joinPath(
      inScopeOf(this, this.#parentPath ?? currentPath(), () => currentPath()),
      name,
    );
    const regularizer = regularizers.get(options.regularizer);
    const constraint = constraints.get(options.constraint);
    // A weight lasts; what traces it for a program must not draw it anew in each run.
    const variable = untraced(() => {
      const value = initialValue(initializer, shape, dtype);
      if (sameShape(value.shape, shape)) {
        return new Variable(value, {
          dtype,
          name,
          path,
          regularizer,
          constraint,
          trainable: options.trainable ?? true,
          autocast: options.autocast ?? true,
        });
      }
      throw new ShapeError(
        `Layer "${this.name}": the initializer of the weight "${name}" gave shape ${showShape(value.shape)}. ` +
          `Expected ${showShape(shape)}`,
      );
    });
    startedTrainable(variable);
    if (!this.trainable) variable.trainable = false;
    this.#weights.push(variable);
    return variable;
  }

  /** Takes back a weight that another one replaces. */
  protected forgetWeight(variable: Variable): void {
    this.#weights.splice(this.#weights.indexOf(variable), 1);
  }

  /** The layers that this layer holds directly. */
  protected sublayers(): readonly LayerState[] {
    return heldBy(this, isHolder);
  }

  /** This layer and those inside of it, each before those inside of it. */
  protected allLayers(): LayerState[] {
    const found = new Set<LayerState>();
    const visit = (layer: LayerState): void => {
      if (found.has(layer)) return;
      found.add(layer);
      for (const inner of layer.sublayers()) visit(inner);
    };
    visit(this);
    return [...found];
  }

  /** The variables of the layer itself: the trainable ones first. */
  #ownWeights(): Variable[] {
    const all = [...new Set([...this.#weights, ...heldBy(this, isVariable)])];
    return [...all.filter(startedTrainable), ...all.filter((v) => !startedTrainable(v))];
  }

  /** All variables, with the states of random generators. */
  get variables(): Variable[] {
    const seeds = heldBy(this, isSeedGenerator).map((s) => s.state);
    const inner = this.sublayers().flatMap((layer) => layer.variables);
    return [...new Set([...this.#ownWeights(), ...seeds, ...inner])];
  }

  /** All variables that training updates. */
  get trainableVariables(): Variable[] {
    return this.trainable ? this.variables.filter((v) => v.trainable) : [];
  }

  /** All variables that training does not update by gradients, with the states of random generators. */
  get nonTrainableVariables(): Variable[] {
    return this.trainable ? this.variables.filter((v) => !v.trainable) : this.variables;
  }

  /** The weights of the layer and of those inside: its own first, the trainable ones of each layer before the others. */
  get weights(): Variable[] {
    return [...new Set([...this.#ownWeights(), ...this.sublayers().flatMap((layer) => layer.weights)])];
  }

  /** The weights that training updates. */
  get trainableWeights(): Variable[] {
    return this.trainable ? this.weights.filter((v) => v.trainable) : [];
  }

  /** The weights that training does not update by gradients. */
  get nonTrainableWeights(): Variable[] {
    return this.trainable ? this.weights.filter((v) => !v.trainable) : this.weights;
  }

  /** Whether training updates the layer. Setting it sets it for the layers inside, too. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(value: boolean) {
    this.#trainable = value;
    for (const v of this.#ownWeights()) if (startedTrainable(v)) v.trainable = value;
    for (const layer of this.sublayers()) layer.trainable = value;
  }

  /** The values of `weights`. */
  getWeights(): Tensor[] {
    return this.weights.map((v) => v.value);
  }

  /**
   * Sets the values of `weights`, in the same order.
   *
   * @throws ValueError when there are too many or too few, ShapeError when one does not fit; then none is changed
   */
  setWeights(weights: readonly TensorLike[]): void {
    const mine = this.weights;
    if (mine.length !== weights.length) {
      throw new ValueError(
        `setWeights: layer "${this.name}" has ${mine.length} weights. Received a list of ${weights.length}.` +
          (this.built ? "" : " The layer is not built yet."),
      );
    }
    const values = mine.map((v, i) => {
      const value = toTensor(weights[i]!, v.dtype);
      if (sameShape(value.shape, v.shape)) return value;
      throw new ShapeError(
        `setWeights: the weight "${v.path}" of layer "${this.name}" has shape ${showShape(v.shape)}. ` +
          `Received: ${showShape(value.shape)}`,
      );
    });
    mine.forEach((v, i) => {
      v.assign(values[i]!);
    });
  }

  /** The layer's own variables in the order in which files have them. */
  protected get storedVariables(): readonly Variable[] {
    return this.#ownWeights();
  }

  /**
   * Puts the values of the layer's own variables into a file, those of layers inside left out. Layers that keep them in
   * another way say so here and in `loadOwnVariables`.
   */
  saveOwnVariables(store: WriteStore): void {
    const merged = this.storedChange?.merged();
    for (const [i, v] of this.#inFiles().entries()) store.set(String(i), merged?.get(v) ?? v);
  }

  /** A change to a weight, which files have as a part of it. */
  protected get storedChange(): StoredChange | undefined {
    return undefined;
  }

  /** The variables that files have for themselves. */
  #inFiles(): readonly Variable[] {
    const factors = this.storedChange?.factors ?? [];
    return this.storedVariables.filter((v) => !factors.includes(v));
  }

  /**
   * Takes the values of the layer's own variables from a file.
   *
   * @throws ValueError when the file has more or fewer, ShapeError when one has another shape; then none is changed
   */
  loadOwnVariables(store: ReadStore): void {
    const mine = this.#inFiles();
    const { length } = store.keys;
    if (length !== mine.length) {
      if (mine.length === 0 && !this.built) {
        throw new ValueError(
          `Layer "${this.name}" was never built and so has no variables, but the file has ${length} for it. ` +
            "Either the layer around it does not build it in its own build(), or it needs a buildFromConfig() that does.",
        );
      }
      throw new ValueError(
        `Layer "${this.name}" expected ${mine.length} variables, but received ${length} during loading. ` +
          `Expected: ${mine.map((v) => v.name).join(", ")}`,
      );
    }
    mine.forEach((v, i) => {
      const shape = store.shapeOf(String(i));
      if (sameShape(shape, v.shape)) return;
      throw new ShapeError(
        `Layer "${this.name}": the variable "${v.path}" has shape ${showShape(v.shape)}. ` +
          `The file has shape ${showShape(shape)}`,
      );
    });
    mine.forEach((v, i) => {
      store.load(String(i), v);
    });
    // What was loaded has the change in it already.
    for (const v of this.storedChange?.factors ?? []) v.assign(multiply(v, 0));
  }

  /**
   * The number of numbers in the weights.
   *
   * @throws StateError before the layer is built
   */
  countParams(): number {
    if (this.built) return countParams(this.weights);
    throw new StateError(
      `countParams: layer "${this.name}" is not built yet, so it has no weights. Call it, or build it: layer.build(inputShape)`,
    );
  }

  /** Notes what building changes: the function that it gives takes it back. */
  beforeBuild(): () => void {
    const [built, parentPath, weights] = [this.#built, this.#parentPath, this.#weights.length];
    const properties = Object.getOwnPropertyDescriptors(this);
    const arrays = Object.values(this as object)
      .filter(Array.isArray)
      .map((array: unknown[]) => [array, [...array]] as const);
    return () => {
      this.#built = built;
      this.#parentPath = parentPath;
      this.#weights.length = weights;
      for (const key of Reflect.ownKeys(this))
        if (!Object.hasOwn(properties, key)) Reflect.deleteProperty(this, key);
      Object.defineProperties(this, properties);
      for (const [array, items] of arrays) array.splice(0, array.length, ...items);
    };
  }
}

/** The number of numbers in variables, each counted once. */
export function countParams(weights: readonly { readonly shape: Shape }[]): number {
  let count = 0;
  for (const { shape } of new Set(weights)) count += shape.reduce((n, m) => n * m, 1);
  return count;
}
