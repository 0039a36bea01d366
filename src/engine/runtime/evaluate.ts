/**
 * Lazy evaluation: what is known of nodes, and the programs that find out the rest.
 *
 * Values of eager tensors lie in ordinary JavaScript memory, not on the device: the garbage collector then sees their
 * size and can free them even within one synchronous loop, where finalizers never run. What must stay on the device,
 * variables and data sets, is held as a DeviceArray by its owner.
 */
import { type Argument, isDeviceArray } from "../backends/backend.ts";
import { parameter } from "../graph/build.ts";
import { is, type Node, topological } from "../graph/node.ts";
import { substitute } from "../graph/substitute.ts";
import { arrayOf, type TypedArray } from "../tensor/dtype.ts";
import { StateError } from "../tensor/errors.ts";
import { sizeOf } from "../tensor/shape.ts";
import { compileOnce } from "./compile_once.ts";
import { backend } from "./device.ts";

const values = new WeakMap<Node, Argument>();

/** The value of a node, if it is known already. */
export function knownValue(node: Node): Argument | undefined {
  return values.get(node);
}

/** Records the value of a node. */
export function setValue(node: Node, value: Argument): void {
  values.set(node, value);
}

/** A leaf that stands for a value. */
export function leaf(value: Argument, type: Pick<Node, "shape" | "dtype">): Node {
  const node = parameter(type);
  values.set(node, value);
  return node;
}

const forgetful = new WeakSet<Node>();

/** A leaf that has lost track of how its value was computed. */
export function forgetfulLeaf(value: Argument, type: Pick<Node, "shape" | "dtype">): Node {
  const node = leaf(value, type);
  forgetful.add(node);
  return node;
}

/** Whether a node is a leaf whose history was given up. */
export function isForgetful(node: Node): boolean {
  return forgetful.has(node);
}

/** Numbers that rewriting rules look for stay in the program; others become arguments, so that it can be used again. */
const structural = new Set([0, 1, -1, 2, 3, 0.5]);

/**
 * The value of a node that needs no program: a constant, another shape of what is known, or rows of it. Device memory is
 * not passed on, since its owner may write into it.
 */
function plainValue(node: Node): TypedArray | undefined {
  const from = unshaped(node);
  const known = values.get(from);
  if (known !== undefined) return isDeviceArray(known) ? undefined : known;
  if (is(from, "constant")) return new (arrayOf(from.dtype))(sizeOf(from.shape)).fill(from.attrs.value);
  const start = is(from, "slice") ? runStart(from) : undefined;
  if (start === undefined) return undefined;
  // A copy: a few rows must not keep the whole in memory.
  return plainValue(from.inputs[0]!)?.slice(start, start + sizeOf(from.shape));
}

/** Where a slice begins whose elements lie side by side in what it is cut from; undefined for others. */
function runStart(node: Node<"slice">): number | undefined {
  const { shape } = node.inputs[0]!;
  const { start, limit, strides } = node.attrs;
  let place = 0;
  let open = true;
  for (let axis = 0; axis < shape.length; axis++) {
    const length = limit[axis]! - start[axis]!;
    if (strides[axis] !== 1 || !(open || length === shape[axis])) return undefined;
    // Once an axis has several places, all of each later axis must be taken.
    open &&= length === 1;
    place = place * shape[axis]! + start[axis]!;
  }
  return place;
}

/** What a chain of reshapes starts from: its elements lie in the same order. */
function unshaped(node: Node): Node {
  let it = node;
  while (it.op === "reshape" && !values.has(it)) it = it.inputs[0]!;
  return it;
}

/** Finds the values of nodes, with one program for all that are not known yet. */
export function evaluate(nodes: readonly Node[]): Argument[] {
  const open: Node[] = [];
  for (const node of nodes) {
    if (values.has(node)) continue;
    const plain = plainValue(node);
    if (plain === undefined) open.push(node);
    else values.set(node, plain);
  }
  if (open.length > 0) {
    // The shape of a result is not the program's concern, so that one program serves all shapes of a size.
    const roots = open.map((n) => (values.has(unshaped(n)) ? n : unshaped(n)));
    run(roots);
    open.forEach((n, i) => {
      values.set(n, values.get(roots[i]!)!);
    });
  }
  return nodes.map((n) => values.get(n)!);
}

function run(open: readonly Node[]): void {
  const params: Node[] = [];
  const args: Argument[] = [];
  const replace = new Map<Node, Node>();
  const bind = (node: Node, value: Argument): void => {
    const param = parameter(node);
    replace.set(node, param);
    params.push(param);
    args.push(value);
  };
  for (const node of reachable(open)) {
    const known = values.get(node);
    if (known !== undefined) bind(node, known);
    else if (node.op === "parameter") throw escaped();
    else if (is(node, "constant") && node.shape.length === 0 && !structural.has(node.attrs.value)) {
      bind(node, new (arrayOf(node.dtype))([node.attrs.value]));
    }
  }
  const graph = { params, results: substitute(open, replace) };
  const results = compileOnce(graph, backend()).run(args.map(toCurrentDevice));
  open.forEach((n, i) => {
    values.set(n, results[i]!);
  });
}

/** The nodes that matter for finding unknown values: it stops at known ones, and at those that are rows of known ones. */
function reachable(open: readonly Node[]): Node[] {
  return topological(open, (n) => {
    if (values.has(n)) return true;
    const plain = n.op === "slice" ? plainValue(n) : undefined;
    if (plain !== undefined) values.set(n, plain);
    return plain !== undefined;
  });
}

export function escaped(): StateError {
  return new StateError(
    "A tensor from inside a compiled function was used outside of it, where it has no value. Return it from the function.",
  );
}

/** An argument as the current backend takes it: arrays of another device come through host memory. */
export function toCurrentDevice(value: Argument): Argument {
  return isDeviceArray(value) && value.device !== backend() ? value.read() : value;
}

/** The value of a node in host memory. The array may be shared: callers must not write into it. */
export function hostValue(node: Node): TypedArray {
  const [value] = evaluate([node]);
  return isDeviceArray(value!) ? value.read() : value!;
}
