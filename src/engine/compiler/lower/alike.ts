/**
 * Groups that compute the same from other arrays, as the equal layers of a deep network do, are lowered once: the kernel of
 * a later one is that of the first with other arrays in it.
 */
import { attributesKey } from "../../graph/hash.ts";
import type { Node } from "../../graph/node.ts";
import type { Buffer, Kernel } from "../loop_ir/index.ts";
import { rewriteBody } from "../loop_ir/transform.ts";
import type { Group } from "../schedule/groups.ts";
import { lowerGroup } from "./kernel.ts";
import type { Surroundings } from "./scope.ts";
import { sourceOf } from "./source.ts";

/** What lowering sees of a group, but for where its arrays lie. */
interface Form {
  readonly text: string;
  /** The arrays, in the order in which they come. */
  readonly buffers: readonly Buffer[];
}

/** Kernels that were lowered, by what their groups have in common with others. */
export class Lowered {
  readonly #known = new Map<string, { readonly kernel: Kernel; readonly buffers: readonly Buffer[] }>();

  /** The kernel that computes a group; its update nodes find operand 0 in their own memory already. */
  kernel(group: Group, around: Surroundings): Kernel {
    const form = formOf(group, around);
    if (form === undefined) return lowerGroup(group, around);
    const known = this.#known.get(form.text);
    if (known === undefined) {
      const kernel = lowerGroup(group, around);
      this.#known.set(form.text, { kernel, buffers: form.buffers });
      return kernel;
    }
    const { name, body, reads, writes, scratch } = known.kernel;
    const buffers = new Map(known.buffers.map((b, i) => [b, form.buffers[i]!]));
    const own = scratch.map(({ size, dtype }) => around.scratch(size, dtype));
    scratch.forEach((b, i) => buffers.set(b, own[i]!));
    const here = (b: Buffer): Buffer => buffers.get(b)!;
    return {
      name,
      body: rewriteBody(around.table, body, { buffers }),
      reads: reads.map(here),
      writes: writes.map(here),
      scratch: own,
      source: sourceOf(group),
    };
  }
}

/** The form of a group; undefined where lowering looks further than this does. */
function formOf(group: Group, around: Surroundings): Form | undefined {
  if (group.heavy?.op === "select_and_scatter") return undefined;
  const members = new Set(group.nodes);
  const numbers = new Map<Node, number>();
  const buffers = new Map<Buffer, number>();
  let complete = true;
  const memory = (n: Node): string => {
    const buffer = around.buffer(n);
    if (buffer === undefined) return "";
    let number = buffers.get(buffer);
    if (number === undefined) buffers.set(buffer, (number = buffers.size));
    return `@${number}`;
  };
  let text = "";
  const visit = (n: Node): void => {
    const number = numbers.get(n);
    if (number !== undefined) {
      text += ` ${number}`;
      return;
    }
    const at = memory(n);
    text += ` (${n.dtype}[${n.shape.join()}]${at}`;
    if (at === "" || members.has(around.root(n))) {
      text += `${n.op}${attributesKey(n)}${members.has(n) && around.stored(n) ? "!" : ""}`;
      for (const input of n.inputs) visit(input);
    } else if (n.op === "pad") complete = false; // Convolutions look at how their operand is padded.
    text += ")";
    numbers.set(n, numbers.size);
  };
  for (const n of group.nodes) {
    visit(n);
    text += n === group.heavy ? "*" : ";";
  }
  return complete ? { text, buffers: [...buffers.keys()] } : undefined;
}
