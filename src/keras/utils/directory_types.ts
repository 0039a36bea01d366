/** Types of what datasets of folders give. */
import type { Tensor } from "../../engine/index.ts";

/** What an element is: one sample or a batch of them, alone or with labels. */
export type Batches<One, Many, O> = O extends { readonly batchSize: null }
  ? WithLabels<One, LabelOf<O>, O>
  : WithLabels<Many, Tensor, O>;

type LabelOf<O> = O extends { readonly labelMode: "binary" | "categorical" } ? Tensor : number;

type WithLabels<X, Y, O> = O extends { readonly labels: null } | { readonly labelMode: null }
  ? X
  : readonly [X, Y];
