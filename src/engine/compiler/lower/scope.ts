/** What the lowering of a group sees of the program around it, and how the group's nodes are read and written. */
import type { Node } from "../../graph/node.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Buffer, Expr, ExprTable, Index } from "../loop_ir/index.ts";
import { written } from "../storage.ts";
import type { Store } from "./nest.ts";
import { type Lookup, linear, type Puller, unravel } from "./pull.ts";
import { type Scratch } from "./tile.ts";

/** What lowering needs to know of the group's surroundings. */
export interface Surroundings {
  readonly table: ExprTable;
  /** The memory of a node outside of the group, or of one in it that is stored. */
  readonly buffer: (node: Node) => Buffer | undefined;
  /** The node whose memory a node shares: itself, or what a chain of reshapes starts from. */
  readonly root: (node: Node) => Node;
  /** Whether a node of the group is written to memory. */
  readonly stored: (node: Node) => boolean;
  readonly scratch: Scratch;
}

/**
 * Finds nodes for a puller: members of the group, and reshapes of them, are computed, because their memory is written
 * only at the end; everything else is read.
 */
export function lookup(
  group: readonly Node[],
  scope: Surroundings,
  special?: (n: Node) => Expr | undefined,
): Lookup {
  const members = new Set(group);
  return (n) => special?.(n) ?? (members.has(scope.root(n)) ? undefined : scope.buffer(n));
}

/** The stores of a group's nodes at a place of its domain. */
export function storesAt(
  nodes: readonly Node[],
  domain: Shape,
  at: readonly Index[],
  puller: Puller,
  scope: Surroundings,
): Store[] {
  const t = scope.table;
  const place = linear(t, at, domain);
  return nodes
    .filter((n) => scope.stored(n))
    .map((n) => {
      const own =
        n.shape.length === domain.length && n.shape.every((m, i) => m === domain[i])
          ? at
          : unravel(t, place, n.shape);
      return { buffer: scope.buffer(n)!, index: place, value: written(t, puller.value(n, own), n.dtype) };
    });
}
