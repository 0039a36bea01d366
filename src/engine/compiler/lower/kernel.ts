/** Turns a group of nodes into a kernel. */
import type { Node } from "../../graph/node.ts";
import type { FamilyPrimitive, Primitive } from "../../graph/primitives.ts";
import { type Buffer, type Expr, type Kernel, type Stmt, visitAtoms } from "../loop_ir/index.ts";
import { visit } from "../loop_ir/transform.ts";
import type { Group } from "../schedule/groups.ts";
import { written } from "../storage.ts";
import { accumulateExtreme, accumulateProduct, accumulateReduction } from "./accumulate.ts";
import { accumulating, type Lowering, type Lowerings } from "./lowering.ts";
import { axisVariables, elementwiseLoops } from "./nest.ts";
import { lowerPad } from "./pad.ts";
import { linear, Puller } from "./pull.ts";
import { lowerScatter } from "./scatter.ts";
import { lookup, type Surroundings, storesAt } from "./scope.ts";
import { sourceOf } from "./source.ts";

/** The kernel that computes a group; its update nodes find operand 0 in their own memory already. */
export function lowerGroup(group: Group, around: Surroundings): Kernel {
  const [first] = group.nodes;
  const scratch: Buffer[] = [];
  const scope: Surroundings = {
    ...around,
    scratch(size, dtype) {
      const buffer = around.scratch(size, dtype);
      scratch.push(buffer);
      return buffer;
    },
  };
  const body = statements(group, first!, scope);
  const { reads, writes } = touched(body);
  const name = group.nodes.map((n) => n.op).join("+");
  return { name, body, reads, writes, scratch, source: sourceOf(group) };
}

/** How kernels are made around a node of each primitive that has a way of its own; a family's from when it is there. */
const lowerings: Partial<Lowerings<Primitive>> = {
  reduce: accumulating(accumulateReduction),
  arg_reduce: accumulating(accumulateExtreme),
  dot_general: accumulating(accumulateProduct),
  concatenate: lowerConcatenate,
  pad: lowerPad,
  scatter: lowerScatter,
  dynamic_update_slice: lowerUpdateSlice,
};

/** Adds the kernels of a family of primitives. */
export function addLowerings(more: Partial<Lowerings<FamilyPrimitive>>): void {
  Object.assign(lowerings, more);
}

function statements(group: Group, first: Node, scope: Surroundings): Stmt[] {
  const node = group.heavy ?? first;
  const lowering = lowerings[node.op] as Lowering<Primitive> | undefined;
  return lowering === undefined ? lowerElementwise(group, scope) : lowering(node, scope, group);
}

function lowerElementwise(group: Group, scope: Surroundings): Stmt[] {
  const t = scope.table;
  // The widest view of the elements: most axes to merge or to split again.
  const domain = group.nodes.map((n) => n.shape).reduce((a, b) => (b.length > a.length ? b : a));
  const { variables, at } = axisVariables(t, domain);
  const puller = new Puller(t, lookup(group.nodes, scope));
  return elementwiseLoops(t, variables, storesAt(group.nodes, domain, at, puller, scope));
}

function lowerConcatenate(node: Node<"concatenate">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const puller = new Puller(t, lookup([node], scope));
  let offset = 0;
  return node.inputs.flatMap((x) => {
    const { variables, at } = axisVariables(t, x.shape);
    const to = at.map((i, d) => (d === node.attrs.axis ? t.index.addConstant(i, offset) : i));
    offset += x.shape[node.attrs.axis]!;
    const store = {
      buffer: scope.buffer(node)!,
      index: linear(t, to, node.shape),
      value: written(t, puller.value(x, at), node.dtype),
    };
    return elementwiseLoops(t, variables, [store]);
  });
}

function lowerUpdateSlice(node: Node<"dynamic_update_slice">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const [, update, ...starts] = node.inputs as [Node, Node, ...Node[]];
  const puller = new Puller(t, lookup([node], scope));
  const { variables, at } = axisVariables(t, update.shape);
  const to = at.map((i, d) => t.index.add(i, puller.start(starts[d]!, node.shape[d]! - update.shape[d]!)));
  const store = {
    buffer: scope.buffer(node)!,
    index: linear(t, to, node.shape),
    value: written(t, puller.value(update, at), node.dtype),
  };
  return elementwiseLoops(t, variables, [store]);
}

/** The buffers that statements load from and store to. */
export function touched(body: readonly Stmt[]): { reads: Buffer[]; writes: Buffer[] } {
  const reads = new Set<Buffer>();
  const writes = new Set<Buffer>();
  const seen = new Set<Expr>();
  const loads = (e: Expr): void => {
    visit(
      e,
      {
        expr(x) {
          if (x.kind === "load") reads.add(x.buffer);
        },
      },
      seen,
    );
  };
  const walk = (stmts: readonly Stmt[]): void => {
    for (const s of stmts) {
      if (s.kind === "for") walk(s.body);
      else if (s.kind === "if") {
        loads(s.condition);
        walk(s.body);
      } else if (s.kind !== "barrier") {
        loads(s.value);
        if (s.kind === "store") {
          writes.add(s.buffer);
          visitAtoms(s.index, (atom) => {
            if (atom.kind === "value") loads(atom.value);
          });
        }
      }
    }
  };
  walk(body);
  return { reads: [...reads], writes: [...writes] };
}
