/** What layers are called with, and how it becomes tensors. */
import {
  type DType,
  isPlainObject,
  type Tensor,
  type TensorLike,
  type Tree,
  toTensor,
  treeLeaves,
} from "../../engine/index.ts";
import { KerasTensor } from "../backend/keras_tensor.ts";
import { getKerasMask, type Masks, setKerasMask } from "../backend/masking.ts";
import type { DTypePolicy } from "../dtype_policies/dtype_policy.ts";

/** One tensor, or several in arrays and plain objects. */
export type Tensors = Tree<Tensor>;

/** Tensors of which some may be left out: what a layer gets that has optional inputs. */
export type OptionalTensors = Tree<Tensor | null>;

/** What a layer can be called with: one input, or several in arrays and plain objects; `null` where one is left out. */
export type LayerInputs =
  | TensorLike
  | readonly (LayerInputs | null)[]
  | { readonly [key: string]: LayerInputs | null };

/** Symbolic inputs: one, or several in arrays and plain objects. */
export type SymbolicInputs =
  | KerasTensor
  | readonly SymbolicInputs[]
  | { readonly [key: string]: SymbolicInputs };

/** What a call on symbolic inputs gives in place of tensors. */
export type SymbolicOf<Out> = Out extends Tensor
  ? KerasTensor
  : { readonly [K in keyof Out]: Out[K] extends Tensor ? KerasTensor : SymbolicInputs };

/** Options of a call. Layers can have more of their own. */
export interface CallOptions {
  /** Whether the layer is being trained. Default: as the layer around it, else false. */
  readonly training?: boolean | null | undefined;
  /** Which steps of the input count. Default: the mask that is attached to the input. */
  readonly mask?: TensorLike | KerasTensor | readonly (TensorLike | KerasTensor | null)[] | null | undefined;
  readonly [name: string]: unknown;
}

/** The options as `call` gets them: always there, with the defaults filled in. */
export interface CallArguments {
  /**
   * Whether layers behave as in training: dropout drops, batch normalization uses the batch. Default: as the call
   * around it says, else false.
   */
  readonly training: boolean;
  /** The mask of the input; for several inputs, masks in their structure, with `null` for those that have none. */
  readonly mask: Masks | undefined;
  readonly [name: string]: unknown;
}

/** Whether arrays are nested numbers, which make one tensor, and no list of inputs. */
export function isNumeric(array: readonly unknown[]): boolean {
  let first: unknown = array;
  while (Array.isArray(first)) first = first[0];
  return first === undefined || typeof first === "number" || typeof first === "boolean";
}

/** The inputs with a function applied to each; inputs that are left out (`null`) stay so. */
export function mapInputs(inputs: unknown, fn: (input: unknown) => unknown): unknown {
  if (inputs === null || inputs === undefined) return inputs;
  if (Array.isArray(inputs) && !isNumeric(inputs)) return inputs.map((x) => mapInputs(x, fn));
  if (isPlainObject(inputs))
    return Object.fromEntries(Object.entries(inputs).map(([key, x]) => [key, mapInputs(x, fn)]));
  return fn(inputs);
}

/** An input as a tensor, or a symbolic one, in the dtype that the policy computes with. Its mask stays attached. */
export function enter(input: unknown, policy: DTypePolicy | undefined): Tensor | KerasTensor {
  if (input instanceof KerasTensor) {
    if (!policy?.casts(input.dtype)) return input;
    return keepMask(input, new KerasTensor(input.shape, { dtype: policy.computeDtype, name: input.name }));
  }
  const tensor = toTensor(input as TensorLike);
  if (!policy?.casts(tensor.dtype)) return tensor;
  return keepMask(tensor, tensor.astype(policy.computeDtype));
}

function keepMask<T extends Tensor | KerasTensor>(input: T, cast: T): T {
  const mask = getKerasMask(input);
  if (mask !== undefined) setKerasMask(cast, mask);
  return cast;
}

/** The dtype of the first input. */
export function firstDType(inputs: unknown): DType {
  const [first] = treeLeaves(inputs) as (Tensor | KerasTensor)[];
  return first!.dtype;
}
