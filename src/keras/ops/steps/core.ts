/** The functions of `core.ts` as steps of graphs. */
import type { DType, Shape, Tensor, TensorLike } from "../../../engine/index.ts";
import { type KerasShape, KerasTensor } from "../../backend/keras_tensor.ts";
import * as f from "../core.ts";
import { callsStep, type Step, step } from "../step.ts";

export const cast: Step<typeof f.cast> = /* @__PURE__ */ step(f.cast, "core Cast x dtype!");
export const convertToTensor: Step<typeof f.convertToTensor> = /* @__PURE__ */ step(
  f.convertToTensor,
  "core ConvertToTensor x | dtype!=null sparse!=null ragged!=null",
);
/** {@link f.customGradient}, whose function takes symbolic tensors, too. */
type CustomGradient = (
  fn: Parameters<typeof f.customGradient>[0],
) => ReturnType<typeof f.customGradient> & ((...args: (TensorLike | KerasTensor)[]) => KerasTensor);

const callCustom = /* @__PURE__ */ step(
  (fn: Parameters<CustomGradient>[0], ...args: TensorLike[]): Tensor => f.customGradient(fn)(...args),
  "core CustomGradient f *args",
);
export const customGradient: CustomGradient = /* @__PURE__ */ callsStep(
  ((fn) =>
    (...args: never[]) =>
      callCustom(fn, ...args)) as CustomGradient,
  callCustom,
);

/** The dtype, of symbolic tensors, too. */
export function dtype(x: TensorLike | KerasTensor): DType {
  return x instanceof KerasTensor ? x.dtype : f.dtype(x);
}

/** The number of axes, of symbolic tensors, too. */
export function ndim(x: TensorLike | KerasTensor): number {
  return x instanceof KerasTensor ? x.ndim : f.ndim(x);
}

/** The shape; that of symbolic tensors has null where a length is not known. */
export function shape(x: KerasTensor): KerasShape;
export function shape(x: TensorLike): Shape;
export function shape(x: TensorLike | KerasTensor): KerasShape {
  return x instanceof KerasTensor ? x.shape : f.shape(x);
}

const symbolicSize = /* @__PURE__ */ step(
  (x: TensorLike): Tensor => f.convertToTensor(f.size(x), { dtype: "int32" }),
  "numpy Size x",
);
/** {@link f.size}; for symbolic tensors a step of the graph, because only data tell it. */
export const size: typeof f.size & ((x: KerasTensor) => KerasTensor) = /* @__PURE__ */ callsStep(
  ((x: never) => ((x as unknown) instanceof KerasTensor ? symbolicSize(x) : f.size(x))) as never,
  symbolicSize,
);

export const saturateCast: Step<typeof f.saturateCast> = /* @__PURE__ */ step(
  f.saturateCast,
  "core SaturateCast x dtype!",
);
export const scatter: Step<typeof f.scatter> = /* @__PURE__ */ step(
  f.scatter,
  "core Scatter indices values shape!",
  // The shape is known however many values there are.
  (_: unknown, values: TensorLike | KerasTensor, shape: Shape) =>
    new KerasTensor(shape, { dtype: dtype(values) }),
);
export const scatterUpdate: Step<typeof f.scatterUpdate> = /* @__PURE__ */ step(
  f.scatterUpdate,
  "core ScatterUpdate inputs indices updates | reduction!=null",
);
export const slice: Step<typeof f.slice> = /* @__PURE__ */ step(
  f.slice,
  "core Slice inputs start_indices shape!",
);
export const sliceUpdate: Step<typeof f.sliceUpdate> = /* @__PURE__ */ step(
  f.sliceUpdate,
  "core SliceUpdate inputs start_indices updates",
);
export const stopGradient: Step<typeof f.stopGradient> = /* @__PURE__ */ step(
  f.stopGradient,
  "core StopGradient variable",
);
export const view: Step<typeof f.view> = /* @__PURE__ */ step(f.view, "numpy View x | dtype!=null");
