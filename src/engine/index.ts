/** The engine: tensors, compiled functions, gradients, programs. Usable alone; it knows nothing of layers or models. */
export type {
  Argument,
  Backend,
  CompileOptions,
  DeviceArray,
  Executable,
} from "./backends/backend.ts";
export type { FixedValue, Leaving, Standalone } from "./backends/standalone.ts";
export { getThreads, setThreads } from "./backends/wasm/thread_count.ts";
export { attributeNames } from "./graph/attributes.ts";
export { type Graph, is as isPrimitive, type Node, topological } from "./graph/node.ts";
export { withOrigin } from "./graph/origin.ts";
export {
  type Attrs,
  batchAxes,
  freeAxes,
  type IndexDims,
  type Primitive,
  type ReduceKind,
  type ScatterKind,
  type WindowKind,
  windowAxes,
} from "./graph/primitives.ts";
export { printGraph } from "./graph/print.ts";
export type { Stages } from "./graph/stages.ts";
export { breathe, inBreaths } from "./runtime/breath.ts";
export {
  type Composite,
  type CompositeAttributes,
  type CompositeInputs,
  composite,
  type TakesComposite,
} from "./runtime/composite.ts";
export { type LoopOptions, loop, outline } from "./runtime/control.ts";
export { type BackendName, backend, runsElsewhere, setBackend, settle } from "./runtime/device.ts";
export { type Displays, defineDisplay } from "./runtime/display.ts";
export type { DumpOptions, DumpPart, ProgramDump } from "./runtime/dump.ts";
export { formatComplex } from "./runtime/format_complex.ts";
export { type Frozen, freeze } from "./runtime/freeze.ts";
export * from "./runtime/functions.ts";
export { customGradient, type GradOptions, grad, gradients, valueAndGrad, vjp } from "./runtime/gradient.ts";
export type { IndexSpec } from "./runtime/indexing.ts";
export { dump } from "./runtime/inspector.ts";
export { type Jitted, jit } from "./runtime/jit.ts";
export type { Profile, ProfileRow } from "./runtime/profile.ts";
export { profile } from "./runtime/profiling.ts";
export { type RematOptions, remat } from "./runtime/remat.ts";
export { Resident } from "./runtime/resident.ts";
export { type ScanStep, scan } from "./runtime/scan.ts";
export { argsort } from "./runtime/sort.ts";
export { toJavaScript, toWasm } from "./runtime/standalone.ts";
export {
  type Axes,
  adopt,
  type NestedArray,
  Tensor,
  type TensorHolder,
  type TensorLike,
  tensor,
  toTensor,
  withoutValues,
} from "./runtime/tensor.ts";
export { currentTrace, StandIns, type Trace, untraced } from "./runtime/trace.ts";
export { makeGraph } from "./runtime/traced_function.ts";
export {
  defineTreeNode,
  isPlainObject,
  type Tree,
  treeChildren,
  treeKeys,
  treeLeaves,
  treeMap,
  treeWith,
} from "./runtime/tree.ts";
export { type DeferredValue, Variable } from "./runtime/variable.ts";
export { convolution, reduceWindow } from "./runtime/windows.ts";
export * from "./tensor/dtype.ts";
export * from "./tensor/errors.ts";
export * from "./tensor/shape.ts";
