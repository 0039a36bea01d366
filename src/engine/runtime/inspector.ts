/**
 * The door to dumps: what programs become on their way to the machine, for whoever asks. The texts are made in `dump.ts`, which
 * is loaded only then.
 */
import type { Emitted } from "../backends/backend.ts";
import { hostVariable } from "../backends/wasm/host.ts";
import type { Graph } from "../graph/node.ts";
import type { DumpOptions, ProgramDump } from "./dump.ts";

/** A program that was compiled. */
export interface Inside {
  readonly name: string;
  /** Simplified. */
  readonly graph: Graph;
  /** What the backend made of it, if it tells. */
  readonly emitted: Emitted | undefined;
}

/** Is told of each program that is compiled. */
export type Inspector = (inside: Inside) => void;

const inspectors = new Set<Inspector>();
let inspections = 0;

/** Tells of a program, if anyone wants to hear. */
export const inspecting = {
  get active(): boolean {
    return inspectors.size > 0;
  },
  /** Part of the keys of programs: who wants to see them wants them compiled anew. */
  get key(): string {
    return inspectors.size > 0 ? ` inspected ${inspections}` : "";
  },
  tell(inside: Inside): void {
    for (const inspector of inspectors) inspector(inside);
  },
};

/** Tells of programs until the returned function is called. */
export function inspect(inspector: Inspector): () => void {
  inspections++;
  inspectors.add(inspector);
  return () => void inspectors.delete(inspector);
}

/**
 * Runs some work, and gives the insides of the programs that it calls: the simplified graph, the schedule of kernels, the loops
 * of each kernel, and a listing of the WebAssembly. The programs are compiled anew for that.
 *
 * @param work may give a promise
 * @param options `parts`: any of `"graph"`, `"schedule"`, `"loops"`, `"wat"` (default: all); `filter`: only programs whose
 *   name has this text in it
 * @returns one object for each program, in the order in which they were compiled, with the name and a text for each part;
 *   `String(dump)` is all of it
 * @throws ValueError for a part that there is not
 *
 * @example
 * ```ts
 * const double = jit((x: Tensor) => add(x, x), { name: "double" });
 * const [only] = await dump(() => double(tensor([1, 2])), { filter: "double" });
 * only?.graph.includes("stablehlo"); // → true
 * only?.wat.startsWith("(module"); // → true
 * ```
 */
export async function dump(work: () => unknown, options: DumpOptions = {}): Promise<ProgramDump[]> {
  const { dumpsOf } = await import("./dump.ts");
  return dumpsOf(work, options, inspect);
}

/** With the environment variable `TSUNO_DUMP` every program is printed when it is compiled; gives what ends that. */
export function dumpIfAsked(): (() => void) | undefined {
  const parts = hostVariable("TSUNO_DUMP");
  if (!parts) return undefined;
  const waiting: Inside[] = [];
  let print: Inspector = (inside) => waiting.push(inside);
  const stop = inspect((inside) => print(inside));
  void import("./dump.ts").then(async ({ printerFor }) => {
    print = await printerFor(parts, hostVariable("TSUNO_DUMP_FILTER"), hostVariable("TSUNO_DUMP_DIR"));
    return waiting.splice(0).forEach(print);
  });
  return stop;
}
