/**
 * Computations that have a name. In programs of ours they are what they are made of; who exports a function may have one
 * operator for the whole, and asks for it with `freeze`. (StableHLO calls it `composite`.)
 */
import { parameter } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { Tensor } from "./tensor.ts";
import { currentTrace, type Trace } from "./trace.ts";

/** Numbers and names that say which computation it is. */
export type CompositeAttributes = Readonly<Record<string, string | number | boolean>>;

/** A computation that an exporter has one operator for. */
export interface Composite {
  readonly name: string;
  readonly attributes: CompositeAttributes;
  readonly operands: readonly Node[];
  /** Parameters of the graph, which stand for what comes out. */
  readonly results: readonly Node[];
}

/** Says of a computation whether there is an operator for it. */
export type TakesComposite = (composite: Omit<Composite, "results">) => boolean;

/** Collects the computations of one function that is being traced. */
class Collector {
  readonly found: Composite[] = [];
  readonly takes: TakesComposite;
  /** The trace of the function itself: what is computed in loops inside of it does not count. */
  trace: Trace | undefined;

  constructor(takes: TakesComposite) {
    this.takes = takes;
  }
}

let collector: Collector | undefined;

function withCollector<R>(next: Collector | undefined, work: () => R): R {
  const before = collector;
  collector = next;
  try {
    return work();
  } finally {
    collector = before;
  }
}

/**
 * A function that notes the computations with a name that there are operators for; their results become parameters.
 *
 * @returns the function, to be traced once, and the list that it fills
 */
export function collecting<A extends readonly unknown[], R>(
  takes: TakesComposite,
  fn: (...args: A) => R,
): { readonly fn: (...args: A) => R; readonly found: readonly Composite[] } {
  const own = new Collector(takes);
  return {
    fn: (...args) => {
      own.trace = currentTrace();
      return withCollector(own, () => fn(...args));
    },
    found: own.found,
  };
}

/** What a computation with a name is computed from. */
export interface CompositeInputs {
  readonly attributes: CompositeAttributes;
  readonly operands: readonly Tensor[];
}

/**
 * Computes something that has a name.
 *
 * @param describe says which attributes and operands it has; asked only where somebody may have an operator for it;
 *   undefined when the name does not tell all
 * @param decomposition what it is made of
 */
export function composite(
  name: string,
  describe: () => CompositeInputs | undefined,
  decomposition: () => readonly Tensor[],
): readonly Tensor[] {
  const own = collector;
  if (own === undefined || currentTrace() !== own.trace) return decomposition();
  const inputs = describe();
  if (inputs === undefined) return decomposition();
  const it = { name, attributes: inputs.attributes, operands: inputs.operands.map((x) => x.node) };
  if (!own.takes(it)) return decomposition();
  // What it is made of says which shapes come out; computations inside it do not count.
  const results = withCollector(undefined, decomposition).map((x) => parameter(x));
  own.found.push({ ...it, results });
  return results.map((node) => new Tensor(node));
}
