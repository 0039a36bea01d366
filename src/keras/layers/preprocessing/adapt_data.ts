/** What `adapt` learns from: one array, or batches. */
import { Tensor, type TensorLike, toTensor } from "../../../engine/index.ts";

/** An array, or batches of arrays from a list or a generator. */
export type AdaptData = TensorLike | Iterable<TensorLike>;

/** The batches of data; an array is one batch. */
export function* batchesOf(data: AdaptData): Generator<Tensor> {
  const isArray = data instanceof Tensor || ArrayBuffer.isView(data) || typeof data !== "object";
  if (isArray || !(Symbol.iterator in data) || (Array.isArray(data) && !holdsArrays(data))) {
    yield toTensor(data as TensorLike);
    return;
  }
  for (const batch of data) yield toTensor(batch as TensorLike);
}

/** Whether a list holds tensors or typed arrays, not nested numbers. */
function holdsArrays(list: readonly unknown[]): boolean {
  return list.length > 0 && list.every((x) => x instanceof Tensor || ArrayBuffer.isView(x));
}
